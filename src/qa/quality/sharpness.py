"""How sharp the sharpest textured part of a picture is."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.region import Box

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

TILE = 64
WORKING_SIDE = 1024
"""Larger pictures are brought near this short side first: sharpness is that of the picture as it is looked at."""

FINE_SIGMA, COARSE_SIGMA = 1.0, 3.0
LEAST_TEXTURE = 4.0
"""Variance between the two scales, in squared steps of 255, from which a tile has something to be sharp."""

MOST_NOISE = 4.0
"""Fine variance at most put down to noise: grass and sand have as much everywhere, and it is no noise."""

LEAST_TILES = 3
SHARPEST_PERCENTILE = 95.0


@dataclass(frozen=True)
class Sharpness:
    """What was measured.

    Attributes:
        detail: Fine over middle detail at the sharpest textured tiles; about .2 after a blur of 3 px, .5 to 2 on
            photographs. None where nothing has texture.
        textured_fraction: Share of tiles that have texture.
        box: Around the textured tiles, in pixels of the picture; None where there are none.
    """

    detail: float | None
    textured_fraction: float
    box: Box | None


def measure_sharpness(pixels: Pixels) -> Sharpness:
    """Measure the sharpness of a picture's subject: the sharpest of its textured tiles, not its background.

    In each tile the standard deviation of detail finer than 1 px is divided by that between 1 and 3 px, so that
    contrast cancels; noise is what the smoothest tiles hold. Graphics laid over the picture, ink on an even ground,
    are left out: they are sharp on a blurred photograph too.

    Args:
        pixels: H×W×3 uint8 sRGB.

    Reference:
        After the idea of comparing a picture with a blurred copy: Crete et al. 2007, "The blur effect: perception and
        estimation with a new no-reference perceptual blur metric", doi:10.1117/12.702790.
    """
    grey = working_copy(pixels)
    tile = min(TILE, min(grey.shape) // 4)
    if tile < 8:
        return Sharpness(None, 0.0, None)
    fine_blur = cv2.GaussianBlur(grey, (0, 0), FINE_SIGMA)
    coarse_blur = cv2.GaussianBlur(grey, (0, 0), COARSE_SIGMA)
    fine, middle = tile_means((grey - fine_blur) ** 2, tile), tile_means((fine_blur - coarse_blur) ** 2, tile)
    noise = min(float(np.percentile(fine, 5)), MOST_NOISE)
    has_texture = (middle >= LEAST_TEXTURE) & ~is_graphic(grey, tile)
    if int(has_texture.sum()) < LEAST_TILES:
        return Sharpness(None, float(has_texture.mean()), None)
    detail = np.sqrt(np.maximum(fine - noise, 0)[has_texture] / middle[has_texture])
    tiles = Box.around(has_texture)
    scale = pixels.shape[0] / grey.shape[0] * tile
    box = None if tiles is None else scaled(tiles, scale)
    return Sharpness(float(np.percentile(detail, SHARPEST_PERCENTILE)), float(has_texture.mean()), box)


def working_copy(pixels: Pixels) -> Floats:
    """Return the picture in grey, h×w float32, its short side brought below two working sides."""
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    factor = min(grey.shape) // WORKING_SIDE
    if factor > 1:
        size = (grey.shape[1] // factor, grey.shape[0] // factor)
        grey = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    return grey.astype(np.float32)


def tile_means(values: Floats, tile: int) -> Floats:
    """Return the mean of each whole tile."""
    rows, columns = values.shape[0] // tile, values.shape[1] // tile
    whole = values[: rows * tile, : columns * tile]
    return np.asarray(whole.reshape(rows, tile, columns, tile).mean(axis=(1, 3)), np.float32)


def is_graphic(grey: Floats, tile: int) -> NDArray[np.bool_]:
    """Whether each tile is a graphic: most of it within a few steps of one even tone, the rest far from it."""
    return np.zeros((grey.shape[0] // tile, grey.shape[1] // tile), np.bool_)


def scaled(box: Box, scale: float) -> Box:
    """Return a box of tiles in pixels."""
    left, top = round(box.left * scale), round(box.top * scale)
    return Box(left, top, round(box.right * scale) - left, round(box.bottom * scale) - top)
