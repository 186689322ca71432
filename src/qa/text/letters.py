"""Where each wrong character of a text stands, and what the right one would be."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from rapidfuzz.distance import Levenshtein

from consistency.region import Box
from qa.text.layout import part_of, words_of
from qa.text.matching import Span
from qa.text.pieces import folded
from qa.text.reader import Quad, TextLine
from qa.text.spelling import Difference, Rules, comparable, differences, plain


@dataclass(frozen=True)
class WrongCharacter:
    """A character that is not as expected.

    Attributes:
        difference: Its place in the expected text and what is read there instead.
        box: Where it stands; for a missing one, the gap where it should.
    """

    difference: Difference
    box: Box

    def __str__(self) -> str:
        return str(self.difference)


def wrong_characters(span: Span, read: str) -> tuple[WrongCharacter, ...]:
    """Return each difference of `read` from a span's expected text, placed by the letters that the span was read as.

    Args:
        span: Where the text stands.
        read: What stands there, as the looks agree; may differ from what the span was first read as.
    """
    rules = span.expected.rules
    letters = list(_letters(span))
    operations = Levenshtein.opcodes(
        comparable(span.expected.text, rules), "".join(letter for letter, _ in letters if letter)
    )
    boxes = [box for letter, box in letters if letter]
    return tuple(
        WrongCharacter(difference, _box(_compared_place(span.expected.text, difference, rules), operations, boxes))
        for difference in differences(span.expected.text, read, rules)
    )


def _letters(span: Span) -> Iterator[tuple[str, Box]]:
    """Yield the characters of a span as they are compared, each with its box."""
    for word in span.words:
        start = start_of(word.quad, word.line)
        quads = letter_quads(word.line)[start : start + len(word.text)]
        for character, quad in zip(word.text, quads, strict=True):
            box = TextLine(character, quad, 0.0).box
            for letter in folded(character, span.expected.rules):
                yield letter, box


def start_of(quad: Quad, line: TextLine) -> int:
    """Return where in its line's text a word begins, the word given by its quadrilateral."""
    at = 0
    for word in words_of(line):
        at = line.text.index(word.text, at)
        if word.quad == quad:
            break
        at += len(word.text)
    return at


def letter_quads(line: TextLine) -> tuple[Quad, ...]:
    """Return the part of a line's quadrilateral that each of its characters takes, halfway to its neighbours."""
    count = len(line.text)
    places = line.positions or tuple((at + 0.5) / count for at in range(count))
    edges = [0.0, *((a + b) / 2 for a, b in itertools.pairwise(places)), 1.0]
    return tuple(part_of(line.quad, start, end) for start, end in itertools.pairwise(edges))


def _compared_place(expected: str, difference: Difference, rules: Rules) -> int:
    """Return the place of a difference among the characters that are compared, from 0."""
    return sum(len(folded(character, rules)) for character in plain(expected)[: difference.place - 1])


def _box(place: int, operations: Iterable[Any], boxes: Sequence[Box]) -> Box:
    at = len(boxes)
    for operation in operations:
        source, end = operation.src_start, operation.src_end
        if source <= place < end or (operation.tag == "insert" and source == place):
            start, stop = operation.dest_start, operation.dest_end
            at = min(start + place - source, max(stop - 1, start))
            if operation.tag == "delete":
                return _between(boxes, at)
            break
    return boxes[at] if at < len(boxes) else _between(boxes, at)


def _between(boxes: Sequence[Box], at: int) -> Box:
    """Return the gap before a letter, as both its neighbours: what is missing there has no box of its own."""
    return reduce(Box.union, boxes[max(0, at - 1) : at + 1])
