"""Which of the lines read is which expected string, whatever their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from consistency.region import Box
from qa.text.layout import Chain, Word, around, chains_and_columns, readings_of
from qa.text.reader import TextLine
from qa.text.spelling import Difference, Rules, comparable, count_edits, differences
from qa.text.typeface import Typeface

MIN_SIMILARITY = 0.6
"""A span less like the expected string than this is something else; one wrong character is always a near miss."""

SPARE_CANDIDATES = 12
"""Spans kept per expected string beyond one for each of the others, the likest first."""

MAX_STEPS = 20_000
"""Assignments tried before the best so far is taken; reached only with dozens of near-identical strings."""


@dataclass(frozen=True)
class Expected:
    """A string that should stand in the picture, and what counts as the same.

    Attributes:
        text: As written.
        rules: What counts as the same.
        typeface: The font that it is set in, where that is known.
    """

    text: str
    rules: Rules = field(default_factory=Rules)
    typeface: Typeface | None = field(default=None, repr=False)


@dataclass(frozen=True, eq=False)
class Span:
    """Neighbouring words that could be an expected string."""

    expected: Expected
    words: tuple[Word, ...]
    edits: int
    similarity: float

    @property
    def read(self) -> str:
        """What was read there; a word that a hyphen splits over two lines is whole where that is nearer."""
        rules = self.expected.rules
        readings = readings_of(self.words, is_hyphenated=rules.is_hyphenated)
        return min(readings, key=lambda read: count_edits(self.expected.text, read, rules))

    @property
    def is_match(self) -> bool:
        """Whether it is the expected string, within the edits allowed."""
        return self.edits <= self.expected.rules.max_edits

    @property
    def box(self) -> Box:
        """Where it stands."""
        return around(self.words)

    @property
    def confidence(self) -> float:
        """The reader's confidence in the least sure of its lines."""
        return min(word.confidence for word in self.words)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Every wrong character."""
        return differences(self.expected.text, self.read, self.expected.rules)

    @property
    def worth(self) -> float:
        """What an assignment gains: a match before any near miss, then likeness, then whole lines before parts."""
        part = sum(len(line.text) for line in {id(w.line): w.line for w in self.words}.values()) - len(self.read)
        return 2.0 * self.is_match + self.similarity - min(part, 100) * 1e-4


@dataclass(frozen=True, eq=False)
class Matching:
    """Which span is which expected string.

    Attributes:
        spans: One per expected string, in their order; None where nothing is like it.
        left: Words that no expected string explains, in runs of neighbours within a line.
    """

    spans: tuple[Span | None, ...]
    left: tuple[tuple[Word, ...], ...]


def match(lines: Sequence[TextLine], expected: Sequence[Expected]) -> Matching:
    """Assign expected strings to what was read, all of them together, no word to two of them.

    Neighbouring lines and rows are joined where a string runs over them, and a string may be part of a line, bounded
    by spaces; a number is never taken for part of a longer one.

    Args:
        lines: Lines of one picture, in any order.
        expected: The strings looked for.
    """
    found, columns = chains_and_columns(lines)
    most = SPARE_CANDIDATES + len(expected)
    looked = {tuple(map(id, chain.words)): chain for chain in (*columns, *found)}.values()
    spans = assign([candidates(tuple(looked), wanted)[:most] for wanted in expected])
    used = {id(word) for span in spans if span is not None for word in span.words}
    return Matching(spans, tuple(run for chain in found for run in _left(chain.words[: chain.own], used)))


def _left(words: Sequence[Word], used: set[int]) -> Iterator[tuple[Word, ...]]:
    for (_, is_used), run in groupby(words, key=lambda word: (id(word.line), id(word) in used)):
        if not is_used:
            yield tuple(run)


def candidates(found: Sequence[Chain], wanted: Expected) -> list[Span]:
    """Return the spans that could be an expected string, the likest first."""
    length = len(comparable(wanted.text, wanted.rules))
    spans = []
    for words in (words for chain in found for words in _windows(chain, wanted, length)):
        readings = readings_of(words, is_hyphenated=wanted.rules.is_hyphenated)
        edits = min(count_edits(wanted.text, read, wanted.rules) for read in readings)
        similarity = 1 - edits / max(length, 1)
        if similarity >= MIN_SIMILARITY or edits <= max(1, wanted.rules.max_edits) < length:
            spans.append(Span(wanted, words, edits, similarity))
    spans.sort(key=lambda span: (-span.worth, span.box, span.read))
    return spans


def _windows(chain: Chain, wanted: Expected, length: int) -> Iterator[tuple[Word, ...]]:
    """Yield the runs of words whose length could be that of the expected string, each starting in the first row."""
    longest = length * (2 - MIN_SIMILARITY) + 1 + wanted.rules.max_edits
    for start in range(chain.own):
        size = 0
        for end in range(start, len(chain.words)):
            size += len(chain.words[end].text)
            if size > longest:
                break
            if size >= length * MIN_SIMILARITY - 1 and not _cuts_number(chain.words, start, end):
                yield chain.words[start : end + 1]


def _cuts_number(words: Sequence[Word], start: int, end: int) -> bool:
    """Whether a window begins or ends inside a number that the reader split: "1 49,90"."""
    return (start > 0 and _is_one_number(words[start - 1], words[start])) or (
        end + 1 < len(words) and _is_one_number(words[end], words[end + 1])
    )


def _is_one_number(first: Word, second: Word) -> bool:
    return first.line is second.line and first.text[-1] in "0123456789.,-−" and second.text[0].isdigit()


def assign(options: Sequence[Sequence[Span]]) -> tuple[Span | None, ...]:
    """Choose at most one span per expected string, no word twice, with the greatest worth in all.

    Args:
        options: For each expected string its spans, the likest first.
    """
    hardest_first = sorted(range(len(options)), key=lambda index: (len(options[index]), index))
    search = _Search([options[index] for index in hardest_first])
    search.descend(0, 0.0, (), frozenset())
    chosen: list[Span | None] = [None] * len(options)
    for index, span in zip(hardest_first, search.best, strict=True):
        chosen[index] = span
    return tuple(chosen)


class _Search:
    """Branch and bound over assignments; exact below MAX_STEPS, and the same on every run."""

    def __init__(self, options: Sequence[Sequence[Span]]) -> None:
        self._options = [(*spans, None) for spans in options]
        most = [spans[0].worth if spans else 0.0 for spans in options]
        self._hope = [sum(most[depth:]) for depth in range(len(options) + 1)]
        self._steps = 0
        self._best_worth = float("-inf")
        self.best: tuple[Span | None, ...] = (None,) * len(options)

    def descend(self, depth: int, worth: float, chosen: tuple[Span | None, ...], used: frozenset[int]) -> None:
        """Try every span for the string at `depth`, given those chosen before it."""
        if worth + self._hope[depth] <= self._best_worth:
            return
        if depth == len(self._options):
            self._best_worth, self.best = worth, chosen
            return
        for span in self._options[depth]:
            self._steps += 1
            if self._steps > MAX_STEPS and self._best_worth > float("-inf"):
                return
            words = frozenset(map(id, span.words)) if span is not None else frozenset()
            if not words & used:
                self.descend(depth + 1, worth + (span.worth if span else 0.0), (*chosen, span), used | words)
