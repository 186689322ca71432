"""`--sort-to`: links the assets into a folder per outcome; no file is ever overwritten or moved."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import Any

from consistency.errors import InputError
from qa.cli.writable import check_writable
from qa.reports.summary import group_of

GROUPS = ("accept", "fix", "reject", "review")


def check_target(target: Path, inputs: Sequence[Path]) -> None:
    """Refuse a folder inside the inputs: the next run would judge what this one sorted.

    Raises:
        InputError: It is inside, is no folder, or cannot be written.
    """
    if target.exists() and not target.is_dir():
        raise InputError("a folder to sort into", str(target))
    for folder in inputs:
        if target.resolve().is_relative_to(folder.resolve()):
            raise InputError("a folder outside the assets", str(target), f"choose one that is not inside {folder}")
    for group in GROUPS:
        check_writable(target / group)


def sort_into(target: Path, verdicts: Sequence[Mapping[str, Any]], paths: Mapping[str, Path]) -> int:
    """Link each asset into the folder of its outcome.

    Args:
        target: Made where it is missing, with accept/, fix/, reject/, review/ in it.
        verdicts: Verdict records.
        paths: Asset name → its file.

    Returns:
        How many were linked or are there already; a file that does not exist is left out. A link that an earlier
        run made into the folder of another outcome is taken away: nothing rejected may stay among the accepted.
    """
    for group in GROUPS:
        (target / group).mkdir(parents=True, exist_ok=True)
    count = 0
    for verdict in verdicts:
        source, name = paths[verdict["asset"]["name"]], safe_name(verdict["asset"]["name"])
        count += link(source, target / group_of(verdict) / name)
        for group in GROUPS:
            if group != group_of(verdict):
                unlink(source, target / group / name)
    return count


def unlink(source: Path, place: Path) -> None:
    """Take away a link to a file that stands at a place; the file itself, or another one, is left alone."""
    with suppress(OSError):
        own = source.resolve()
        is_link = place.is_symlink() or (place.stat().st_nlink > 1 and place.resolve() != own)
        if place.samefile(source) and is_link and place.parent.resolve() / place.name != source.absolute():
            place.unlink()


def safe_name(name: str) -> PurePosixPath:
    """Return an asset's name as a path that stays inside the folder it is put into.

    Example:
        >>> str(safe_name("../../etc/a.png"))
        'etc/a.png'
    """
    parts = [part for part in PurePosixPath(name).parts if part not in ("/", "..")]
    return PurePosixPath(*parts) if parts else PurePosixPath("asset")


def link(source: Path, wanted: Path) -> bool:
    """Link a file under the wanted name, or a numbered one where that is taken; copy it where links fail."""
    if not source.is_file():
        return False
    wanted.parent.mkdir(parents=True, exist_ok=True)
    for place in candidates(wanted):
        with suppress(OSError):
            if place.samefile(source):
                return True
        if not os.path.lexists(place):
            place_at(source, place)
            return True
    return False


def candidates(wanted: Path) -> Iterator[Path]:
    """Yield the wanted name, then numbered ones."""
    yield wanted
    yield from (wanted.with_name(f"{wanted.stem} ({number}){wanted.suffix}") for number in range(2, 10_000))


def place_at(source: Path, place: Path) -> None:
    """Put a file at a free place: a hard link, else a symbolic one, else a copy."""
    for make in (os.link, os.symlink):
        try:
            make(source.resolve(), place)
        except OSError:
            continue
        return
    with source.open("rb") as content, place.open("xb") as copy:
        shutil.copyfileobj(content, copy)
