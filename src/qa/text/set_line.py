"""One line of a picture under letters that a font draws: where they lie on it, and where those of a change would."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.region import Box
from qa.text.drawn_line import BEYOND, CAP, FINER, Drawing
from qa.text.ink import Cover, levelled
from qa.text.letter_cutting import LineCrop, crop_line
from qa.text.line_fit import SLID, Fit, aligned, fitted, least_unlike, moved_by, under
from qa.text.line_search import SIZES, UNSURE_SIZES, Found, LineSearch, Moved
from qa.text.pieces import Piece
from qa.text.reader import Pixels
from qa.text.recognition import upright_box
from qa.text.spelling import Rules
from qa.text.typeface import LARGEST_SIZE, Typeface
from qa.text.written import Part, Written

ROOM, BESIDE = 0.35, 0.8
"""Background shown around a line, and what is shown more at its ends, as shares of its height: a detector may have cut
its last letter off."""

LETTERS_SHARE = 0.72
"""Height of a line's letters over that of the box a detector gives it: where the look for their size begins."""

TELLING, SPREAD, SURE = 4, 2.0, 8
"""Characters, and heights of capitals between the first and the last, from which their places tell a line's size, and
characters from which they tell it well: of a shorter text a change is looked for at every size as well."""

WIDEST, LOWEST, FARTHEST = 6000, 8, 12.0
"""Pixels of a line that is compared, along and down, and how many times larger or smaller it may be in the picture."""

TURNS = 3
"""How often the colours that tell the letters are taken anew from where the letters were found."""

RIDGE = 0.01
"""Added to the variance of colours: a picture of one colour has no direction."""

UNCLEAR = 0.25
"""Share of a line that its text does not explain, from which it is looked for again as what is lighter, or darker, than
all that is broader than its strokes …"""

BROADER, MORE = 1.5, 2.0
"""… by so many times, and so many pixels: a photograph's shapes, or noise, may hide thin letters otherwise."""

ALIGNED, AS_WIDE = 2, 3.0
"""Of the places where another text could begin, how many are looked at closely; one, where it is as wide but for so
many pixels."""


@dataclass(frozen=True, eq=False)
class SetLine:
    """A line of a picture that letters are laid over.

    Attributes:
        axis: h×w, the line along the colours by which its letters are told.
        best: The text that it was found by.
        search: Where it was found, and another text is looked for.
    """

    axis: Cover
    best: Fit
    search: LineSearch
    _fits: dict[str, Fit] = field(default_factory=dict, repr=False)

    @property
    def drawing(self) -> Drawing:
        """Draws texts at the line's size."""
        return self.search.drawing

    @property
    def pixels(self) -> float:
        """How many pixels the picture itself has for each that is compared, at most 1."""
        return 1 / max(1.0, self.drawing.grain) ** 2

    def box(self, place: int) -> Box:
        """Return where in the whole picture a letter of the text lies that the line was found by."""
        left, right, top, bottom = self.best.drawn.bounds(place)
        corners = np.array([[left, top, 1], [right, top, 1], [right, bottom, 1], [left, bottom, 1]], np.float32)
        return upright_box(corners @ self.best.moved.T, self.axis.shape, self.search.quad)

    def fit(self, text: str) -> Fit:
        """Lay another text over the line, where it lies best."""
        if text not in self._fits:
            drawn, best = self.drawing.draw(text), self.best
            more = best.drawn.width - drawn.width
            places = [(1.0, 0.0), (1.0, more / 2), (1.0, more), (best.drawn.width / drawn.width, 0.0)]
            starts = [fitted(self.axis, drawn, moved_by(best.moved, drawn.ends[0], *place)) for place in places]
            near = sorted(starts, key=lambda fit: fit.unlike)[: ALIGNED if abs(more) > AS_WIDE else 1]
            if len(text) < SURE:
                near.append(fitted(self.axis, drawn, self.search.find_along(text, self.axis)))
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
        return least_unlike(drawn, picture, best.columns(own.start, own.end).start + slid)


def set_line(
    piece: Piece, written: Written, image: Pixels, rules: Rules, typeface: Typeface, *, is_alone: bool = True
) -> SetLine | None:
    """Bring a line to where a font's letters can be laid over it; None where they do not lie there.

    Args:
        piece: The text on this line.
        written: As it is written.
        image: H×W×3 uint8 sRGB.
        rules: What counts as the same.
        typeface: The font; it has all letters, and an H.
        is_alone: Whether it is all of the text: beside a part of one another part may stand.
    """
    crop = crop_line(piece, image, rules, ROOM, BESIDE if is_alone else 0.0)
    if crop is None or not written.places:
        return None
    columns = np.array(crop.columns[len(piece.before) : len(piece.before) + len(piece.text)])
    flat = Drawing(typeface, written.text)
    if flat.em * FINER > LARGEST_SIZE:
        # A font whose H is a speck of its em.
        return None
    ends = flat.ends(written.text)
    if ends[-1] > WIDEST:
        # Long, or in a font that claims enormous letters.
        return None
    small, sizes = _size(written, crop, columns, flat)
    scale = 1 / small
    size = (round(crop.image.shape[1] * scale), round(crop.image.shape[0] * scale))
    if not 1 / FARTHEST <= scale <= FARTHEST or not 0 < size[0] <= WIDEST or size[1] < LOWEST:
        return None
    drawing = Drawing(typeface, written.text, max(1.0, scale))
    shown = cv2.resize(crop.image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    middle = float(columns.mean()) * scale + (ends[0] + ends[-1]) / 2 - float(_middles(written, flat).mean())
    pixels, margin = np.asarray(shown, np.uint8), max(1, round(crop.margin * scale))

    search = LineSearch(pixels, crop.quad, margin, drawing, middle, sizes)
    found = search.find(written.text)
    if found is None:
        return None
    lines = [_aligned_line(pixels, found, search)]
    if lines[0].best.unlike > UNCLEAR:
        lines.extend(_levelled_lines(pixels, search))
    return min(lines, key=lambda each: each.best.unlike)


def _levelled_lines(pixels: Pixels, search: LineSearch) -> Iterator[SetLine]:
    """Yield where the line lies once all is taken off that is broader than strokes, for light and for dark ink."""
    text = search.drawing.text
    side = round(BROADER * search.drawing.draw(text).stroke + MORE)
    for channels in zip(*(levelled(pixels[..., at], side) for at in range(3)), strict=True):
        ink = np.dstack(channels)
        axis = np.asarray(ink.mean(axis=2), np.float32)
        yield _aligned_line(ink, Found(search.find_along(text, axis), axis), search)


def _aligned_line(pixels: Pixels, found: Found, search: LineSearch) -> SetLine:
    colours, drawn = pixels.astype(np.float32), search.drawing.draw(search.drawing.text)
    axis, best = found.axis, fitted(found.axis, drawn, found.moved)
    for _ in range(TURNS):
        axis = _told_best(colours, drawn.cover, best.moved)
        best = aligned(axis, fitted(axis, drawn, best.moved))
    return SetLine(axis, best, search)


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
        return size, SIZES if len(middles) >= SURE else UNSURE_SIZES
    ink = drawing.typeface.extent(written.text, drawing.em)
    return LETTERS_SHARE * (crop.image.shape[0] - 2 * crop.margin) / ink.height, UNSURE_SIZES


def _middles(written: Written, drawing: Drawing) -> NDArray[np.float64]:
    """Return where the middle of each character that is compared is drawn."""
    ends = drawing.ends(written.text)
    return np.array([(ends[at] + ends[at + 1]) / 2 for at in written.places])
