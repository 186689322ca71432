"""EasyOCR's stock networks, from a folder of weights named by the user; nothing is ever downloaded.

EasyOCR unpickles weight files with all of Python allowed. So each file is compared with the MD5 that EasyOCR itself
publishes, then loaded once with tensors alone allowed, before EasyOCR may open it. Custom networks, which run Python
code from a folder, are not taken by name: build an `EasyOcrReader` around your own `easyocr.Reader` for them.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

import cv2
import easyocr
import easyocr.config
import numpy as np
import torch

from consistency.errors import InputError, MissingBackend, WeightsError
from consistency.runtime.fetching import Download
from consistency.runtime.weights import file_sha256
from qa.text.layout import in_reading_order
from qa.text.reader import Pixels, Reader, ReaderSpec, TextLine, check_pixels

DETECTOR = "craft"
LICENCE = "Apache-2.0"

PREPROCESSING = "easyocr 1.7; canvas 1280; grey; each box in its own width"
CANVAS = 1280
"""Longest side that the detector sees; EasyOCR's own default is 2560."""


class EasyOcrReader(Reader):
    """A ready `easyocr.Reader` behind the protocol; prefer `rapidocr`, which is made for a CPU.

    Calls from several threads wait for each other: EasyOCR keeps state in its modules.

    Args:
        reader: Built with the languages wanted.
        spec: What determines its readings.
    """

    def __init__(self, reader: Any, spec: ReaderSpec) -> None:
        self._reader = reader
        self._spec = spec
        self._charset = frozenset(reader.character) & frozenset(reader.lang_char)
        self._lock = Lock()

    @property
    def spec(self) -> ReaderSpec:
        """Networks, preprocessing and precision."""
        return self._spec

    @property
    def engine(self) -> str:
        """The engine it runs on; recorded, no part of the spec."""
        return "torch"

    @property
    def charset(self) -> frozenset[str]:
        """The symbols of its languages that its recogniser knows."""
        return self._charset

    def read(self, image: Pixels) -> tuple[TextLine, ...]:
        """Return the lines of one H×W×3 uint8 sRGB picture, in reading order."""
        pixels = np.ascontiguousarray(check_pixels(image))
        with self._lock, _quiet():
            upright, tilted = self._reader.detect(pixels, canvas_size=CANVAS, reformat=False)
            grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
            # A batch of one: boxes read together would be padded to the widest.
            found = self._reader.recognize(grey, upright[0], tilted[0], batch_size=1, reformat=False)
        return in_reading_order([line for line in map(_line, found) if line is not None])

    def read_batch(self, images: Sequence[Pixels]) -> list[tuple[TextLine, ...]]:
        """Return the lines of several pictures, in the order given."""
        return [self.read(image) for image in images]


def _line(found: tuple[Any, str, float]) -> TextLine | None:
    quad, text, confidence = found
    if not text.strip():
        return None
    corners = tuple((float(x), float(y)) for x, y in quad)
    return TextLine(text, corners, float(confidence))  # type: ignore[arg-type]


def load(argument: str = "", *, precision: str = "float32", device: str = "cpu", threads: int | None = None) -> Reader:
    """Return EasyOCR with its stock networks for some languages.

    Args:
        argument: "en,de:/folder/with/weights".
        precision: Only "float32".
        device: "cpu" or "cuda".
        threads: Ignored: torch has one setting for the whole process, which is not a library's to touch.

    Raises:
        InputError: Unknown languages, languages no one network reads, or another precision.
        MissingBackend: No folder was named, or a weight file is not in it.
        WeightsError: A weight file is not the published one, or holds more than tensors.
    """
    del threads
    if precision != "float32":
        raise InputError("float32 for easyocr", precision)
    names, folder = _parse(argument)
    recogniser = _recogniser_of(names, folder)
    detector = easyocr.config.detection_models[DETECTOR]
    files = [_checked(folder, entry) for entry in (detector, recogniser)]
    reader = _open(names, folder, device)
    hashes = tuple(file_sha256(file) for file in files)
    return EasyOcrReader(reader, ReaderSpec(f"easyocr-{'-'.join(names)}", hashes, PREPROCESSING, precision))


def downloads(argument: str) -> list[Download]:
    """Return what `qa models pull easyocr:LANGUAGES` fetches: EasyOCR's detector and its network for these languages.

    Raises:
        InputError: Unknown languages, or languages no one network reads.
    """
    names = _names(argument)
    if not names:
        raise InputError("languages", "none", 'write "easyocr:en,de"')
    with TemporaryDirectory() as empty:
        recogniser = _recogniser_of(names, Path(empty))
    entries = (easyocr.config.detection_models[DETECTOR], recogniser)
    return [Download(str(e["filename"]), str(e["url"]), str(e["md5sum"]), "md5", LICENCE) for e in entries]


def _names(languages: str) -> list[str]:
    return [name.strip() for name in languages.split(",") if name.strip()]


def _parse(argument: str) -> tuple[list[str], Path]:
    languages, _, folder = argument.partition(":")
    names = _names(languages)
    if not names or not folder:
        raise MissingBackend(
            "languages and a folder of EasyOCR weights",
            argument or "none",
            'run "qa models pull easyocr:LANGUAGES --to FOLDER" once, then name it as "easyocr:en,de:/folder"',
        )
    path = Path(folder)
    if not path.is_dir():
        raise MissingBackend(
            "a folder of EasyOCR weights", folder, f'run "qa models pull easyocr:{",".join(names)} --to FOLDER" once'
        )
    return names, path


def _recogniser_of(names: Sequence[str], folder: Path) -> Mapping[str, Any]:
    """Return EasyOCR's table entry of the network it chooses for these languages."""
    with _path_kept(), _quiet():
        try:
            # Without detector and recogniser no weight file is touched; what is left is EasyOCR's own choice.
            chosen = _reader(names, folder, "cpu", detector=False, recognizer=False)
        except ValueError as error:
            raise InputError("languages that one EasyOCR network reads", ", ".join(names), str(error)) from error
    entries = [entry for table in easyocr.config.recognition_models.values() for entry in table.values()]
    found: Mapping[str, Any] = next(
        entry
        for entry in entries
        if (entry["model_script"], entry["characters"]) == (chosen.model_lang, chosen.character)
    )
    return found


def _checked(folder: Path, entry: Mapping[str, Any]) -> Path:
    """Return a weight file that is the published one and holds nothing but tensors."""
    path = folder / str(entry["filename"])
    if not path.is_file():
        raise MissingBackend(
            f"the EasyOCR weight file {path.name} in {folder}",
            "none",
            f'run "qa models pull easyocr:LANGUAGES --to {folder}"; it comes from {entry["url"]}',
        )
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
    if digest != entry["md5sum"]:
        raise WeightsError(f"{path.name} with EasyOCR's MD5 {entry['md5sum']}", digest, "download it again")
    try:
        torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError) as error:
        raise WeightsError(
            f"{path.name} to hold tensors alone", type(error).__name__, "do not use this file"
        ) from error
    return path


def _open(names: Sequence[str], folder: Path, device: str) -> Any:
    with _path_kept(), _quiet():
        return _reader(names, folder, device)


def _reader(names: Sequence[str], folder: Path, device: str, *, detector: bool = True, recognizer: bool = True) -> Any:
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
def _path_kept() -> Iterator[None]:
    """Undo EasyOCR's entry in `sys.path`: a folder of weights is no place to import from."""
    before = list(sys.path)
    try:
        yield
    finally:
        sys.path[:] = before


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence what EasyOCR's calls into torch warn of: pinned memory without a GPU, and old names."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=UserWarning, module=r"torch\..*")
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        warnings.filterwarnings("ignore", category=FutureWarning)
        yield
