"""What a run does not look at, said in every report: no finding is not the same as nothing wrong."""

from __future__ import annotations

from collections.abc import Iterable

NOT_CHECKED = (
    "anatomy (hands, limbs, eyes)",
    "composition and taste",
    "what the scene means, and whether it is appropriate",
    "logos (shape, clear space, placement)",
    "copyright and likeness of people who are not in the kit",
)
"""Beyond every check of this version."""

SILENT_KIT = {
    "layout": "size, aspect, format: the kit states no `image`",
    "color": "brand colours: the kit states no `colors`",
    "identity": "identity: the kit states no `subjects`",
    "text": "text: the kit states no `text`",
    "contrast": "text contrast: the kit requires no text",
    "glyphs": "malformed letters that still read right: the kit states no `glyphs`",
    "sharpness": "sharpness: off in the kit",
    "exposure": "exposure: off in the kit",
}


def not_checked(active: Iterable[str]) -> tuple[str, ...]:
    """Return in words what a gate with these active checks does not look at."""
    running = set(active)
    return (*(words for name, words in SILENT_KIT.items() if name not in running), *NOT_CHECKED)
