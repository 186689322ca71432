"""Which colours there are, and how much of each: a vector that two pictures can be compared by."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from consistency.colorspace import srgb_to_oklab
from consistency.errors import InputError

BINS = 8
"""Steps of lightness and of both hues' axes: coarse, so that another light moves a colour by less than a step."""

LOW, HIGH = np.array([0.0, -0.32, -0.32]), np.array([1.0, 0.32, 0.32])
"""What Oklab spans: sRGB's b reaches from -0.31 to 0.20, its a from -0.23 to 0.28."""

MOST_PIXELS = 16384
"""Evenly picked where there are more: shares are then right to a hundredth."""


def colour_vector(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the square roots of the shares of colours, 512 float32 of unit length.

    The cosine of two such vectors is the Bhattacharyya coefficient of the shares: 1 for the same colours in the same
    amounts, wherever they are, 0 for none in common. A colour between two steps counts for both by its distance.

    Args:
        pixels: n×3 uint8 sRGB, n ≥ 1.

    Raises:
        InputError: No pixel, or another shape.
    """
    if pixels.ndim != 2 or pixels.shape[1] != 3 or not len(pixels):
        raise InputError("pixels n×3, n ≥ 1", pixels.shape)
    picked = pixels[:: -(-len(pixels) // MOST_PIXELS)].astype(np.float64) / 255
    steps = np.clip((srgb_to_oklab(picked) - LOW) / (HIGH - LOW), 0, 1) * (BINS - 1)
    lower = np.minimum(steps.astype(np.intp), BINS - 2)
    nearness = steps - lower
    shares = np.zeros(BINS**3)
    for corner in np.ndindex(2, 2, 2):
        index = np.ravel_multi_index(tuple((lower + corner).T), (BINS,) * 3)
        weight = np.where(corner, nearness, 1 - nearness).prod(axis=1)
        shares += np.bincount(index, weight, BINS**3)
    return np.asarray(np.sqrt(shares / shares.sum()), np.float32)
