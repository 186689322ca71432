"""One line of a picture brought beside the same letters drawn with a font: how alike they are around one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np

from qa.text.cap_height import Stroke
from qa.text.ink import Cover
from qa.text.letter_features import LineLetters
from qa.text.typeface import Extent, Typeface

CAP = 32.0
"""Pixels of capitals at which lines are compared at most."""

ABOVE, BELOW = 1.7, 0.7
"""Rows shown above and below the base line, in heights of capitals."""

SOFT = 0.04
"""Blur of both, in heights of capitals: a hairline a pixel beside another is no difference."""

REACH = 1.2
"""Columns compared on each side of a place, in heights of capitals."""

SHIFT, LIFT = 0.9, 2
"""How far one is slid along the other, in heights of capitals, and up and down, in rows."""

TALL, WIDE = 0.5, 0.4
"""Letters at least so high and wide, in heights of capitals, tell how large a line is set."""

STEEPEST = 0.06
"""Rows per column by which a straightened line may still climb."""

STRETCHED = (0.85, 1.18)
"""Width over height of its letters, those of the font being 1, outside which a line is set in another face."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """Letters drawn with a font: coverage, the row of the base line, and where each begins and the last ends."""

    cover: Cover
    baseline: int
    ends: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Likeness:
    """How much a line differs from drawn letters around a place, in [0, 1], and the part of those that stands there."""

    unlike: float
    drawn: Cover


@dataclass(frozen=True, eq=False)
class SetLine:
    """A line of a picture, level and at the size at which a font is drawn.

    Attributes:
        cover: h×w in about [0, 1]; its base line is the row ABOVE heights of capitals from the top.
        columns: Where the middle of each character is.
        cap: Height of capitals, pixels.
    """

    cover: Cover
    columns: tuple[float, ...]
    cap: float

    def draw(self, typeface: Typeface, text: str) -> Drawn:
        """Return letters as the font draws them at the line's size, with room on all sides."""
        size = self.cap / typeface.extent("H", 1.0).height
        font, room = typeface.sized(size), int((REACH + 2 * SHIFT) * self.cap) + 2
        ends = tuple(room + font.getlength(text[:at]) for at in range(len(text) + 1))
        baseline = int(ABOVE * self.cap) + LIFT + 2
        shape = (baseline + int(BELOW * self.cap) + LIFT + 4, int(ends[-1]) + room + 1)
        cover = np.asarray(typeface.drawn(text, size, shape, (room, baseline)) / 255, np.float32)
        return Drawn(_softened(cover, self.cap), baseline, ends)

    def beside(self, drawn: Drawn, middle: float, column: float) -> Likeness | None:
        """Hold the line around a column against drawn letters around a place, slid to where they agree best.

        Args:
            drawn: What should stand there.
            middle: The place in `drawn`.
            column: The place on the line.

        Returns:
            None where too little of the line is there.
        """
        first = max(0, int(column - REACH * self.cap))
        own = self.cover[:, first : int(column + REACH * self.cap)]
        start = middle - (column - first)
        room = SHIFT * self.cap
        top = round(drawn.baseline - ABOVE * self.cap) - LIFT
        part = drawn.cover[
            max(0, top) : top + len(own) + 2 * LIFT,
            max(0, int(start - room)) : int(start + room) + own.shape[1] + 1,
        ]
        power = float((own**2).sum())
        if own.shape[1] < REACH * self.cap or power < 1 or any(np.less(part.shape, own.shape)):
            return None
        scores = cv2.matchTemplate(part, own, cv2.TM_CCORR_NORMED)
        row, left = np.unravel_index(int(scores.argmax()), scores.shape)
        there = part[row : row + len(own), left : left + own.shape[1]]
        scale = np.sqrt(power / max(float((there**2).sum()), 1e-6))
        return Likeness(1 - float(min(scores[row, left], 1.0)) ** 2, np.asarray(there * scale, np.float32))


def set_line(letters: LineLetters, first: int, symbols: Mapping[int, str], typeface: Typeface) -> SetLine | None:
    """Bring a line to where a font's letters can be laid over it; None where it is set in another face.

    Args:
        letters: The line.
        first: Where on it the text begins.
        symbols: Place in the text → its letter, of those by which it is measured.
        typeface: The font; it has all of them, and an H.
    """
    own = {at: letters.bounds[first + at] for at in symbols if first + at in letters.bounds}
    shown = {at: typeface.extent(symbols[at], 1.0) for at in own}
    share = typeface.extent("H", 1.0).height
    size, ratio = _size(own, shown, share)
    if not size or not STRETCHED[0] <= ratio <= STRETCHED[1]:
        return None
    cap = size * share
    slope, base = _base_line(own, shown, size, cap)
    scale = min(1.0, CAP / cap)
    across = ratio / scale
    cover = letters.ink.cover
    if scale < 1:
        cover = np.asarray(cv2.GaussianBlur(cover, (0, 0), 0.4 / scale), np.float32)
    top = base - ABOVE * cap
    moved = np.array([[across, 0, 0], [slope * across, 1 / scale, top]], np.float32)
    shape = (int(cover.shape[1] / across) + 1, int((ABOVE + BELOW) * cap * scale) + 2)
    level = np.asarray(cv2.warpAffine(cover, moved, shape, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP), np.float32)
    columns = (own[at - first].middle if at - first in own else each for at, each in enumerate(letters.columns))
    return SetLine(_softened(level, cap * scale), tuple(column / across for column in columns)[first:], cap * scale)


def _size(own: Mapping[int, Stroke], shown: Mapping[int, Extent], share: float) -> tuple[float, float]:
    """Return pixels per em, 0 where no letter tells, and how much wider than the font's the letters are."""
    high = [(own[at].bottom - own[at].top) / ink.height for at, ink in shown.items() if ink.height > TALL * share]
    wide = [own[at].width / ink.width for at, ink in shown.items() if ink.width > WIDE * share]
    size = float(np.median(high)) if high else 0.0
    return size, float(np.median(wide)) / size if high and wide else 1.0


def _base_line(own: Mapping[int, Stroke], shown: Mapping[int, Extent], size: float, cap: float) -> tuple[float, float]:
    """Return by how many rows the base line falls per column, and its row at column 0, as medians over the letters."""
    columns = np.array([own[at].middle for at in shown])
    rows = np.array([(own[at].top + own[at].bottom - (ink.top + ink.bottom) * size) / 2 for at, ink in shown.items()])
    pairs = [(a, b) for a, b in combinations(range(len(rows)), 2) if abs(columns[b] - columns[a]) > 2 * cap]
    slopes = [(rows[b] - rows[a]) / (columns[b] - columns[a]) for a, b in pairs]
    slope = float(np.clip(np.median(slopes), -STEEPEST, STEEPEST)) if len(slopes) > 1 else 0.0
    return slope, float(np.median(rows - slope * columns))


def _softened(cover: Cover, cap: float) -> Cover:
    return np.asarray(cv2.GaussianBlur(cover, (0, 0), SOFT * cap), np.float32)
