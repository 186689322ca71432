"""Whether a face is drawn: the networks that compare faces learnt from photographs, and a drawing is nobody to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from consistency.embedders.embedder import Embedder, Pixels, load_embedder
from consistency.errors import SpecMismatch
from consistency.faces.finder import Face
from consistency.region import Box
from consistency.runtime.stored import read_format

EMBEDDER = "efficientnet"
"""It comes with the installation and looks at every face, whatever the subject itself is embedded by."""

FILE = "drawn.json"
FORMAT, VERSION = "consistency.drawn", 1


DIGITS = 4
"""Of log odds, so that neither batch nor engine decides."""


@dataclass(frozen=True, eq=False)
class DrawnOdds:
    """How the features of a face turn into the odds that it is drawn: a logistic regression.

    Attributes:
        spec: Spec id of the embedder.
        rooms: Around the face, over the longer side of its box, one for each look at it.
        weights: float64, d for each look.
        bias: Added to every sum.
        limit: Natural logarithm of the odds from which a face counts as drawn.
    """

    spec: str
    rooms: tuple[float, ...]
    weights: NDArray[np.float64]
    bias: float
    limit: float

    def log_odds(self, features: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the natural logarithm of the odds of n faces from features (n·looks)×d, a face's looks in turn."""
        rows = features.astype(np.float64).reshape(-1, len(self.weights))
        return np.asarray(np.round(rows @ self.weights + self.bias, DIGITS))


class DrawingTest:
    """Tells drawn faces from photographed ones by two looks at each, close up and wider; safe from several threads.

    Painted, drawn in pencil, printed in dots, of few flat colours: how often each is told is in `docs/identity.md`.

    Args:
        embedder: The one that the odds were derived for.

    Raises:
        SpecMismatch: Another embedder.
    """

    def __init__(self, embedder: Embedder) -> None:
        self.odds = known_odds()
        if embedder.spec.id != self.odds.spec:
            raise SpecMismatch(f"the embedder {self.odds.spec}", embedder.spec.id, f'load_embedder("{EMBEDDER}")')
        self._embedder = embedder

    def log_odds(self, pixels: Pixels, faces: Sequence[Face]) -> NDArray[np.float64]:
        """Return the natural logarithm of the odds that each face of a picture is drawn."""
        if not faces:
            return np.zeros(0)
        parts = [surrounded(pixels, face.box, room) for face in faces for room in self.odds.rooms]
        return self.odds.log_odds(self._embedder.embed(parts).pooled)

    def are_drawn(self, pixels: Pixels, faces: Sequence[Face]) -> tuple[bool, ...]:
        """Return whether each face of a uint8 H×W×3 sRGB picture is drawn."""
        return tuple(bool(odds >= self.odds.limit) for odds in self.log_odds(pixels, faces))


def surrounded(pixels: Pixels, face: Box, room: float) -> Pixels:
    """Return a face with room around it, as far as the picture goes.

    Args:
        pixels: H×W×3 uint8 sRGB.
        face: Its box, inside the picture.
        room: Over the longer side of the box.
    """
    margin = round(room * max(face.width, face.height))
    wide = Box(face.left - margin, face.top - margin, face.width + 2 * margin, face.height + 2 * margin)
    inside = wide.clipped(*pixels.shape[:2]) or face
    return np.ascontiguousarray(pixels[inside.slices])


@cache
def drawing_test() -> DrawingTest:
    """Return the test with an embedder of its own, loaded once for all that ask.

    Raises:
        MissingBackend: The weights that come with the installation are gone.
    """
    return DrawingTest(load_embedder(EMBEDDER))


@cache
def known_odds() -> DrawnOdds:
    """Return what `tools/derive_drawn.py` wrote into the package."""
    record = read_format(files(__package__).joinpath(FILE).read_text("utf-8"), FORMAT, VERSION)
    weights = np.array(record["weights"], np.float64)
    weights.setflags(write=False)
    return DrawnOdds(record["spec"], tuple(record["rooms"]), weights, record["bias"], record["limit"])
