"""A kit with everything it names in one file: what workers receive.

A zip without compression and without times, so that equal kits make equal files; its contents are numbered, never
unpacked, and trusted only when the hash of the whole is right.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from consistency.errors import StoredFormatError
from consistency.runtime.stored import canonical_json, read_format
from qa.kit.folder import LARGEST_KIT_BYTES, MOST_FILES
from qa.kit.reading import Document, Tree
from qa.kit.resolving import kit_hash

FORM = "qa.kit"
VERSION = 1
INDEX = "kit.json"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""Earliest time that a zip can hold."""


def is_bundle(data: bytes) -> bool:
    """Whether a file begins as a bundle does."""
    return data.startswith(b"PK\x03\x04")


def write_bundle(path: Path, tree: Mapping[str, Tree], files: Mapping[str, bytes]) -> None:
    """Write a kit's tree and files into one file."""
    names = sorted(files)
    index = {"format": FORM, "version": VERSION, "kit": tree, "files": names, "hash": kit_hash(tree, files)}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(INDEX, EPOCH), canonical_json(index))
        for number, name in enumerate(names):
            archive.writestr(zipfile.ZipInfo(str(number), EPOCH), files[name])


def open_bundle(path: Path) -> tuple[Document, dict[str, bytes]]:
    """Read a bundle.

    Returns:
        The kit, without places, and its files.

    Raises:
        StoredFormatError: Damaged, tampered with, too large, or newer than this version.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            check_entries(archive.infolist())
            index = read_format(archive.read(INDEX), FORM, VERSION)
            files = {name: archive.read(str(number)) for number, name in enumerate(names_in(index))}
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError, RuntimeError) as error:
        raise StoredFormatError("a bundle of a kit", f"{path.name}: {error}", "write it again") from error
    if not isinstance(index.get("kit"), dict) or "extends" in index["kit"]:
        raise StoredFormatError("a bundle of one whole kit", path.name, "write it again")
    if index.get("hash") != kit_hash(index["kit"], files):
        raise StoredFormatError("a bundle whose contents have its hash", path.name, "write it again")
    return Document(index["kit"], {}, path.name), files


def check_entries(entries: list[zipfile.ZipInfo]) -> None:
    """Refuse what no bundle of ours has: compressed entries, too many, too large."""
    if len(entries) > MOST_FILES + 1 or sum(entry.file_size for entry in entries) > 2 * LARGEST_KIT_BYTES:
        raise StoredFormatError("a bundle of a sane size", f"{len(entries)} entries")
    if any(entry.compress_type != zipfile.ZIP_STORED for entry in entries):
        raise StoredFormatError("a bundle without compression", "compressed entries")


def names_in(index: Mapping[str, Any]) -> list[str]:
    """Return the names of the files, in the order they are numbered."""
    names = index.get("files")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise StoredFormatError("a bundle with a list of files", names)
    return names
