"""The ink of one line, told from its background, and which part of it is which letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.errors import NotEvaluable
from qa.color.contrast import core_of, main_axis, stroke_mask
from qa.text.cap_height import BoolMask, Letters, Stroke, parts_of
from qa.text.ownership import Owned, owned_parts
from qa.text.reader import Pixels

Cover = NDArray[np.float32]
"""h×w in [0, 1]: how much of each pixel is ink."""

EDGE = 2
"""Pixels around strokes in which antialiasing mixes both colours."""


@dataclass(frozen=True, eq=False)
class LineInk:
    """The ink of one straightened line.

    Attributes:
        cover: h×w in [0, 1].
        strokes: h×w, the pixels of letters.
    """

    cover: Cover
    strokes: BoolMask

    @classmethod
    def of(cls, crop: Pixels, margin: int) -> LineInk | None:
        """Tell the letters of a line from its background; None where they cannot be told.

        Args:
            crop: h×w×3 uint8 sRGB, straightened, with some background around the line.
            margin: Pixels of background on each side.
        """
        try:
            axis = main_axis(crop, margin)
            strokes = stroke_mask(axis, margin)
        except NotEvaluable:
            return None
        return cls(cover_of(axis, strokes), strokes)

    @cached_property
    def parts(self) -> list[Stroke]:
        """Connected parts of the ink, from the left."""
        return parts_of(self.strokes)

    @cached_property
    def _names(self) -> NDArray[Any]:
        return np.asarray(cv2.connectedComponents(self.strokes.astype(np.uint8), connectivity=8)[1])

    def owned(self, letters: Letters) -> dict[int, Owned]:
        """Return, by its place in the text, each letter that stands alone, with its bounds."""
        return {owned.place: owned for owned in owned_parts(self.parts, letters)}

    def alone(self, bounds: Stroke) -> Cover:
        """Return the coverage, full height, of the columns of a letter and one beyond, others' ink left out."""
        left, right = max(0, bounds.left - 1), bounds.right + 1
        own = self._names[:, left:right]
        near = cv2.dilate(np.isin(own, self._inside(bounds)).astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        return np.where(near, self.cover[:, left:right], 0).astype(np.float32)

    def letter(self, bounds: Stroke) -> Cover:
        """Return the coverage within a letter's bounds, others' ink left out."""
        first = bounds.left - max(0, bounds.left - 1)
        return self.alone(bounds)[bounds.top : bounds.bottom, first : first + bounds.width]

    def body(self, bounds: Stroke) -> Stroke:
        """Return the bounds of a letter's largest part: the letter without its accent or dot."""
        parts = [part for part in self.parts if bounds.left <= part.left and part.right <= bounds.right]
        return max(parts, key=lambda part: part.width * (part.bottom - part.top), default=bounds)

    def _inside(self, bounds: Stroke) -> Sequence[int]:
        """Return the names of the parts that lie wholly within a letter's columns."""
        inside = self._names[:, bounds.left : bounds.right]
        return [int(name) for name in np.unique(inside) if name and self._is_within(int(name), bounds)]

    def _is_within(self, name: int, bounds: Stroke) -> bool:
        columns = np.flatnonzero((self._names == name).any(axis=0))
        return bool(columns[0] >= bounds.left and columns[-1] < bounds.right)


def cover_of(axis: NDArray[np.uint8], strokes: BoolMask) -> Cover:
    """Return how much of each pixel is ink: from the background's median, 0, to that of the strokes' core, 1."""
    depth = cv2.distanceTransform(strokes.astype(np.uint8), cv2.DIST_L2, 5)
    away = cv2.distanceTransform((~strokes).astype(np.uint8), cv2.DIST_L2, 5) > EDGE
    values = axis.astype(np.float32)
    ink = float(np.median(values[core_of(depth, strokes)]))
    ground = float(np.median(values[away])) if away.any() else 255 - ink
    if abs(ink - ground) < 1:
        return strokes.astype(np.float32)
    return np.asarray(np.clip((values - ground) / (ink - ground), 0, 1), np.float32)
