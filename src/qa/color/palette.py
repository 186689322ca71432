"""A brand's colours, and which of them is nearest to each pixel."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from consistency.colorspace import to_lab
from consistency.errors import InputError
from consistency.image import Image
from qa.color.difference import Float64, delta_e00
from qa.color.shading import is_same_chromaticity, without_shading

Rgb = tuple[int, int, int]
Pixels = NDArray[np.uint8]
Owners = NDArray[np.uint8]

CUT_OFF = 12.0
"""ΔE00 beyond which a pixel has nothing to do with a brand colour: more than twice what can still be repaired."""

SHADE_PENALTY = 6.0
"""ΔE00 by which a colour that fits only when its shade is taken away stands behind one that fits as it is."""

CELL_BITS = 6
LARGEST_PALETTE = 254


class Palette:
    """Named sRGB colours, prepared for comparing pictures with them.

    Args:
        colors: Name → (r, g, b) in 0..255; 1 to 254 of them, no two equal.

    Raises:
        InputError: No colour, too many, two equal ones, or a channel out of range.

    Example:
        >>> index, delta_e = Palette({"blue": (0, 85, 170), "red": (200, 16, 46)}).nearest(
        ...     np.array([[[0, 85, 170], [200, 16, 46]]], np.uint8)
        ... )
        >>> index.tolist(), delta_e.round(2).tolist()
        ([[0, 1]], [[0.0, 0.0]])
    """

    def __init__(self, colors: Mapping[str, Rgb]) -> None:
        self.names = tuple(colors)
        self.colors = tuple((int(r), int(g), int(b)) for r, g, b in colors.values())
        if not 1 <= len(self.colors) <= LARGEST_PALETTE:
            raise InputError(f"1 to {LARGEST_PALETTE} colours", len(self.colors))
        if len(set(self.colors)) < len(self.colors):
            raise InputError("colours that differ from each other", sorted(self.colors))
        if not all(0 <= channel <= 255 for color in self.colors for channel in color):
            raise InputError("channels in 0..255", self.colors)

    @cached_property
    def lab(self) -> Float64:
        """L*a*b* (D65) of the colours, k×3."""
        return to_lab(np.array(self.colors, np.float64) / 255).astype(np.float64)

    def nearest(self, image: Image | Pixels) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
        """Return for each pixel the index of the nearest colour and its ΔE00, exact.

        Each distinct colour of the picture is compared once. For regions of a colour, `regions.find_regions` is
        quicker: it looks closely only where the colour can be.

        Args:
            image: An `Image`, or an H×W×3 uint8 array.

        Returns:
            Index H×W uint8 and ΔE00 H×W float32.
        """
        if isinstance(image, Image) and image.extended is not None:
            lab = to_lab(image)
            distances = delta_e00(lab[..., None, :], self.lab)
            return distances.argmin(axis=-1).astype(np.uint8), distances.min(axis=-1).astype(np.float32)
        pixels = image.pixels if isinstance(image, Image) else image
        if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:
            raise InputError("an H×W×3 uint8 picture", f"{pixels.shape} {pixels.dtype}")
        distinct, place = distinct_colors(pixels)
        distances = delta_e00(to_lab(distinct)[:, None], self.lab)
        return distances.argmin(axis=1).astype(np.uint8)[place], distances.min(axis=1).astype(np.float32)[place]

    def owners(self, pixels: Pixels, cut_off: float = CUT_OFF) -> Owners:
        """Return which colour each pixel may belong to: 0 none, else its index + 1. Within one 6-bit cell of exact.

        A pixel belongs to the colour whose ΔE00 is least, as it is or, at a penalty, with its shade taken away.

        Args:
            pixels: H×W×3 uint8.
            cut_off: ΔE00 beyond which no colour owns a pixel.
        """
        cells = pixels >> (8 - CELL_BITS)
        index = cells[..., 0].astype(np.int32)
        index <<= CELL_BITS
        index |= cells[..., 1]
        index <<= CELL_BITS
        index |= cells[..., 2]
        return np.take(owner_table(self.colors, cut_off), index)


@lru_cache(maxsize=32)
def owner_table(colors: tuple[Rgb, ...], cut_off: float) -> Owners:
    """Return the owner of each 6-bit colour cell, judged by the cell's middle."""
    steps = np.arange(1 << CELL_BITS) * (256 >> CELL_BITS) + (256 >> CELL_BITS) / 2 - 0.5
    middles = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    lab = to_lab(middles / 255).astype(np.float64)
    best, owner = np.full(len(lab), cut_off), np.zeros(len(lab), np.uint8)
    for index, reference in enumerate(Palette({"": colors[index]}).lab[0] for index in range(len(colors))):
        close = np.flatnonzero(np.abs(lab - reference).max(axis=1) < 4 * cut_off)
        shaded = np.flatnonzero(is_same_chromaticity(lab, reference))
        claim(best, owner, close, delta_e00(lab[close], reference), index)
        relit = delta_e00(without_shading(lab[shaded], reference), reference) + SHADE_PENALTY
        claim(best, owner, shaded, relit, index)
    owner.setflags(write=False)
    return owner


def claim(best: Float64, owner: Owners, cells: NDArray[np.intp], scores: Float64, index: int) -> None:
    """Give colour `index` the cells where its score is the least so far, in place."""
    won = scores < best[cells]
    best[cells[won]] = scores[won]
    owner[cells[won]] = index + 1


def distinct_colors(pixels: Pixels) -> tuple[Pixels, NDArray[np.int32]]:
    """Return the n×3 distinct colours of an H×W×3 picture, and for each pixel which of them it is."""
    packed = pixels[..., 0].astype(np.int32) << 16 | pixels[..., 1].astype(np.int32) << 8 | pixels[..., 2]
    is_present = np.zeros(1 << 24, np.bool_)
    is_present[packed] = True
    colors = np.flatnonzero(is_present)
    place = np.empty(1 << 24, np.int32)  # only the places of colours that are there are ever touched
    place[colors] = np.arange(len(colors), dtype=np.int32)
    channels = [(colors >> shift & 255).astype(np.uint8) for shift in (16, 8, 0)]
    return np.stack(channels, axis=1), place[packed]
