"""Signatures: a name, small, near a corner or an edge, with nothing beside it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from qa.text.layout import Word, around

Run = tuple[Word, ...]

EDGE = 0.15
"""Share of a side; nearer than this to the upper or lower edge artists sign."""

SIDE = 0.3
"""Share of the width; they sign at its left or right end."""

SMALL = 0.1
"""Share of the picture's shorter side that the letters' box, up to twice as high as they are, is high at most."""

NARROW = 0.35
"""Share of the width that it is long at most."""

ALONE = 2.0
"""Lines nearer than this many heights make it part of a text of several lines."""

NAME = re.compile(r"@?[^\W\d_]([^\W\d]|[.'’&\- ])*(\s*[’'©]?\d{2}(\d{2})?)?")
"""Letters, as names have them, perhaps behind an @ or before a year."""

WORDS = 3
"""A name has at most so many, the year set aside."""


def is_signature(run: Run, others: Sequence[Run], height: int, width: int) -> bool:
    """Whether a text stands where, and looks as, artists sign. What else stands small in a corner passes for it too.

    Args:
        run: Neighbouring words.
        others: All runs of the picture, this one too.
        height: Of the picture, pixels.
        width: Of the picture, pixels.
    """
    return is_name(" ".join(word.text for word in run)) and is_in_corner(run, height, width) and is_alone(run, others)


def is_name(text: str) -> bool:
    """Whether a text could be a name, by its signs alone: it has no figures but a year, and few words.

    Example:
        >>> is_name("J. Miller '24"), is_name("only $4.90"), is_name("@some.one")
        (True, False, True)
    """
    words = [word for word in text.split() if any(letter.isalpha() for letter in word)]
    return NAME.fullmatch(text) is not None and len(words) <= WORDS


def is_in_corner(run: Run, height: int, width: int) -> bool:
    """Whether a text is small and near a lower or upper corner."""
    box = around(run)
    x, y = (box.left + box.width / 2) / width, (box.top + box.height / 2) / height
    is_small = _line_height(run) <= SMALL * min(height, width) and box.width <= NARROW * width
    return is_small and min(y, 1 - y) <= EDGE and min(x, 1 - x) <= SIDE


def is_alone(run: Run, others: Sequence[Run]) -> bool:
    """Whether no other text stands near."""
    own, room = around(run), ALONE * _line_height(run)
    boxes = (around(other) for other in others if other is not run)
    return all(
        max(own.left - box.right, box.left - own.right, own.top - box.bottom, box.top - own.bottom) >= room
        for box in boxes
    )


def _line_height(run: Run) -> float:
    top_left, _, _, bottom_left = run[0].quad
    return math.dist(top_left, bottom_left)
