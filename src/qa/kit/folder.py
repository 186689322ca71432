"""The kit's folder while it is being loaded: the files its patterns name, read once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from consistency.errors import InputError
from qa.kit.patterns import is_glob, matches

LARGEST_FILE_BYTES = 200_000_000
LARGEST_KIT_BYTES = 1_000_000_000
MOST_FILES = 2_000
MOST_LISTED = 10_000


class KitFolder:
    """Reads files inside one folder, and nothing outside it.

    Args:
        root: The folder, or None for a kit that was given as text alone.
    """

    def __init__(self, root: Path | None) -> None:
        self.root = None if root is None else root.resolve()
        self.files: dict[str, bytes] = {}

    def read(self, pattern: str) -> tuple[str, ...]:
        """Read the files that a checked pattern names into `files`.

        Returns:
            Their names, sorted.

        Raises:
            InputError: None matches, one lies outside or is too large; says which is nearest.
        """
        names = self.names(pattern)
        if not names:
            near = get_close_matches(pattern, self.listing(), n=1, cutoff=0.4)
            hint = f"the nearest is {near[0]}" if near else "names are relative to the kit's folder"
            raise InputError("a file of the kit" if not is_glob(pattern) else "files that match", repr(pattern), hint)
        for name in names:
            if name not in self.files:
                self.files[name] = self.read_file(name)
        return names

    def names(self, pattern: str) -> tuple[str, ...]:
        """Return the sorted names of the files that match."""
        if self.root is None:
            raise InputError(
                "a kit that names no files, or its folder", repr(pattern), "load it by `BrandKit.load(path)`"
            )
        try:
            if (self.root / pattern).is_file():
                return (pattern,)
        except (OSError, ValueError) as error:
            raise InputError("a readable file", repr(pattern), str(error)) from None
        found = (
            islice((name for name in self.walk() if matches(pattern, name)), MOST_FILES + 1) if is_glob(pattern) else ()
        )
        return tuple(sorted(found))

    def read_file(self, name: str) -> bytes:
        """Return the bytes of one file, once it is known to lie inside and to be of a sane size."""
        root = self.root or Path()
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            raise InputError("files inside the kit's folder", f"{name!r}, a link that leads out", "copy the file")
        if len(self.files) >= MOST_FILES:
            raise InputError(f"at most {MOST_FILES:,} files in a kit", "more")
        try:
            size = path.stat().st_size
            room = LARGEST_KIT_BYTES - sum(map(len, self.files.values()))
            if size > min(room, LARGEST_FILE_BYTES):
                raise InputError(
                    f"files of at most {LARGEST_FILE_BYTES // 10**6} MB, 1 GB in all", f"{name!r}: {size:,} bytes"
                )
            return path.read_bytes()
        except OSError as error:
            raise InputError("a readable file", repr(name), error.strerror or str(error)) from None

    def listing(self) -> list[str]:
        """Return the names of files in the folder, at most 10,000."""
        return list(islice(self.walk(), MOST_LISTED))

    def walk(self) -> Iterator[str]:
        """Yield the name of every file that is not hidden, in a fixed order; links to folders are not followed."""
        if self.root is None:
            return
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            inside = Path(folder).relative_to(self.root)
            yield from ((inside / name).as_posix() for name in sorted(names) if not name.startswith("."))
