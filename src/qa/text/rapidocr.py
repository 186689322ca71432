"""The default reader: the PP-OCR model files that the rapidocr package carries, run by this library itself."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from consistency.errors import InputError
from consistency.runtime.sessions import Session, open_session
from consistency.runtime.weights import WEIGHTS, verify
from qa.text.charset import recogniser_symbols
from qa.text.detection import DetectionOptions, Float32, detect
from qa.text.emissions import Emissions
from qa.text.layout import in_reading_order
from qa.text.reader import Pixels, Quad, Reader, ReaderSpec, Scorer, TextLine, check_pixels
from qa.text.recognition import crop_quad, decode, is_vertical, observe

PREPROCESSING = "bgr [-1,1]; detect at 640² by area, boxes grown 1.6; lines 48 high, own bucket of 32 from 160"
"""Part of the reader's identity: change it with anything that can change a reading."""


class RapidOcrReader(Reader, Scorer):
    """Finds lines with PP-OCRv6's detector and reads them with its recogniser.

    Nothing of the rapidocr package is imported: its pipeline pads lines to their neighbours' widths and its loader
    may download. Pictures and crops go through the models one at a time, so a reading depends on nothing else;
    on a CPU batching gains nothing (three lines at once take as long as one after another).

    Args:
        detector: Session of the detector.
        recogniser: Session of the recogniser.
        symbols: What each of the recogniser's classes stands for, the CTC blank "" first.
        spec: What determines a reading.
        options: How pictures are shown to the detector.
    """

    def __init__(
        self,
        detector: Session,
        recogniser: Session,
        symbols: Sequence[str],
        spec: ReaderSpec,
        *,
        options: DetectionOptions | None = None,
    ) -> None:
        self._detector = detector
        self._recogniser = recogniser
        self._symbols = tuple(symbols)
        self._spec = spec
        self._options = options or DetectionOptions()
        self._charset = frozenset(self._symbols) - {""}

    @property
    def spec(self) -> ReaderSpec:
        """Models, preprocessing and precision."""
        return self._spec

    @property
    def engine(self) -> str:
        """The engine it runs on; recorded, no part of the spec."""
        return self._recogniser.engine

    @property
    def charset(self) -> frozenset[str]:
        """Every symbol the recogniser can output."""
        return self._charset

    def read(self, image: Pixels) -> tuple[TextLine, ...]:
        """Return the lines of one H×W×3 uint8 sRGB picture, in reading order."""
        quads = detect(self._detector, check_pixels(image), self._options)
        lines = [self._line(image, quad) for quad in quads]
        return in_reading_order([line for line in lines if line is not None])

    def read_batch(self, images: Sequence[Pixels]) -> list[tuple[TextLine, ...]]:
        """Return the lines of several pictures, in the order given."""
        return [self.read(image) for image in images]

    def emissions(self, image: Pixels, quad: Quad, *, scale: float = 1.0) -> Emissions:
        """Return what the recogniser says about the line inside a quadrilateral, shown `scale` times as wide."""
        return self._observed(check_pixels(image), np.array(quad, np.float32), scale)

    def _line(self, image: Pixels, quad: Float32) -> TextLine | None:
        if not is_vertical(quad):
            return _line(quad, self._observed(image, quad))
        # A vertical line is read both downwards and upwards, and the surer reading kept.
        turned = [np.roll(quad, turn, axis=0) for turn in (-1, 1)]
        lines = [line for turn in turned if (line := _line(turn, self._observed(image, turn)))]
        return max(lines, key=lambda line: line.confidence, default=None)

    def _observed(self, image: Pixels, quad: Float32, scale: float = 1.0) -> Emissions:
        return observe(self._recogniser, crop_quad(image, quad), self._symbols, scale)


def _line(quad: Float32, seen: Emissions) -> TextLine | None:
    reading = decode(seen.probabilities, seen.symbols, seen.filled)
    if not reading.text.strip():
        return None
    corners = tuple((float(x), float(y)) for x, y in quad)
    return TextLine(reading.text, corners, reading.confidence, reading.positions, seen)  # type: ignore[arg-type]


def load(argument: str = "", *, precision: str = "float32", device: str = "cpu", threads: int | None = None) -> Reader:
    """Return the reader made of the rapidocr package's model files, their sha256 compared with the pinned ones.

    Raises:
        InputError: An argument was given; this reader takes none.
        MissingBackend: The package or an inference engine is not installed.
        WeightsError: The files are not the pinned ones.
    """
    if argument:
        raise InputError('the reader "rapidocr" without an argument', argument)
    weights = [WEIGHTS["ppocrv6_det_small"], WEIGHTS["ppocrv6_rec_small"]]
    models = [verify(weight).read_bytes() for weight in weights]
    detector, recogniser = (open_session(m, precision=precision, threads=threads, device=device) for m in models)
    spec = ReaderSpec("rapidocr", tuple(weight.sha256 for weight in weights), PREPROCESSING, precision)
    return RapidOcrReader(detector, recogniser, recogniser_symbols(models[1]), spec)
