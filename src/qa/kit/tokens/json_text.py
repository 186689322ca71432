"""JSON with positions: RFC 8259, duplicate names refused, depth and size limited."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NoReturn

from qa.kit.problems import KitError, Path, Problem, Spot, dotted
from qa.kit.reading import DEEPEST, LONGEST_KIT_BYTES, MOST_NODES, Place

SPACE = re.compile(r"[ \t\r\n]*")
STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,30})(?:\.[0-9]{1,40})?(?:[eE][+-]?[0-9]{1,3})?")
NEWLINE = re.compile(r"\n")
WORD = re.compile(r"true|false|null")


@dataclass
class JsonText:
    """Reads one JSON text. One use.

    Attributes:
        text: What is read.
        file: Its name, for errors.
        places: The place of every path read.
    """

    text: str
    file: str
    places: dict[Path, Place] = field(default_factory=dict)
    at: int = 0

    def read(self) -> Any:
        """Return the value of the whole text.

        Raises:
            KitError: Not JSON, a name twice, too deep, too many values.
        """
        value = self.value((), self.spot())
        self.skip()
        if self.at < len(self.text):
            self.refuse("the end of the file")
        return value

    def value(self, path: Path, key: Spot) -> Any:
        """Read the value that comes next."""
        self.skip()
        if len(path) > DEEPEST or len(self.places) > MOST_NODES:
            self.refuse(f"at most {DEEPEST} levels and {MOST_NODES:,} values", path)
        self.places[path] = Place(key if path else self.spot(), self.spot())
        sign = self.text[self.at : self.at + 1]
        if sign == "{":
            return self.object(path)
        if sign == "[":
            return self.array(path)
        return self.string() if sign == '"' else self.scalar(path)

    def object(self, path: Path) -> dict[str, Any]:
        """Read an object."""
        found: dict[str, Any] = {}
        for spot in self.items("}"):
            name = self.string()
            if name in found:
                self.refuse("each name once", (*path, name), repr(name), spot)
            self.skip()
            self.take(":")
            found[name] = self.value((*path, name), spot)
        return found

    def array(self, path: Path) -> list[Any]:
        """Read an array."""
        found: list[Any] = []
        for spot in self.items("]"):
            found.append(self.value((*path, len(found)), spot))
        return found

    def items(self, end: str) -> Any:
        """Yield where each item begins, once it is next; takes brackets and commas."""
        self.at += 1
        self.skip()
        if self.text.startswith(end, self.at):
            self.at += 1
            return
        while True:
            yield self.spot()
            self.skip()
            is_last = self.text.startswith(end, self.at)
            self.take(end if is_last else ",")
            if is_last:
                return
            self.skip()

    def string(self) -> str:
        """Read a string."""
        match = STRING.match(self.text, self.at)
        if match is None:
            self.refuse("a string in double quotes")
        try:
            value = str(json.loads(match[0]))
            value.encode()
        except ValueError:
            self.refuse("a string of valid characters")
        self.at = match.end()
        return value

    def scalar(self, path: Path) -> Any:
        """Read a number, true, false or null."""
        match = NUMBER.match(self.text, self.at) or WORD.match(self.text, self.at)
        if match is None:
            self.refuse("a JSON value", path)
        self.at = match.end()
        return json.loads(match[0])

    def skip(self) -> None:
        """Pass over white space."""
        match = SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def take(self, sign: str) -> None:
        """Take one sign."""
        if not self.text.startswith(sign, self.at):
            self.refuse(repr(sign))
        self.at += 1

    def spot(self) -> Spot:
        """Return where the reading is."""
        line = bisect_right(self.starts, self.at)
        return Spot(self.file, line, self.at - self.starts[line - 1] + 1)

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins."""
        return [0, *(match.end() for match in NEWLINE.finditer(self.text))]

    def refuse(self, expected: str, path: Path = (), got: str = "", spot: Spot | None = None) -> NoReturn:
        """Raise what is wrong here."""
        got = got or repr(self.text[self.at : self.at + 20]) if self.at < len(self.text) else "the end of the file"
        raise KitError([Problem(spot or self.spot(), dotted(path), expected, got)])


def read_json(data: bytes, file: str) -> JsonRead:
    """Read a JSON file.

    Raises:
        KitError: Too long, not UTF-8, or not JSON.
    """
    if len(data) > LONGEST_KIT_BYTES:
        problem = Problem(Spot(file), "", f"a token file of at most {LONGEST_KIT_BYTES:,} bytes", f"{len(data):,}")
        raise KitError([problem])
    try:
        text = JsonText(data.decode("utf-8-sig"), file)
    except UnicodeDecodeError as error:
        raise KitError([Problem(Spot(file), "", "UTF-8 text", str(error), "save as UTF-8")]) from None
    return JsonRead(text.read(), text.places)


@dataclass(frozen=True)
class JsonRead:
    """A JSON file as read: its value, and the place of every path in it."""

    value: Any
    places: dict[Path, Place]
