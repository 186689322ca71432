"""Lines of letters as a font draws them, all at one size and on one base line, to be held against a picture."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np

from qa.text.ink import Cover
from qa.text.typeface import Typeface

CAP = 28.0
"""Pixels of capitals at which lines are compared."""

REACH = 1.4 * CAP
"""Pixels looked at to each side of letters in question: they and their neighbours."""

LOOSE = 0.5
"""Columns that a letter may be off its place, beside those that a pixel of the picture makes: small letters are often
set on whole pixels, and an l for an i may then fill the gap better than the i."""

BEYOND = 40
"""Columns before and behind a drawing that are looked at: what stands there is no part of the text."""

ROOM = 14
"""Pixels drawn around a line's ink: half a capital, so that an accent more has its place."""

INKED = 0.5
"""Cover from which a pixel is ink."""

FINER = 4
"""Times larger than compared that letters are drawn: small ones are set on whole pixels, each a little off."""

SOFT, GRAIN = 0.03, 0.45
"""Blur of what is drawn: in heights of capitals, and in pixels of the picture, whichever is more. No hairline of a
picture is sharper than its pixels."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """A line of letters as drawn.

    Attributes:
        cover: h×w in [0, 1].
        ends: Where each letter begins, and where the last ends, pixels from the left.
        loose: Columns by which each letter of a picture may be off its place beside the others.
    """

    cover: Cover
    ends: tuple[float, ...]
    loose: float

    @property
    def width(self) -> float:
        """From where the first letter begins to where the last ends."""
        return max(self.ends[-1] - self.ends[0], 1.0)

    @cached_property
    def stroke(self) -> float:
        """Width of the broadest stroke, pixels."""
        ink = (self.cover > 0.5).astype(np.uint8)
        return 2 * float(cv2.distanceTransform(ink, cv2.DIST_L2, 5).max())

    def bounds(self, place: int) -> tuple[int, int, int, int]:
        """Return the columns that a letter takes and the rows of its ink: left, right, top, bottom; see `ends`."""
        left = max(0, math.floor(self.ends[place]))
        right = max(left + 1, math.ceil(self.ends[place + 1]))
        rows = np.flatnonzero((self.cover[:, left:right] > INKED).any(axis=1))
        top, bottom = (int(rows[0]), int(rows[-1]) + 1) if rows.size else (0, self.cover.shape[0])
        return left, right, top, bottom

    def columns(self, start: int, end: int) -> slice:
        """Return the columns around some letters: REACH to each side of their middle, or a capital beside them all.

        They may begin before the drawing and end behind it, by at most BEYOND.

        Args:
            start: The first letter.
            end: Behind the last.
        """
        left, right = self.ends[start], self.ends[end]
        half = max(REACH, (right - left) / 2 + CAP)
        middle = (left + right) / 2
        return slice(max(-BEYOND, int(middle - half)), min(self.cover.shape[1] + BEYOND, int(middle + half) + 1))


@dataclass(frozen=True, eq=False)
class Drawing:
    """Draws texts in the room that one of them takes.

    Attributes:
        typeface: The font; it has an H and every letter drawn.
        text: The text that says how much room there is.
        grain: Pixels here that one of the picture makes.
    """

    typeface: Typeface
    text: str
    grain: float = 1.0
    _known: dict[str, Drawn] = field(default_factory=dict, repr=False)
    _steps: dict[tuple[str, str], float] = field(default_factory=dict, repr=False)

    @cached_property
    def em(self) -> float:
        """Pixels per em."""
        return round(CAP / self.typeface.extent("H", 1.0).height, 2)

    @cached_property
    def _rows(self) -> tuple[int, int]:
        """Rows above and below the base line."""
        ink = self.typeface.extent(self.text, self.em)
        return int(max(-ink.top, 0.0)) + ROOM, int(max(ink.bottom, 0.0)) + ROOM

    def ends(self, text: str) -> tuple[float, ...]:
        """Return where each letter of a text begins, and where the last ends."""
        steps = (self._step(letter, after) for letter, after in zip(text, f"{text[1:]} ", strict=True))
        return tuple(itertools.accumulate(steps, initial=float(ROOM)))

    def _step(self, letter: str, after: str) -> float:
        """Return how far one letter stands behind another."""
        if (letter, after) not in self._steps:
            font = self.typeface.sized(self.em * FINER)
            self._steps[letter, after] = (font.getlength(letter + after) - font.getlength(after)) / FINER
        return self._steps[letter, after]

    def draw(self, text: str) -> Drawn:
        """Return a text as drawn."""
        if text not in self._known:
            self._known[text] = Drawn(self._cover(text), self.ends(text), LOOSE + self.grain)
        return self._known[text]

    def _cover(self, text: str) -> Cover:
        size, (above, below) = self.em * FINER, self._rows
        rows, width = above + below, int(self.typeface.sized(size).getlength(text) / FINER) + 2 * ROOM
        large = self.typeface.drawn(text, size, (rows * FINER, width * FINER), (ROOM * FINER, above * FINER))
        cover = cv2.resize(large, (width, rows), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        return np.asarray(cv2.GaussianBlur(cover, (0, 0), max(SOFT * CAP, GRAIN * self.grain)), np.float32)
