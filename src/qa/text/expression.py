"""Regular expressions of a kit, read into a tree: what they may cost, and how they are written again.

Python's `re` backtracks and cannot be stopped from outside, and a clock would make findings depend on the machine's
load. So a pattern is accepted only where a bound on its paths, known before anything is read, keeps a search short.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from consistency.errors import InputError

WINDOW = 200
"""Characters searched at once: the longest text that a pattern can be sure to find is half of it."""

MAX_PATHS = 20_000_000
"""Paths of one search; about a second when a kit does its worst, thousandths of one for a list of claims."""

MAX_DEPTH = 20
"""Groups within groups."""

UNSUPPORTED = (
    "(?: … ) and (?= … ) and (?! … ) are the only groups with a question mark, \\d \\w \\s \\b the only classes"
)


@dataclass(frozen=True)
class Literal:
    """One character."""

    character: str


@dataclass(frozen=True)
class CharacterSet:
    """One of several characters: as written, whether only spaces, and its single characters where it lists any."""

    source: str
    is_space: bool = False
    members: str = ""


@dataclass(frozen=True)
class Anchor:
    """A place rather than a character: ^ $ \\b \\B."""

    source: str


@dataclass(frozen=True)
class Group:
    """Alternatives, each a sequence; `opening` is how the group begins, "" at the top."""

    opening: str
    alternatives: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True)
class Repeat:
    """A node several times; `most` None is without end."""

    node: Node
    least: int
    most: int | None
    source: str


Node = Literal | CharacterSet | Anchor | Group | Repeat


def paths(node: Node) -> float:
    """Return an upper bound on the ways a node can match inside one window; infinite where repeats are nested."""
    if isinstance(node, Repeat):
        return _repeat_paths(node)
    if isinstance(node, Group):
        ways = [sequence_paths(alternative) for alternative in node.alternatives]
        return max(ways) if _are_told_apart(node) else sum(ways)
    return 1


def sequence_paths(nodes: tuple[Node, ...]) -> float:
    """Return the product over a sequence."""
    product = 1.0
    for node in nodes:
        product *= paths(node)
    return product


def shortest(node: Node) -> int:
    """Return the fewest characters that a node matches."""
    if isinstance(node, Repeat):
        return node.least * shortest(node.node)
    if isinstance(node, Group):
        looks_ahead = node.opening in ("(?=", "(?!")
        return 0 if looks_ahead else min(sum(map(shortest, alternative)) for alternative in node.alternatives)
    return 0 if isinstance(node, Anchor) else 1


def _repeat_paths(repeat: Repeat) -> float:
    inside = paths(repeat.node)
    # Text is searched with single spaces, so a run of spaces is one long.
    most = 1 if isinstance(repeat.node, CharacterSet) and repeat.node.is_space else WINDOW
    most = most if repeat.most is None else min(repeat.most, most if repeat.most > WINDOW else repeat.most)
    choices = max(1, most - min(repeat.least, most) + 1)
    if inside <= 1:
        return choices
    return float("inf") if most > 20 else choices * inside**most


def _are_told_apart(group: Group) -> bool:
    """Whether the first characters of the alternatives exclude each other."""
    firsts = [alternative[0] if alternative else None for alternative in group.alternatives]
    if len(firsts) == 1:
        return True
    letters = {first.character.lower() for first in firsts if isinstance(first, Literal)}
    return len(letters) == len(firsts)


def parse(pattern: str) -> Group:
    """Read a pattern.

    Raises:
        InputError: Syntax outside what is supported, or a pattern that `re` refuses.
    """
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise InputError("a regular expression", pattern, str(error)) from error
    reader = _Reader(pattern)
    group = Group("", reader.alternatives())
    if reader.at != len(pattern):
        raise InputError("a regular expression", pattern, UNSUPPORTED)
    return group


@dataclass
class _Reader:
    """Recursive descent over a pattern that is known to compile."""

    text: str
    at: int = 0
    depth: int = field(default=0)

    def alternatives(self) -> tuple[tuple[Node, ...], ...]:
        found = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            found.append(self.sequence())
        return tuple(found)

    def sequence(self) -> tuple[Node, ...]:
        nodes: list[Node] = []
        while self.peek() not in ("", "|", ")"):
            node = self.atom()
            quantifier = re.compile(r"(?:[*+?]|\{\d*(?:,\d*)?\})[?+]?").match(self.text, self.at)
            if quantifier and quantifier[0] != "{}":
                self.at = quantifier.end()
                node = _repeated(node, quantifier[0])
            nodes.append(node)
        return tuple(nodes)

    def atom(self) -> Node:
        character = self.peek()
        if character == "(":
            return self.group()
        self.at += 1
        if character == "[":
            return self.character_set()
        if character == "\\":
            return self.escape()
        if character in "^$":
            return Anchor(character)
        return CharacterSet(".") if character == "." else Literal(character)

    def group(self) -> Group:
        opening = next((o for o in ("(?:", "(?=", "(?!") if self.text.startswith(o, self.at)), "(")
        self.at += len(opening)
        self.depth += 1
        if self.peek() == "?" or self.depth > MAX_DEPTH:
            raise InputError("a pattern without look-behind, flags, names or conditions", self.text, UNSUPPORTED)
        group = Group("(?:" if opening == "(" else opening, self.alternatives())
        self.at += 1
        self.depth -= 1
        return group

    def character_set(self) -> CharacterSet:
        match = re.compile(r"\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL).match(self.text, self.at)
        if match is None:
            raise InputError("a character set that is closed", self.text)
        self.at = match.end()
        inside = match[0][:-1]
        single = re.sub(r"\\.|.-(?:\\.|.)", "", inside, flags=re.DOTALL)
        members = "" if inside.startswith("^") else single
        return CharacterSet(f"[{inside}]", inside in (r"\s", " ", r"\s "), members)

    def escape(self) -> Node:
        character = self.peek()
        self.at += 1
        if character in "dDwWsS":
            return CharacterSet(f"\\{character}", character == "s")
        if character in "bBAZ":
            return Anchor(f"\\{character}")
        if character.isalnum():
            raise InputError("a pattern without back-references or numeric escapes", self.text, UNSUPPORTED)
        return Literal(character)

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]


def _repeated(node: Node, source: str) -> Repeat:
    simple = {"*": (0, None), "+": (1, None), "?": (0, 1)}
    if source[0] in simple:
        least, most = simple[source[0]]
        return Repeat(node, least, most, source)
    low, comma, high = source[1 : source.index("}")].partition(",")
    return Repeat(node, int(low or 0), int(high) if high else None if comma else int(low or 0), source)
