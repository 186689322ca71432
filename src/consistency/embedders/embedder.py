"""What an embedder is, the table of them, and how a name becomes one."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from consistency.errors import InputError, SpecMismatch
from consistency.runtime.tables import load_entry

logger = logging.getLogger(__name__)

Pixels = NDArray[np.uint8]

EMBEDDERS: dict[str, str] = {
    "efficientnet": "consistency.embedders.efficientnet:EfficientNetEmbedder",
    "openclip": "consistency.embedders.openclip:OpenClipEmbedder",
}
"""Embedders by name."""

UPGRADES: dict[str, str] = {"openclip": "consistency.embedders.openclip_files:on_machine"}
"""What `auto` prefers to the default, best first: what tells, without importing a backend, which models are here."""

MEAN_OF_PLACES = "mean of places"
"""Pooling of a model whose vector is made from the mean of its map: that tells where it comes from."""

DEFAULT = "efficientnet"
"""The embedder whose weights come with the installation."""


@dataclass(frozen=True)
class EmbedderSpec:
    """What makes two embeddings comparable: model, weights, layer, preprocessing, precision. Not engine or device.

    Attributes:
        architecture: Name of the network: "efficientnet_lite0".
        weights_sha256: Sha256 of the weight file.
        layer: Where in the network the features are read.
        pooling: How a map of features becomes one vector: "gem(p=3)".
        preprocessing: Resize, crop, mean and deviation, exactly, in one line.
        precision: "float32" or "bfloat16".
    """

    architecture: str
    weights_sha256: str
    layer: str
    pooling: str
    preprocessing: str
    precision: str = "float32"

    @property
    def id(self) -> str:
        """Architecture, precision and a hash over every field."""
        text = json.dumps(asdict(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return f"{self.architecture}/{self.precision}/{hashlib.sha256(text.encode()).hexdigest()[:16]}"

    @classmethod
    def from_record(cls, record: Mapping[str, str]) -> EmbedderSpec:
        """Return the spec that `dataclasses.asdict` wrote."""
        return cls(**record)


@dataclass(frozen=True, eq=False)
class Features:
    """Embeddings of n pictures.

    Attributes:
        pooled: n×d float32, one vector a picture, not normalised.
        dense: n×h×w×k float32, the last map of features before the vectors, where the model has one; it covers the
            whole picture.
        spec: What they were made with.
        shares: n×h×w float32, what each place adds along the picture's vector, where the model itself tells.
    """

    pooled: NDArray[np.float32]
    dense: NDArray[np.float32] | None
    spec: EmbedderSpec
    shares: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        if self.pooled.ndim != 2:
            raise InputError("pooled features n×d", self.pooled.shape)

    def __len__(self) -> int:
        return len(self.pooled)

    def row(self, index: int) -> Features:
        """Return the features of one picture (n = 1)."""
        rows = slice(index, index + 1)
        dense, shares = (None if each is None else each[rows] for each in (self.dense, self.shares))
        return Features(self.pooled[rows], dense, self.spec, shares)

    def each(self) -> list[Features]:
        """Return the features of every picture apart, in order."""
        return [self.row(index) for index in range(len(self))]


@dataclass(frozen=True, eq=False)
class TextFeatures:
    """Embeddings of n texts.

    Attributes:
        vectors: n×d float32, comparable with the pooled vectors of pictures of the same spec, not normalised.
        is_cut: Whether a text was longer than the model reads.
        spec: What they were made with.
    """

    vectors: NDArray[np.float32]
    is_cut: tuple[bool, ...]
    spec: EmbedderSpec


@runtime_checkable
class Embedder(Protocol):
    """Turns pictures into vectors; safe from several threads, each picture's result independent of its batch.

    Attributes:
        spec: Identity of the embedding.
        engine: What runs it: "openvino", "onnxruntime", "torch".
        device: "cpu" or "cuda".
    """

    spec: EmbedderSpec
    engine: str
    device: str

    def embed(self, images: Sequence[Pixels]) -> Features:
        """Embed uint8 H×W×3 sRGB pictures of any sizes."""
        ...


@runtime_checkable
class TextEmbedder(Embedder, Protocol):
    """An embedder that turns texts into vectors of the same space too."""

    def embed_texts(self, texts: Sequence[str]) -> TextFeatures:
        """Embed texts; each one's result is independent of the others."""
        ...


class LoadableEmbedder(Embedder, Protocol):
    """An embedder of the table: it can load itself."""

    @classmethod
    def load(cls, arguments: str, *, precision: str, device: str, threads: int | None) -> Self:
        """Load the model that `arguments` (what follows the first colon of a name) names."""
        ...


def load_embedder(
    name: str = "auto", *, precision: str = "float32", device: str = "cpu", threads: int | None = None
) -> Embedder:
    """Load an embedder by name; nothing is ever downloaded.

    Args:
        name: A name of EMBEDDERS, arguments after a colon ("openclip:ViT-B-32:laion2b_s34b_b79k"), or "auto": the
            best one whose weights are on this machine, said by `logging.info`.
        precision: "float32", or "bfloat16" where the backend has it; part of the spec.
        device: "cpu" or "cuda".
        threads: Inference threads; None leaves the choice to the runtime. Never changes a result.

    Raises:
        UnknownName: No such embedder.
        MissingBackend: Its package or weights are not on this machine.
        WeightsError: Its weights are not the pinned ones.
    """
    chosen = best_on_machine() if name == "auto" else name
    entry, _, arguments = chosen.partition(":")
    loader: Any = load_entry(EMBEDDERS, entry, "embedder")
    embedder: Embedder = loader.load(arguments, precision=precision, device=device, threads=threads)
    if name == "auto":
        logger.info("embedder auto: %s (%s)", chosen, embedder.spec.id)
    return embedder


def best_on_machine() -> str:
    """Return the name, with arguments, of the best embedder that loads without a download."""
    for entry, finder in UPGRADES.items():
        found: tuple[str, ...] = load_entry({entry: finder}, entry, "embedder")()
        if found:
            return f"{entry}:{found[0]}"
    return DEFAULT


def require_same_spec(expected: EmbedderSpec, got: EmbedderSpec) -> None:
    """Refuse to compare embeddings of two different specs.

    Raises:
        SpecMismatch: Always named with the fields that differ.
    """
    if expected == got:
        return
    theirs, ours = asdict(expected), asdict(got)
    fields = ", ".join(key for key in theirs if theirs[key] != ours[key])
    raise SpecMismatch(f"embeddings of {expected.id}", f"{got.id} (differs in {fields})", "rebuild the anchor")
