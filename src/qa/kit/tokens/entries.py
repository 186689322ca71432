"""What every format of tokens comes to: named colours, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from consistency.errors import InputError, shorten
from qa.color.css import NotOpaque
from qa.color.notation import parse_color
from qa.kit.problems import KitError, Path, Problem, Spot
from qa.kit.reading import Document, Place

MOST_COLORS = 32
"""Colours of one palette."""

LONGEST_NAME = 100


@dataclass(frozen=True)
class Entry:
    """One colour of a token file.

    Attributes:
        path: Its groups and its own name, as written.
        value: A notation that `parse_color` reads.
        spot: Where it stands.
        is_deprecated: Whether the file says that it should no longer be used.
    """

    path: tuple[str, ...]
    value: str
    spot: Spot
    is_deprecated: bool = False

    @property
    def text(self) -> str:
        """The path as people write it."""
        return ".".join(shorten(part, 60) for part in self.path)


def kit_name(path: Iterable[str]) -> str:
    """Return a path as one name of a kit: lower case, anything but letters, digits and _ as _.

    Example:
        >>> kit_name(["Brand", "acmeBlue 500"])
        'brand_acme_blue_500'
    """
    words = [re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", part).lower() for part in path]
    parts = [re.sub(r"[\W_]+", "_", word).strip("_") for word in words]
    return "_".join(filter(None, parts))[:LONGEST_NAME]


def in_group(entries: list[Entry], group: str) -> list[Entry]:
    """Return the colours below a group, "" for all, named from there on.

    Raises:
        InputError: There is no such group.
    """
    steps = tuple(filter(None, group.split(".")))
    inside = [entry for entry in entries if entry.path[: len(steps)] == steps and len(entry.path) > len(steps)]
    if steps and not inside:
        groups = sorted({".".join(entry.path[:-1]) for entry in entries} - {""})
        raise InputError("a group with colours", repr(group), f"use one of {', '.join(groups[:20])}" if groups else "")
    return [Entry(entry.path[len(steps) :], entry.value, entry.spot, entry.is_deprecated) for entry in inside]


def as_document(entries: list[Entry], wanted: frozenset[str], file: str) -> Document:
    """Return colours as a kit that states nothing else.

    None is demanded of every picture. Colours that are deprecated, translucent, or the same as one before are left
    out, unless the kit on top names them.

    Args:
        entries: The colours.
        wanted: Names of colours in the kits on top.
        file: The file's name, for errors.

    Raises:
        KitError: None at all, too many, or two that come to one name.
    """
    kept = distinct(named(entries), wanted)
    top = Spot(file)
    if not kept:
        raise KitError([Problem(top, "", "a file with colours", "none", 'colour tokens have "$type": "color"')])
    if len(kept) > MOST_COLORS:
        hint = f"name one group of it: extends: {file}#{group_of(entries)}"
        raise KitError([Problem(top, "", f"at most {MOST_COLORS} colours", f"{len(kept)}", hint)])
    colors = {name: {"value": entry.value, "required": "no"} for name, entry in kept.items()}
    places: dict[Path, Place] = {(): Place(top, top), ("kit",): Place(top, top), ("colors",): Place(top, top)}
    for name, entry in kept.items():
        place = Place(entry.spot, entry.spot)
        places |= {("colors", name): place, ("colors", name, "value"): place, ("colors", name, "required"): place}
    return Document({"kit": "1", "colors": colors}, places, file)


def named(entries: list[Entry]) -> dict[str, Entry]:
    """Return the colours by their names in the kit.

    Raises:
        KitError: Two different colours come to one name, or one to none.
    """
    found: dict[str, Entry] = {}
    problems = []
    for entry in entries:
        name = kit_name(entry.path)
        first = found.setdefault(name, entry)
        if not name:
            problems.append(Problem(entry.spot, entry.text, "a name with letters or digits", repr(entry.text)))
        elif identity(first) != identity(entry):
            hint = f"{first.text} comes to {name} as well; rename one of them"
            problems.append(Problem(entry.spot, entry.text, "names that stay apart in a kit", name, hint))
    if problems:
        raise KitError(problems)
    return found


def distinct(found: dict[str, Entry], wanted: frozenset[str]) -> dict[str, Entry]:
    """Return the colours that a kit can hold beside each other, those that it names first."""
    taken = {identity(entry) for name, entry in found.items() if name in wanted}
    kept = {}
    for name, entry in found.items():
        same = identity(entry)
        if name in wanted or (same and same not in taken and not entry.is_deprecated):
            kept[name] = entry
            taken.add(same)
    return kept


def identity(entry: Entry) -> str:
    """Return what two notations of one colour share; "" for a translucent one.

    What cannot be read is kept as it stands: the kit says what is wrong with it, at its line.
    """
    try:
        return parse_color(entry.value).canonical
    except NotOpaque:
        return ""
    except InputError:
        return entry.value


def group_of(entries: list[Entry]) -> str:
    """Return the group with the most colours that a kit could hold, for a hint."""
    sizes: dict[str, int] = {}
    for entry in entries:
        group = ".".join(entry.path[:-1]) or "group"
        sizes[group] = sizes.get(group, 0) + 1
    fitting = {group: size for group, size in sizes.items() if size <= MOST_COLORS}
    return max(fitting, key=lambda group: fitting[group], default="group")
