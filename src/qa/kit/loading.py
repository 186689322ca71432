"""Where a kit is loaded from: a file, a folder, a bundle, text."""

from __future__ import annotations

import os
from pathlib import Path

from qa.kit.bundle import is_bundle, open_bundle
from qa.kit.folder import KitFolder
from qa.kit.problems import kit_error
from qa.kit.reading import LONGEST_KIT_BYTES, read_document
from qa.kit.resolving import Resolved, resolve
from qa.kit.schema import Sections

KIT_FILE = "brand.yaml"


def load_resolved(path: Path, source: str, sections: Sections) -> Resolved:
    """Load a kit file, `brand.yaml` in a folder, or a bundle.

    Raises:
        KitError: It cannot be read, or anything is wrong in it.
        StoredFormatError: A bundle that is damaged or newer than this version.
    """
    path = path / KIT_FILE if os.path.isdir(path) else path
    data = read_kit_bytes(path, source)
    if is_bundle(data):
        document, files = open_bundle(path)
        return resolve(document, KitFolder(None, files), source, sections)
    return resolve(read_document(data, path.name), KitFolder(path.parent), source, sections)


def resolve_text(text: str, folder: Path | None, sections: Sections) -> Resolved:
    """Load a kit given as text."""
    try:
        data = text.encode()
    except UnicodeEncodeError as error:
        raise kit_error("kit", "text", error) from None
    return resolve(read_document(data, "kit"), KitFolder(folder), "text", sections)


def read_kit_bytes(path: Path, source: str) -> bytes:
    """Return the bytes of a kit file, or as many as show that it is too long."""
    try:
        with path.open("rb") as file:
            return file.read(LONGEST_KIT_BYTES + 1)
    except OSError as error:
        hint = "`qa init` writes one" if isinstance(error, FileNotFoundError) else ""
        raise kit_error(source, "a kit file that can be read", error.strerror, hint) from None
    except ValueError as error:
        raise kit_error(source, "a path", error) from None
