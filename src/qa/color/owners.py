"""Which brand colour a pixel may belong to: a quick, coarse look that decides where to look closely."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from consistency.colorspace import to_lab
from qa.color.difference import Float64, delta_e00
from qa.color.palette import Palette
from qa.color.shading import is_same_chromaticity, without_shading

Pixels = NDArray[np.uint8]
Owners = NDArray[np.uint8]

CUT_OFF = 12.0
"""ΔE00 beyond which a pixel has nothing to do with a brand colour: more than twice what can still be repaired."""

SHADE_PENALTY = 6.0
"""ΔE00 by which a colour that fits only when its shade is taken away stands behind one that fits as it is."""

CELL_BITS = 6


def owners(pixels: Pixels, palette: Palette, cut_off: float = CUT_OFF) -> Owners:
    """Return which colour each pixel may belong to: 0 none, else its index + 1. Within one 6-bit cell of exact.

    A pixel belongs to the colour whose ΔE00 is least, as it is or, at a penalty, with its shade taken away. For the
    exact distance of every pixel use `Palette.nearest`.

    Args:
        pixels: H×W×3 uint8.
        palette: The brand's colours.
        cut_off: ΔE00 beyond which no colour owns a pixel.

    Returns:
        H×W uint8.
    """
    cells = pixels >> (8 - CELL_BITS)
    index = cells[..., 0].astype(np.int32)
    index <<= CELL_BITS
    index |= cells[..., 1]
    index <<= CELL_BITS
    index |= cells[..., 2]
    return np.take(owner_table(np.asarray(palette.lab, np.float64).tobytes(), cut_off), index)


@lru_cache(maxsize=32)
def owner_table(labs: bytes, cut_off: float) -> Owners:
    """Return the owner of each 6-bit colour cell, judged by the cell's middle.

    Args:
        labs: L*a*b* of the colours, k×3 float64, as bytes.
        cut_off: As in `owners`.
    """
    lab = cell_middles()
    best, owner = np.full(len(lab), cut_off), np.zeros(len(lab), np.uint8)
    for index, reference in enumerate(np.frombuffer(labs, np.float64).reshape(-1, 3)):
        close = np.flatnonzero(np.abs(lab - reference).max(axis=1) < 4 * cut_off)
        claim(best, owner, close, delta_e00(lab[close], reference), index)
        shaded = np.flatnonzero(is_same_chromaticity(lab, reference))
        relit = delta_e00(without_shading(lab[shaded], reference), reference) + SHADE_PENALTY
        claim(best, owner, shaded, relit, index)
    owner.setflags(write=False)
    return owner


@lru_cache(maxsize=1)
def cell_middles() -> Float64:
    """Return L*a*b* of the middle of each 6-bit cell, n×3."""
    steps = np.arange(1 << CELL_BITS) * (256 >> CELL_BITS) + (256 >> CELL_BITS) / 2 - 0.5
    middles = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    return to_lab(middles / 255).astype(np.float64)


def claim(best: Float64, owner: Owners, cells: NDArray[np.intp], scores: Float64, index: int) -> None:
    """Give colour `index` the cells where its score is the least so far, in place."""
    won = scores < best[cells]
    best[cells[won]] = scores[won]
    owner[cells[won]] = index + 1
