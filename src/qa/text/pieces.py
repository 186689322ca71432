"""An expected text cut where its lines break, each piece on the line it stands on, between what else stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from rapidfuzz.distance import Levenshtein

from qa.text.layout import Word, is_broken, words_of
from qa.text.matching import Span
from qa.text.reader import TextLine
from qa.text.spelling import Rules, comparable

TRADEMARK = "™"


@dataclass(frozen=True, eq=False)
class Piece:
    """The part of an expected text that stands on one line; all texts as they are compared.

    Attributes:
        line: The line.
        words: The line's words that are the piece, as read.
        before: What the line says before the piece.
        text: The piece as expected.
        after: What the line says after it; a hyphen that only the line break brought belongs here.
        signs: Where in the piece the letters TM stand for the sign ™ of the text as written.
    """

    line: TextLine
    words: tuple[Word, ...]
    before: str
    text: str
    after: str
    signs: tuple[int, ...] = ()

    @property
    def whole(self) -> str:
        """What the line says where the piece is as expected."""
        return self.before + self.text + self.after


def pieces_of(span: Span) -> tuple[Piece, ...]:
    """Cut a span's expected text at its line breaks; a piece may be empty where all of its line is extra."""
    rules = span.expected.rules
    lines = [tuple(words) for _, words in groupby(span.words, key=lambda word: id(word.line))]
    reads = [comparable(_joined(words), rules) for words in lines]
    expected = comparable(span.expected.text, rules)
    cuts = _cuts(expected, reads)
    signs = _signs(span.expected.text, rules)
    return tuple(
        replace(
            _piece(words, expected[start:end].strip(), read, is_last=end == len(expected), rules=rules),
            signs=tuple(at - start for at in signs if start <= at < end),
        )
        for words, read, start, end in zip(lines, reads, cuts[:-1], cuts[1:], strict=True)
    )


def _signs(text: str, rules: Rules) -> list[int]:
    """Return where in the compared text each sign ™ stands; where spaces count it is not looked for."""
    if rules.is_space_strict:
        return []
    return [len(comparable(text[:at], rules)) for at, symbol in enumerate(text) if symbol == TRADEMARK]


def _piece(words: tuple[Word, ...], text: str, read: str, *, is_last: bool, rules: Rules) -> Piece:
    own = words_of(words[0].line)
    first = next(at for at, word in enumerate(own) if word.quad == words[0].quad)
    before = comparable(_joined(own[:first]), rules)
    after = comparable(_joined(own[first + len(words) :]), rules)
    if not rules.is_space_strict:
        is_hyphenated = rules.is_hyphenated and not is_last and not after
        is_hyphenated = is_hyphenated and is_broken(read) and text[-1:].isalpha()
        return Piece(words[0].line, words, before, text, "-" if is_hyphenated else after)
    return Piece(words[0].line, words, f"{before} " if before else "", text, f" {after}" if after else "")


def _cuts(expected: str, reads: Sequence[str]) -> list[int]:
    """Return where in the expected text each line begins, and its end."""
    opcodes = Levenshtein.opcodes("".join(reads), expected)
    cuts, at = [0], 0
    for read in reads[:-1]:
        at += len(read)
        cuts.append(max(cuts[-1], next((_placed(op, at) for op in opcodes if at <= op.src_end), len(expected))))
    return [*cuts, len(expected)]


def _placed(operation: Any, at: int) -> int:
    start, end = operation.dest_start, operation.dest_end
    return int(min(end, start + at - operation.src_start))


def _joined(words: Sequence[Word]) -> str:
    return " ".join(word.text for word in words)


@lru_cache(maxsize=100_000)
def folded(symbol: str, rules: Rules) -> str:
    """Return what a single symbol counts as; one that stands for several characters, such as an ellipsis, is kept."""
    if symbol.isspace():
        return " " if rules.is_space_strict else ""
    counted = comparable(symbol, rules)
    return counted if len(counted) <= 1 else symbol
