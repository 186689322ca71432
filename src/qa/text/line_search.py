"""Where in a straightened line of a picture a text as its font draws it lies: found by size, place and colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.errors import NotEvaluable
from qa.color.contrast import main_axis
from qa.text.drawn_line import Drawing
from qa.text.ink import Cover
from qa.text.reader import Pixels

Moved = NDArray[np.float32]
"""2×3: from a place in a drawing to one in the picture."""

SIZES, UNSURE_SIZES = tuple(np.linspace(0.88, 1.12, 7)), tuple(np.linspace(0.7, 1.3, 13))
"""Sizes tried, times the one expected: where the places of letters tell it, and where the line's height has to."""

COARSE = 0.5
"""Scale at which a line is looked for."""

SLID = 36
"""Pixels, at full scale, that a text may lie to the left or right of where its letters were read."""


@dataclass(frozen=True)
class Found:
    """Where a text was found.

    Attributes:
        moved: From the drawing to the picture.
        axis: h×w, the picture along the colours by which it was found, ink above background.
    """

    moved: Moved
    axis: Cover


@dataclass(frozen=True)
class Place:
    """Where a drawing is most like a picture.

    Attributes:
        likeness: Their correlation, in [-1, 1].
        sign: -1 where ink is below background.
        moved: From the drawing to the picture.
    """

    likeness: float
    sign: float
    moved: Moved


@dataclass(frozen=True, eq=False)
class LineSearch:
    """A line of a picture in which texts are looked for.

    Attributes:
        shown: h×w×3, the line with background around it, its capitals about CAP pixels high.
        quad: Its corners in the whole picture, 4×2, from the upper left.
        margin: Pixels of background above and below.
        drawing: Draws texts at its size.
        middle: Column of the middle of the line's text.
        sizes: Sizes tried, times that of the drawing.
    """

    shown: Pixels
    quad: NDArray[np.float32]
    margin: int
    drawing: Drawing
    middle: float
    sizes: Sequence[float]

    def find(self, text: str) -> Found | None:
        """Return where a text lies; None where all is of one colour."""
        if not self._axes:
            return None
        places = [(self._most_like(text, small, signs=(1.0, -1.0)), axis) for axis, small in self._axes]
        place, axis = max(places, key=lambda each: each[0].likeness)
        return Found(place.moved, np.asarray(place.sign * axis, np.float32))

    def find_along(self, text: str, axis: Cover) -> Moved:
        """Return where a text lies on a picture of the line in which ink is above background."""
        return self._most_like(text, _smaller(axis), signs=(1.0,)).moved

    @cached_property
    def _axes(self) -> list[tuple[Cover, Cover]]:
        """The picture along some colours, and the same smaller."""
        varied = (axis for axis in _axes(self.shown, self.margin) if axis.std() >= 1)
        return [(axis, _smaller(axis)) for axis in varied]

    def _most_like(self, text: str, small: Cover, signs: Sequence[float]) -> Place:
        """Return where a text is most like a picture that is COARSE of its size, over all sizes of the text."""
        cover, best = self.drawing.draw(text).cover, Place(-2.0, 1.0, np.eye(2, 3, dtype=np.float32))
        for size in self.sizes:
            drawn = np.asarray(
                cv2.resize(cover, None, fx=size * COARSE, fy=size * COARSE, interpolation=cv2.INTER_AREA)
            )
            left = round(self.middle * COARSE - drawn.shape[1] / 2 - SLID * COARSE)
            part, top = _columns(small, left, drawn.shape[1] + round(2 * SLID * COARSE), drawn.shape[0])
            scores = np.asarray(cv2.matchTemplate(part, drawn, cv2.TM_CCOEFF_NORMED))
            for sign in signs:
                row, column = np.unravel_index(int((sign * scores).argmax()), scores.shape)
                likeness = float(sign * scores[row, column])
                if likeness > best.likeness:
                    x, y = (left + int(column)) / COARSE, (top + int(row)) / COARSE
                    best = Place(likeness, sign, np.array([[size, 0, x], [0, size, y]], np.float32))
        return best


def _smaller(picture: Cover) -> Cover:
    return np.asarray(cv2.resize(picture, None, fx=COARSE, fy=COARSE, interpolation=cv2.INTER_AREA), np.float32)


def _axes(shown: Pixels, margin: int) -> Iterator[Cover]:
    """Yield the picture along the colours that vary most in it, and by CIE Lab's lightness and two colours."""
    with suppress(NotEvaluable):
        yield main_axis(shown, margin).astype(np.float32)
    lab = np.asarray(cv2.cvtColor(shown, cv2.COLOR_RGB2LAB), np.float32)
    yield from (lab[..., 0], lab[..., 1], lab[..., 2])


def _columns(axis: Cover, left: int, width: int, height: int) -> tuple[Cover, int]:
    """Return the columns of a picture from one on, its edges drawn out where it ends, and the row that is first."""
    rows = max(height // 2, height - axis.shape[0])
    before, after = max(0, -left), max(0, left + width - axis.shape[1])
    wide = np.asarray(cv2.copyMakeBorder(axis, rows, rows, before, after, cv2.BORDER_REPLICATE), np.float32)
    return np.ascontiguousarray(wide[:, left + before : left + before + width]), -rows
