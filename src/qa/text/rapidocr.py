"""The default reader: the PP-OCR model files that the rapidocr package carries, run by this library itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np

from consistency.runtime.sessions import Session, open_session
from consistency.runtime.weights import WEIGHTS, verify
from qa.text.charset import recogniser_symbols
from qa.text.crops import Attempt, LineCrop, attempts, stacked
from qa.text.detection import DetectionOptions, TextRegion, detect
from qa.text.emissions import Emissions
from qa.text.layout import in_reading_order
from qa.text.reader import Pixels, Quad, Reader, ReaderSpec, Scorer, TextLine, check_pixels
from qa.text.recognisers import recogniser_file
from qa.text.recognition import crop_quad, decode, observe
from qa.text.side_by_side import SHARED, SideBySide, streams_for
from qa.text.stacks import around, columns_of

PREPROCESSING = (
    "bgr [-1,1]; detect at 512² by area, tiles of 1600, boxes grown 1.6; "
    "lines 48 high, own bucket of 32 from 160; turned, straightened or unstacked where in doubt"
)
"""Part of the reader's identity: change it with anything that can change a reading."""

SURE = 0.9
"""A column of letters is one line only where it reads at least this well; a list of digits stays a list."""


class RapidOcrReader(Reader, Scorer):
    """Finds lines with PP-OCRv6's detector and reads them with its recogniser.

    Nothing of the rapidocr package is imported: its pipeline pads lines to their neighbours' widths and its loader
    may download. Pictures and crops go through the models one at a time, so a reading depends on nothing else; on a
    CPU three lines at once take as long as one after another, but two pictures side by side take less.

    Args:
        detector: Session of the detector.
        recogniser: Session of the recogniser.
        symbols: What each of the recogniser's classes stands for, the CTC blank "" first.
        spec: What determines a reading.
        options: How pictures are shown to the detector.
        batches: What reads several pictures at once; without it they are read one after another.
    """

    def __init__(
        self,
        detector: Session,
        recogniser: Session,
        symbols: Sequence[str],
        spec: ReaderSpec,
        *,
        options: DetectionOptions | None = None,
        batches: SideBySide | None = None,
    ) -> None:
        self._detector = detector
        self._recogniser = recogniser
        self._symbols = tuple(symbols)
        self._spec = spec
        self._options = options or DetectionOptions()
        self._batches = batches
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
        regions = detect(self._detector, check_pixels(image), self._options)
        lines, rest = self._stacks(image, regions)
        lines += [line for region in rest if (line := self._best(attempts(image, region)))]
        return in_reading_order(lines)

    def read_batch(self, images: Sequence[Pixels]) -> list[tuple[TextLine, ...]]:
        """Return the lines of several pictures, in the order given."""
        if self._batches is None or len(images) < 2:
            return [self.read(image) for image in images]
        return self._batches.read(images)

    def emissions(self, image: Pixels, quad: Quad, *, scale: float = 1.0) -> Emissions:
        """Return what the recogniser says about the line inside a quadrilateral, shown `scale` times as wide."""
        crop = crop_quad(check_pixels(image), np.array(quad, np.float32))
        return observe(self._recogniser, crop, self._symbols, scale)

    def replace_sessions(self, detector: Session, recogniser: Session) -> None:
        """Read with other sessions of the same models from now on; the old ones go when the last call is done."""
        self._detector, self._recogniser = detector, recogniser

    def _stacks(self, image: Pixels, regions: Sequence[TextRegion]) -> tuple[list[TextLine], list[TextRegion]]:
        """Return columns of letters that read well as lines, and the regions that are left."""
        lines, rest = [], list(regions)
        for column in columns_of(regions):
            line = self._best(stacked(image, around(column)))
            if line is not None and line.confidence >= SURE and len(line.text) >= len(column):
                lines.append(line)
                rest = [region for region in rest if all(region is not letter for letter in column)]
        return lines, rest

    def _best(self, looks: Iterable[Attempt]) -> TextLine | None:
        """Read until a reading is sure enough; a later look counts only where it is."""
        best: TextLine | None = None
        for look in looks:
            for crop in look.crops:
                line = self._line(crop)
                if line is not None and (best is None or line.confidence > best.confidence):
                    best = line
            if best is not None and best.confidence >= look.doubt:
                break
        return best

    def _line(self, crop: LineCrop) -> TextLine | None:
        seen = observe(self._recogniser, crop.pixels, self._symbols)
        reading = decode(seen.probabilities, seen.symbols, seen.filled)
        if not reading.text.strip():
            return None
        corners = tuple((float(x), float(y)) for x, y in crop.quad)
        places = crop.places(reading.positions)
        return TextLine(reading.text, corners, reading.confidence, places, seen, crop.shape)  # type: ignore[arg-type]


def load(argument: str = "", *, precision: str = "float32", device: str = "cpu", threads: int | None = None) -> Reader:
    """Return the reader made of the rapidocr package's model files, their sha256 compared with the pinned ones.

    Args:
        argument: Nothing for the recogniser that the package carries, or "korean:/folder" for another script's.
        precision: "float32" or "bfloat16".
        device: "cpu" or "cuda".
        threads: Inference threads; None leaves the choice to the runtime.

    Raises:
        InputError: No recogniser of that script is known.
        MissingBackend: The package, an inference engine or the recogniser's file is not on this machine.
        WeightsError: The files are not the pinned ones.
    """
    detecting, reading = WEIGHTS["ppocrv6_det_small"], WEIGHTS["ppocrv6_rec_small"]
    path, sha256 = recogniser_file(argument) if argument else (verify(reading), reading.sha256)
    models = [verify(detecting).read_bytes(), path.read_bytes()]
    symbols = recogniser_symbols(models[1])
    name = f"rapidocr-{argument.partition(':')[0]}" if argument else "rapidocr"
    spec = ReaderSpec(name, (detecting.sha256, sha256), PREPROCESSING, precision)
    open_one = partial(open_session, precision=precision, threads=threads, device=device)
    detector, recogniser = (open_one(model) for model in models)
    streams = streams_for(threads)
    if streams < 2 or recogniser.engine != "openvino":
        return RapidOcrReader(detector, recogniser, symbols, spec)

    def open_many() -> Reader:
        finding, recognising = (open_one(model, streams=streams) for model in models)
        if streams <= SHARED:
            reader.replace_sessions(finding, recognising)
        return RapidOcrReader(finding, recognising, symbols, spec)

    reader = RapidOcrReader(detector, recogniser, symbols, spec, batches=SideBySide(open_many, streams))
    del detector, recogniser  # else `open_many` would hold what the reader has let go
    return reader
