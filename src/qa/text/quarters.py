"""Where a look came upon something it could not make out, forbidden texts are searched in a further one: in quarters.

A detector that a busy photograph distracts misses plain words beside what it takes for letters. For required texts
`second_look` looks again; a forbidden one is not known to be missing, so that doubt has to be the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qa.text.layout import Word, around
from qa.text.reader import TextLine
from qa.text.sighting import overlap

DOUBT = 0.8
"""Confidence. On drawn pictures (seeds from 1,000,000 of benchmarks/text_truth.py) 1 in 25 has a line below it, among
them all of which the first look had missed most texts; quarters found 10 of the 17 forbidden terms missed there."""


def has_doubt(lines: Sequence[TextLine]) -> bool:
    """Whether a look came upon something that it could not make out."""
    return any(line.confidence < DOUBT for line in lines)


def forbidden_looks(
    lines: Sequence[TextLine], quartered: Callable[[], Sequence[TextLine]]
) -> tuple[Sequence[TextLine], ...]:
    """Return the looks in which forbidden texts are searched: the first, and where it has doubts the one at quarters.

    Args:
        lines: Of the first look.
        quartered: Takes the other look.
    """
    return (lines, quartered()) if has_doubt(lines) else (lines,)


def at_new_places(hits: Sequence[tuple[Word, ...]]) -> list[tuple[Word, ...]]:
    """Return the hits of several looks without those that stand where an earlier one does."""
    kept: list[tuple[Word, ...]] = []
    for words in hits:
        box = around(words)
        same = (other for other in kept if other[0].line is not words[0].line and overlap(around(other), box))
        if next(same, None) is None:
            kept.append(words)
    return kept
