"""What single letters look like apart from their neighbours, where a change of one letter is in question.

A recogniser judges a letter by what stands beside it as well: an l among figures is read as 1. Cut out and shown alone
it is read by its shape. What a shape alone does not tell, a small letter from its capital, the height of the line's
other letters does, and their width an O from a nought.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from qa.text.alike import Kind, kind_of
from qa.text.cap_height import Stroke
from qa.text.ink import Cover, LineInk
from qa.text.letter_heights import height_margin
from qa.text.letter_widths import width_margin
from qa.text.lone_letters import MOST_BY_SHAPE, lone_margin
from qa.text.looks import Change, View, grown, letter_places
from qa.text.pieces import Piece
from qa.text.reader import Pixels, Quad, Scorer
from qa.text.recognition import crop_quad
from qa.text.spelling import Rules

ROOM = 0.15
"""Background looked at around a line, as a share of its height; at least three pixels."""

LONE_ROOM = 0.12
"""The same on both sides of a letter that is shown alone."""


@dataclass(frozen=True, eq=False)
class Shapes:
    """The letters of one expected text where it was found.

    Attributes:
        pieces: The text by its lines.
        image: H×W×3 uint8 sRGB.
        scorer: Shown each letter.
        rules: What counts as the same.
    """

    pieces: Sequence[Piece]
    image: Pixels
    scorer: Scorer
    rules: Rules

    def margin(self, change: Change) -> float | None:
        """Return how much a letter's shape speaks for the expected one, as a natural logarithm; None if it is mute."""
        place, line = change.place, self._lines[change.piece]
        if place is None or line is None or change.expected != self.pieces[change.piece].text:
            return None
        at = len(self.pieces[change.piece].before) + place
        told = list(self._told(line, at, change.expected[place], change.rival[place]))
        return round(max(-MOST_BY_SHAPE, min(MOST_BY_SHAPE, sum(told))), 2) if told else None

    def _told(self, line: LineLetters, at: int, expected: str, rival: str) -> Iterator[float]:
        """Yield what each measure says of one letter: its height, its width, or its shape alone where that tells."""
        is_size = kind_of(expected, rival) is Kind.SIZE
        by_height = height_margin(line.heights, at, rival)
        by_width = width_margin(line.widths, at, rival)
        yield from (margin for margin in (by_height, by_width) if margin is not None)
        picture = None if is_size or by_width is not None else line.picture(at)
        if picture is not None:
            alone = lone_margin(self.scorer.emissions(picture, _all_of(picture)), expected, rival)
            yield from () if alone is None else (alone,)

    @cached_property
    def _lines(self) -> list[LineLetters | None]:
        return [self._letters(piece) for piece in self.pieces]

    def _letters(self, piece: Piece) -> LineLetters | None:
        if piece.line.shape != "straight" or piece.line.emissions is None or not piece.whole:
            return None
        quad = np.array(piece.line.quad)
        height = float(np.linalg.norm(quad[3] - quad[0]))
        margin = max(3, round(ROOM * height))
        share = margin / max(height, 1.0)
        crop = crop_quad(self.image, np.array(grown(piece.line.quad, View(share, share)), np.float32))
        ink, places = LineInk.of(crop, margin), letter_places(piece, piece.line.emissions, self.rules)
        if ink is None or not places:
            return None
        inner = crop.shape[1] - 2 * margin
        columns = [margin + at * inner for at in places]
        small = frozenset(len(piece.before) + at + next_to for at in piece.signs for next_to in (0, 1))
        return LineLetters(ink, piece.whole, tuple(columns), max(2, round(LONE_ROOM * height)), small)


@dataclass(frozen=True, eq=False)
class LineLetters:
    """The letters of one line by their ink.

    Attributes:
        ink: Of the line.
        text: What the line says where it is as expected.
        columns: Where each character's middle is.
        room: Pixels of background around a letter shown alone.
        small: Places of letters that are smaller than the others: those of a sign ™.
    """

    ink: LineInk
    text: str
    columns: tuple[float, ...]
    room: int
    small: frozenset[int] = frozenset()

    @cached_property
    def bounds(self) -> dict[int, Stroke]:
        """Place in the text → bounds of the letter, of those that stand alone."""
        owned = self.ink.owned(list(zip(self.text, self.columns, strict=True)))
        return {place: each.bounds for place, each in owned.items()}

    @cached_property
    def heights(self) -> dict[int, tuple[str, float]]:
        """Place in the text → the letter and the height of its body in pixels; the small ones are left out."""
        bodies = {place: self.ink.body(bounds) for place, bounds in self.bounds.items() if place not in self.small}
        return {place: (self.text[place], float(body.bottom - body.top)) for place, body in bodies.items()}

    @cached_property
    def widths(self) -> dict[int, tuple[str, float]]:
        """Place in the text → the letter and the width of its body in pixels."""
        return {place: (self.text[place], float(self.ink.body(own).width)) for place, own in self.bounds.items()}

    def picture(self, place: int) -> Pixels | None:
        """Return one letter alone, black on white, or None where it does not stand alone."""
        bounds = self.bounds.get(place)
        return None if bounds is None else drawn(self.ink.alone(bounds), self.room)


def drawn(cover: Cover, room: int) -> Pixels:
    """Return coverage as black on white, with room on both sides."""
    wide = np.pad(cover, ((0, 0), (room, room)))
    grey: NDArray[np.uint8] = np.asarray(np.rint(255 * (1 - wide)), np.uint8)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), np.uint8)


def _all_of(picture: Pixels) -> Quad:
    height, width = picture.shape[:2]
    return (0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height))
