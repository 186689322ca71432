"""The folder that `qa fix` fills: only what may be published, and nothing there that somebody else wrote is touched."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from consistency.errors import InputError
from qa.cli.sorting import safe_name

LIST = ".qa-fix.jsonl"
"""What was written into the folder, a line a file: so that the next run may write it again, or take it away."""


class Outbox:
    """Writes files under their assets' names, each whole or not at all.

    Args:
        folder: Made where it is missing.

    Raises:
        InputError: Its list of files is damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._own = read_list(folder / LIST)

    @property
    def files(self) -> tuple[str, ...]:
        """Names of what earlier runs and this one wrote, whether it still stands there or not."""
        return tuple(self._own)

    def place(self, name: str) -> Path:
        """Return where an asset's file goes."""
        return self.folder / Path(*safe_name(name).parts)

    def check(self, names: Iterable[str], inputs: Iterable[Path]) -> None:
        """Refuse where a file would go over one that no earlier run wrote, over an asset, another file, or elsewhere.

        Raises:
            InputError: The first such file.
        """
        originals = {path.resolve() for path in inputs}
        is_beside = self.folder.resolve() in {path.parent for path in originals}
        taken: set[Path] = set()
        for place in map(self.place, names):
            if is_beside or place.resolve() in originals:
                raise InputError("a folder outside the assets", str(place), "choose another folder")
            if place in taken:
                raise InputError("assets whose files do not go to one place", f"two for {place}", "name their folders")
            if not place.parent.resolve().is_relative_to(self.folder.resolve()):
                raise InputError("a folder without links that lead out", str(place.parent), "choose an empty folder")
            taken.add(place)
            if os.path.lexists(place) and not self.is_own(place):
                raise InputError("a free place for each file", str(place), "move it away, or choose an empty folder")

    def is_own(self, place: Path) -> bool:
        """Whether a file is one that an earlier run wrote and nobody has changed."""
        known = self._own.get(place.relative_to(self.folder).as_posix())
        is_file = known is not None and place.is_file() and not place.is_symlink()
        return is_file and hashlib.sha256(place.read_bytes()).hexdigest() == known

    def put(self, name: str, data: bytes) -> None:
        """Write an asset's file."""
        place = self.place(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        self._note(place, hashlib.sha256(data).hexdigest())
        partial = place.with_name(f".{place.name}.part")
        partial.unlink(missing_ok=True)  # of a run that was cut short, or a link
        with partial.open("xb") as file:
            file.write(data)
        partial.replace(place)

    def take_away(self, name: str) -> None:
        """Remove what an earlier run wrote for an asset that may not be published any more."""
        place = self.place(name)
        if os.path.lexists(place) and self.is_own(place):
            place.unlink()

    def _note(self, place: Path, digest: str) -> None:
        key = place.relative_to(self.folder).as_posix()
        if self._own.get(key) == digest:
            return
        with (self.folder / LIST).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"file": key, "sha256": digest}, ensure_ascii=True) + "\n")
        self._own[key] = digest


def read_list(path: Path) -> dict[str, str]:
    """Return file → sha256 of a folder's list; the last line about a file holds, one cut short is left out.

    Raises:
        InputError: It is no such list.
    """
    if not path.exists():
        return {}
    own: dict[str, str] = {}
    lines = path.read_text(encoding="utf-8").split("\n")
    for line in lines[:-1]:
        try:
            entry = json.loads(line)
            own[entry["file"]] = entry["sha256"]
        except (ValueError, KeyError, TypeError):
            raise InputError("a list that qa fix wrote", str(path), "choose an empty folder") from None
    return own
