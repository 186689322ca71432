"""What colours a subject has, apart from light and dark, and how far that is from another picture of it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.colorspace import srgb_to_oklab
from consistency.embedders.embedder import Pixels
from consistency.facets import crop
from consistency.region import Box

SIDE = 96
"""Pixels across and down that are looked at: shares of colours need no more."""

MIDDLE = 0.3
"""Deviation of a pixel's weight from the middle of the box, over half its side: the background is at its edges.
0.3 to 0.5 measured .98 to .95 on `benchmarks/identity.py --only changes`."""

STEPS, REACH, BLUR = 24, 0.32, 1.5
"""Steps over Oklab's a and b from -REACH to REACH, and by how many of them a colour is spread: what another light
moves is still near."""

HUES, HUE_BLUR = 36, 1.0
"""The same for hues, 10° a step, each pixel weighed by its chroma."""

LENGTH = STEPS**2 + HUES


def colouring(pixels: Pixels, box: Box | None) -> NDArray[np.float32]:
    """Return the square roots of shares of colours and of shares of hues, 612 float32, each part of unit length.

    Args:
        pixels: H×W×3 uint8 sRGB.
        box: Where the subject is; None is the whole picture.
    """
    part = pixels if box is None else crop(pixels, box)
    small = cv2.resize(np.ascontiguousarray(part), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    _, a, b = srgb_to_oklab(small.reshape(-1, 3).astype(np.float64) / 255).T
    across = np.exp(-0.5 * ((np.arange(SIDE) + 0.5) / SIDE * 2 - 1) ** 2 / MIDDLE**2)
    weight = np.outer(across, across).ravel()
    steps = np.linspace(-REACH, REACH, STEPS + 1)
    inside = np.clip(np.stack([a, b], axis=1), -REACH, REACH)
    plane = np.histogramdd(inside, bins=[steps, steps], weights=weight)[0]
    spread = cv2.GaussianBlur(plane, (0, 0), BLUR, borderType=cv2.BORDER_CONSTANT)
    hue = np.degrees(np.arctan2(b, a)) % 360
    ring = np.histogram(hue, bins=HUES, range=(0, 360), weights=weight * np.hypot(a, b))[0]
    return np.concatenate([roots(spread.ravel()), roots(around(ring))]).astype(np.float32)


def colour_distance(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Return how far two colourings lie apart, in [0, 1]: 1 less the mean Bhattacharyya coefficient of both parts."""
    product = one.astype(np.float64) * other.astype(np.float64)
    return float(np.clip(1 - product.sum() / 2, 0, 1))


def around(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a ring of values, each spread over its neighbours."""
    reach = np.arange(-4, 5)
    kernel = np.exp(-0.5 * (reach / HUE_BLUR) ** 2)
    return np.asarray(np.stack([np.roll(ring, step) for step in reach], axis=1) @ (kernel / kernel.sum()))


def roots(values: NDArray[np.number[Any]]) -> NDArray[np.float64]:
    """Return the square roots of shares; of nothing, as for the hues of what is grey, of equal ones."""
    shares = values + 1e-12
    return np.asarray(np.sqrt(shares / shares.sum()))
