"""One line of a picture under the letters that a font draws: where they lie on it, and how much it differs.

Reference: Evangelidis and Psarakis 2008, "Parametric image alignment using enhanced correlation coefficient
maximization", doi:10.1109/TPAMI.2008.113.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from qa.text.drawn_line import BEYOND, CAP, Drawing, Drawn
from qa.text.ink import Cover
from qa.text.letter_cutting import LineCrop, crop_line
from qa.text.line_search import SIZES, UNSURE_SIZES, Found, Moved, find_line
from qa.text.pieces import Piece
from qa.text.reader import Pixels
from qa.text.spelling import Rules
from qa.text.typeface import Typeface
from qa.text.written import Part, Written

ROOM, BESIDE = 0.35, 0.8
"""Background shown around a line, and what is shown more at its ends, as shares of its height: a detector may have cut
its last letter off."""

LETTERS_SHARE = 0.72
"""Height of a line's letters over that of the box a detector gives it: where the look for their size begins."""

TELLING, SPREAD = 4, 2.0
"""Characters, and heights of capitals between the first and the last, from which their places tell a line's size."""

WIDEST, LOWEST, FARTHEST = 6000, 8, 12.0
"""Pixels of a line that is compared, along and down, and how many times larger or smaller it may be in the picture."""

STEPS, GAIN = 40, 1e-4
"""Of the alignment, and the gain by which it ends."""

SMOOTHED = 5
"""Side of the blur that both are aligned in, pixels."""

TURNS = 3
"""How often the colours that tell the letters are taken anew from where the letters were found."""

RIDGE = 0.01
"""Added to the variance of colours: a picture of one colour has no direction."""

SIZED = (0.5, 2.0)
"""Size of the letters, 1 as expected, beyond which something else was found."""

STRETCHED, LEANING = (0.8, 1.25), 0.12
"""Width over height of the letters, 1 as the font has them, and columns per row by which they lean more than the
font's, beyond which a line is set in another face."""

SLID = np.arange(-3.0, 4.0)
"""Columns that letters in question may be off their place on the line."""

LOOSE, FINELY = 0.5, 0.5
"""Columns that each letter may be off beside the others, with as many as a pixel of the picture makes, and how finely
that is found: small letters are often set on whole pixels, an l for an i may then fit the gap better than the i."""

ALIGNED, AS_WIDE = 2, 3.0
"""Of the places where another text could begin, how many are looked at closely; one, where it is as wide but for so
many pixels."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A text as the font draws it, and what the picture has there.

    Attributes:
        drawn: The text as drawn.
        picture: h×(w + 2·BEYOND) for h×w of the drawing: the picture under it and beside it, along the colours that
            tell letters from background.
        moved: From the drawing to the picture.
        loose: Columns by which each letter may be off its place.
    """

    drawn: Drawn
    picture: Cover
    moved: Moved
    loose: float
    _around: dict[tuple[int, int], float] = field(default_factory=dict, repr=False)

    @cached_property
    def unlike(self) -> float:
        """How much of the picture the drawing does not explain, in [0, 1]."""
        return unlike(self.drawn.cover, self.picture[:, BEYOND:-BEYOND])

    def part(self, columns: slice) -> Cover:
        """Return some columns of the picture, counted as in the drawing."""
        return self.picture[:, columns.start + BEYOND : columns.stop + BEYOND]

    def area(self, start: int, end: int) -> int:
        """Return how many pixels are looked at around some letters."""
        return int(self.part(self.drawn.columns(start, end)).size)

    @cached_property
    def is_proportioned(self) -> bool:
        """Whether the line is as large as expected, has the font's proportions, and leans as its letters do."""
        along, down = (float(np.hypot(*self.moved[:, at])) for at in (0, 1))
        leaning = float(self.moved[:, 0] @ self.moved[:, 1]) / max(along * down, 1e-9)
        is_sized = SIZED[0] <= along <= SIZED[1] and STRETCHED[0] <= along / max(down, 1e-9) <= STRETCHED[1]
        return is_sized and abs(leaning) <= LEANING

    def around(self, start: int, end: int) -> float:
        """Return how unlike the two are around some letters."""
        if (start, end) not in self._around:
            columns = self.drawn.columns(start, end)
            found = least_unlike(self.drawn, self.part(columns), SLID + columns.start, self.loose)
            self._around[start, end] = found
        return self._around[start, end]


@dataclass(frozen=True, eq=False)
class SetLine:
    """A line of a picture that letters are laid over.

    Attributes:
        axis: h×w, the line along the colours by which its letters are told.
        drawing: Draws texts at its size.
        best: The text that it was found by.
    """

    axis: Cover
    drawing: Drawing
    best: Fit
    _fits: dict[str, Fit] = field(default_factory=dict, repr=False)

    @property
    def pixels(self) -> float:
        """How many pixels the picture itself has for each that is compared, at most 1."""
        return 1 / max(1.0, self.drawing.grain) ** 2

    def fit(self, text: str) -> Fit:
        """Lay another text over the line, where it lies best."""
        if text not in self._fits:
            drawn, best = self.drawing.draw(text), self.best
            more = best.drawn.width - drawn.width
            places = [(1.0, 0.0), (1.0, more / 2), (1.0, more), (best.drawn.width / drawn.width, 0.0)]
            starts = [
                _fit(self.axis, drawn, moved_by(best.moved, drawn.ends[0], *place), best.loose) for place in places
            ]
            near = sorted(starts, key=lambda fit: fit.unlike)[: ALIGNED if abs(more) > AS_WIDE else 1]
            fits = [aligned(self.axis, fit) for fit in near]
            self._fits[text] = min(fits, key=lambda fit: fit.unlike)
        return self._fits[text]

    def laid(self, other: Part, own: Part) -> float:
        """Return how unlike the line is around some letters where others stand in their place, the rest unmoved.

        Quicker than `fit`; for a text that lies on its line.

        Args:
            other: The other letters, with some beside them.
            own: The letters of the text that the line was found by.
        """
        return self._nearest(other, own, self.best.part(self.best.drawn.columns(own.start, own.end)))

    def apart(self, other: Part, own: Part) -> float:
        """Return how unlike the text and another one are as the font draws them; see `laid`."""
        columns = self.best.drawn.columns(own.start, own.end)
        wide = np.pad(self.best.drawn.cover, ((0, 0), (BEYOND, BEYOND)))
        return self._nearest(other, own, wide[:, columns.start + BEYOND : columns.stop + BEYOND])

    def _nearest(self, other: Part, own: Part, picture: Cover) -> float:
        drawn, best = self.drawing.draw(other.text), self.best.drawn
        offsets = (drawn.ends[other.start] - best.ends[own.start], drawn.ends[other.end] - best.ends[own.end])
        slid = np.arange(min(offsets) + SLID[0], max(offsets) + SLID[-1] + 1)
        return least_unlike(drawn, picture, best.columns(own.start, own.end).start + slid, self.best.loose)


def set_line(piece: Piece, written: Written, image: Pixels, rules: Rules, typeface: Typeface) -> SetLine | None:
    """Bring a line to where a font's letters can be laid over it; None where they do not lie there.

    Args:
        piece: The text on this line.
        written: As it is written.
        image: H×W×3 uint8 sRGB.
        rules: What counts as the same.
        typeface: The font; it has all letters, and an H.
    """
    crop = crop_line(piece, image, rules, ROOM, BESIDE)
    if crop is None or not written.places:
        return None
    columns = np.array(crop.columns[len(piece.before) : len(piece.before) + len(piece.text)])
    flat = Drawing(typeface, written.text)
    small, sizes = _size(written, crop, columns, flat)
    scale = 1 / small
    size = (round(crop.image.shape[1] * scale), round(crop.image.shape[0] * scale))
    if not 1 / FARTHEST <= scale <= FARTHEST or not 0 < size[0] <= WIDEST or size[1] < LOWEST:
        return None
    drawing = Drawing(typeface, written.text, max(1.0, scale))
    shown = cv2.resize(crop.image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    ends = flat.ends(written.text)
    middle = float(columns.mean()) * scale + (ends[0] + ends[-1]) / 2 - float(_middles(written, flat).mean())
    found = find_line(np.asarray(shown, np.uint8), max(1, round(crop.margin * scale)), drawing, middle, sizes)
    return None if found is None else _aligned_line(np.asarray(shown, np.float32), drawing, found)


def unlike(drawn: Cover, picture: Cover) -> float:
    """Return the share of a picture's variance that a drawing does not explain, in [0, 1]; 1 of nothing."""
    return _unexplained(drawn, np.subtract(picture, picture.mean()))


def least_unlike(drawn: Drawn, picture: Cover, columns: NDArray[np.float64], loose: float) -> float:
    """Return how unlike a picture and a part of a drawing are that begins where they are least so.

    Args:
        drawn: The drawing.
        picture: h×w, as high.
        columns: Where in the drawing the part may begin.
        loose: By how many columns each letter may be off its place.
    """
    centred = np.subtract(picture, picture.mean())
    shown = {float(column): _from_column(drawn.cover, column, picture.shape) for column in columns}
    column = min(shown, key=lambda each: _unexplained(shown[each], centred))
    return _unexplained(_loosened(drawn, column, centred, loose), centred)


def _loosened(drawn: Drawn, column: float, centred: Cover, loose: float) -> Cover:
    """Return a part of a drawing, each letter moved to where it is most like the picture."""
    offs = np.arange(-round(loose / FINELY), round(loose / FINELY) + 1) * FINELY
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
    other = _fit(axis, fit.drawn, np.asarray(moved, np.float32), fit.loose)
    return min(fit, other, key=lambda each: each.unlike)


def _fit(axis: Cover, drawn: Drawn, moved: Moved, loose: float) -> Fit:
    height, width = drawn.cover.shape
    wide = under(axis, moved_by(moved, 0.0, 1.0, -BEYOND), (height, width + 2 * BEYOND))
    return Fit(drawn, wide, moved, loose)


def _aligned_line(colours: NDArray[np.float32], drawing: Drawing, found: Found) -> SetLine:
    drawn = drawing.draw(drawing.text)
    loose = LOOSE + drawing.grain
    axis, best = found.axis, _fit(found.axis, drawn, found.moved, loose)
    for _ in range(TURNS):
        axis = _told_best(colours, drawn.cover, best.moved)
        best = aligned(axis, _fit(axis, drawn, best.moved, loose))
    return SetLine(axis, drawing, best)


def _told_best(colours: NDArray[np.float32], cover: Cover, moved: Moved) -> Cover:
    """Return a picture along the colours by which, where letters lie, they are told from the rest: least squares."""
    seen = under(colours, moved, cover.shape).reshape(-1, 3)
    table = np.column_stack([seen, np.ones(len(seen), np.float32)]).astype(np.float64)
    power = table.T @ table + RIDGE * len(table) * np.diag([1.0, 1.0, 1.0, 0.0])
    weights = np.linalg.solve(power, table.T @ cover.ravel().astype(np.float64))
    return np.asarray(colours @ weights[:3] + weights[3], np.float32)


def _size(
    written: Written, crop: LineCrop, columns: NDArray[np.float64], drawing: Drawing
) -> tuple[float, Sequence[float]]:
    """Return about how many times smaller than drawn a line is in its crop, and which shares of that to try."""
    middles = _middles(written, drawing)
    told = len(middles) >= TELLING and np.ptp(middles) > SPREAD * CAP
    size = float(np.polyfit(middles, columns, 1)[0]) if told else 0.0
    if size > 0:
        return size, SIZES if len(middles) >= 2 * TELLING else UNSURE_SIZES
    ink = drawing.typeface.extent(written.text, drawing.em)
    return LETTERS_SHARE * (crop.image.shape[0] - 2 * crop.margin) / ink.height, UNSURE_SIZES


def _middles(written: Written, drawing: Drawing) -> NDArray[np.float64]:
    """Return where the middle of each character that is compared is drawn."""
    ends = drawing.ends(written.text)
    return np.array([(ends[at] + ends[at + 1]) / 2 for at in written.places])
