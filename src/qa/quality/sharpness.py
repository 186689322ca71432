"""How sharp the sharpest textured part of a picture is."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.region import BoolMask, Box

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

WIDE_SIGMA, LEAST_STRUCTURE = 12.0, 25.0
"""A tile without texture that yet varies this much between 3 and 12 px has lost it: the blur was wide."""

LEAST_TILES = 3
SMALLEST_TILE = 8
LEAST_SHARE = 0.1

STRIDE, BESIDE, LETTER = 4, 6, 25
"""One pixel in 4×4 is looked at for artwork; of those, what lies within 6 of it, or is cut out of it up to 25 wide as
letters are, is left out."""

LEAST_GROUND = 0.01
"""Share of a picture in one exact 24-bit colour from which it is a drawn ground: photographs have none but white."""

EVEN = 3
"""Steps of 255 that a codec may change a drawn ground by."""

LEAST_EXACT = 0.5
"""Share of these that are the one exact colour on a drawn ground."""

SHARPEST_PERCENTILE = 90.0


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
    contrast cancels; noise is what the smoothest tiles hold. Graphics laid over the picture are left out: they are
    sharp on a blurred photograph too.

    Args:
        pixels: H×W×3 uint8 sRGB.

    Reference:
        After the idea of comparing a picture with a blurred copy: Crete et al. 2007, "The blur effect: perception and
        estimation with a new no-reference perceptual blur metric", doi:10.1117/12.702790.
    """
    copy = working_copy(pixels)
    grey = cv2.cvtColor(copy, cv2.COLOR_RGB2GRAY).astype(np.float32)
    tile = min(TILE, min(grey.shape) // 4)
    if tile < SMALLEST_TILE:
        return Sharpness(None, 0.0, None)
    fine_blur = cv2.GaussianBlur(grey, (0, 0), FINE_SIGMA)
    coarse_blur = np.asarray(cv2.GaussianBlur(grey, (0, 0), COARSE_SIGMA), np.float32)
    weight = (~near_artwork(copy)).astype(np.float32)
    fine = tile_means((grey - fine_blur) ** 2, weight, tile)
    middle = tile_means((fine_blur - coarse_blur) ** 2, weight, tile)
    noise = min(float(np.percentile(fine, 5)), MOST_NOISE)
    has_texture = middle >= LEAST_TEXTURE
    if int(has_texture.sum()) < LEAST_TILES:
        has_texture |= tile_means(wide_detail(coarse_blur), weight, tile) >= LEAST_STRUCTURE
    if int(has_texture.sum()) < LEAST_TILES:
        return Sharpness(None, float(has_texture.mean()), None)
    detail = np.sqrt(np.maximum(fine - noise, 0) / np.maximum(middle, LEAST_TEXTURE))[has_texture]
    tiles = Box.around(has_texture)
    scale = pixels.shape[0] / grey.shape[0] * tile
    box = None if tiles is None else scaled(tiles, scale)
    return Sharpness(float(np.percentile(detail, SHARPEST_PERCENTILE)), float(has_texture.mean()), box)


def working_copy(pixels: Pixels) -> Pixels:
    """Return the picture with its short side brought below two working sides by a whole factor."""
    factor = min(pixels.shape[:2]) // WORKING_SIDE
    if factor < 2:
        return pixels
    size = (pixels.shape[1] // factor, pixels.shape[0] // factor)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def near_artwork(pixels: Pixels) -> BoolMask:
    """Whether each pixel lies on or beside a ground of one single colour, as graphics laid over a picture do, h×w."""
    drawn = np.ascontiguousarray(pixels[::STRIDE, ::STRIDE])
    packed = drawn[..., 0].astype(np.int32) << 16 | drawn[..., 1].astype(np.int32) << 8 | drawn[..., 2]
    colors, counts = np.unique(packed, return_counts=True)
    found = np.zeros(packed.shape, np.uint8)
    for color, count in zip(colors, counts, strict=True):
        if count >= LEAST_GROUND * packed.size:
            found |= ground(drawn, int(color), int(count))
    closed = cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((LETTER, LETTER), np.uint8))
    near = cv2.dilate(closed, np.ones((2 * BESIDE + 1,) * 2, np.uint8))
    return np.asarray(cv2.resize(near, pixels.shape[1::-1], interpolation=cv2.INTER_NEAREST) > 0)


def wide_detail(coarse: Floats) -> Floats:
    """Return the squared detail between 3 and 12 px of a picture already blurred by 3, worked out at a quarter."""
    small = cv2.resize(coarse, (coarse.shape[1] // 4, coarse.shape[0] // 4), interpolation=cv2.INTER_AREA)
    squared = (small - cv2.GaussianBlur(small, (0, 0), WIDE_SIGMA / 4)) ** 2
    return np.asarray(cv2.resize(squared, coarse.shape[::-1], interpolation=cv2.INTER_NEAREST), np.float32)


def ground(drawn: Pixels, color: int, count: int) -> Pixels:
    """Return where a picture is of one packed colour, h×w, if that is a drawn ground; else all 0.

    A drawn ground is one exact colour; a wall or a sky has its neighbours as often.
    """
    channels = np.array([color >> shift & 255 for shift in (16, 8, 0)], np.int32)
    alike = cv2.inRange(drawn, np.maximum(channels - EVEN, 0), np.minimum(channels + EVEN, 255))
    if count < LEAST_EXACT * cv2.countNonZero(alike):
        return np.zeros(alike.shape, np.uint8)
    return np.asarray(cv2.morphologyEx(alike, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)


def tile_means(values: Floats, weight: Floats, tile: int) -> Floats:
    """Return the weighted mean of each whole tile, 0 where less than a tenth of it counts."""
    size = (values.shape[1] // tile, values.shape[0] // tile)
    whole = slice(0, size[1] * tile), slice(0, size[0] * tile)
    total = cv2.resize(values[whole] * weight[whole], size, interpolation=cv2.INTER_AREA)
    counted = cv2.resize(weight[whole], size, interpolation=cv2.INTER_AREA)
    return np.where(counted >= LEAST_SHARE, total / np.maximum(counted, LEAST_SHARE), 0).astype(np.float32)


def scaled(box: Box, scale: float) -> Box:
    """Return a box of tiles in pixels."""
    left, top = round(box.left * scale), round(box.top * scale)
    return Box(left, top, round(box.right * scale) - left, round(box.bottom * scale) - top)
