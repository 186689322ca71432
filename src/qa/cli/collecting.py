"""From the command's arguments to the assets: files, folders, globs; each file once, each name once."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from consistency.errors import InputError
from qa.reports.jsonl import encodable

COMMON = (".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".webp", ".avif", ".tif", ".tiff", ".bmp", ".gif")
PICTURES = frozenset((*COMMON, ".heic", ".heif", ".jp2", ".psd", ".ico"))
"""Endings that a folder's files are judged by; a file named on its own is judged whatever it is called."""


@dataclass(frozen=True)
class Found:
    """A file to judge, and its name in reports."""

    path: Path
    name: str


@dataclass(frozen=True)
class Collected:
    """What the arguments name.

    Attributes:
        assets: Files to judge, in the order of the arguments, a folder's sorted by name; names are unique.
        ignored: Files in folders that are no pictures by their ending.
        folders: The folders among the arguments.
        linked: Linked folders inside them, which are not looked into.
        empty: Arguments that name no picture: a folder without one, a glob without a match.
    """

    assets: tuple[Found, ...]
    ignored: tuple[Path, ...]
    folders: tuple[Path, ...]
    linked: tuple[Path, ...] = ()
    empty: tuple[str, ...] = ()


def collect(arguments: Sequence[str], leave_out: Sequence[Path] = ()) -> Collected:
    """Find the assets.

    A folder's files are named relative to it, and after it where several folders are given; a file or glob is named
    as given, absolute ones relative to what they have in common.

    Args:
        arguments: Files, folders and globs; a file that does not exist is kept, for the gate to say so.
        leave_out: Folders that are not looked into: where this run writes.

    Raises:
        OSError: A folder cannot be read.
    """
    folders = tuple(Path(argument) for argument in arguments if os.path.isdir(argument))
    prefixes = folder_prefixes(folders)
    common = common_parent([path for argument in arguments for path in files_of(argument)])
    found: list[Found] = []
    ignored: list[Path] = []
    empty: list[str] = []
    for argument in arguments:
        before = len(found)
        if os.path.isdir(argument):
            for path in walk(Path(argument), {out.resolve() for out in leave_out}):
                name = prefixes[Path(argument)] / PurePosixPath(path.relative_to(argument).as_posix())
                if path.suffix.lower() in PICTURES and not is_hidden(name):
                    found.append(Found(path, str(name)))
                else:
                    ignored.append(path)
        else:
            found += [Found(path, file_name(path, common)) for path in files_of(argument)]
        if len(found) == before:
            empty.append(argument)
    linked = tuple(link for folder in folders for link in linked_folders(folder))
    return Collected(tuple(with_unique_names(once(found))), tuple(ignored), folders, linked, tuple(empty))


def files_of(argument: str) -> list[Path]:
    """Return the files that an argument names on its own: itself, or what its glob matches; none for a folder."""
    path = Path(argument)
    if os.path.isdir(argument):
        return []
    if glob.has_magic(argument) and not os.path.lexists(path):
        return [Path(match) for match in sorted(glob.glob(argument, recursive=True)) if not os.path.isdir(match)]
    return [path]


def folder_prefixes(folders: Sequence[Path]) -> dict[Path, PurePosixPath]:
    """Return what the names of each folder's files begin with: nothing for a single folder, else its own name."""
    distinct = list(dict.fromkeys(folders))
    if len(distinct) < 2:
        return dict.fromkeys(distinct, PurePosixPath())
    names = Counter(folder.resolve().name for folder in distinct)
    return {
        folder: PurePosixPath(
            folder.resolve().name if names[folder.resolve().name] == 1 else folder.as_posix().strip("/")
        )
        for folder in distinct
    }


def walk(folder: Path, leave_out: set[Path]) -> Iterator[Path]:
    """Yield the files of a folder and its subfolders, sorted; linked folders are not followed.

    Raises:
        OSError: A folder cannot be read.
    """
    for here, subfolders, files in os.walk(folder, onerror=refuse):
        if Path(here).resolve() in leave_out:
            subfolders.clear()
            continue
        subfolders.sort()
        yield from (Path(here, name) for name in sorted(files))


def linked_folders(folder: Path) -> Iterator[Path]:
    """Yield the linked folders in a folder and its subfolders."""
    for here, subfolders, _ in os.walk(folder, onerror=refuse):
        yield from (Path(here, name) for name in sorted(subfolders) if os.path.islink(Path(here, name)))


def refuse(error: OSError) -> None:
    """Refuse a folder that cannot be read: skipping it would pass its files by accident."""
    raise InputError("a folder that can be read", f"{error.filename}: {error.strerror}", "mend it or leave it out")


def is_hidden(name: PurePosixPath) -> bool:
    """Whether a file, or a folder it is in, is hidden or an archive's leftover."""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.parts)


def common_parent(files: Sequence[Path]) -> Path:
    """Return the folder that all absolute paths have in common."""
    parents = [str(path.parent) for path in files if path.is_absolute()]
    return Path(os.path.commonpath(parents)) if parents else Path()


def file_name(path: Path, common: Path) -> str:
    """Return the name of a file that was given on its own."""
    return (path.relative_to(common) if path.is_absolute() else path).as_posix()


def once(found: Sequence[Found]) -> list[Found]:
    """Return each file once, under the first name it was found by."""
    first: dict[str, Found] = {}
    for item in found:
        first.setdefault(os.path.abspath(item.path), item)
    return list(first.values())


def with_unique_names(found: Sequence[Found]) -> Iterator[Found]:
    """Yield the files, a name that stands already, as reports write it, numbered: "a (2).png"."""
    taken = {encodable(item.name) for item in found}
    seen: set[object] = set()
    for item in found:
        name, number = item.name, 2
        while encodable(name) in seen or (name != item.name and encodable(name) in taken):
            path = PurePosixPath(item.name)
            name = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
            number += 1
        seen.add(encodable(name))
        yield Found(item.path, name)
