"""A disposable, content-addressed store on disk: converted graphs, embeddings. Losing it costs time only."""

from __future__ import annotations

import errno
import hashlib
import logging
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from consistency.errors import InputError

logger = logging.getLogger(__name__)

VARIABLE = "CONSISTENCY_CACHE"
"""Environment variable that names the cache's folder."""

MAX_BYTES = 2 * 10**9
"""Size limit; the entries used longest ago go first."""

TRIM_EVERY_BYTES = 64 * 10**6
"""How much one process writes between two looks at the size of the whole."""

DIGEST_BYTES = 32

LAYOUT = "2"
"""Raised when entries are stored otherwise: installations of two versions on one machine leave each other alone."""


class Cache:
    """Bytes under (kind, key); safe from several threads and processes.

    Every entry carries the sha256 of its kind, key and content: a damaged, altered or misplaced one counts as absent.
    Entries are written beside their place and moved there, so that nobody reads half of one.

    Args:
        root: Its folder; None takes $CONSISTENCY_CACHE, else ~/.cache/consistency-qa. Where that cannot be written,
            a temporary folder, which `logging.warning` says.
        max_bytes: Size limit.
    """

    def __init__(self, root: str | os.PathLike[str] | None = None, *, max_bytes: int = MAX_BYTES) -> None:
        if max_bytes < 1:
            raise InputError("a size limit of at least one byte", max_bytes)
        self.root = writable(Path(root) if root is not None else default_root())
        self.max_bytes = max_bytes
        self._written = TRIM_EVERY_BYTES

    def get_bytes(self, kind: str, key: str) -> bytes | None:
        """Return the content under `key`, or None where there is none or it is damaged."""
        path = self._path(kind, key)
        try:
            stored = read_file(path)
        except OSError:
            return None
        digest, content = stored[:DIGEST_BYTES], stored[DIGEST_BYTES:]
        if digest_of(kind, key, content) != digest:
            logger.warning("the cache entry %s/%s is damaged and is made again", kind, path.name)
            return None
        with suppress(OSError):
            os.utime(path)
        return content

    def put_bytes(self, kind: str, key: str, content: bytes) -> None:
        """Store `content`; a full or read-only disk is no error, the entry is then simply not kept."""
        path = self._path(kind, key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_at_once(path, digest_of(kind, key, content) + content)
        except OSError as error:
            logger.warning("the cache entry %s/%s was not kept: %s", kind, path.name, error.strerror)
            return
        self._written += len(content)
        if self._written >= TRIM_EVERY_BYTES:
            self._written = 0
            self.trim()

    def trim(self) -> None:
        """Delete the entries used longest ago until the limit is kept."""
        entries = sorted(_entries(self.root), reverse=True)
        total = 0
        for _, size, path in entries:
            total += size
            if total > self.max_bytes:
                with suppress(OSError):
                    path.unlink()

    def _path(self, kind: str, key: str) -> Path:
        if not kind.isidentifier():
            raise InputError("a kind of cache entry such as graphs", repr(kind))
        name = hashlib.sha256(f"{LAYOUT}:{key}".encode()).hexdigest()
        return self.root / kind / name[:2] / name[2:]


def default_cache() -> Cache:
    """Return the process's cache in the default folder."""
    return _cache_at(default_root())


@cache
def _cache_at(root: Path) -> Cache:
    return Cache(root)


def default_root() -> Path:
    """Return the folder that the environment names, else the one in the user's home."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path(os.path.expanduser("~")) / ".cache") / "consistency-qa"


@cache
def writable(root: Path) -> Path:
    """Return `root` where it can be written, else a temporary folder, said once a process."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=root):
            return root
    except OSError as error:
        fallback = Path(tempfile.mkdtemp(prefix="consistency-qa-"))
        logger.warning("the cache %s cannot be written (%s); using a temporary folder", root.name, error.strerror)
        return fallback


def digest_of(kind: str, key: str, content: bytes) -> bytes:
    """Return the sha256 that an entry carries: a whole entry moved to another's place does not have it."""
    found = hashlib.sha256(kind.encode() + b"\0" + hashlib.sha256(f"{LAYOUT}:{key}".encode()).digest())
    found.update(content)
    return found.digest()


def read_file(path: Path) -> bytes:
    """Return the bytes of a plain file.

    Raises:
        OSError: It cannot be read, or is a folder, a pipe or a device, for which nobody waits.
    """
    with open(path, "rb", opener=_open_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "no plain file")
        return file.read()


def _open_at_once(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))


def write_at_once(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there; where either fails, nothing stays behind.

    Raises:
        OSError: It cannot be written, or its place is taken by a folder.
    """
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            file.write(content)
            file.close()
            os.replace(file.name, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(file.name)
            raise


def _entries(root: Path) -> Iterator[tuple[float, int, Path]]:
    for path in root.glob("*/*/*"):
        with suppress(OSError):
            found = path.stat()
            yield found.st_mtime, found.st_size, path
