"""EasyOCR as a reader: its stock networks or a custom one, from a folder named by the user; nothing is downloaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Lock
from typing import Any

import cv2
import numpy as np
from easyocr.easyocr import get_display
from torch.backends import cudnn

from consistency.errors import InputError
from consistency.runtime.fetching import Download
from consistency.runtime.torch_session import check_torch_device
from qa.text.easyocr_argument import Wanted, names_of
from qa.text.easyocr_custom import open_custom, read_custom
from qa.text.easyocr_networks import detector_entry, open_checked, read_checked, recogniser_entry
from qa.text.easyocr_recognition import HEIGHT, Grey, LineRecogniser, quiet, within
from qa.text.emissions import Emissions
from qa.text.layout import in_reading_order
from qa.text.reader import Pixels, Quad, Reader, ReaderSpec, Scorer, TextLine, check_pixels
from qa.text.recognition import decode

LICENCE = "Apache-2.0"

PREPROCESSING = "easyocr 1.7; canvas 1280; grey; each box in its own width, inside the picture; faint ones stretched"
CANVAS = 1280
"""Longest side that the detector sees; EasyOCR's own default is 2560."""

RIGHT_TO_LEFT = "arabic"
"""The one `model_lang` whose letters EasyOCR turns round after reading them."""


class EasyOcrLines(Reader):
    """What the readers below share: a ready `easyocr.Reader`, its boxes read one at a time from left to right.

    Calls from several threads wait for each other: EasyOCR keeps state in its modules.

    Args:
        reader: Built with the languages wanted.
        spec: What determines its readings.
        height: Rows of the recogniser's input: `imgH` of a custom network.
    """

    def __init__(self, reader: Any, spec: ReaderSpec, *, height: int = HEIGHT) -> None:
        self._reader = reader
        self._spec = spec
        self._recogniser = LineRecogniser(reader, height)
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
        return self._recogniser.charset

    def read(self, image: Pixels) -> tuple[TextLine, ...]:
        """Return the lines of one H×W×3 uint8 sRGB picture, in reading order."""
        pixels = np.ascontiguousarray(check_pixels(image))
        with self._lock, quiet():
            # TF32 keeps 10 bits of the mantissa: boxes would leave the spec's float32.
            with cudnn.flags(enabled=True, allow_tf32=False):
                upright, tilted = self._reader.detect(pixels, canvas_size=CANVAS, reformat=False)
            quads = [_corners(*box) for box in upright[0]] + [tuple(corners) for corners in tilted[0]]
            grey = _grey(pixels)
            inside = [within(quad, *grey.shape) for quad in quads]
            lines = [self._line(grey, quad) for quad in inside if _has_area(quad)]
        return in_reading_order([line for line in lines if line is not None])

    def read_batch(self, images: Sequence[Pixels]) -> list[tuple[TextLine, ...]]:
        """Return the lines of several pictures, in the order given."""
        return [self.read(image) for image in images]

    def _line(self, grey: Grey, quad: Quad) -> TextLine | None:
        seen = self._recogniser.observe(grey, quad)
        reading = decode(seen.probabilities, seen.symbols, seen.filled)
        if not reading.text.strip():
            return None
        return TextLine(reading.text, quad, reading.confidence, reading.positions, seen)


class EasyOcrReader(EasyOcrLines, Scorer):
    """A ready `easyocr.Reader` behind the protocol; prefer `rapidocr`, which is made for a CPU.

    Text is EasyOCR's own greedy reading of each box. Its confidence is not: EasyOCR's falls with the length of a line,
    here it is the mean probability of the characters, as for any reader.

    Args:
        reader: Built with the languages wanted.
        spec: What determines its readings.
        height: Rows of the recogniser's input: `imgH` of a custom network.

    Raises:
        InputError: Its letters run from right to left.
    """

    def __init__(self, reader: Any, spec: ReaderSpec, *, height: int = HEIGHT) -> None:
        if reader.model_lang == RIGHT_TO_LEFT:
            raise InputError("a network that reads from left to right", reader.model_lang, "use RightToLeftReader")
        super().__init__(reader, spec, height=height)

    def emissions(self, image: Pixels, quad: Quad, *, scale: float = 1.0) -> Emissions:
        """Return what the recogniser says about the line inside a quadrilateral, shown `scale` times as wide."""
        pixels = np.ascontiguousarray(check_pixels(image))
        with self._lock, quiet():
            return self._recogniser.observe(_grey(pixels), quad, scale)


class RightToLeftReader(EasyOcrLines):
    """EasyOCR for Arabic, Persian, Urdu and Uyghur: read as the letters stand, then put in the order of speech.

    No `Scorer`: where letters and figures mix, no order of steps fits the expected text, so that a text is verified by
    reading it twice.
    """

    def read(self, image: Pixels) -> tuple[TextLine, ...]:
        """Return the lines of one H×W×3 uint8 sRGB picture, in reading order."""
        return tuple(
            replace(line, text=get_display(line.text), positions=(), emissions=None) for line in super().read(image)
        )


def load(argument: str = "", *, precision: str = "float32", device: str = "cpu", threads: int | None = None) -> Reader:
    """Return EasyOCR with the network of some languages.

    Args:
        argument: "en,de:/folder/with/weights", or "en,de:/folder:NAME@SHA256" for a custom network.
        precision: Only "float32".
        device: "cpu" or "cuda".
        threads: Ignored: torch has one setting for the whole process, which is not a library's to touch.

    Raises:
        InputError: Unknown languages, languages no one network reads, a custom network without its hash, or another
            precision.
        MissingBackend: No folder was named, a file is not in it, or torch sees no such device.
        WeightsError: A file is not the published or the stated one, or holds more than tensors.
    """
    del threads
    if precision != "float32":
        raise InputError("float32 for easyocr", precision)
    check_torch_device(device)
    wanted = Wanted.parse(argument)
    return _custom(wanted, device) if wanted.network else _stock(wanted, device)


def downloads(argument: str) -> list[Download]:
    """Return what `qa models pull easyocr:LANGUAGES` fetches: EasyOCR's detector and its network for these languages.

    Raises:
        InputError: Unknown languages, or languages no one network reads.
    """
    names = names_of(argument)
    if not names:
        raise InputError("languages", "none", 'write "easyocr:en,de"')
    entries = (detector_entry(), recogniser_entry(names))
    return [Download(str(e["filename"]), str(e["url"]), str(e["md5sum"]), "md5", LICENCE) for e in entries]


def _stock(wanted: Wanted, device: str) -> Reader:
    entries = (detector_entry(), recogniser_entry(wanted.names))
    files = [read_checked(wanted.folder, entry, wanted.names) for entry in entries]
    reader = open_checked(wanted.names, files, device)
    hashes = tuple(file.sha256 for file in files)
    return _reader_of(reader, ReaderSpec(f"easyocr-{'-'.join(wanted.names)}", hashes, PREPROCESSING), HEIGHT)


def _custom(wanted: Wanted, device: str) -> Reader:
    network = read_custom(wanted.folder, wanted.network, wanted.sha256)
    detector = read_checked(wanted.folder, detector_entry(), wanted.names)
    reader = open_custom(network, wanted.names, detector, device)
    name = f"easyocr-{'-'.join(wanted.names)}-{network.name}"
    spec = ReaderSpec(name, (detector.sha256, network.sha256), PREPROCESSING)
    return _reader_of(reader, spec, network.height)


def _reader_of(reader: Any, spec: ReaderSpec, height: int) -> Reader:
    kind = RightToLeftReader if reader.model_lang == RIGHT_TO_LEFT else EasyOcrReader
    return kind(reader, spec, height=height)


def _grey(pixels: Pixels) -> Grey:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def _has_area(quad: Quad) -> bool:
    # EasyOCR divides by the height of a box: one that lies outside the picture stops its whole reading.
    return all(max(values) - min(values) >= 1 for values in zip(*quad, strict=True))


def _corners(left: int, right: int, top: int, bottom: int) -> Quad:
    return (left, top), (right, top), (right, bottom), (left, bottom)
