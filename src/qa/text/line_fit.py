"""A text as a font draws it laid over a line of a picture: how much of the picture it leaves unexplained.

Reference: Evangelidis and Psarakis 2008, "Parametric image alignment using enhanced correlation coefficient
maximization", doi:10.1109/TPAMI.2008.113.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from qa.text.drawn_line import BEYOND, Drawn
from qa.text.ink import Cover
from qa.text.line_search import Moved

STEPS, GAIN = 40, 1e-4
"""Of the alignment, and the gain by which it ends."""

SMOOTHED = 5
"""Side of the blur that both are aligned in, pixels."""

SIZED = (0.5, 2.0)
"""Size of the letters, 1 as expected, beyond which something else was found."""

OWN_FACE, OTHER_FACE = 0.25, 0.5
"""Share of a line that its text as the font draws it does not explain: up to the first it is set in that font, from the
second in another, and what it says counts for nothing."""

STRETCHED, LEANING = (0.8, 1.25), 0.12
"""Width over height of the letters, 1 as the font has them, and columns per row by which they lean more than the
font's, beyond which a line is set in another face."""

SLID = np.arange(-3.0, 4.0)
"""Columns that letters in question may be off their place on the line."""

FINELY = 0.5
"""How finely the place of each letter is found, columns."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A text as the font draws it, and what the picture has there.

    Attributes:
        drawn: The text as drawn.
        picture: h×(w + 2·BEYOND) for h×w of the drawing: the picture under it and beside it, along the colours that
            tell letters from background.
        moved: From the drawing to the picture.
    """

    drawn: Drawn
    picture: Cover
    moved: Moved
    _around: dict[tuple[int, int], float] = field(default_factory=dict, repr=False)

    @cached_property
    def unlike(self) -> float:
        """How much of the picture the drawing does not explain, in [0, 1]."""
        return unlike(self.drawn.cover, self.picture[:, BEYOND:-BEYOND])

    def part(self, columns: slice) -> Cover:
        """Return some columns of the picture, counted as in the drawing."""
        return self.picture[:, columns.start + BEYOND : columns.stop + BEYOND]

    def left_over(self) -> Cover:
        """Return what the drawing leaves of the picture under it, each letter moved to where it leaves least.

        h×w in [-1, 1]; 1 where there is ink for background. What is further from ink than the background, as an outline
        is, counts as background.
        """
        picture = self.part(slice(0, self.drawn.cover.shape[1]))
        centred = np.subtract(picture, picture.mean())
        there = _loosened(self.drawn, 0.0, centred)
        varying = there - there.mean()
        gain = float(np.vdot(varying, centred)) / max(float(np.vdot(varying, varying)), 1e-9)
        seen = np.clip(centred / max(gain, 1e-9) + there.mean(), 0, 1)
        return np.asarray(seen - there, np.float32)

    def beside(self, other: Fit, columns: slice) -> slice:
        """Return the columns of this drawing, as far as they go, that show what some of another one show."""
        row, last = self.drawn.cover.shape[0] / 2, self.drawn.cover.shape[1] + BEYOND
        scale, begin = self.moved[0, 0] or 1.0, self.moved[0] @ (0, row, 1)
        seen = (other.moved[0] @ (column, row, 1) for column in (columns.start, columns.stop))
        # An alignment that went astray may have turned the letters over.
        start, stop = sorted(float((x - begin) / scale) for x in seen)
        first = round(min(max(start, -BEYOND), last - 1))
        return slice(first, max(first + 1, round(min(stop, last))))

    @cached_property
    def is_proportioned(self) -> bool:
        """Whether the line is as large as expected, has the font's proportions, and leans as its letters do."""
        along, down = (float(np.hypot(*self.moved[:, at])) for at in (0, 1))
        leaning = float(self.moved[:, 0] @ self.moved[:, 1]) / max(along * down, 1e-9)
        is_sized = SIZED[0] <= along <= SIZED[1] and STRETCHED[0] <= along / max(down, 1e-9) <= STRETCHED[1]
        return is_sized and abs(leaning) <= LEANING

    @cached_property
    def trust(self) -> float:
        """How sure it is that the line is set in the font, in [0, 1]."""
        is_own = (OTHER_FACE - self.unlike) / (OTHER_FACE - OWN_FACE)
        return float(np.clip(is_own, 0, 1)) if self.is_proportioned else 0.0

    def around(self, start: int, end: int) -> float:
        """Return how unlike the two are around some letters; see `Drawn.columns`."""
        return self.within(self.drawn.columns(start, end))

    def within(self, columns: slice) -> float:
        """Return how unlike the two are in some columns."""
        key = (columns.start, columns.stop)
        if key not in self._around:
            self._around[key] = least_unlike(self.drawn, self.part(columns), SLID + columns.start)
        return self._around[key]


def unlike(drawn: Cover, picture: Cover) -> float:
    """Return the share of a picture's variance that a drawing does not explain, in [0, 1]; 1 of nothing."""
    return _unexplained(drawn, np.subtract(picture, picture.mean()))


def least_unlike(drawn: Drawn, picture: Cover, columns: NDArray[np.float64]) -> float:
    """Return how unlike a picture and a part of a drawing are that begins where they are least so.

    Args:
        drawn: The drawing.
        picture: h×w, as high.
        columns: Where in the drawing the part may begin.
    """
    centred = np.subtract(picture, picture.mean())
    shown = {float(column): _from_column(drawn.cover, column, picture.shape) for column in columns}
    column = min(shown, key=lambda each: _unexplained(shown[each], centred))
    return _unexplained(_loosened(drawn, column, centred), centred)


def _loosened(drawn: Drawn, column: float, centred: Cover) -> Cover:
    """Return a part of a drawing, each letter moved to where it is most like the picture."""
    most = round(drawn.loose / FINELY)
    offs = np.arange(-most, most + 1) * FINELY
    moved: Cover = np.stack([_from_column(drawn.cover, column + off, centred.shape) for off in offs])
    found: Cover = moved[len(offs) // 2].copy()
    there = found - found.mean()
    gain = float(np.vdot(there, centred)) / max(float(np.vdot(there, there)), 1e-9)
    left = ((gain * (moved - found.mean()) - centred) ** 2).sum(axis=1)
    edges = np.clip(np.rint(np.array(drawn.ends) - column).astype(int), 0, centred.shape[1])
    for first, last in itertools.pairwise(edges):
        if last > first:
            found[:, first:last] = moved[int(left[:, first:last].sum(axis=1).argmin()), :, first:last]
    return found


def _from_column(cover: Cover, column: float, shape: tuple[int, ...]) -> Cover:
    return under(cover, np.array([[1, 0, column], [0, 1, 0]], np.float32), shape)


def _unexplained(drawn: Cover, centred: Cover) -> float:
    both = float(np.vdot(drawn, centred))
    spread = float(np.vdot(drawn, drawn)) - float(drawn.sum()) ** 2 / drawn.size
    power = math.sqrt(max(spread, 0.0) * float(np.vdot(centred, centred)))
    return 1 - min(1.0, max(0.0, both / power)) ** 2 if power > 1e-9 else 1.0


def under(picture: NDArray[np.float32], moved: Moved, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Return what a picture has under a drawing of h×w."""
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    there = cv2.warpAffine(picture, moved, (shape[1], shape[0]), flags=how, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(there, np.float32)


def moved_by(moved: Moved, begin: float, wider: float, along: float) -> Moved:
    """Return where a drawing lies that is made wider, from where it begins, and moved along the line."""
    other = moved.copy()
    other[:, 0] = moved[:, 0] * wider
    other[:, 2] += moved[:, 0] * (begin * (1 - wider) + along)
    return other


def aligned(axis: Cover, fit: Fit) -> Fit:
    """Return a fit brought to where the correlation is greatest, or as it was where that is nowhere near."""
    criteria = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, STEPS, GAIN)
    start, smooth = fit.moved.copy(), np.empty(0)
    try:
        _, moved = cv2.findTransformECC(fit.drawn.cover, axis, start, cv2.MOTION_AFFINE, criteria, smooth, SMOOTHED)
    except cv2.error:
        # It left the picture, or found nothing that varies: OpenCV's only way to say so.
        return fit
    if not np.isfinite(moved).all():
        return fit
    other = fitted(axis, fit.drawn, np.asarray(moved, np.float32))
    return min(fit, other, key=lambda each: each.unlike)


def fitted(axis: Cover, drawn: Drawn, moved: Moved) -> Fit:
    """Return a drawing laid over a picture somewhere."""
    height, width = drawn.cover.shape
    wide = under(axis, moved_by(moved, 0.0, 1.0, -BEYOND), (height, width + 2 * BEYOND))
    return Fit(drawn, wide, moved)
