"""An expected text drawn with the font that the kit names, held against the picture: which of two look-alikes it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from qa.text.alike import look_alikes
from qa.text.letter_cutting import cut_letters
from qa.text.looks import Change
from qa.text.pieces import Piece
from qa.text.reader import Pixels
from qa.text.set_line import Likeness, SetLine, set_line
from qa.text.spelling import Rules
from qa.text.typeface import Typeface
from qa.text.written import Written

ROOM = 0.35
"""Background looked at around a line, as a share of its height: for what stands before and after it."""

BESIDE = 5
"""Letters drawn on each side of those in question."""

ALIKE, APART = 0.004, 0.012
"""Shares of the ink: what a font draws more alike than the one nobody could tell, and beyond the other it is told. Of
528 pairs of look-alikes that differ visibly all are apart by at least 0.006 (`tools/derive_typeset_limits.py`)."""

OTHER_FACE = 0.35
"""Where a line differs from its text as the font draws it by so much of the ink, it is set in another face, or its ink
is not told from the background. What differs less counts the more. Of right texts 19 in 20 differ by less than 0.28
from their own font, half of them by more than 0.34 from another (same script)."""

LONGEST, LIKELY = 100, 0.0
"""Characters of a text of which every letter is held against its look-alikes, each some 2 ms; and the likeness below
which one of them is a rival, though no reader names it."""

FAINT = 0.15
"""What speaks so little against a letter says nothing: letters are never quite where the font sets them."""

ONE_WRONG = 0.1
"""The letter of a line that is least as the font draws it: of 427 texts with a wrong letter, one in twenty differs by
less than 0.15 of the ink, one in a hundred by less than 0.09, of 505 right ones nearly half by less than 0.1 (same
script)."""

SHOWN = 12
"""Letters of a line by which that is told."""


@dataclass(frozen=True, eq=False)
class Typeset:
    """An expected text as a font draws it.

    Attributes:
        typeface: The font.
        pieces: The text by its lines.
        written: The same lines as they are written.
        image: H×W×3 uint8 sRGB.
        rules: What counts as the same.
    """

    typeface: Typeface
    pieces: Sequence[Piece]
    written: Sequence[Written]
    image: Pixels
    rules: Rules
    _known: dict[tuple[int, int, int, str], Likeness | None] = field(default_factory=dict, repr=False)

    def likeness(self, change: Change) -> float | None:
        """Return how much a line speaks for the text: 1 as the font draws it, -1 as it draws the rival.

        Of letters that are others, by both; the less the line is like its text in this font at all, the nearer to 0.
        What the font draws alike is as expected: nobody could tell. Of any other change, and where the font lacks the
        rival's letter or draws both nearly alike, by the letter of the line that is least as the font draws it: 0 from
        where lines with a wrong letter begin. None where the line is not set in this font, or nothing is told.
        """
        if change.piece >= len(self.pieces) or change.expected != self.pieces[change.piece].text:
            return None
        told = self._of_letters(change)
        return (self._of_all(change.piece) or None) if told is None else told

    def _of_letters(self, change: Change) -> float | None:
        if not change.places:
            return None
        unlike, rival = self._unlike[change.piece], {at: change.rival[at] for at in change.places}
        is_drawn = rival.keys() <= self.written[change.piece].alone.keys() and self.typeface.has(
            "".join(rival.values())
        )
        if unlike is None or not is_drawn or change.places[-1] - change.places[0] > BESIDE:
            return None
        expected, other = (self._beside(change.piece, change.places, letters) for letters in ({}, rival))
        told = None if expected is None or other is None else _told(expected, other)
        if told is None:
            return None
        trust = 1 - unlike / OTHER_FACE
        return round(told * trust if told > 0 else min(0.0, told + FAINT) * min(1.0, 2 * trust), 3)

    def _of_all(self, number: int) -> float:
        """Return 1 for a line every letter of which is as the font draws it, 0 for what may have a wrong one."""
        places = range(len(self.pieces[number].text))
        if self._unlike[number] is None or len(places) > LONGEST:
            return 0.0
        return round(max(0.0, 1 - max(self._unlikeness(number, places)) / ONE_WRONG), 3)

    def unlikeness(self) -> list[list[float]]:
        """Return for each line how much it differs around each of its letters from what the font draws, in [0, 1].

        A line has none where its letters have not the size and width of the font's.
        """
        lines = enumerate(zip(self.pieces, self._lines, strict=True))
        return [[] if line is None else self._unlikeness(at, range(len(piece.text))) for at, (piece, line) in lines]

    def rivals(self) -> Iterator[Change]:
        """Yield the changes of one letter for another that some face draws nearly as likely, as far as this one tells.

        None of long texts: there only what a reader names is looked at.
        """
        if sum(len(piece.text) for piece in self.pieces) > LONGEST:
            return
        for number, piece in enumerate(self.pieces):
            for place, letter in enumerate(piece.text):
                for other in look_alikes(letter):
                    change = Change(number, piece.text, piece.text[:place] + other + piece.text[place + 1 :])
                    likeness = self.likeness(change)
                    if likeness is not None and likeness < LIKELY:
                        yield change

    def _beside(self, number: int, places: Sequence[int], others: Mapping[int, str]) -> Likeness | None:
        """Hold a line against the font's letters around some places, where others may stand."""
        line, first, last = self._lines[number], places[0], places[-1]
        text, start, end = self.written[number].around(first, last, BESIDE, others)
        key = (number, first, last, text)
        if line is not None and key not in self._known:
            drawn = line.draw(self.typeface, text)
            middle = (drawn.ends[start] + drawn.ends[end]) / 2
            self._known[key] = line.beside(drawn, middle, (line.columns[first] + line.columns[last]) / 2)
        return self._known.get(key)

    @cached_property
    def _unlike(self) -> list[float | None]:
        """How much each line differs from its text as the font draws it; None where that is another face."""
        return [self._difference(number) for number in range(len(self.pieces))]

    def _difference(self, number: int) -> float | None:
        if self._lines[number] is None:
            return None
        places = np.unique(np.linspace(0, len(self.written[number].places) - 1, SHOWN).round().astype(int))
        unlike = float(np.median(self._unlikeness(number, map(int, places))))
        return unlike if unlike < OTHER_FACE else None

    def _unlikeness(self, number: int, places: Iterable[int]) -> list[float]:
        found = (self._beside(number, (at,), {}) for at in places)
        return [1.0 if each is None else each.unlike for each in found]

    @cached_property
    def _lines(self) -> list[SetLine | None]:
        return [self._line(piece, written) for piece, written in zip(self.pieces, self.written, strict=True)]

    def _line(self, piece: Piece, written: Written) -> SetLine | None:
        if not piece.text or not self.typeface.has(f"H{written.text}"):
            return None
        letters = cut_letters(piece, self.image, self.rules, ROOM)
        return None if letters is None else set_line(letters, len(piece.before), written.alone, self.typeface)


def _told(expected: Likeness, other: Likeness) -> float | None:
    """Return by how much a line is nearer to one drawing than to another, over how far those are apart, in [-1, 1]."""
    power = max(float((expected.drawn**2).sum()), 1e-6)
    apart = float(((expected.drawn - other.drawn) ** 2).sum()) / power
    if apart < APART:
        return 1.0 if apart < ALIKE else None
    return float(np.clip((other.unlike - expected.unlike) / apart, -1, 1))
