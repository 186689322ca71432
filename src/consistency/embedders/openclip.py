"""OpenCLIP: the upgrade of the default, from weights that already lie on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

import numpy as np
import open_clip
import torch
from numpy.typing import NDArray
from PIL import Image as Pillow
from torch import nn

from consistency.embedders.embedder import EmbedderSpec, Features, LoadableEmbedder, Pixels, TextFeatures
from consistency.embedders.openclip_text import Text
from consistency.embedders.openclip_tower import ImageTower, traced
from consistency.embedders.openclip_weights import build_model, find_weights, refuse_fetching
from consistency.errors import InputError
from consistency.runtime.cores import available_cores
from consistency.runtime.networks import open_network
from consistency.runtime.sessions import Session
from consistency.runtime.stored import canonical_json
from consistency.runtime.weights import file_sha256

BATCH = 8
"""Pictures per call of the network: bounds memory, never a result."""

FILTERS = {"bicubic": Pillow.Resampling.BICUBIC, "bilinear": Pillow.Resampling.BILINEAR}


class OpenClipEmbedder(LoadableEmbedder):
    """Any architecture that OpenCLIP knows, with a tag that is in the local cache or a weight file.

    The whole picture is squeezed into the model's square, whatever its aspect, so that nothing at the edges is lost
    and the map of features covers the picture. Texts are embedded by the other half of the same model.
    """

    def __init__(
        self, session: Session, tower: Tower, spec: EmbedderSpec, text: Text, *, device: str, threads: int | None
    ) -> None:
        self.spec = spec
        self.engine = session.engine
        self.device = device
        self._session = session
        self._tower = tower
        self._text = text
        self._threads = threads or available_cores()

    @classmethod
    def load(
        cls, arguments: str, *, precision: str = "float32", device: str = "cpu", threads: int | None = None
    ) -> Self:
        """Load "ARCHITECTURE:TAG" or "ARCHITECTURE:/path/to/weights.safetensors"; never downloads.

        Raises:
            InputError: Not both parts, or an architecture whose text half would have to be fetched.
            UnknownName: No such architecture or tag.
            MissingBackend: The weights are not on this machine.
            WeightsError: The weights are not of this architecture.
        """
        architecture, _, source = arguments.partition(":")
        if not architecture or not source:
            raise InputError("openclip:ARCHITECTURE:TAG-OR-FILE", f"openclip:{arguments}")
        refuse_fetching(architecture)
        weights = find_weights(architecture, source)
        tower = open_tower(architecture, weights)
        spec = EmbedderSpec(
            f"openclip:{architecture}",
            file_sha256(weights),
            "image tower",
            tower.module.pooling,
            tower.preprocessing,
            precision,
        )
        name = f"{spec.architecture} {spec.weights_sha256} open_clip {open_clip.__version__}"
        session = open_network(
            f"{name} with its map",
            lambda: traced(tower.module, torch.zeros(1, 3, *tower.size)),
            (1, 3, *tower.size),
            precision=precision,
            threads=threads,
            device=device,
        )
        text = Text(name, architecture, weights, precision=precision, device=device, threads=threads)
        return cls(session, tower, spec, text, device=device, threads=threads)

    def embed(self, images: Sequence[Pixels]) -> Features:
        """Embed uint8 H×W×3 pictures: pooled n×d, dense n×h×w×k, shares n×h×w where the model tells them."""
        parts = [self._part(images[start : start + BATCH]) for start in range(0, len(images), BATCH)]
        if not parts:
            raise InputError("at least one picture", "none")
        pooled, *maps = [np.concatenate(column) for column in zip(*parts, strict=True)]
        dense, shares = (*maps, None, None)[:2]
        return Features(pooled, dense, self.spec, shares)

    def embed_texts(self, texts: Sequence[str]) -> TextFeatures:
        """Embed texts into the space of `embed(…).pooled`; the text half loads at the first call.

        Raises:
            MissingBackend: The model's tokenizer is not on this machine.
        """
        return TextFeatures(*self._text.embed(texts), self.spec)

    def _part(self, images: Sequence[Pixels]) -> tuple[NDArray[np.float32], ...]:
        # Pillow lets go of the interpreter while it resizes: a picture a core.
        with ThreadPoolExecutor(min(self._threads, len(images))) as pool:
            batch = np.stack(list(pool.map(self._tower.prepared, images)))
        return tuple(self._session.run({self._session.inputs[0]: batch}).values())


class Tower:
    """An image tower with the preprocessing it was trained with, but for the whole picture instead of its middle."""

    def __init__(self, visual: nn.Module, settings: dict[str, Any]) -> None:
        self.module = ImageTower(visual)
        self.preprocessing = canonical_json({"open_clip": settings})
        size = settings["size"]
        self.size: tuple[int, int] = (size, size) if isinstance(size, int) else (int(size[0]), int(size[1]))
        self._filter = FILTERS[settings["interpolation"]]
        self._mean, self._deviation = (np.array(settings[key], np.float32)[:, None, None] for key in ("mean", "std"))

    def prepared(self, image: Pixels) -> NDArray[np.float32]:
        """Return the network's input 3×H×W of a uint8 H×W×3 picture.

        Raises:
            InputError: Another shape or type.
        """
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or image.size == 0:
            raise InputError("a uint8 H×W×3 picture", f"{image.dtype} {image.shape}", "use load_image()")
        small = np.asarray(Pillow.fromarray(image).resize(self.size[::-1], self._filter))
        planes = small.transpose(2, 0, 1).astype(np.float32) / np.float32(255)
        return np.asarray((planes - self._mean) / self._deviation)


def open_tower(architecture: str, weights: Path) -> Tower:
    """Build the model from OpenCLIP's configuration and load its weights.

    Raises:
        WeightsError: The file cannot be read or holds other weights.
    """
    model = build_model(architecture, weights)
    return Tower(model.visual, dict(open_clip.get_model_preprocess_cfg(model)))
