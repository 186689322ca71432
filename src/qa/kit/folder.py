"""The kit's folder while it is being loaded: the files its patterns name, read once."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from pathlib import Path

from consistency.errors import InputError, shorten
from qa.kit.patterns import is_glob, matches

LARGEST_FILE_BYTES = 200_000_000
LARGEST_KIT_BYTES = 1_000_000_000
MOST_FILES = 2_000
MOST_WALKED = 100_000
MOST_COMPARED = 1_000
"""Names that a misspelt one is compared with; comparing is slow."""


class KitFolder:
    """Reads files inside one folder, and nothing outside it.

    Args:
        root: The folder, or None for a kit that was given as text alone, or comes with its files.
        files: What is known already, name → bytes.
    """

    def __init__(self, root: Path | None, files: Mapping[str, bytes] | None = None) -> None:
        self.root = None if root is None else root.resolve()
        self.files = dict(files or {})

    def read(self, pattern: str) -> tuple[str, ...]:
        """Read the files that a checked pattern names into `files`.

        Returns:
            Their names, sorted.

        Raises:
            InputError: None matches, one lies outside or is too large; says which is nearest.
        """
        names = self.names(pattern)
        if not names:
            raise InputError(
                "files that match" if is_glob(pattern) else "a file of the kit", repr(pattern), self.hint(pattern)
            )
        for name in names:
            if name not in self.files:
                self.files[name] = self.read_file(name)
        return names

    def names(self, pattern: str) -> tuple[str, ...]:
        """Return the sorted names of the files that match."""
        if self.root is None:
            return tuple(sorted(name for name in self.files if matches(pattern, name)))
        try:
            if (self.root / pattern).is_file():
                return (pattern,)
        except (OSError, ValueError) as error:
            raise InputError("a readable file", repr(pattern), str(error)) from None
        if not is_glob(pattern):
            return ()
        return tuple(sorted(islice((name for name in self.listing if matches(pattern, name)), MOST_FILES + 1)))

    def hint(self, pattern: str) -> str:
        """Return what to do about a pattern without files: the nearest name, if there is one."""
        if self.root is None:
            return "a kit from text alone has no files; load it from its folder"
        near = get_close_matches(pattern, self.listing[:MOST_COMPARED], n=1, cutoff=0.4)
        return f"the nearest is {shorten(near[0])}" if near else "names are relative to the kit's folder"

    def read_file(self, name: str) -> bytes:
        """Return the bytes of one file, once it is known to lie inside and to be of a sane size.

        Raises:
            InputError: It does not, or cannot be read.
        """
        if len(self.files) >= MOST_FILES:
            raise InputError(f"at most {MOST_FILES:,} files in a kit", "more")
        try:
            path = self.inside(name)
            size = path.stat().st_size
            room = LARGEST_KIT_BYTES - sum(map(len, self.files.values()))
            if size > min(room, LARGEST_FILE_BYTES):
                most = f"files of at most {LARGEST_FILE_BYTES // 10**6} MB, {LARGEST_KIT_BYTES // 10**6} MB in all"
                raise InputError(most, f"{name!r}: {size:,} bytes")
            return path.read_bytes()
        except (OSError, ValueError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError("a readable file", repr(name), getattr(error, "strerror", None) or str(error)) from None

    def inside(self, name: str) -> Path:
        """Return the real path of a plain file in the folder; a link that leads out is refused."""
        if self.root is None:
            raise InputError("a kit with a folder", repr(name), "load it by `BrandKit.load(path)`")
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root):
            raise InputError("files inside the kit's folder", f"{name!r}, a link that leads out", "copy the file")
        if path.exists() and not path.is_file():
            raise InputError("a plain file", repr(name))
        return path

    @cached_property
    def listing(self) -> tuple[str, ...]:
        """The name of every file that is not hidden, in a fixed order; links to folders are not followed.

        Raises:
            InputError: More files than the folder of any kit has.
        """
        names = tuple(islice(self.walk(), MOST_WALKED + 1))
        if len(names) > MOST_WALKED:
            raise InputError(
                f"a kit's folder with at most {MOST_WALKED:,} files", "more", "give the kit its own folder"
            )
        return names

    def walk(self) -> Iterator[str]:
        """Yield the names for `listing`."""
        if self.root is None:
            return
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            inside = Path(folder).relative_to(self.root)
            yield from ((inside / name).as_posix() for name in sorted(names) if not name.startswith("."))
