"""Letters whose shape is not that of the others: a stroke missing or added, which a reader does not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from consistency.region import Box
from qa.text.cap_height import CapBand, Letters, Stroke
from qa.text.ink import Cover, LineInk

SIZE = 48
"""Pixels of capitals at which letters are compared, whatever they measure in the picture."""

ABOVE, BELOW = 0.5, 0.45
"""Room above the capitals for accents and below the base line for tails, in heights of capitals."""

SHIFT = 8
"""Pixels by which one letter may be slid along the other; a place read off a line is not exact."""

LIFT = 6
"""The same upwards and downwards: a line is never quite level."""

FAINT, FULL = 0.25, 0.75
"""Coverage below the one is background, above the other ink: what a photograph shows between letters is none."""

SQUARES = (4, 10)
"""Least and greatest side of the square that is compared: as wide as a stroke."""

AMBIGUOUS = frozenset("Il1|iO0o")
"""Letters that readers take for one another, so that two of the same name may be two letters."""

WIDER = 1.5
"""The same for their widths: what differs by more is two letters that touch, or a part of one whose hairlines were lost
in the background."""

HIGHER = 1.25
"""Two letters are held against each other where one is at most so many times higher: a capital S and a small s that
was read as one differ by more."""


@dataclass(frozen=True, eq=False)
class Glyph:
    """One letter as it stands in a picture.

    Attributes:
        letter: What it was read as.
        cover: Its ink at capitals of SIZE pixels, from ABOVE the capitals to BELOW the base line.
        stroke: Width of its line's strokes at that size, pixels.
        line: Number of the line, or of the text, within which letters have one face.
        box: Where it stands.
    """

    letter: str
    cover: Cover
    stroke: float
    line: int
    box: Box

    @property
    def height(self) -> int:
        """Rows with ink."""
        return int((self.cover > 0.5).any(axis=1).sum())


@dataclass(frozen=True, eq=False)
class Malformation:
    """How far a letter is from the likest of its kind, or from its font's.

    Attributes:
        letter: What it is.
        box: Where it stands.
        residual: Largest difference in coverage over a square as wide as a stroke; 1 is ink for background.
        spread: Median residual of the other letters in its line; 0 where there are none.
        has_font: Whether it was held against its font, rather than against letters of its name.
    """

    letter: str
    box: Box
    residual: float
    spread: float
    has_font: bool = False

    @property
    def score(self) -> float:
        """How malformed it is: what blur and JPEG do to the line's other letters as well counts for nothing."""
        return round(self.residual - self.spread / 2, 3)


def cut_glyphs(ink: LineInk, letters: Letters, band: CapBand) -> list[tuple[str, Cover, float, Stroke]]:
    """Cut a straightened line into its letters, those that stand alone.

    Args:
        ink: Of the line.
        letters: The characters as read, each with the column of its middle.
        band: Where the capitals stand.

    Returns:
        For each letter its name, its ink at SIZE, the width of strokes there and its bounds in the line.
    """
    scale = SIZE / band.height
    depth = cv2.distanceTransform(ink.strokes.astype(np.uint8), cv2.DIST_L2, 5)
    stroke = max(1.0, 4 * float(depth[ink.strokes].mean()) - 1) * scale
    return [
        (owned.letters, _at_size(ink.alone(owned.bounds), band, scale), stroke, owned.bounds)
        for owned in ink.owned(letters).values()
        if owned.letters.isalnum() and owned.letters not in AMBIGUOUS
    ]


def _at_size(own: Cover, band: CapBand, scale: float) -> Cover:
    """Return a letter at SIZE, on a canvas whose rows begin ABOVE the capitals."""
    height = round((1 + ABOVE + BELOW) * SIZE)
    width = max(1, round(own.shape[1] * scale))
    top = band.top - ABOVE * band.height
    matrix = np.array([[scale, 0, 0.5 * (scale - 1)], [0, scale, (0.5 - top) * scale - 0.5]])
    if scale < 1:
        own = np.asarray(cv2.GaussianBlur(own, (0, 0), 0.4 / scale), np.float32)
    flags = cv2.INTER_LINEAR if scale < 1 else cv2.INTER_CUBIC
    shown = np.asarray(cv2.warpAffine(own, matrix, (width, height), flags=flags), np.float32)
    return np.asarray(np.clip((shown - FAINT) / (FULL - FAINT), 0, 1), np.float32)


def residual(first: Cover, second: Cover, stroke: float) -> float:
    """Return the largest difference of two letters over a square as wide as a stroke, slid to where they agree best.

    Args:
        first: Coverage at SIZE.
        second: Coverage at SIZE; as many rows.
        stroke: Width of strokes at SIZE.
    """
    width = max(first.shape[1], second.shape[1])
    wide = _padded(first, width, 2 * SHIFT, 0)
    model = _padded(second, width, SHIFT, -LIFT)
    scores = cv2.matchTemplate(wide, model, cv2.TM_SQDIFF)
    row, column = np.unravel_index(int(scores.argmin()), scores.shape)
    change = wide[row : row + model.shape[0], column : column + model.shape[1]] - model
    side = round(min(max(stroke, SQUARES[0]), SQUARES[1]))
    return round(float(np.abs(cv2.blur(change, (side, side))).max()), 3)


def _padded(cover: Cover, width: int, room: int, rows: int) -> Cover:
    """Return a letter in the middle of `width` columns with room on both sides; negative rows are cut off."""
    left = (width - cover.shape[1]) // 2
    inner = cover[-rows : cover.shape[0] + rows] if rows else cover
    return np.pad(inner, ((0, 0), (left + room, width - cover.shape[1] - left + room))).astype(np.float32)


def malformations(glyphs: Sequence[Glyph]) -> list[Malformation]:
    """Hold each letter against the others of its name in its line; those that are alone are left out.

    Args:
        glyphs: The letters of one picture.
    """
    found: list[tuple[Glyph, float]] = []
    for glyph in glyphs:
        peers = [peer for peer in glyphs if peer is not glyph and is_peer(glyph, peer)]
        if peers:
            found.append((glyph, min(residual(glyph.cover, peer.cover, glyph.stroke) for peer in peers)))
    return [Malformation(glyph.letter, glyph.box, worst, _spread(glyph, found)) for glyph, worst in found]


def is_peer(glyph: Glyph, other: Glyph) -> bool:
    """Whether two letters should look alike: one name, one line, much the same size."""
    low, high = sorted((glyph.height, other.height))
    narrow, wide = sorted((glyph.cover.shape[1], other.cover.shape[1]))
    is_like_sized = high <= HIGHER * max(low, 1) and wide <= WIDER * narrow
    return glyph.letter == other.letter and glyph.line == other.line and is_like_sized


def _spread(glyph: Glyph, found: Sequence[tuple[Glyph, float]]) -> float:
    return typical([worst for each, worst in found if each.line == glyph.line and each.letter != glyph.letter])


def typical(residuals: Sequence[float]) -> float:
    """Return what letters of a line differ by that nothing is wrong with; 0 of none."""
    return round(float(np.median(residuals)), 3) if residuals else 0.0
