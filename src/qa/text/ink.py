"""The ink of one line, told from its background, and which part of it is which letter."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
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

CUT = 0.35
"""Letters that run together are cut apart at most so far from half way between them, in shares of their distance."""

BROADEST = 0.5
"""Strokes are narrower than so much of a line's height; where the background varies, what is broader is left out."""

LEVELLED_AT = 24
"""Pixels of that at which a background is looked at: what is broader than strokes needs no finer look."""

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
        except NotEvaluable:
            return None
        for shown in (axis, *levelled(axis, round(BROADEST * (len(axis) - 2 * margin)))):
            try:
                strokes = stroke_mask(shown, margin)
            except NotEvaluable:
                continue
            return cls(cover_of(shown, strokes), strokes)
        return None

    @cached_property
    def parts(self) -> list[Stroke]:
        """Connected parts of the ink, from the left."""
        return parts_of(self.strokes)

    @cached_property
    def _names(self) -> NDArray[Any]:
        return np.asarray(cv2.connectedComponents(self.strokes.astype(np.uint8), connectivity=8)[1])

    def owned(self, letters: Letters) -> dict[int, Owned]:
        """Return, by its place in the text, each letter that stands alone, with its bounds."""
        return {owned.place: owned for owned in owned_parts(self.parts, letters) if len(owned.letters) == 1}

    def parted(self, letters: Letters) -> LineInk:
        """Return the ink with letters that run together cut apart, where least of it lies between their middles."""
        strokes = self.strokes.copy()
        for owned in owned_parts(self.parts, letters):
            middles = [column for _, column in letters[owned.place : owned.place + len(owned.letters)]]
            for before, after in itertools.pairwise(middles):
                column = self._least(owned.bounds, (before + after) / 2, CUT * (after - before))
                if column is not None:
                    strokes[owned.bounds.top : owned.bounds.bottom, column] = False
        return LineInk(self.cover, strokes)

    def _least(self, bounds: Stroke, middle: float, room: float) -> int | None:
        """Return the column near the middle in which a part has least ink; None where it ends before."""
        first, last = max(bounds.left + 1, round(middle - room)), min(bounds.right - 2, round(middle + room))
        if first > last:
            return None
        ink = self.cover[bounds.top : bounds.bottom, first : last + 1].sum(axis=0)
        off = np.abs(np.arange(first, last + 1) - middle)
        return first + int(np.lexsort((off, np.round(ink, 1)))[0])

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


def levelled(axis: NDArray[np.uint8], side: int) -> Iterator[NDArray[np.uint8]]:
    """Yield h×w in 0..255, once what is lighter and once what is darker than its surroundings and narrower than `side`.

    Reference: Meyer 1979, "Iterative image transformations for an automatic screening of cervical smears", the top-hat
    transform, doi:10.1177/27.1.438499.
    """
    scale = min(1.0, LEVELLED_AT / side)
    small = cv2.resize(axis, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else axis
    width = max(3, round(side * scale)) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    wide = cv2.copyMakeBorder(small, width, width, width, width, cv2.BORDER_REPLICATE)
    for transform, sign in ((cv2.MORPH_OPEN, 1), (cv2.MORPH_CLOSE, -1)):
        around = cv2.morphologyEx(wide, transform, kernel)[width:-width, width:-width]
        ground = cv2.resize(around, axis.shape[::-1])
        found = np.maximum(sign * (axis.astype(np.float32) - ground), 0)
        most = max(float(np.percentile(found, 99)), 1.0)
        yield np.asarray(np.clip(found * (255 / most), 0, 255), np.uint8)


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
