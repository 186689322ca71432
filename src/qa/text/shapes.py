"""What single letters look like apart from their neighbours, where a change of one letter is in question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from qa.text.alike import TWINS
from qa.text.change import Change
from qa.text.confusables import TWO_OF
from qa.text.letter_cutting import cut_letters
from qa.text.letter_features import LineLetters, Vector
from qa.text.letter_shapes import letter_shapes
from qa.text.pieces import Piece, folded
from qa.text.reader import Pixels
from qa.text.spelling import Rules
from qa.text.typeset import Typeset

ROOM = 0.15
"""Background looked at around a line, as a share of its height."""

MOST_BY_SHAPE = 6.0
"""Margin, either way, beyond which a letter's shape says no more: another letter's ink, or a wrong measurement, is
likelier."""

NEITHER = 6.0
"""How much more another symbol has for it where a letter says nothing of two: its ink is not what it was taken for."""

NEAR = 8.0
"""Margin below which a change that makes a text longer, or otherwise others, is held against its font."""

PRESENT = 4.0
"""Margin, either way, for a letter that is there and looks like nothing else, or like anything but it."""


@dataclass(frozen=True, eq=False)
class Shapes:
    """The letters of one expected text where it was found.

    Attributes:
        pieces: The text by its lines.
        image: H×W×3 uint8 sRGB.
        rules: What counts as the same.
        typeset: The text as its font draws it, where that is known.
    """

    pieces: Sequence[Piece]
    image: Pixels
    rules: Rules
    typeset: Typeset | None = None
    _known: dict[tuple[int, int], Vector | None] = field(default_factory=dict, repr=False)

    def margin(self, change: Change, line: float = 0.0) -> float | None:
        """Return how much the letters' shapes speak for the expected text, a natural logarithm; None if they are mute.

        Of letters that are others, what each says for the one against the other. Of a letter that is lost, whether
        something that looks like it stands in its place. Where the text's font is known, which of both texts lies on
        the line as the font draws it; what is neither near nor doubtful by its shape, nor a small sign doubled at
        the end, which a box may have cut off, is not asked of it.

        Args:
            change: The change.
            line: By how much the looks at the line hold the expected text for likelier.
        """
        shape = self._by_shape(change)
        is_asked = self.typeset is not None and (line < NEAR or (shape or 0.0) < 0 or change.is_grown)
        told = self.typeset.told(change) if self.typeset is not None and is_asked else None
        return shape if told is None else round(told.value + (1 - told.trust) * (shape or 0.0), 2)

    def may_tell(self, change: Change, line: float) -> bool:
        """Whether the letters say anything of a change: of one that others are in, or lost; a font of any that is near.

        Args:
            change: The change.
            line: As for `margin`.
        """
        is_of_letters = bool(change.places or change.lost)
        return is_of_letters or (self.typeset is not None and (line < NEAR or change.is_grown))

    def _by_shape(self, change: Change) -> float | None:
        if change.piece >= len(self.pieces) or change.expected != self.pieces[change.piece].text:
            # A further reading may break the text into lines otherwise.
            return None
        told = [self._present(change, at) for at in change.lost] or [self._against(change, at) for at in change.places]
        known = [each for each in told if each is not None]
        if not known or (change.lost and len(known) < len(told)):
            return None
        return round(min(known) if change.lost else max(-MOST_BY_SHAPE, min(MOST_BY_SHAPE, sum(known))), 2)

    def rivals(self) -> Iterator[Change]:
        """Yield the changes of one letter that its shape speaks for, of those that a recogniser may be misled over.

        And those that its font, where it is known, does not speak against.
        """
        if self.typeset is not None:
            yield from self.typeset.rivals()
        for number, piece in enumerate(self.pieces):
            for place, expected in enumerate(piece.text):
                for symbol in self._likelier(number, place, expected):
                    change = Change(number, piece.text, piece.text[:place] + symbol + piece.text[place + 1 :])
                    if change.is_told_by_shape:
                        yield change

    def _likelier(self, piece: int, place: int, expected: str) -> list[str]:
        own, odds = letter_shapes().symbols.get(expected.translate(TWINS)), self._odds(piece, place)
        if own is None or odds is None:
            return []
        likelier = [symbol for symbol, at in letter_shapes().symbols.items() if odds[at] > odds[own]]
        return [symbol for symbol in likelier if folded(symbol, self.rules) == symbol]

    def _against(self, change: Change, place: int) -> float | None:
        symbols, odds = letter_shapes().symbols, self._odds(change.piece, place)
        own, other = (symbols.get(text[place].translate(TWINS)) for text in (change.expected, change.rival))
        if own is None or other is None or odds is None or odds.max() - max(odds[own], odds[other]) > NEITHER:
            return None
        # Each of two letters that run together looks like itself.
        is_alone = TWO_OF.get(change.rival[place]) != change.expected[place]
        return float(odds[own] - odds[other]) if is_alone else min(float(odds[own] - odds[other]), 0.0)

    def _present(self, change: Change, place: int) -> float | None:
        own, odds = (
            letter_shapes().symbols.get(change.expected[place].translate(TWINS)),
            self._odds(change.piece, place),
        )
        if own is None or odds is None:
            return None
        return float(max(-PRESENT, PRESENT + odds[own] - np.logaddexp.reduce(odds)))

    def _odds(self, piece: int, place: int) -> Vector | None:
        """Return what each symbol has for it at a place of a piece; None where no letter stands alone there."""
        place += len(self.pieces[piece].before)
        if (piece, place) not in self._known:
            line = self._lines[piece]
            features = None if line is None else line.features(place)
            self._known[piece, place] = None if features is None else letter_shapes().log_odds(features)
        return self._known[piece, place]

    @cached_property
    def _lines(self) -> list[LineLetters | None]:
        return [cut_letters(piece, self.image, self.rules, ROOM) for piece in self.pieces]
