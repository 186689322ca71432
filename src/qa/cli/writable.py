"""Where a command will write is tried before anything is judged."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from consistency.errors import InputError


def check_writable(folder: Path) -> None:
    """Refuse a folder that cannot be written, or cannot be made; nothing stays behind.

    Raises:
        InputError: A file can be made neither there nor, where it is missing, in the nearest folder above.
    """
    whole = folder.absolute()
    there = next(path for path in (whole, *whole.parents) if os.path.lexists(path))
    try:
        tempfile.TemporaryFile(dir=there).close()
    except OSError as error:
        raise InputError("a folder that can be written", f"{folder}: {error.strerror}", "choose another one") from None
