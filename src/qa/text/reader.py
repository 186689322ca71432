"""What a reader of text is, the lines it returns, and the table of readers."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from consistency.errors import InputError
from consistency.region import Box
from consistency.runtime.tables import load_entry
from qa.text.emissions import Emissions

Pixels = NDArray[np.uint8]
Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]

READERS: dict[str, str] = {
    "rapidocr": "qa.text.rapidocr:load",
    "easyocr": "qa.text.easyocr:load",
}
"""Name → function (argument, *, precision, device, threads) → Reader."""

AUTO = "rapidocr"
"""What `auto` means: the reader whose weights come with the base install."""


@dataclass(frozen=True)
class TextLine:
    """One line of text as read.

    Args:
        text: What was read, as the model's greedy reading gives it.
        quad: Corners (x, y) in pixels, clockwise from the top left *of the text*.
        confidence: Mean probability of the characters, in [0, 1]; it cannot tell right from wrong.
        positions: Per character, where its centre lies along the line: 0 at its start, 1 at its end. May be empty.
        emissions: What the recogniser said before it decided; None where the reader does not tell.
        shape: "straight"; "bent" or "stacked" where the quadrilateral's pixels alone do not show how it was read.
    """

    text: str
    quad: Quad
    confidence: float
    positions: tuple[float, ...] = ()
    emissions: Emissions | None = field(default=None, compare=False, repr=False)
    shape: str = "straight"

    def __post_init__(self) -> None:
        if len(self.quad) != 4 or not all(math.isfinite(v) for point in self.quad for v in point):
            raise InputError("four finite corners", self.quad)
        if self.positions and len(self.positions) != len(self.text):
            raise InputError(f"{len(self.text)} positions, one per character", len(self.positions))

    @property
    def box(self) -> Box:
        """The smallest upright box around the line, in whole pixels."""
        xs, ys = [x for x, _ in self.quad], [y for _, y in self.quad]
        left, top = math.floor(min(xs)), math.floor(min(ys))
        return Box(left, top, max(1, math.ceil(max(xs)) - left), max(1, math.ceil(max(ys)) - top))

    @property
    def height(self) -> float:
        """Mean length of the two short ends, in pixels: the height of the line as detected."""
        top_left, top_right, bottom_right, bottom_left = self.quad
        return (math.dist(top_left, bottom_left) + math.dist(top_right, bottom_right)) / 2


@dataclass(frozen=True)
class ReaderSpec:
    """What determines a reading: models, preprocessing and precision; engine and device do not belong here.

    Args:
        name: Entry in READERS, with its arguments.
        weights_sha256: Hashes of the weight files, detector first.
        preprocessing: How pictures and crops are prepared, in short words.
        precision: "float32" or "bfloat16".
    """

    name: str
    weights_sha256: tuple[str, ...]
    preprocessing: str
    precision: str = "float32"

    @property
    def id(self) -> str:
        """A short stable name: reader, twelve characters of the hash over everything, precision."""
        parts = "\n".join((self.name, *self.weights_sha256, self.preprocessing, self.precision))
        return f"{self.name}:{sha256(parts.encode()).hexdigest()[:12]}:{self.precision}"


@runtime_checkable
class Reader(Protocol):
    """Finds and reads lines of text; safe from several threads.

    A picture's lines never depend on the pictures read beside it.
    """

    @property
    def spec(self) -> ReaderSpec:
        """What determines a reading."""
        ...

    @property
    def charset(self) -> frozenset[str]:
        """Every symbol the recogniser can output."""
        ...

    def read(self, image: Pixels) -> tuple[TextLine, ...]:
        """Return the lines of one H×W×3 uint8 sRGB picture, in reading order."""
        ...

    def read_batch(self, images: Sequence[Pixels]) -> list[tuple[TextLine, ...]]:
        """Return the lines of several pictures, in the order given."""
        ...


@runtime_checkable
class Scorer(Protocol):
    """What a reader can do besides: say how likely each symbol is, so that an expected text can be verified."""

    def emissions(self, image: Pixels, quad: Quad, *, scale: float = 1.0) -> Emissions:
        """Return what the recogniser says about one line of an H×W×3 uint8 sRGB picture.

        Args:
            image: The picture.
            quad: Corners of the line, clockwise from the top left of the text; they may lie outside the picture.
            scale: How many times wider than it is the line is shown: another look at the same pixels.
        """
        ...


def load_reader(
    name: str = "auto", *, precision: str = "float32", device: str = "cpu", threads: int | None = None
) -> Reader:
    """Return a reader.

    Args:
        name: "auto", "rapidocr", "easyocr:LANGUAGES:FOLDER" such as "easyocr:en,de:/models/easyocr", or
            "easyocr:LANGUAGES:FOLDER:NAME@SHA256" for a custom network, whose code is run.
        precision: "float32", or "bfloat16" where speed matters more than equal bytes.
        device: "cpu" or "cuda".
        threads: Inference threads; None leaves the choice to the runtime.

    Raises:
        UnknownName: No such reader.
        MissingBackend: Its package or weights are not on this machine.
        WeightsError: Its weights are not the pinned ones.
    """
    entry, _, argument = (AUTO if name == "auto" else name).partition(":")
    load: Callable[..., Reader] = load_entry(READERS, entry, "reader")
    return load(argument, precision=precision, device=device, threads=threads)


def check_pixels(image: Pixels) -> Pixels:
    """Return `image` where it is an H×W×3 uint8 array with at least one pixel.

    Raises:
        InputError: It is anything else.
    """
    if not isinstance(image, np.ndarray) or image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
        got = f"{getattr(image, 'shape', type(image).__name__)} {getattr(image, 'dtype', '')}".strip()
        raise InputError("an H×W×3 uint8 image", got, "use load_image(…).pixels")
    if image.size == 0:
        raise InputError("an image with at least one pixel", image.shape)
    return image
