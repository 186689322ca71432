"""W3C design tokens: the Design Tokens Format Module 2025.10 and its Color Module (https://www.designtokens.org/tr/).

Colours as text, as earlier drafts wrote them, or as {colorSpace, components, alpha}; types inherited from groups;
aliases {a.b.c}. What moves parts of a file about ($ref, $extends) is refused: a brand's colours are to be read off it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from consistency.errors import InputError, shorten
from qa.color.css import FUNCTIONS, SPACES
from qa.kit.problems import KitError, Path, Problem, Problems, Spot, dotted
from qa.kit.tokens.entries import Entry
from qa.kit.tokens.json_text import JsonRead, read_json

MOST_ALIASES = 32
ROOT = "$root"
"""The token that is a group's own value (Format Module, 6.2)."""

MOVING = {"$ref": "write an alias {group.token}", "$extends": "write the tokens out"}


@dataclass(frozen=True)
class Token:
    """A token: its groups and name, its value, the type that it or a group around it states."""

    path: tuple[str, ...]
    value: Any
    kind: str | None
    is_deprecated: bool


def read_dtcg(data: bytes, file: str) -> list[Entry]:
    """Return the colours of a file of design tokens, in its order.

    Raises:
        KitError: Not JSON, no tokens, aliases that lead nowhere or round, values that are no colours.
    """
    read = read_json(data, file)
    problems = Problems()
    if not isinstance(read.value, dict):
        raise KitError([Problem(Spot(file, 1, 1), "", "design tokens: an object", type(read.value).__name__)])
    tokens = {token.path: token for token in walk(read.value, (), (None, False), Trouble(read, problems))}
    entries = [entry for token in tokens.values() if (entry := entry_of(token, tokens, Trouble(read, problems)))]
    problems.raise_if_any()
    return entries


@dataclass(frozen=True)
class Trouble:
    """Collects what is wrong in a file, at the place of each path."""

    read: JsonRead
    problems: Problems

    def at(self, path: Path) -> Spot:
        """Return where the value at a path stands."""
        return self.read.places[path].value

    def say(self, path: Path, expected: str, got: object, hint: str = "") -> None:
        """Note one problem."""
        self.problems.add(Problem(self.at(path), dotted(path), expected, shorten(str(got), 80), hint))


def walk(node: Any, path: tuple[str, ...], inherited: tuple[str | None, bool], trouble: Trouble) -> Iterator[Token]:
    """Yield the tokens at and below a group.

    Args:
        node: The group or token.
        path: Its groups and name.
        inherited: Type and deprecation that the groups around it state.
        trouble: Collects what is wrong.
    """
    if not isinstance(node, dict):
        hint = "older exports write value without $; export as W3C design tokens" if path[-1] == "value" else ""
        trouble.say(path, "a token or a group: an object", node, hint)
        return
    for key in MOVING.keys() & node.keys():
        trouble.say((*path, key), "tokens written out", key, MOVING[key])
    kind, old = node.get("$type", inherited[0]), node.get("$deprecated", inherited[1])
    if kind is not None and not isinstance(kind, str):
        trouble.say((*path, "$type"), "the name of a type", kind)
        return
    if "$value" in node:
        yield Token(path, node["$value"], kind, old is not False)
        return
    for name, child in node.items():
        if name.startswith("$") and name != ROOT:
            continue
        if any(sign in name for sign in "{}."):
            trouble.say((*path, name), "a name without {, } and .", repr(name))
        yield from walk(child, (*path, name), (kind, old is not False), trouble)


def entry_of(token: Token, tokens: dict[tuple[str, ...], Token], trouble: Trouble) -> Entry | None:
    """Return a token as a colour; None where it is something else, or wrong."""
    at = (*token.path, "$value")
    try:
        found = followed(token, tokens)
        if (token.kind or found.kind) != "color":
            return None
        value = notation_of(found.value)
    except InputError as error:
        if token.kind in ("color", None):
            trouble.say(at, error.expected, error.got, error.hint)
        return None
    path = token.path[:-1] if token.path[-1:] == (ROOT,) else token.path
    return Entry(path, value, trouble.at(at), token.is_deprecated)


def followed(token: Token, tokens: dict[tuple[str, ...], Token]) -> Token:
    """Return the token that an alias leads to in the end.

    Raises:
        InputError: It leads nowhere, or round.
    """
    seen = [token.path]
    while is_alias(token.value):
        target = tuple(token.value[1:-1].strip().split("."))
        if target in seen or len(seen) > MOST_ALIASES:
            raise InputError("aliases that end at a value", " → ".join(".".join(path) for path in [*seen, target]))
        if target not in tokens:
            names = [".".join(path) for path in tokens]
            near = get_close_matches(".".join(target), names[:1000], n=1, cutoff=0.5)
            raise InputError("a token of this file", token.value, f"did you mean {{{near[0]}}}?" if near else "")
        seen.append(target)
        token = tokens[target]
    return token


def is_alias(value: object) -> bool:
    """Whether a value is a reference {a.b.c}."""
    return isinstance(value, str) and value.startswith("{") and value.endswith("}")


def notation_of(value: Any) -> str:
    """Return a token's value as text that `parse_color` reads.

    Raises:
        InputError: Neither text nor an object of the Color Module.
    """
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or not isinstance(value.get("components"), list):
        raise InputError('a colour: "#rrggbb", or {colorSpace, components}', shorten(repr(value), 60))
    space, alpha = value.get("colorSpace"), value.get("alpha", 1)
    parts = " ".join(component(part) for part in value["components"])
    if not isinstance(space, str) or not space.replace("-", "").isalnum():
        raise InputError("a colorSpace", repr(space), f"use one of {', '.join([*sorted(SPACES)[1:], 'oklch', 'lab'])}")
    call = f"{space}({parts}" if space in FUNCTIONS and not space.startswith("xyz") else f"color({space} {parts}"
    return f"{call})" if alpha == 1 else f"{call} / {component(alpha)})"


def component(part: object) -> str:
    """Return one component as text."""
    if part == "none" or (isinstance(part, (int, float)) and not isinstance(part, bool)):
        return str(part)
    raise InputError('components that are numbers or "none"', repr(part))
