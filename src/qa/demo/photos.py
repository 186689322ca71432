"""The photographs that scikit-image carries in its wheel: prints and textures, never enlarged, never fetched."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image

from qa.demo.drawing import Pixels

PRINTS = ("coffee", "chelsea", "rocket", "astronaut", "hubble_deep_field")
"""Colour photographs to hang on a wall; all public domain or CC0."""

TEXTURES = ("brick", "grass", "gravel")
"""Grey 512×512 surfaces to tile."""

SUFFIXES = {"rocket": ".jpg", "hubble_deep_field": ".jpg"}


@cache
def photo(name: str) -> Pixels:
    """Return a bundled photograph as H×W×3 float32 sRGB in [0, 1] (read-only)."""
    path = Path(skimage.data.__file__).parent / f"{name}{SUFFIXES.get(name, '.png')}"
    with Image.open(path) as file:
        pixels = np.asarray(file.convert("RGB"), dtype=np.float32) / 255
    pixels.setflags(write=False)
    return pixels


def print_of(name: str, width: int) -> Pixels:
    """Return a photograph as a print at most `width` pixels wide, scaled down where it is wider, never up."""
    pixels = photo(name)
    height = round(pixels.shape[0] * width / pixels.shape[1])
    if width >= pixels.shape[1]:
        return pixels
    file = Image.fromarray((pixels * 255).astype(np.uint8))
    return np.asarray(file.resize((width, height), Image.Resampling.LANCZOS), dtype=np.float32) / 255


def texture(name: str, height: int, width: int) -> Pixels:
    """Return a grey surface, H×W float32 with mean 1, tiled by mirroring so that no seam shows."""
    grey = photo(name)[..., 0].T
    tile = np.block([[grey, grey[:, ::-1]], [grey[::-1], grey[::-1, ::-1]]])
    rows, columns = -(-height // tile.shape[0]), -(-width // tile.shape[1])
    surface = np.tile(tile, (rows, columns))[:height, :width]
    return np.asarray(surface / surface.mean(), np.float32)
