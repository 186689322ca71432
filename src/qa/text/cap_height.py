"""How high the capitals of a line are, measured on its strokes and not on a detector's box."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.errors import NotEvaluable

BoolMask = NDArray[np.bool_]
Letters = Sequence[tuple[str, float]]
"""Characters of a line, each with the column of its middle."""

CAPITALS = frozenset("ABDEFGHIKLMNPRSTUVWXYZ0123456789ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΧАБВГЕЖЗИКЛМНОПРСТУХЧШЭЮЯ")
"""Characters that stand on the base line, reach the capitals' height and have nothing below or above; C, J, O and Q
are left out: rounder or lower than the others in many faces. Old-style figures are told from others by the median."""

ASCENDERS = frozenset("bdfhkl")
SMALL = frozenset("acemnorsuvwxzαειοκνωасемнорсхтвкиш")

ASCENDER_SHARE, SMALL_SHARE = 1.05, 0.755
"""Height of ascenders and of small letters in heights of capitals: medians over 180 faces; four of
five faces lie within 6 % of them."""

WHOLE = 0.5
"""A letter's strokes are at most so many of its line's cells wider than its cell: others are letters run together."""


@dataclass(frozen=True)
class CapBand:
    """Where the capitals of a line stand, in pixels of its straightened crop.

    Attributes:
        height: Of a capital.
        bottom: Row below the base line.
        told_by: "capitals", "ascenders", "small letters" or "characters": what it was measured on.
    """

    height: float
    bottom: float
    told_by: str

    @property
    def top(self) -> float:
        """First row of the capitals."""
        return self.bottom - self.height


@dataclass(frozen=True)
class Stroke:
    """A connected part of a line's ink: its bounds in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def middle(self) -> float:
        """Column in its middle."""
        return (self.left + self.right) / 2

    @property
    def width(self) -> int:
        """Columns."""
        return self.right - self.left


def cap_band(strokes: BoolMask, letters: Letters) -> CapBand:
    """Return where the capitals of a line stand; told by other letters where it has none.

    Args:
        strokes: h×w, the pixels of the letters of one straightened line.
        letters: Its characters as read, each with the column of its middle.

    Raises:
        NotEvaluable: No letter of a known height was found alone (code "text.not_measured").
    """
    parts = parts_of(strokes)
    for told_by, known, share in (
        ("capitals", CAPITALS, 1.0),
        ("ascenders", ASCENDERS, ASCENDER_SHARE),
        ("small letters", SMALL, SMALL_SHARE),
    ):
        found = [_bounds(owned) for letter, owned in owners(parts, letters) if letter in known and owned]
        if found:
            heights, bottoms = [bottom - top for top, bottom in found], [bottom for _, bottom in found]
            return CapBand(float(np.median(heights)) / share, float(np.median(bottoms)), told_by)
    others = [_bounds(owned) for letter, owned in owners(parts, letters) if letter.isalnum() and owned]
    if not others:
        raise NotEvaluable("text.not_measured", "a letter whose height is known", "none that stands alone")
    top, bottom = min(top for top, _ in others), max(bottom for _, bottom in others)
    return CapBand(float(bottom - top), float(bottom), "characters")


def parts_of(strokes: BoolMask) -> list[Stroke]:
    """Return the connected parts of a line's ink, from the left."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(strokes.astype(np.uint8), connectivity=8)
    bounds = ((int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in stats[1:])
    return sorted((Stroke(*each) for each in bounds), key=lambda part: (part.left, part.top))


def owners(parts: Sequence[Stroke], letters: Letters) -> Iterable[tuple[str, list[Stroke]]]:
    """Yield each letter with the parts whose middle lies in its cell; none where they reach into other cells."""
    columns = [column for _, column in letters]
    for at, (letter, column) in enumerate(letters):
        left = (columns[at - 1] + column) / 2 if at else -np.inf
        right = (columns[at + 1] + column) / 2 if at + 1 < len(columns) else np.inf
        owned = [part for part in parts if left <= part.middle < right]
        neighbours = [abs(column - columns[other]) for other in (at - 1, at + 1) if 0 <= other < len(columns)]
        room = (1 + WHOLE) * max(neighbours) if neighbours else np.inf
        yield letter, owned if all(part.width <= room for part in owned) else []


def _bounds(parts: Sequence[Stroke]) -> tuple[int, int]:
    return min(part.top for part in parts), max(part.bottom for part in parts)
