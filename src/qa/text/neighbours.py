"""A single sign right beside an expected text: a currency or an asterisk that would change what it says."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from qa.text.layout import Word, chains
from qa.text.matching import Span
from qa.text.reader import TextLine


def lone_neighbour(span: Span, lines: Sequence[TextLine]) -> str | None:
    """Return the word of one character that stands directly before or after a span in its row, or None.

    "$4.90" is not what stands there where "$4.90 €" does; words of two or more characters are other words.

    Args:
        span: Where the text was found.
        lines: All lines of the picture.
    """
    first, last = span.words[0], span.words[-1]
    for chain in chains(lines):
        row = chain.words[: chain.own]
        for before, after in itertools.pairwise(row):
            if _is(after, first) and len(before.text) == 1:
                return before.text
            if _is(before, last) and len(after.text) == 1:
                return after.text
    return None


def _is(word: Word, other: Word) -> bool:
    return word.line is other.line and word.quad == other.quad
