"""How much of a picture is burnt out or sunk in black."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.region import BoolMask, Region

Pixels = NDArray[np.uint8]

WORKING_SIDE = 768
BURNT, SUNK = 253, 4
"""Two of three channels at least this, or all three at most that, hold no detail."""

NEAR_WHITE, NEAR_BLACK = 235, 20
"""All channels at least this, or at most that, and connected to the border: a studio's background."""

BRIGHT, DARK = 205, 48
"""What surrounds a burnt highlight within 3 px, or a sunk shadow. Around white artwork is something else."""

SOFT_SHARE = 0.5
RING = 7
LEAST_SUBJECT = 0.25


@dataclass(frozen=True)
class Exposure:
    """Share of the subject that is clipped, and where.

    Attributes:
        highlights, shadows: Fractions of what is not background, in [0, 1].
        burnt, sunk: The clipped pixels, or None where there are none.
    """

    highlights: float
    shadows: float
    burnt: Region | None
    sunk: Region | None


def measure_exposure(pixels: Pixels) -> Exposure:
    """Measure clipped highlights and shadows inside the subject.

    Left out are near-white and near-black background connected to the border, and white or black artwork, which ends
    at an edge: what is burnt out fades in through bright tones, what is sunk through dark ones.

    Args:
        pixels: H×W×3 uint8 sRGB.
    """
    small = working_copy(pixels)
    low, middle, high = ordered_channels(small)
    white, black = reaching_border(low >= NEAR_WHITE), reaching_border(high <= NEAR_BLACK)
    burnt = fading((middle >= BURNT) & ~white, middle >= BRIGHT)
    sunk = fading((high <= SUNK) & ~black, high <= DARK)
    shape = pixels.shape[0], pixels.shape[1]
    return Exposure(share(burnt, white), share(sunk, black), region(burnt, shape), region(sunk, shape))


def working_copy(pixels: Pixels) -> Pixels:
    """Return the picture with its long side brought near 768 px by a whole factor."""
    factor = round(max(pixels.shape[:2]) / WORKING_SIDE)
    if factor < 2:
        return pixels
    size = (max(1, pixels.shape[1] // factor), max(1, pixels.shape[0] // factor))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def ordered_channels(pixels: Pixels) -> tuple[Pixels, Pixels, Pixels]:
    """Return each pixel's least, middle and greatest channel."""
    red, green, blue = cv2.split(pixels)
    small, large = cv2.min(red, green), cv2.max(red, green)
    middle = cv2.max(small, cv2.min(large, blue))
    return np.asarray(cv2.min(small, blue)), np.asarray(middle), np.asarray(cv2.max(large, blue))


def reaching_border(mask: BoolMask) -> BoolMask:
    """Return the connected parts of a mask that touch the picture's border."""
    count, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    is_outside = np.zeros(count, np.bool_)
    for edge in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        is_outside[edge] = True
    is_outside[0] = False
    return np.asarray(is_outside[labels])


def fading(clipped: BoolMask, is_close: BoolMask) -> BoolMask:
    """Return the connected parts of `clipped` around which at least half of the pixels are close in tone."""
    count, labels = cv2.connectedComponents(clipped.astype(np.uint8), connectivity=8)
    if count == 1:
        return clipped
    around = cv2.dilate(labels.astype(np.float32), np.ones((RING, RING), np.uint8)).astype(np.int32)
    around[clipped] = 0
    total, close = np.bincount(around.ravel(), minlength=count), np.bincount(around[is_close], minlength=count)
    is_soft = close >= SOFT_SHARE * np.maximum(total, 1)
    is_soft[0] = False
    return np.asarray(is_soft[labels])


def share(clipped: BoolMask, background: BoolMask) -> float:
    """Return the clipped fraction of what is not background, which counts as a quarter of the picture at least."""
    subject = max(background.size - int(background.sum()), LEAST_SUBJECT * background.size)
    return float(clipped.sum() / subject)


def region(clipped: BoolMask, shape: tuple[int, int]) -> Region | None:
    """Return the region of a working copy's mask in a picture of `shape`."""
    whole = cv2.resize(clipped.astype(np.uint8), shape[::-1], interpolation=cv2.INTER_NEAREST)
    return Region.of_mask(whole > 0)
