"""EfficientNet-Lite0: the default embedder; its weights come with the installation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.embedders.embedder import EmbedderSpec, Features, LoadableEmbedder, Pixels
from consistency.embedders.pooling import generalised_mean
from consistency.errors import InputError
from consistency.runtime.networks import open_network
from consistency.runtime.sessions import Session
from consistency.runtime.side_by_side import SideBySide, calls_at_once
from consistency.runtime.tables import load_entry
from consistency.runtime.weights import WEIGHTS, Weight, verify

SIDE = 288
"""Pixels of the square input; larger ones measured no better (`tools/compare_embeddings.py inputs`)."""

EXPONENT = 3.0
"""Of the generalised mean: Radenović, Tolias and Chum 2018, eq. 3; doi 10.1109/TPAMI.2018.2846566."""

BATCHES = {"cpu": 1, "cuda": 16}
"""Pictures per call of the network by device, never a result: alone a picture's maps stay in a core's cache, which
`benchmarks/identity_speed.py` times."""

PREPROCESSING = f"squeeze to {SIDE}x{SIDE}, cv2 area, linear where a side is shorter; (x - 127) / 128"
BUILDERS = {"efficientnet_lite0": "consistency.embedders.efficientnet_module:build"}


class EfficientNetEmbedder(LoadableEmbedder):
    """Last feature map of EfficientNet-Lite0 (Tan and Le 2019, ImageNet), pooled by its generalised mean.

    The whole picture is squeezed into a square, whatever its aspect: nothing at the edges is lost.
    """

    def __init__(
        self,
        session: Session,
        spec: EmbedderSpec,
        device: str = "cpu",
        *,
        side: int = SIDE,
        many: SideBySide | None = None,
    ) -> None:
        self.spec = spec
        self._many = many
        self._side = side
        self.engine = session.engine
        self.device = device
        self._session = session

    @classmethod
    def load(
        cls, arguments: str, *, precision: str = "float32", device: str = "cpu", threads: int | None = None
    ) -> Self:
        """Load the network; the first time on a machine converts its weights, which takes some seconds.

        Raises:
            InputError: Arguments: this embedder takes none.
            MissingBackend: The package with the weights is not installed.
            WeightsError: The weights are not the pinned ones.
        """
        if arguments:
            raise InputError("efficientnet without arguments", arguments)
        weight = WEIGHTS["efficientnet_lite0"]
        path = verify(weight)
        spec = EmbedderSpec(
            weight.id, weight.sha256, "head activation", f"gem(p={EXPONENT:g})", PREPROCESSING, precision
        )
        session, many = open_sessions(
            weight,
            lambda: load_entry(BUILDERS, weight.id, "network")(path),
            SIDE,
            precision=precision,
            threads=threads,
            device=device,
        )
        return cls(session, spec, device, many=many)

    def embed(self, images: Sequence[Pixels]) -> Features:
        """Embed uint8 H×W×3 pictures: pooled n×1280, dense n×9×9×1280."""
        step = BATCHES[self.device]
        batches = [images[start : start + step] for start in range(0, len(images), step)]
        if self._many is not None and self._many.is_for(len(batches)):
            maps = self._many.map(self._maps, batches)
        else:
            maps = [self._maps(self._session, batch) for batch in batches]
        places = self._side // 32
        dense = np.concatenate(maps) if maps else np.zeros((0, places, places, 1280), np.float32)
        return Features(generalised_mean(dense, EXPONENT), dense, self.spec)

    def _maps(self, session: Session, images: Sequence[Pixels]) -> NDArray[np.float32]:
        batch = np.stack([prepare(image, self._side) for image in images])
        (maps,) = session.run({session.inputs[0]: batch}).values()
        return np.ascontiguousarray(maps.transpose(0, 2, 3, 1))


def open_sessions(
    weight: Weight, build: Callable[[], Any], side: int, *, precision: str, threads: int | None, device: str
) -> tuple[Session, SideBySide | None]:
    """Return the session for single pictures, and that for many: on the CPU, by OpenVINO, with two threads or more.

    `build` is called, and with it torch imported, only where the converted graph is not in the cache.
    """
    open_one = partial(
        open_network,
        f"{weight.id} {weight.sha256}",
        build,
        (1, 3, side, side),
        precision=precision,
        threads=threads,
        device=device,
    )
    session, count = open_one(), calls_at_once(threads)
    is_shared = session.engine == "openvino" and count > 1
    return session, SideBySide(partial(open_one, streams=count), count) if is_shared else None


def prepare(image: Pixels, side: int = SIDE) -> NDArray[np.float32]:
    """Return the network's input 3×S×S of a uint8 H×W×3 picture.

    Raises:
        InputError: Another shape or type.
    """
    if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or image.size == 0:
        raise InputError("a uint8 H×W×3 picture", f"{image.dtype} {image.shape}", "use load_image()")
    is_enlarged = min(image.shape[:2]) < side
    method = cv2.INTER_LINEAR if is_enlarged else cv2.INTER_AREA
    small = cv2.resize(image, (side, side), interpolation=method)
    planes = np.empty((3, side, side), np.float32)
    np.subtract(small.transpose(2, 0, 1), np.float32(127), out=planes)
    planes /= np.float32(128)
    return planes
