"""What would change what an expected text says though each letter of it is right: a sign beside it, a number in two."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from qa.text.change import TRADEMARK
from qa.text.layout import Word, chains
from qa.text.matching import Span
from qa.text.reader import TextLine
from qa.text.spelling import plain

MAX_GAP = 0.25
"""Of the lower line's height: lines of one row further apart are other texts."""


def lone_neighbour(span: Span, lines: Sequence[TextLine]) -> str | None:
    """Return the word of one character, or TM, that stands directly before or after a span in its row, or None.

    "$4.90" is not what stands there where "$4.90 €" does, nor "Elbe™" where "Elbe™ ™" does; other words of two or more
    characters are other texts.

    Args:
        span: Where the text was found.
        lines: All lines of the picture.
    """
    first, last = span.words[0], span.words[-1]
    for chain in chains(lines):
        row = chain.words[: chain.own]
        for before, after in itertools.pairwise(row):
            if _is(after, first) and _is_sign(before) and _are_near(before, after):
                return before.text
            if _is(before, last) and _is_sign(after) and _are_near(before, after):
                return after.text
    return None


def parted_number(span: Span) -> str | None:
    """Return what a span was read as where figures stand apart in it that belong to one number, or None.

    "$12 49" is not "$1249", nor are 10 at the end of a line and 12 in the next 1012.

    Args:
        span: Where the text was found.
    """
    read = " ".join(word.text for word in span.words)
    return read if _gaps(read) - _gaps(plain(span.expected.text)) else None


def _gaps(text: str) -> set[int]:
    """Return how many characters stand before each space between two figures."""
    words = text.split()
    ends = itertools.accumulate(map(len, words))
    pairs = zip(ends, itertools.pairwise(words), strict=False)
    return {end for end, (before, after) in pairs if before[-1].isdigit() and after[0].isdigit()}


def _is_sign(word: Word) -> bool:
    return len(word.text) == 1 or word.text.upper() == TRADEMARK


def _are_near(before: Word, after: Word) -> bool:
    """Whether two words stand a space apart; a detector's boxes reach over most of a space."""
    height = min(before.line.height, after.line.height)
    return before.line is after.line or after.box.left - before.box.right <= MAX_GAP * height


def _is(word: Word, other: Word) -> bool:
    return word.line is other.line and word.quad == other.quad
