"""Filters that drawings and harder photographs are made with."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Random = np.random.Generator


def calmed(pixels: Pixels, face: int, draw: Random, rounds: int) -> Pixels:
    """Return it without texture, edges kept."""
    size = max(5, round(face * 0.06))
    for _ in range(rounds):
        pixels = np.asarray(cv2.bilateralFilter(pixels, size, float(draw.uniform(25, 45)), size / 2), np.uint8)
    return pixels


def outlines(pixels: Pixels, face: int, draw: Random) -> NDArray[np.bool_]:
    """Return False on outlines."""
    grey = cv2.medianBlur(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), 5)
    block = 2 * max(2, round(face * 0.03)) + 1
    kept = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, block, draw.uniform(3, 8))
    return np.asarray(kept > 0)


def quantised(pixels: Pixels, levels: int) -> Pixels:
    """Return each channel in a few levels."""
    return rounded((np.floor(pixels / 256.0 * levels) + 0.5) * 256 / levels)


def clustered(pixels: Pixels, count: int) -> Pixels:
    """Return a picture in its `count` most telling colours."""
    cv2.setRNGSeed(0)
    flat = pixels.reshape(-1, 3).astype(np.float32)
    sample = flat[:: max(1, len(flat) // 20000)]
    _, _, centres = cv2.kmeans(sample, count, None, (3, 12, 1.0), 1, cv2.KMEANS_PP_CENTERS)
    nearest = np.argmin(((flat[:, None] - centres[None]) ** 2).sum(axis=2), axis=1)
    return centres[nearest].reshape(pixels.shape).astype(np.uint8)


def saturated(pixels: Pixels, factor: float) -> Pixels:
    """Return it with colours further from grey."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[:, :, None].astype(np.float32)
    return rounded(grey + (pixels - grey) * factor)


def grey_to_rgb(grey: Pixels) -> Pixels:
    """Return a grey picture with three channels."""
    return np.repeat(grey[:, :, None], 3, axis=2)


def rounded(values: NDArray[np.floating]) -> Pixels:
    """Return values as uint8."""
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)
