"""Names of colours: those of CSS, which have values, and those of spot colours, which have none here."""

from __future__ import annotations

import re
from difflib import get_close_matches

from PIL import ImageColor

from consistency.errors import InputError

SPOT_SYSTEMS = (
    "pantone", "pms", "hks", "ral", "ncs", "toyo", "dic", "munsell", "trumatch", "focoltone", "anpa", "avery", "oracal",
)  # fmt: skip
"""Systems whose colours are defined by their makers' samples, not by numbers that anyone may use."""

SPOT = re.compile(rf"(?:{'|'.join(SPOT_SYSTEMS)})(?![a-z]).*", re.IGNORECASE)
NUMBERED = re.compile(r"[0-9]{2,5}(?:-[0-9]{4})?[ -]?(?:c|u|m|cp|up|cv|tc|tcx|tpx|tpg|tn)", re.IGNORECASE)
"""A number of PANTONE without the word: 286 C, 19-4052 TCX."""
INKS = re.compile(r"(?:reflex blue|process blue|warm red|rubine red|rhodamine red|cool gray|warm gray)\b.*", re.I)
NOTATION = re.compile(r"(?:[0-9.]+(?:y|r|g|b|p|yr|gy|bg|pb|rp) [0-9.]+/[0-9.]+)", re.IGNORECASE)
"""Munsell: hue, value/chroma, as 5PB 3/12."""

SPOT_HINT = "ask the brand for its Lab value and write lab(L a b), or write the hex value that the brand publishes"

WITHOUT_VALUE = ("transparent", "currentcolor", "inherit", "initial", "unset", "none")


def hex_of_name(name: str) -> str:
    """Return "#rrggbb" of one of CSS's 148 names, given in lower case.

    Raises:
        InputError: No such name; says the nearest.
    """
    if name in ImageColor.colormap:
        # Not the entry itself: Pillow replaces it by numbers once it has been asked for.
        return "#" + bytes(ImageColor.getrgb(name)[:3]).hex()
    near = get_close_matches(name, ImageColor.colormap, n=1, cutoff=0.7) if name not in WITHOUT_VALUE else []
    hint = f"did you mean {near[0]}?" if near else 'write "#rrggbb", rgb(), hsl(), lab(), oklch(), cmyk() or a CSS name'
    raise InputError('a colour such as "#0055aa"', repr(name), hint)


def refuse_spot(text: str) -> None:
    """Refuse the name of a spot colour.

    Raises:
        InputError: It is one; the hint says what to ask for.
    """
    if any(pattern.fullmatch(text) for pattern in (SPOT, NUMBERED, INKS, NOTATION)):
        raise InputError("the value of a colour, not the name of a spot colour", repr(text), SPOT_HINT)
