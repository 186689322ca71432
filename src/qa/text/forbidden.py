"""Texts that must not stand in a picture: bounded patterns, look-alike characters, texts split over lines."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from consistency.errors import InputError
from qa.text.confusables import PAIRS, character_set, similar_to
from qa.text.expression import (
    MAX_PATHS,
    WINDOW,
    Anchor,
    CharacterSet,
    Group,
    Literal,
    Node,
    Repeat,
    parse,
    sequence_paths,
    shortest,
)
from qa.text.layout import Chain, Word
from qa.text.writings import writings


@dataclass(frozen=True)
class Term:
    """A forbidden text.

    Args:
        pattern: A regular expression of the supported kind; see `check_pattern`.
        is_folded: Whether look-alike characters count as the ones in the pattern, accents do not count, and a space or
            hyphen between two words of the pattern may be the other, or missing.
        is_case_strict: Whether A and a differ.
    """

    pattern: str
    is_folded: bool = True
    is_case_strict: bool = False

    def find(self, chain: Chain) -> list[tuple[Word, ...]]:
        """Return the words of every match that begins in the chain's first row."""
        found: list[tuple[Word, ...]] = []
        for text, owners in writings(chain, self.is_folded).items():
            for start, end in _spans(compiled(self), text):
                words = _words(chain, owners[start:end])
                if owners[start] < chain.own and words not in found:
                    found.append(words)
        return found


@lru_cache(maxsize=1024)
def compiled(term: Term) -> re.Pattern[str]:
    """Return the compiled pattern of a term."""
    tree = parse(term.pattern)
    flags = re.DOTALL if term.is_case_strict else re.DOTALL | re.IGNORECASE
    with warnings.catch_warnings():
        # "[[a" means a future set syntax to `re`, a bracket to the kit's author.
        warnings.simplefilter("ignore", FutureWarning)
        return re.compile(_written_again(tree) if term.is_folded else term.pattern, flags)


def check_pattern(pattern: str) -> str:
    """Return a pattern that can be searched in bounded time.

    Supported are characters, sets, . ^ $ \\d \\w \\s \\b, groups, alternatives, (?=…), (?!…) and repeats, as long as
    repeats are not nested and at most two of them are without end (`\\s*` counts for nothing: runs of spaces are one).

    Raises:
        InputError: Other syntax, a pattern that could take too long, or one that nothing, or only
            very long text, would match.
    """
    tree = parse(pattern)
    if WINDOW * sequence_paths(tree.alternatives[0] if len(tree.alternatives) == 1 else (tree,)) > MAX_PATHS:
        raise InputError(
            "a pattern that is searched in bounded time", pattern, "do not nest repeats; use at most two + or *"
        )
    if not 1 <= shortest(tree) <= WINDOW // 2:
        raise InputError(f"a pattern for at least one and at most {WINDOW // 2} characters", pattern)
    compiled(Term(pattern))
    return pattern


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of matches, window by window, so that the cost grows with the text and not with its powers."""
    for start in range(0, max(1, len(text) - WINDOW // 2), WINDOW // 2):
        for match in pattern.finditer(text, start, start + WINDOW):
            if match.end() > match.start():
                yield match.span()


def _words(chain: Chain, owners: Sequence[int]) -> tuple[Word, ...]:
    return tuple(chain.words[index] for index in dict.fromkeys(owners))


def _written_again(node: Node) -> str:
    """Write a tree as a pattern in which look-alikes stand for each other."""
    if isinstance(node, Group):
        inside = "|".join(_sequence(alternative) for alternative in node.alternatives)
        return f"{node.opening or '(?:'}{inside})"
    if isinstance(node, Repeat):
        return f"{_written_again(node.node)}{node.source}"
    if isinstance(node, CharacterSet):
        widened = "".join(similar_to(member) for member in node.members)
        return character_set(widened, before=node.source[1:-1]) if widened else node.source
    if isinstance(node, Anchor):
        return node.source
    return _letter(node)


def _letter(literal: Literal) -> str:
    character = literal.character
    if character.isspace():
        return r"\s?"
    one = character_set(similar_to(character))
    pair = PAIRS.get(character.lower())
    return f"(?:{one}|{pair})" if pair else one


def _sequence(nodes: Sequence[Node]) -> str:
    written, at = "", 0
    while at < len(nodes):
        single = _pair_as_one(nodes[at : at + 2])
        written += single or _gap(nodes[max(at - 1, 0) : at + 2]) or _written_again(nodes[at])
        at += 2 if single else 1
    return written


def _gap(nodes: Sequence[Node]) -> str:
    """Return the pattern of what parts two words, "" for other nodes: readers take one for the other, people too."""
    letters = [node.character for node in nodes if isinstance(node, Literal)]
    is_gap = len(letters) == 3 and letters[0].isalpha() and letters[2].isalpha()
    return r"[-\s]?" if is_gap and (letters[1].isspace() or letters[1] == "-") else ""


def _pair_as_one(nodes: Sequence[Node]) -> str:
    """Return the pattern of two letters that may be read as one, "" for other nodes."""
    letters = "".join(node.character.lower() for node in nodes if isinstance(node, Literal))
    one = next((letter for letter, pair in PAIRS.items() if pair == letters), "")
    return f"(?:{_written_again(nodes[0])}{_written_again(nodes[1])}|{one})" if one and len(nodes) == 2 else ""
