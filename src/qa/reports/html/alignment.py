"""Two texts one above the other, character by character: what is another, missing, extra or swapped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rapidfuzz.distance import Levenshtein

Segment = tuple[str, str]
"""A piece of text, and what is wrong with it: "", or one of other, missing, extra, swapped; a gap holds spaces, one
for each character that stands on the other side."""

Column = tuple[str, str, str]
"""A character of the expected text, the one read in its place, "" where there is none, and what is wrong."""

LONGEST = 400
"""Characters compared: matching takes quadratic time, and nobody reads on."""


def marked(expected: str, read: str) -> tuple[list[Segment], list[Segment]]:
    """Return both texts in pieces, marked where they differ, and as long as each other.

    Example:
        >>> marked("SALE", "SAL")
        ([('SAL', ''), ('E', 'missing')], [('SAL', ''), (' ', 'gap')])
    """
    columns = with_swaps(list(columns_of(expected[:LONGEST], read[:LONGEST])))
    left = [(one or " ", kind if one else "gap") for one, _, kind in columns]
    right = [(other or " ", kind if other else "gap") for _, other, kind in columns]
    return joined(left), joined(right)


def columns_of(expected: str, read: str) -> Iterator[Column]:
    """Yield the texts column by column, with as few differences as there can be."""
    for step in Levenshtein.opcodes(expected, read):
        one, other = expected[step.src_start : step.src_end], read[step.dest_start : step.dest_end]
        if step.tag == "equal":
            yield from ((each, each, "") for each in one)
        elif step.tag == "replace":
            yield from ((each, its, "other") for each, its in zip(one, other, strict=True))
        else:
            yield from ((each, "", "missing") for each in one)
            yield from (("", each, "extra") for each in other)


def with_swaps(columns: Sequence[Column]) -> list[Column]:
    """Return the columns with neighbours that changed places told as such, however the differences were counted."""
    told: list[Column] = []
    at = 0
    while at < len(columns):
        for width in (2, 3):
            part = columns[at : at + width]
            one, other = ("".join(column[side] for column in part) for side in (0, 1))
            if is_swap(one, other) and part[0][2] and part[-1][2]:
                told += [(one[0], other[0], "swapped"), (one[1], other[1], "swapped")]
                at += width
                break
        else:
            told.append(columns[at])
            at += 1
    return told


def is_swap(one: str, other: str) -> bool:
    """Whether two texts are two different characters in either order."""
    return len(one) == 2 and one[0] != one[1] and other == one[::-1]


def joined(pieces: Sequence[Segment]) -> list[Segment]:
    """Return neighbouring pieces of one kind as one."""
    return [("".join(text for text, _ in group), kind) for kind, group in groupby(pieces, key=lambda piece: piece[1])]
