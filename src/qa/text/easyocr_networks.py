"""EasyOCR's stock networks, from a folder of weights named by the user; nothing is ever downloaded.

EasyOCR unpickles weight files with all of Python allowed. So each file is compared with the MD5 that EasyOCR itself
publishes, then loaded once with tensors alone allowed, before EasyOCR may open it.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import easyocr
import easyocr.config
import torch

from consistency.errors import InputError, MissingBackend, WeightsError
from qa.text.easyocr_recognition import quiet

DETECTOR = "craft"

Entry = Mapping[str, Any]
"""One network in EasyOCR's tables: its file, address, MD5 and characters."""


def detector_entry() -> Entry:
    """Return EasyOCR's table entry of the detector."""
    entry: Entry = easyocr.config.detection_models[DETECTOR]
    return entry


def recogniser_entry(names: Sequence[str], folder: Path) -> Entry:
    """Return EasyOCR's table entry of the network it chooses for these languages.

    Raises:
        InputError: Unknown languages, or languages no one network reads.
    """
    try:
        # Without detector and recogniser no weight file is touched; what is left is EasyOCR's own choice.
        chosen = open_reader(names, folder, "cpu", detector=False, recognizer=False)
    except ValueError as error:
        raise InputError("languages that one EasyOCR network reads", ", ".join(names), str(error)) from error
    entries = [entry for table in easyocr.config.recognition_models.values() for entry in table.values()]
    found: Entry = next(
        entry
        for entry in entries
        if (entry["model_script"], entry["characters"]) == (chosen.model_lang, chosen.character)
    )
    return found


def checked(folder: Path, entry: Entry, names: Sequence[str]) -> Path:
    """Return a weight file that is the published one and holds nothing but tensors.

    Args:
        folder: Where it should be.
        entry: What EasyOCR's table says of it.
        names: Languages, for the command that fetches it.

    Raises:
        MissingBackend: It is not there.
        WeightsError: It is not the published one, or holds more than tensors.
    """
    path = folder / str(entry["filename"])
    if not path.is_file():
        raise MissingBackend(
            f"the EasyOCR weight file {path.name} in {folder}",
            "none",
            f'run "qa models pull easyocr:{",".join(names)} --to {folder}"; it comes from {entry["url"]}',
        )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if digest != entry["md5sum"]:
        raise WeightsError(f"{path.name} with EasyOCR's MD5 {entry['md5sum']}", digest, "download it again")
    tensors(path, path.name)
    return path


def tensors(source: Path | IO[bytes], name: str) -> Any:
    """Return what a weight file holds, tensors alone: whatever else a pickle could make is refused unmade.

    Raises:
        WeightsError: It holds more, or is no weight file.
    """
    try:
        with quiet():
            return torch.load(source, map_location="cpu", weights_only=True, mmap=isinstance(source, Path))
    except (pickle.UnpicklingError, RuntimeError, EOFError, LookupError, ValueError) as error:
        raise WeightsError(f"{name} to hold tensors alone", type(error).__name__, "do not use this file") from error


def open_reader(
    names: Sequence[str], folder: Path, device: str, *, detector: bool = True, recognizer: bool = True
) -> Any:
    """Return an `easyocr.Reader` that takes its weights from a folder and may not download."""
    with path_kept(), quiet():
        return easyocr.Reader(
            list(names),
            gpu="cuda" if device == "cuda" else False,
            model_storage_directory=str(folder),
            user_network_directory=str(folder),
            download_enabled=False,
            detector=detector,
            recognizer=recognizer,
            quantize=False,
            verbose=False,
        )


@contextmanager
def path_kept() -> Iterator[None]:
    """Undo entries in `sys.path`, such as EasyOCR's: a folder of weights is no place to import from."""
    before = list(sys.path)
    try:
        yield
    finally:
        sys.path[:] = before
