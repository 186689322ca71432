"""Briefs: what each asset of a run must show, and which brief is whose."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TypeGuard, overload

from qa.asset import Asset, Brief, Provenance, Unread, name_of
from qa.briefs_file import Row, read_rows
from qa.kit.patterns import is_glob, matches

SHA256 = re.compile(r"(?:sha256:)?([0-9a-fA-F]{64})")

Key = str | Callable[[], str]
"""The sha256 of an asset, or what computes it; only asked where a brief is keyed by one."""


@dataclass(frozen=True)
class Matching:
    """Which brief is whose.

    Attributes:
        by_asset: Asset name → its brief; an asset without one is left out.
        unused: Briefs that no asset matched, in the file's order.
        ambiguous: Asset name → all briefs that claim it equally; `by_asset` has the first of them.
    """

    by_asset: Mapping[str, Brief]
    unused: tuple[Brief, ...]
    ambiguous: Mapping[str, tuple[Brief, ...]]


@dataclass(frozen=True, eq=False)
class Briefs(Sequence[Brief]):
    """The briefs of a file, in its order; several rows may claim one asset, `match` tells."""

    rows: tuple[Row, ...]
    lookup: Index = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lookup", Index.of(self.rows))

    @overload
    def __getitem__(self, index: int) -> Brief: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Brief, ...]: ...

    def __getitem__(self, index: int | slice) -> Brief | tuple[Brief, ...]:
        if isinstance(index, slice):
            return tuple(row.brief for row in self.rows[index])
        return self.rows[index].brief

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def duplicates(self) -> Mapping[str, tuple[int, ...]]:
        """Keys that stand in several rows, with their lines."""
        lines: dict[str, tuple[int, ...]] = {}
        for row in self.rows:
            if row.key:
                lines[row.key] = (*lines.get(row.key, ()), row.line)
        return {key: found for key, found in lines.items() if len(found) > 1}

    def provenance(self, brief: Brief) -> Provenance:
        """Return how the assets of a brief came to be, as its row says; empty for a brief of elsewhere."""
        return next((row.provenance for row in self.rows if row.brief == brief), Provenance())

    def match(self, assets: Iterable[tuple[str, Key]]) -> Matching:
        """Find the brief of each asset.

        A sha256 or a whole relative path beats a pattern or the name alone; of equals the first in the file counts,
        and the asset is listed as ambiguous.

        Args:
            assets: Name (posix, as given) and sha256 of each asset, or a function that computes it.
        """
        by_asset: dict[str, Brief] = {}
        ambiguous: dict[str, tuple[Brief, ...]] = {}
        used: set[int] = set()
        for name, key in assets:
            found = self.lookup.find(name, key)
            used.update(found)
            if found:
                by_asset[name] = self.rows[found[0]].brief
            if len(found) > 1:
                ambiguous[name] = tuple(self.rows[number].brief for number in found)
        unused = tuple(row.brief for number, row in enumerate(self.rows) if number not in used)
        return Matching(by_asset, unused, ambiguous)

    def assign(self, asset: Asset | Unread) -> Asset | Unread:
        """Return the asset with the brief and provenance that its name or sha256 finds.

        What the asset brought along stays; without a match it is returned as it is.
        """
        if asset.brief not in (None, Brief()):
            return asset
        if self.lookup.by_hash and isinstance(asset, Unread) and not can_be_hashed(asset.source):
            asset = asset.read()
        found = self.lookup.find(asset_name(asset), partial(asset_key, asset))
        if not found:
            return asset
        row = self.rows[found[0]]
        own = asset.provenance if asset.provenance not in (None, Provenance()) else row.provenance
        return replace(asset, brief=row.brief, provenance=own)


@dataclass(frozen=True)
class Index:
    """Rows by what their key is, so that most assets are found without trying every pattern."""

    by_hash: Mapping[str, tuple[int, ...]]
    by_path: Mapping[str, tuple[int, ...]]
    globs: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Index:
        """Sort rows by the kind of their key."""
        by_hash: dict[str, tuple[int, ...]] = {}
        by_path: dict[str, tuple[int, ...]] = {}
        for number, row in enumerate(rows):
            match = SHA256.fullmatch(row.key)
            table, key = (by_hash, match[1].lower()) if match else (by_path, row.key)
            if key:
                table[key] = (*table.get(key, ()), number)
        return cls(by_hash, by_path, tuple((n, row.key) for n, row in enumerate(rows) if is_glob(row.key)))

    def find(self, name: str, key: Key) -> tuple[int, ...]:
        """Return the numbers of the rows that claim an asset equally well, in order; () for none."""
        exact = set(self.by_path.get(name, ()))
        if self.by_hash:
            exact.update(self.by_hash.get(key if isinstance(key, str) else key(), ()))
        return tuple(sorted(exact or self.loosely(name)))

    def loosely(self, name: str) -> set[int]:
        """Return the rows whose key is the end of the name, or a glob that matches such an end."""
        parts = PurePosixPath(name).parts
        ends = ["/".join(parts[start:]) for start in range(len(parts))]
        found = {number for end in ends for number in self.by_path.get(end, ())}
        found.update(number for number, pattern in self.globs if any(matches(pattern, end) for end in ends))
        return found


def read_briefs(path: str | os.PathLike[str]) -> Briefs:
    """Read a file of briefs: CSV with a header, or JSON lines.

    Columns: asset (relative path, glob or sha256), subjects (separated by | or ;), placement, locale, prompt; how it
    was made in generator, model, seed, phase, cost, seconds, guide; every other column fills the kit's {placeholders}.

    Raises:
        BriefsError: Anything wrong, with file and line; all of it together.
    """
    return Briefs(read_rows(Path(path)))


def is_file(source: object) -> TypeGuard[str | os.PathLike[str]]:
    """Whether a source is the path of a file."""
    return isinstance(source, (str, os.PathLike))


def can_be_hashed(source: object) -> bool:
    """Whether the sha256 of a source needs no decoding."""
    return isinstance(source, bytes) or is_file(source)


def asset_name(asset: Asset | Unread) -> str:
    """Return the name of an asset, also of one that is still to be read."""
    return asset.name or ("" if isinstance(asset, Asset) else name_of(asset.source))


def asset_key(asset: Asset | Unread) -> str:
    """Return the sha256 of an asset; "" for a file that cannot be read."""
    if isinstance(asset, Asset):
        return asset.key
    if isinstance(asset.source, bytes):
        return hashlib.sha256(asset.source).hexdigest()
    try:
        return hash_file(Path(asset.source)) if is_file(asset.source) else ""
    except (OSError, ValueError):
        return ""


def hash_file(path: Path) -> str:
    """Return the sha256 of a file.

    Raises:
        OSError: It cannot be read, or is a pipe or device, which could be read for ever.
    """
    if not path.is_file():
        raise FileNotFoundError(errno.ENOENT, "no plain file", str(path))
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
