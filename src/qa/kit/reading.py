"""Failsafe YAML with positions: every scalar is text, and every key and value knows its line and column.

Read from the parser's events with a stack of our own, so depth is bounded before anything is built. Whatever can
hide meaning is refused: duplicate keys, anchors, aliases, explicit tags, several documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from consistency.errors import shorten
from qa.kit.problems import KitError, Path, Problem, Problems, Spot, dotted, kit_error

Tree = Any
"""Nested dict, list and str: what failsafe YAML can say."""

LONGEST_KIT_BYTES = 2_000_000
DEEPEST = 20
MOST_NODES = 100_000

LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@dataclass(frozen=True)
class Place:
    """Where a key and its value stand; both the same for an item of a list."""

    key: Spot
    value: Spot


@dataclass
class Document:
    """A kit file as read: its tree, the place of every path in it, its name."""

    tree: Tree
    places: dict[Path, Place]
    file: str = "kit"

    def at(self, path: Path) -> Tree:
        """Return the part of the tree at a path."""
        part = self.tree
        for step in path:
            part = part[step]
        return part


def read_document(data: bytes, file: str) -> Document:
    """Read one kit file.

    Args:
        data: The file's bytes: UTF-8, at most 2 MB, at most 20 levels deep.
        file: Its name, for errors.

    Returns:
        The document; `tree` is {} for a file without content.

    Raises:
        KitError: Not UTF-8, no YAML, or something refused; all refused things of the file together.
    """
    if len(data) > LONGEST_KIT_BYTES:
        raise kit_error(file, f"a kit of at most {LONGEST_KIT_BYTES:,} bytes", f"{len(data):,}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        problem = Problem(
            Spot(file, line, column), "", "UTF-8 text", f"byte 0x{data[error.start]:02x}", "save as UTF-8"
        )
        raise KitError([problem]) from None
    return Builder(file).build(text)


@dataclass
class Builder:
    """Turns parser events into a tree. One use."""

    file: str
    problems: Problems = field(default_factory=Problems)
    places: dict[Path, Place] = field(default_factory=dict)
    open: list[Level] = field(default_factory=list)
    tree: Tree = None
    nodes: int = 0

    def build(self, text: str) -> Document:
        """Read the text."""
        for event in self.events(text):
            self.take(event)
        self.problems.raise_if_any()
        return Document({} if self.tree is None else self.tree, self.places, self.file)

    def events(self, text: str) -> Iterator[Any]:
        """Yield the parser's events; its errors become ours."""
        try:
            yield from yaml.parse(text, Loader=LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            spot = Spot(self.file, mark.line + 1, mark.column + 1) if mark else Spot(self.file)
            said = ", ".join(filter(None, (error.context, error.problem)))
            line = text.split("\n")[mark.line] if mark and mark.line < text.count("\n") + 1 else ""
            hint = "indent with spaces, tabs are not allowed" if "\t" in line else ""
            raise KitError([Problem(spot, "", "valid YAML", shorten(said), hint)]) from None
        except yaml.YAMLError as error:
            raise kit_error(self.file, "valid YAML", " ".join(str(error).split())) from None

    def take(self, event: Any) -> None:
        """Take one event into the tree."""
        spot = Spot(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.DocumentStartEvent) and self.nodes:
            raise KitError([Problem(spot, "", "one document", "a second one after ---")])
        if isinstance(event, yaml.NodeEvent):
            self.check(event, spot)
        if isinstance(event, yaml.CollectionStartEvent):
            self.start(dict if isinstance(event, yaml.MappingStartEvent) else list, spot)
        elif isinstance(event, yaml.CollectionEndEvent):
            self.put(self.open.pop().value)
        elif isinstance(event, yaml.ScalarEvent):
            self.scalar(event.value, spot)

    def check(self, event: Any, spot: Spot) -> None:
        """Refuse aliases, anchors and tags, and a kit with too many nodes."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise KitError([Problem(spot, "", f"at most {MOST_NODES:,} entries", "more")])
        if isinstance(event, yaml.AliasEvent):
            raise KitError([Problem(spot, self.key(), "plain values", f"the alias *{event.anchor}", "write it out")])
        if event.anchor is not None:
            self.refuse(spot, "plain values", f"the anchor &{event.anchor}", "write it out")
        if getattr(event, "tag", None) is not None:
            self.refuse(spot, "values without a tag", f"the tag {event.tag}", "leave it out; the key says the type")

    def refuse(self, spot: Spot, expected: str, got: str, hint: str) -> None:
        """Note one problem at the place being read."""
        self.problems.add(Problem(spot, self.key(), expected, shorten(got), hint))

    def key(self) -> str:
        """Return the dotted path being read."""
        return dotted(self.path())

    def path(self) -> Path:
        """Return the path of the value that comes next."""
        return tuple(level.step for level in self.open if level.step is not None)

    def start(self, kind: type[Tree], spot: Spot) -> None:
        """Open a mapping or list."""
        if len(self.open) >= DEEPEST:
            raise KitError([Problem(spot, self.key(), f"at most {DEEPEST} levels", "more")])
        if self.open and self.open[-1].wants_key:
            raise KitError([Problem(spot, self.key(), "text as a key", "a mapping or list")])
        self.place(spot)
        self.open.append(Level(kind(), 0 if kind is list else None))

    def scalar(self, text: str, spot: Spot) -> None:
        """Take a key or a value."""
        if any("\ud800" <= sign <= "\udfff" for sign in text):
            self.refuse(spot, "text", repr(text), "half of a surrogate pair is no character")
            text = "?"
        if not self.open or not self.open[-1].wants_key:
            self.place(spot)
            self.put(text)
            return
        level = self.open[-1]
        level.step = text
        if text in level.value:
            first = self.places[self.path()].key
            self.refuse(spot, "each key once", repr(text), f"it is already on line {first.line}")
        level.key_spot = spot

    def place(self, spot: Spot) -> None:
        """Note where the value that comes next stands."""
        key_spot = self.open[-1].key_spot if self.open else None
        self.places.setdefault(self.path(), Place(key_spot or spot, spot))

    def put(self, value: Tree) -> None:
        """Put a finished value where it belongs."""
        if not self.open:
            self.tree = value
            return
        level = self.open[-1]
        if isinstance(level.value, list):
            level.value.append(value)
            level.step = len(level.value)
        else:
            level.value.setdefault(level.step, value)
            level.step = level.key_spot = None


@dataclass
class Level:
    """A mapping or list that is still being read."""

    value: Tree
    step: str | int | None
    key_spot: Spot | None = None

    @property
    def wants_key(self) -> bool:
        """Whether the next scalar is a key."""
        return isinstance(self.value, dict) and self.step is None
