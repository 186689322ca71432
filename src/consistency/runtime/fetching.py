"""Fetching one model file that a person asked for, kept only where its bytes are the published ones."""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

from consistency.errors import InputError, MissingBackend, WeightsError

TIMEOUT_SECONDS = 60


@dataclass(frozen=True)
class Download:
    """A model file that is published somewhere.

    Attributes:
        file: Its name on this machine.
        url: Where it is published: the file, or a zip archive that holds it.
        digest: Its published hash.
        algorithm: "sha256", or "md5" where nothing better is published.
        licence: SPDX id.
    """

    file: str
    url: str
    digest: str
    algorithm: str
    licence: str


def fetch(download: Download, folder: Path) -> Path:
    """Fetch a model file into a folder; one that is there with the right hash is left alone.

    Raises:
        InputError: Its address is neither https nor on this machine.
        MissingBackend: It cannot be fetched.
        WeightsError: What came has another hash; nothing is kept.
    """
    target = folder / download.file
    if target.is_file() and _digest(target, download.algorithm) == download.digest:
        return target
    if not download.url.startswith(("https://", "http://127.0.0.1:")):
        raise InputError("an address that begins with https://", download.url)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder) as scratch:
        found = _extracted(_downloaded(download.url, Path(scratch)), download.file)
        digest = _digest(found, download.algorithm)
        if digest != download.digest:
            expected = f"{download.file} with {download.algorithm} {download.digest}"
            raise WeightsError(expected, digest, "it was changed where it is published, or on its way")
        os.replace(found, target)
    return target


def _downloaded(url: str, scratch: Path) -> Path:
    path = scratch / "download"
    try:
        with urlopen(url, timeout=TIMEOUT_SECONDS) as answer, path.open("wb") as file:  # noqa: S310 checked by fetch
            shutil.copyfileobj(answer, file)
    except (URLError, OSError) as error:
        raise MissingBackend(f"an answer from {url}", error, "fetch it where there is a network") from error
    return path


def _extracted(path: Path, name: str) -> Path:
    """Return the file, or the member of that name where it is a zip archive."""
    if not zipfile.is_zipfile(path):
        return path
    inside = path.with_name("member")
    with zipfile.ZipFile(path) as archive:
        if name not in archive.namelist():
            # A torch checkpoint is a zip archive itself.
            return path
        with archive.open(name) as member, inside.open("wb") as file:
            shutil.copyfileobj(member, file)
    return inside


def _digest(path: Path, algorithm: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()
