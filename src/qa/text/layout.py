"""From detected boxes to words, rows and the order in which people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

from consistency.region import Box
from qa.text.directions import by_direction, levelled
from qa.text.reader import Point, Quad, TextLine

ROW_OVERLAP = 0.5
"""Two lines stand in one row where they share this much of the lower one's height."""

MAX_GAP = 2.5
"""Lines of one row further apart than this many line heights belong to different columns."""

MAX_LEADING = 1.2
"""Rows of one block are at most this many line heights apart, bottom to top."""

MAX_SIZE_RATIO = 2.0
"""Lines of one block differ in height by less than this factor."""

HYPHENS = "-\u2010\u00ad"
"""What a word broken at the end of a line ends with: hyphen-minus, hyphen, soft hyphen."""

MAX_ROWS = 12
"""Rows that one expected string may run over."""


@dataclass(frozen=True, eq=False)
class Word:
    """A word of a line, between spaces: what was read, where, and how sure the reader was of its line."""

    text: str
    quad: Quad
    confidence: float
    line: TextLine

    @property
    def box(self) -> Box:
        """The smallest upright box around the word."""
        return TextLine(self.text, self.quad, self.confidence).box


@dataclass(frozen=True, eq=False)
class Chain:
    """Words in the order they are read: those of one row, then of the rows below it in the same block.

    Attributes:
        words: All of them.
        own: How many belong to the first row; the others begin chains of their own.
    """

    words: tuple[Word, ...]
    own: int

    @property
    def text(self) -> str:
        """The words with single spaces between."""
        return " ".join(word.text for word in self.words)


def around(words: Sequence[Word]) -> Box:
    """Return the smallest box around one or more words."""
    return reduce(Box.union, (word.box for word in words))


def in_reading_order(lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """Return lines row by row from the top, each row from the left; ties broken by their text.

    Good for reports; expected strings are matched whatever the order.
    """
    return tuple(line for row in rows(lines) for line in row)


def rows(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Group lines that stand side by side, from the top; each row from the left."""
    found: list[list[TextLine]] = []
    for line in sorted(lines, key=_place):
        row = next((row for row in found if any(is_beside(line, other) for other in row)), None)
        if row is None:
            found.append([line])
        else:
            row.append(line)
    for row in found:
        row.sort(key=lambda line: (line.box.left, line.box.top, line.text))
    return sorted(found, key=lambda row: min((line.box.top, line.box.left) for line in row))


def _place(line: TextLine) -> tuple[int, int, str]:
    return line.box.top, line.box.left, line.text


def is_beside(first: TextLine, second: TextLine) -> bool:
    """Whether two lines stand in one row: their heights overlap by half of the lower one's."""
    a, b = first.box, second.box
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    return shared >= ROW_OVERLAP * min(a.height, b.height)


def chains(lines: Sequence[TextLine]) -> tuple[Chain, ...]:
    """Return one chain per run of neighbouring lines in a row, continued by the runs below it.

    Expected strings are looked for inside chains: joined neighbours and line breaks cost nothing there. Lines that run
    in another direction have rows of their own, in that direction.
    """
    return chains_and_columns(lines)[0]


def chains_and_columns(lines: Sequence[TextLine]) -> tuple[tuple[Chain, ...], tuple[Chain, ...]]:
    """Return `chains`, and one chain per line continued by the lines below it, of the very same words.

    The second are for columns that stand too close together to be told from words of one row.
    """
    words = {id(line): words_of(line) for line in lines}
    return _chains(lines, words, are_joined=True), _chains(lines, words, are_joined=False)


def _chains(lines: Sequence[TextLine], known: Mapping[int, tuple[Word, ...]], *, are_joined: bool) -> tuple[Chain, ...]:
    found: list[Chain] = []
    for degrees, group in by_direction(lines):
        level = [levelled(line, degrees) for line in group]
        own = {id(turned): known[id(line)] for turned, line in zip(level, group, strict=True)}
        runs = [run for row in rows(level) for run in (_runs(row) if are_joined else [[line] for line in row])]
        words = [tuple(word for line in run for word in own[id(line)]) for run in runs]
        below = [_next_below(index, runs) for index in range(len(runs))]
        found += [Chain(_follow(index, words, below), len(words[index])) for index in range(len(runs))]
    return tuple(found)


def readings_of(words: Sequence[Word], *, is_hyphenated: bool = True) -> tuple[str, ...]:
    """Return what neighbouring words say: as they stand, and with words joined that a hyphen splits over two lines.

    Args:
        words: At least one.
        is_hyphenated: Whether the language breaks words by a hyphen.
    """
    plain = " ".join(word.text for word in words)
    if not is_hyphenated:
        return (plain,)
    joined = words[0].text
    for last, word in pairwise(words):
        is_split = last.line is not word.line and is_broken(last.text) and word.text[:1].isalpha()
        joined = joined[:-1] + word.text if is_split else f"{joined} {word.text}"
    return (plain,) if plain == joined else (plain, joined)


def is_broken(text: str) -> bool:
    """Whether a word at the end of a line may go on in the next: a hyphen after a figure is a dash or a minus."""
    return text[-1:] in HYPHENS and text[-2:-1].isalpha()


def _runs(row: Sequence[TextLine]) -> list[list[TextLine]]:
    """Cut a row where the gap is that of another column or the size is another."""
    runs = [[row[0]]]
    for line in row[1:]:
        last = runs[-1][-1]
        gap = line.box.left - last.box.right
        is_near = gap <= MAX_GAP * min(line.height, last.height) and _is_like_sized(line, last)
        if is_near:
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def _is_like_sized(first: TextLine, second: TextLine) -> bool:
    low, high = sorted((first.height, second.height))
    return high < MAX_SIZE_RATIO * max(low, 1e-6)


def _next_below(index: int, runs: Sequence[Sequence[TextLine]]) -> int | None:
    """Return the nearest run under a run that reads as its next row, or None."""
    own = _bounds(runs[index])
    height = runs[index][0].height
    found = []
    for other, run in enumerate(runs):
        box = _bounds(run)
        gap = box.top - own.bottom
        is_under = min(own.right, box.right) > max(own.left, box.left) and box.top > own.top + own.height / 2
        if other != index and is_under and gap <= MAX_LEADING * height and _is_like_sized(run[0], runs[index][0]):
            found.append((box.top, box.left, other))
    return min(found)[2] if found else None


def _bounds(run: Sequence[TextLine]) -> Box:
    return reduce(Box.union, (line.box for line in run))


def _follow(start: int, words: Sequence[tuple[Word, ...]], below: Sequence[int | None]) -> tuple[Word, ...]:
    joined, seen, index = words[start], [start], below[start]
    while index is not None and index not in seen and len(seen) < MAX_ROWS:
        joined += words[index]
        seen.append(index)
        index = below[index]
    return joined


def words_of(line: TextLine) -> tuple[Word, ...]:
    """Split a line at its spaces, each word with its own quadrilateral."""
    text = line.text
    places = line.positions or tuple((at + 0.5) / len(text) for at in range(len(text)))
    words, start = [], None
    for at in range(len(text) + 1):
        is_letter = at < len(text) and not text[at].isspace()
        if is_letter and start is None:
            start = at
        elif not is_letter and start is not None:
            span = (_edge(places, start), _edge(places, at))
            words.append(Word(text[start:at], part_of(line.quad, *span), line.confidence, line))
            start = None
    return tuple(words)


def _edge(places: Sequence[float], at: int) -> float:
    """Return where, along the line, the boundary before character `at` lies."""
    if at == 0 or at == len(places):
        return float(at > 0)
    return (places[at - 1] + places[at]) / 2


def part_of(quad: Quad, start: float, end: float) -> Quad:
    """Return the part of a line's quadrilateral between two places along it, in [0, 1]."""
    top_left, top_right, bottom_right, bottom_left = quad
    return (
        _between(top_left, top_right, start),
        _between(top_left, top_right, end),
        _between(bottom_left, bottom_right, end),
        _between(bottom_left, bottom_right, start),
    )


def _between(first: Point, second: Point, share: float) -> Point:
    return first[0] + share * (second[0] - first[0]), first[1] + share * (second[1] - first[1])
