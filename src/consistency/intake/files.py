"""Files as bytes, read once: missing, empty, enormous and special ones refused by name."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from consistency.errors import ImageError

MAX_BYTES = 2 * 1024**3
"""Files above are refused: 100 megapixels of RGBA with 16 bits, uncompressed, are 0.8 GB."""

_OURS = {errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO}
"""Failures of the machine, not of the file: nobody's picture may be rejected for them."""


@dataclass(frozen=True)
class FileBytes:
    """The bytes of a picture file, and its name where it had one."""

    data: bytes
    name: str = ""


def read_file(path: str | os.PathLike[str]) -> FileBytes:
    """Read a picture file whole.

    Raises:
        ImageError: No such file, not a plain file, not permitted, or too large.
        OSError: The machine failed: too many open files, a disk error.
    """
    shown = display_name(path)
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):  # opening a pipe would wait for its writer
            raise ImageError("a picture file", f"{shown!r}, which is no plain file")
        with open(path, "rb") as file:
            if status.st_size > MAX_BYTES:
                error = ImageError(f"a file of at most {MAX_BYTES} bytes", f"{shown!r} with {status.st_size}")
                error.key = hashlib.file_digest(file, "sha256").hexdigest()
                raise error
            return FileBytes(file.read(), shown)
    except FileNotFoundError as error:
        raise ImageError("a picture file", f"{shown!r}, which does not exist", "check the path") from error
    except OSError as error:
        if error.errno in _OURS:
            raise
        raise ImageError("a picture file", f"{shown!r}: {error.strerror or error}") from error
    except ValueError as error:
        raise ImageError("a path", f"{shown!r}: {error}") from error


def display_name(path: str | os.PathLike[str]) -> str:
    """Return a path as given, an absolute one shortened to its last part: reports must not depend on the machine."""
    given = Path(os.fsdecode(path))
    return given.name if given.is_absolute() else given.as_posix()
