"""A picture, its reader and what was read in it; and every further look at one text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from consistency.region import Box
from qa.text.looks import VIEWS, Look, emissions_of, look
from qa.text.matching import Expected, Span, match
from qa.text.pieces import pieces_of
from qa.text.reader import Pixels, Reader, Scorer, TextLine
from qa.text.second_look import LOOKS, READ_AGAIN, look_around, shown_in
from qa.text.shapes import Shapes
from qa.text.spelling import count_edits
from qa.text.typeset import Typeset
from qa.text.written import written_lines


@dataclass(frozen=True)
class Sight:
    """A picture, its reader and what was read in it.

    Attributes:
        reader: Any reader; one that is a `Scorer` judges by likelihood, others by reading twice.
        pixels: H×W×3 uint8 sRGB.
        lines: The lines of the first reading.
        again: Key of `LOOKS` → the lines of that further reading of the whole picture.
    """

    reader: Reader
    pixels: Pixels
    lines: Sequence[TextLine]
    again: Callable[[str], Sequence[TextLine]]

    @classmethod
    def of(cls, reader: Reader, pixels: Pixels, lines: Sequence[TextLine] | None = None) -> Sight:
        """Read a picture, or take what was read, and remember further readings."""
        known: dict[str, Sequence[TextLine]] = {}

        def again(name: str) -> Sequence[TextLine]:
            if name not in known:
                known[name] = LOOKS[name](reader, pixels)
            return known[name]

        return cls(reader, pixels, reader.read(pixels) if lines is None else lines, again)


@dataclass(frozen=True, eq=False)
class Found:
    """A text that was found, and the reading of the picture that it was found in."""

    span: Span
    sight: Sight


def found_again(span: Span | None, sight: Sight, expected: Expected) -> Iterator[Found]:
    """Yield where a text is found in further readings: around it where it was not right, in all of the picture else.

    Args:
        span: Where it was found first, or None.
        sight: The first reading.
        expected: The text and its rules.
    """
    if span is not None:
        lines = look_around(sight.reader, sight.pixels, span.box)
        (other,) = match(lines, [expected]).spans
        is_better = other is not None and other.edits < count_edits(expected.text, span.read, expected.rules)
        if other is not None and is_better and overlap(other.box, span.box):
            yield Found(other, replace(sight, lines=lines))
        return
    for name in LOOKS:
        (other,) = match(sight.again(name), [expected]).spans
        if other is not None:
            yield Found(other, replace(sight, pixels=shown_in(name, sight.pixels), lines=sight.again(name)))


def overlap(first: Box, second: Box) -> bool:
    """Whether two boxes share half of the smaller one."""
    wide = min(first.right, second.right) - max(first.left, second.left)
    tall = min(first.bottom, second.bottom) - max(first.top, second.top)
    smaller = min(first.width * first.height, second.width * second.height)
    return wide > 0 and tall > 0 and 2 * wide * tall >= smaller


def looks_at(span: Span, sight: Sight) -> Iterator[Look]:
    """Yield one look after another at a text where it was found.

    A line whose quadrilateral shows it as it was read is looked at in every one of VIEWS; a bent or stacked one, and
    one of a reader that knows no likelihoods, in further readings of the whole picture.
    """
    pieces, rules = pieces_of(span), span.expected.rules
    if isinstance(sight.reader, Scorer) and all(piece.line.shape == "straight" for piece in pieces):
        for name in VIEWS:
            yield look(name, pieces, emissions_of(name, pieces, sight.pixels, sight.reader), rules)
        return
    yield _as_read("found", span)
    for name in READ_AGAIN:
        (other,) = match(sight.again(name), [span.expected]).spans
        if other is not None and overlap(other.box, span.box):
            yield _as_read(name, other)


def _as_read(name: str, span: Span) -> Look:
    """Return what one reading says: by its likelihoods where it has some."""
    pieces, rules = pieces_of(span), span.expected.rules
    emissions = [piece.line.emissions for piece in pieces]
    known = [each for each in emissions if each is not None]
    if len(known) == len(pieces):
        return look(name, pieces, known, rules)
    return Look.of_reading(name, span.expected.text, span.read, rules)


def shapes_of(span: Span, sight: Sight) -> Shapes | None:
    """Return the single letters of a text; None where they decide nothing, or their case does not count."""
    rules = span.expected.rules
    if rules.max_edits or not rules.is_case_strict or not isinstance(sight.reader, Scorer):
        return None
    return Shapes(pieces_of(span), sight.pixels, rules, typeset_of(span, sight.pixels))


def typeset_of(span: Span, pixels: Pixels) -> Typeset | None:
    """Return a text as its font draws it where it was found; None where no font is known or its lines are not its text.

    Args:
        span: Where it was found.
        pixels: H×W×3 uint8 sRGB.
    """
    expected, pieces = span.expected, pieces_of(span)
    written = None if expected.typeface is None else written_lines(expected.text, pieces, expected.rules)
    if expected.typeface is None or written is None:
        return None
    return Typeset(expected.typeface, pieces, written, pixels, expected.rules)
