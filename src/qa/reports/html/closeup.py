"""The part of a picture where a text stands, enlarged, each wrong character outlined."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup
from PIL import Image as Pillow

from consistency.display import data_uri
from consistency.region import Box
from qa.closeups import LONGEST_SIDE, QUALITY, part_around
from qa.reports.wording import BOX

View = dict[str, Any]

LARGEST_PREVIEW = 4096
"""Pixels of a side; previews have 512. A file that says it is larger is none of ours and is not decoded."""


def closeup_view(
    finding: Mapping[str, Any],
    size: tuple[int, int],
    preview: bytes | None,
    closeup: Callable[[Box], bytes | None] = lambda _: None,
) -> View | None:
    """Return the part of a picture that a finding about a text is about; None where there is nothing to show.

    Args:
        finding: Its record.
        size: Width and height of the asset.
        preview: A JPEG of the asset, usually smaller than it: what is enlarged where no close-up was kept.
        closeup: Part of the asset → a JPEG of it, or None.
    """
    where = finding["where"]
    if where is None or not where["box"] or not all(size):
        return None
    part = part_around(Box(*where["box"]), size[1], size[0])
    if part is None:
        return None
    kept = closeup(part)
    if kept is not None:
        uri = part_uri(kept, Box(0, 0, part.width, part.height), (part.width, part.height))
    else:
        uri = part_uri(preview, part, size) if preview is not None else Markup("")
    if not uri:
        return None
    return {
        "uri": uri,
        "x": part.left,
        "y": part.top,
        "width": part.width,
        "height": part.height,
        "marks": wrong_boxes(finding),
    }


def wrong_boxes(finding: Mapping[str, Any]) -> list[View]:
    """Return the boxes of the wrong characters, as the check of text states them."""
    found = BOX.findall(str(finding["evidence"].get("wrong_at", "")))
    return [dict(zip(("x", "y", "width", "height"), map(int, box), strict=True)) for box in found]


def part_uri(preview: bytes, part: Box, size: tuple[int, int]) -> Markup:
    """Return a part of a JPEG as a data URI, enlarged smoothly to a readable size; "" for a file that is no JPEG."""
    try:
        with Pillow.open(io.BytesIO(preview), formats=["JPEG"]) as picture:
            if max(picture.size) > LARGEST_PREVIEW:
                return Markup("")
            across, down = picture.width / size[0], picture.height / size[1]
            edges = (part.left * across, part.top * down, part.right * across, part.bottom * down)
            scale = min(1.0, LONGEST_SIDE / max(part.width, part.height))
            shown = max(1, round(part.width * scale)), max(1, round(part.height * scale))
            enlarged = picture.convert("RGB").resize(shown, Pillow.Resampling.LANCZOS, box=edges)
            stream = io.BytesIO()
            enlarged.save(stream, "JPEG", quality=QUALITY)
    except (OSError, ValueError, Pillow.DecompressionBombError):
        return Markup("")
    return Markup(data_uri(stream.getvalue()))  # noqa: S704
