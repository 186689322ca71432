"""The palette map computed, not looked up: for deep pictures pixel by pixel, for others colour by colour."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from consistency.colorspace import srgb_to_linear
from qa.color.palette_exact import BLOCK, Codes, Float64, lab_of_codes, lab_of_linear, nearest_of_all
from qa.color.palette_table import COLORS, Map, distinct
from qa.color.threads import over_blocks


def map_floats(srgb: NDArray[Any], palette: Float64, threads: int) -> Map:
    """Return index and ΔE00, both H×W, for H×W×3 extended sRGB floats; memory stays flat."""
    flat = srgb.reshape(-1, 3)
    index, delta = np.empty(len(flat), np.uint8), np.empty(len(flat), np.float32)

    def write(part: slice) -> None:
        linear = srgb_to_linear(flat[part].T)
        index[part], delta[part] = nearest_of_all(lab_of_linear(list(linear)), palette)

    over_blocks(write, len(flat), BLOCK, threads)
    return index.reshape(srgb.shape[:-1]), delta.reshape(srgb.shape[:-1])


def map_colors(pixels: NDArray[np.uint8], palette: Float64, threads: int) -> Map:
    """Return index and ΔE00, both H×W, for H×W×3 pixels: each distinct colour against the whole palette."""
    codes, place = distinct_codes(pixels)
    index, delta = np.empty(len(codes), np.uint8), np.empty(len(codes), np.float32)

    def write(part: slice) -> None:
        index[part], delta[part] = nearest_of_all(lab_of_codes(codes[part]), palette)

    over_blocks(write, len(codes), BLOCK, threads)
    return index[place], delta[place]


def distinct_codes(pixels: NDArray[np.uint8]) -> tuple[Codes, NDArray[np.int32]]:
    """Return the distinct colours of an H×W×3 picture as r·65536 + g·256 + b, and for each pixel which it is."""
    packed = pixels[..., 0].astype(np.int32) << 16 | pixels[..., 1].astype(np.int32) << 8 | pixels[..., 2]
    codes = distinct(packed)
    place = np.empty(COLORS, np.int32)  # only the places of colours that are there are ever touched
    place[codes] = np.arange(len(codes), dtype=np.int32)
    return codes, place[packed]
