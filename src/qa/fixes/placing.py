"""Where and how large new letters stand, measured on the old ones."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image as Pillow

from consistency.colorspace import Floats
from consistency.region import BoolMask
from qa.fixes.refusal import CannotFix
from qa.text.typeface import Extent, Typeface

SAME_FACE = 0.04
"""Where the sizes that height and width of the old letters tell differ by less, they are set in this very face, and
the width, which is longer, tells it better."""

SAME_SIZE = 0.12
"""Rows whose sizes differ by less than this share are set in one size."""

UPRIGHT, TURNED = 0.5, 1.2
"""Degrees below which a row is level, and times by which its edges must be crisper turned, for it not to be."""

FINER = 2
"""Times finer than the picture that turned letters are drawn."""


@dataclass(frozen=True)
class Line:
    """A row of letters: its direction, and its ink along and across it, around the part's corner.

    Attributes:
        degrees: By which it is turned, clockwise as seen.
        start: Where along the direction ink begins, pixels.
        end: Where it ends.
        top: Where across the direction it begins.
        bottom: Where it ends.
    """

    degrees: float
    start: float
    end: float
    top: float
    bottom: float

    def point(self, along: float, across: float) -> tuple[float, float]:
        """Return x, y of a place along and across the row."""
        turn = math.radians(self.degrees)
        return (
            along * math.cos(turn) - across * math.sin(turn),
            along * math.sin(turn) + across * math.cos(turn),
        )


def line_of(strokes: BoolMask, quad: Sequence[tuple[float, float]]) -> Line:
    """Return the row that letters h×w stand on.

    Args:
        strokes: The letters.
        quad: The row's corners; only its direction counts.

    Raises:
        CannotFix: There are no letters.
    """
    rows, columns = np.nonzero(strokes)
    if not rows.size:
        raise CannotFix("letters to measure", "none", "set the text by hand")
    first = math.degrees(math.atan2(quad[1][1] - quad[0][1], quad[1][0] - quad[0][0]))
    second = math.degrees(math.atan2(quad[2][1] - quad[3][1], quad[2][0] - quad[3][0]))
    x, y = columns.astype(np.float64) + 0.5, rows.astype(np.float64) + 0.5
    degrees = (first + second) / 2
    if abs(degrees) < UPRIGHT or crispness(across(x, y, degrees)) < TURNED * crispness(across(x, y, 0.0)):
        degrees = 0.0
    along, down = across(-y, x, degrees), across(x, y, degrees)
    begin, end = float(along.min()) - 0.5, float(along.max()) + 0.5
    return Line(degrees, begin, end, float(down.min()) - 0.5, float(down.max()) + 0.5)


def across(x: Floats, y: Floats, degrees: float) -> Floats:
    """Return how far points lie across a direction."""
    turn = math.radians(degrees)
    return y * math.cos(turn) - x * math.sin(turn)


def crispness(places: Floats) -> float:
    """Return how abruptly ink begins and ends across a direction: most where it is the direction of the row.

    A detector's corners are off by a degree or two on short words, where a tail or a capital tilts them.
    """
    counts = np.bincount((places - places.min()).astype(np.int64))
    return float((np.diff(counts.astype(np.float64), prepend=0, append=0) ** 2).sum())


@dataclass(frozen=True, eq=False)
class Paragraph:
    """Rows to set.

    Attributes:
        typeface: The font.
        lines: The rows as they stand.
        reads: What each says.
        rows: What each is to say.
        align: "left", "center" or "right".
    """

    typeface: Typeface
    lines: tuple[Line, ...]
    reads: tuple[str, ...]
    rows: tuple[str, ...]
    align: str

    @property
    def size(self) -> float:
        """Size of the letters that stand there, pixels per em: the largest row's, where rows differ."""
        sizes = [self.size_of(line, read) for line, read in zip(self.lines, self.reads, strict=True)]
        middle = float(np.median(sizes))
        return middle if max(sizes) - min(sizes) <= SAME_SIZE * middle else float(sizes[0])

    def size_of(self, line: Line, read: str) -> float:
        """Return the size at which a row's text is as high as its letters; as wide, where both tell nearly the same."""
        unit = self.typeface.extent(read, 1.0)
        by_height, by_width = (line.bottom - line.top) / unit.height, (line.end - line.start) / unit.width
        return by_width if abs(by_width / by_height - 1) <= SAME_FACE else by_height

    def drawn(self, size: float, shape: tuple[int, ...]) -> tuple[Floats, bool]:
        """Return the cover h×w, in [0, 1], of all rows, and whether they lie inside as a whole."""
        cover = np.zeros(shape[:2])
        is_whole = True
        for line, read, row in zip(self.lines, self.reads, self.rows, strict=True):
            ink = self.typeface.extent(row, size)
            start, baseline = self.origin(line, read, ink, size)
            is_whole &= is_inside(line, (start, baseline), ink, shape)
            cover = np.maximum(cover, laid(self.typeface, row, size, line, (start, baseline), shape))
        return cover, is_whole

    def origin(self, line: Line, read: str, ink: Extent, size: float) -> tuple[float, float]:
        """Return where a new row begins along its direction, and its baseline across it."""
        old = self.typeface.extent(read, self.size_of(line, read))
        baseline = line.bottom - old.bottom
        if self.align == "right":
            return line.end - ink.right, baseline
        if self.align == "center":
            return (line.start + line.end) / 2 - (ink.left + ink.right) / 2, baseline
        return line.start - ink.left, baseline


def is_inside(line: Line, origin: tuple[float, float], ink: Extent, shape: tuple[int, ...]) -> bool:
    """Whether a row's ink lies inside the part h×w, a pixel from its edge at least."""
    corners = [
        line.point(origin[0] + along, origin[1] + across)
        for along in (ink.left, ink.right)
        for across in (ink.top, ink.bottom)
    ]
    return all(1 <= x <= shape[1] - 1 and 1 <= y <= shape[0] - 1 for x, y in corners)


def laid(
    typeface: Typeface, text: str, size: float, line: Line, origin: tuple[float, float], shape: tuple[int, ...]
) -> Floats:
    """Return the cover h×w, in [0, 1], of one row; a level one stands on a whole pixel, as design tools set it."""
    height, width = shape[:2]
    if not line.degrees:
        place = (origin[0], float(round(origin[1])))
        return typeface.drawn(text, size, (height, width), place) / 255
    ink = typeface.extent(text, FINER * size)
    margin = 4.0
    canvas = (math.ceil(ink.height + 2 * margin), math.ceil(ink.width + 2 * margin))
    flat = typeface.drawn(text, FINER * size, canvas, (margin - ink.left, margin - ink.top))
    turn = math.radians(line.degrees)
    x, y = line.point(*origin)
    matrix = np.array([[math.cos(turn), -math.sin(turn), 0], [math.sin(turn), math.cos(turn), 0]])
    matrix[:, 2] = FINER * np.array([x, y]) - matrix[:, :2] @ np.array([margin - ink.left, margin - ink.top])
    turned = cv2.warpAffine(flat, matrix, (FINER * width, FINER * height), flags=cv2.INTER_LINEAR)
    small = Pillow.fromarray(np.asarray(turned, np.uint8)).reduce(FINER)
    return np.asarray(small, np.float64) / 255
