"""Whether an encoder still tells pictures apart: a broken one finds everything alike."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from consistency.embedders.embedder import Embedder, Pixels
from consistency.errors import AnchorError

SIDE = 256
MOST_ALIKE = 0.9
"""Mean cosine between the probes; EfficientNet-Lite0 measures 0.38, a MobileNetV2 with broken quantisation 0.97."""


def refuse_collapsed(embedder: Embedder) -> None:
    """Embed pictures that have nothing in common and refuse an encoder that finds them alike.

    Raises:
        AnchorError: The encoder is collapsed or its vectors are not finite.
    """
    vectors = embedder.embed(probes()).pooled.astype(np.float64)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    alike = mean_cosine(vectors / lengths) if np.isfinite(lengths).all() and lengths.all() else float("nan")
    if not alike < MOST_ALIKE:
        got = f"a mean cosine of {alike:.3f} between unlike pictures"
        raise AnchorError("an encoder that tells pictures apart", got, f"check the weights of {embedder.spec.id}")


def mean_cosine(vectors: NDArray[np.float64]) -> float:
    """Return the mean cosine over all pairs of n×d vectors of unit length, n ≥ 2."""
    cosines = vectors @ vectors.T
    return float(cosines[np.triu_indices(len(vectors), 1)].mean())


def probes() -> list[Pixels]:
    """Return six S×S×3 pictures with nothing in common: noise, ramp, checks, disc, stripes, blots."""
    rng = np.random.default_rng(0)
    down, across = np.mgrid[0:SIDE, 0:SIDE] / SIDE
    disc = np.hypot(down - 0.5, across - 0.5) < 0.3
    blots = np.kron(rng.random((8, 8, 3)), np.ones((SIDE // 8, SIDE // 8, 1)))
    pictures = (
        rng.random((SIDE, SIDE, 3)),
        np.stack([down, across, 1 - down], axis=2),
        np.repeat((((down * 8).astype(int) + (across * 8).astype(int)) % 2)[:, :, None], 3, axis=2),
        np.where(disc[:, :, None], [0.9, 0.2, 0.1], [0.95, 0.95, 0.9]),
        np.where(((down * 20).astype(int) % 2 == 0)[:, :, None], [0.1, 0.2, 0.7], [0.9, 0.8, 0.2]),
        blots,
    )
    return [np.ascontiguousarray((picture * 255).astype(np.uint8)) for picture in pictures]
