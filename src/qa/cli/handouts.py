"""The folder in which `qa fix` leaves what an inpainting editor needs: masks, prompts, records."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from consistency.errors import InputError
from qa.cli.outbox import Outbox
from qa.cli.sorting import check_target, safe_name
from qa.fixes.handout import MASK, PROMPT, RECORD, Handout

ENDINGS = "|".join(map(re.escape, (MASK, PROMPT, RECORD)))
NUMBERED = re.compile(rf"(?P<stem>.+)\.\d{{1,9}}(?:{ENDINGS})", re.DOTALL)
"""Name of a handout's file: the asset's, a number, what it is."""


class HandoutFolder:
    """Writes handouts under their assets' names, and takes away those of earlier runs that no longer hold.

    Args:
        folder: Made where there is something to write.

    Raises:
        InputError: Its list of files is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._outbox = Outbox(folder)
        self._earlier = by_asset(self._outbox.files)

    def check(self, names: Iterable[str], inputs: Sequence[Path], published: Path) -> None:
        """Refuse a folder among the assets or what is published, and files in the way that no earlier run wrote.

        Args:
            names: Of the assets.
            inputs: Folders that assets are taken from.
            published: Folder for what may be published: no mask may end up there.

        Raises:
            InputError: The first thing that is wrong.
        """
        check_target(self.folder, inputs)
        if self.folder.resolve().is_relative_to(published.resolve()):
            raise InputError("a folder for handouts outside what is published", str(self.folder), "choose another one")
        stems = {safe_name(name).as_posix() for name in names}
        for parent in {self._outbox.place(stem).parent for stem in stems}:
            if not parent.resolve().is_relative_to(self.folder.resolve()):
                raise InputError("a folder without links that lead out", str(parent), "choose an empty folder")
        there = [path for path in self.folder.rglob("*") if self.stem_of(path) in stems]
        for path in there:
            if not self._outbox.is_own(path):
                raise InputError("a free place for each handout", str(path), "move it away, or choose another folder")

    def stem_of(self, path: Path) -> str | None:
        """Return the name of the asset that a file is a handout of by its name; None for any other."""
        found = NUMBERED.fullmatch(path.relative_to(self.folder).as_posix())
        return found["stem"] if found else None

    def settle(self, name: str, handouts: Sequence[Handout]) -> int:
        """Write an asset's handouts, take away older ones, and return how many were written.

        Raises:
            InputError: A file of somebody else has come in the way.
        """
        stem = safe_name(name).as_posix()
        files: dict[str, bytes] = {}
        for number, handout in enumerate(handouts, 1):
            files |= handout.files(f"{stem}.{number}")
        for old in self._earlier.get(stem, ()):
            if old not in files:
                self._outbox.take_away(old)
        for file in files:
            place = self._outbox.place(file)
            if os.path.lexists(place) and not self._outbox.is_own(place):
                raise InputError("a free place for a handout", str(place), "move it away")
        for file, data in files.items():
            self._outbox.put(file, data)
        return len(handouts)


def by_asset(files: Iterable[str]) -> Mapping[str, list[str]]:
    """Return the handouts among files, under the names of their assets."""
    found: dict[str, list[str]] = {}
    for file in files:
        if (parts := NUMBERED.fullmatch(file)) is not None:
            found.setdefault(parts["stem"], []).append(file)
    return found


def folder_beside(published: Path) -> Path:
    """Return where handouts go unless told otherwise.

    Example:
        >>> str(folder_beside(Path("out/publish")))
        'out/publish-handouts'
    """
    named = published if published.name not in ("", "..") else published.resolve()
    return named.parent / f"{named.name}-handouts"
