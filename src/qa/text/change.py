"""One way in which an expected text could be wrong: what it takes to tell, and where."""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from qa.text.alike import MARKS, Kind, kind_of
from qa.text.spelling import SPELT_OUT

BY_SHAPE = frozenset({Kind.FIGURE, Kind.LETTER, Kind.SIZE, Kind.ALIKE})
"""Kinds of which a recogniser reads what it expects beside the other letters."""

SWAPPED = 2
"""Places that two letters differ in that have changed theirs."""

TRADEMARK = SPELT_OUT["™"]
"""The sign ™ as it is compared."""


@dataclass(frozen=True, order=True)
class Change:
    """A way in which one piece of an expected text could be wrong.

    Attributes:
        piece: Its number.
        expected: The piece as expected.
        rival: The piece with a small change.
    """

    piece: int
    expected: str
    rival: str

    @property
    def kind(self) -> Kind:
        """What it takes to tell them apart."""
        return kind_of(self.expected, self.rival)

    @property
    def is_cut(self) -> bool:
        """Whether the rival is the piece without its first or last characters, as a detector's box may cut them off."""
        is_part = self.expected.startswith(self.rival) or self.expected.endswith(self.rival)
        return is_part and 0 < len(self.rival) < len(self.expected)

    @property
    def is_grown(self) -> bool:
        """Whether the rival is the piece with a small sign at its end doubled, which a box may cut off again."""
        sign = self.rival[len(self.expected) :]
        is_small = sign in MARKS or sign.upper() == TRADEMARK
        return is_small and self.expected.endswith(sign) and self.rival == self.expected + sign

    @property
    def is_longer(self) -> bool:
        """Whether the rival is the piece with more before or after it."""
        is_whole = self.rival.startswith(self.expected) or self.rival.endswith(self.expected)
        return is_whole and len(self.rival) > len(self.expected)

    @property
    def places(self) -> tuple[int, ...]:
        """Where characters stand that are others, from 0; () where there are more or fewer, so that the rest moved."""
        pairs = zip(self.expected, self.rival, strict=False)
        differ = tuple(at for at, (first, second) in enumerate(pairs) if first != second)
        has_moved = len(differ) > SWAPPED and Levenshtein.distance(self.expected, self.rival) < len(differ)
        return differ if len(self.expected) == len(self.rival) and not has_moved else ()

    @property
    def is_told_by_shape(self) -> bool:
        """Whether it is a letter's own shape that tells them apart, and what stands beside it misleads."""
        return bool(self.places) and self.kind in BY_SHAPE

    @property
    def lost(self) -> tuple[int, ...]:
        """Where a character stands that the rival lacks, all alike beside it as well; () for any other change."""
        if len(self.expected) != len(self.rival) + 1:
            return ()
        pairs = zip(self.expected, self.rival, strict=False)
        at = next((at for at, (first, second) in enumerate(pairs) if first != second), len(self.rival))
        if self.expected[at + 1 :] != self.rival[at:]:
            return ()
        first = at
        while first and self.expected[first - 1] == self.expected[at]:
            first -= 1
        return tuple(range(first, at + 1))
