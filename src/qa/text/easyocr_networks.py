"""EasyOCR's stock networks, from a folder of weights named by the user; nothing is ever downloaded.

EasyOCR unpickles weight files with all of Python allowed. So each file is compared with the MD5 that EasyOCR itself
publishes, then loaded once with tensors alone allowed, before EasyOCR may open it. It is read once: EasyOCR gets those
bytes in a folder of their own, since whoever can write to the user's could change a file between check and use.
"""

from __future__ import annotations

import io
import pickle
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import md5, sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import easyocr
import easyocr.config
import torch

from consistency.errors import InputError, MissingBackend, WeightsError
from qa.text.easyocr_recognition import quiet

DETECTOR = "craft"

Entry = Mapping[str, Any]
"""One network in EasyOCR's tables: its file, address, MD5 and characters."""


@dataclass(frozen=True)
class WeightFile:
    """A weight file that was checked.

    Attributes:
        name: What EasyOCR calls it.
        data: Its bytes.
    """

    name: str
    data: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """Of its bytes."""
        return sha256(self.data).hexdigest()


def detector_entry() -> Entry:
    """Return EasyOCR's table entry of the detector."""
    entry: Entry = easyocr.config.detection_models[DETECTOR]
    return entry


def recogniser_entry(names: Sequence[str]) -> Entry:
    """Return EasyOCR's table entry of the network it chooses for these languages.

    Raises:
        InputError: Unknown languages, or languages no one network reads.
    """
    try:
        # Without detector and recogniser no weight file is touched; what is left is EasyOCR's own choice.
        with TemporaryDirectory() as empty:
            chosen = open_reader(names, Path(empty), "cpu", detector=False, recognizer=False)
    except ValueError as error:
        raise InputError("languages that one EasyOCR network reads", ", ".join(names), str(error)) from error
    entries = [entry for table in easyocr.config.recognition_models.values() for entry in table.values()]
    found: Entry = next(
        entry
        for entry in entries
        if (entry["model_script"], entry["characters"]) == (chosen.model_lang, chosen.character)
    )
    return found


def read_checked(folder: Path, entry: Entry, names: Sequence[str]) -> WeightFile:
    """Return a weight file that is the published one and holds nothing but tensors, read once.

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
    data = path.read_bytes()
    digest = md5(data, usedforsecurity=False).hexdigest()
    if digest != entry["md5sum"]:
        raise WeightsError(f"{path.name} with EasyOCR's MD5 {entry['md5sum']}", digest, "download it again")
    tensors(data, path.name)
    return WeightFile(path.name, data)


def tensors(data: bytes, name: str) -> Any:
    """Return what a weight file's bytes hold, tensors alone: whatever else a pickle could make is refused unmade.

    Raises:
        WeightsError: It holds more, or is no weight file.
    """
    try:
        with quiet():
            return torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, LookupError, ValueError) as error:
        raise WeightsError(f"{name} to hold tensors alone", type(error).__name__, "do not use this file") from error


def open_checked(names: Sequence[str], files: Sequence[WeightFile], device: str, *, recognizer: bool = True) -> Any:
    """Return an `easyocr.Reader` made of the very bytes that were checked, wherever they came from."""
    with TemporaryDirectory() as private:
        for file in files:
            (Path(private) / file.name).write_bytes(file.data)
        return open_reader(names, Path(private), device, recognizer=recognizer)


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
