"""What a face finder is, the table of them, and how a name becomes one."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from consistency.region import Box
from consistency.runtime.tables import load_entry

FACE_FINDERS: dict[str, str] = {"insightface": "consistency.faces.insightface:InsightFaceFinder"}
"""Face finders by name."""


@dataclass(frozen=True)
class FaceFinderSpec:
    """What makes two faces comparable: the pack, the sha256 of its model files, detection size and threshold.

    Attributes:
        pack: Name of the model pack: "buffalo_l".
        weights_sha256: Sha256 over the model files used, in order of their names.
        detection: Detector input size and score threshold, in one line.
        licence: Under which the weights may be used.
    """

    pack: str
    weights_sha256: str
    detection: str
    licence: str = ""

    @property
    def id(self) -> str:
        """Pack and a hash over weights and detection."""
        text = "\n".join((self.weights_sha256, self.detection))
        return f"insightface-{self.pack}/{hashlib.sha256(text.encode()).hexdigest()[:16]}"


@dataclass(frozen=True, eq=False)
class Face:
    """One face in a picture.

    Attributes:
        box: Where, in pixels of the picture, clipped to it.
        score: The detector's confidence in [0, 1].
        landmarks: 5×2 float32: eyes, nose, corners of the mouth; x, y in pixels.
        embedding: d float32 of unit length, or None where the pack has no recognition model.
    """

    box: Box
    score: float
    landmarks: NDArray[np.float32]
    embedding: NDArray[np.float32] | None


@runtime_checkable
class FaceFinder(Protocol):
    """Finds faces and describes each by a vector; safe from several threads.

    Attributes:
        spec: Identity of what it finds and of its embeddings.
    """

    spec: FaceFinderSpec

    def find(self, images: Sequence[NDArray[np.uint8]]) -> list[tuple[Face, ...]]:
        """Return the faces of each uint8 H×W×3 sRGB picture, largest first."""
        ...


class LoadableFaceFinder(FaceFinder, Protocol):
    """A face finder of the table: it can load itself."""

    @classmethod
    def load(cls, arguments: str, *, device: str, threads: int | None) -> Self:
        """Load the pack that `arguments` (what follows the first colon of a name) names."""
        ...


def load_face_finder(name: str = "insightface", *, device: str = "cpu", threads: int | None = None) -> FaceFinder:
    """Load a face finder by name; nothing is ever downloaded.

    Args:
        name: A name of FACE_FINDERS, with a pack or folder after a colon: "insightface:buffalo_l".
        device: "cpu" or "cuda".
        threads: Inference threads; None leaves the choice to the runtime.

    Raises:
        UnknownName: No such face finder.
        MissingBackend: Its package or models are not on this machine.
    """
    entry, _, arguments = name.partition(":")
    loader: Any = load_entry(FACE_FINDERS, entry, "face finder")
    finder: FaceFinder = loader.load(arguments, device=device, threads=threads)
    return finder
