"""The nearest colour of a palette in float64, for each colour given.

Most colours can only be nearest to one or two of a palette. Which, is found once for cells of 8³ colours, from ΔE00 at
a cell's corners and middle; the rest of the palette is not computed for them.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from consistency.colorspace import EPSILON, SLOPE, SRGB_TO_XYZ, WHITE, srgb_to_linear
from qa.color.ciede2000 import Planes, difference
from qa.color.threads import over_blocks

Float64 = NDArray[np.float64]
Codes = NDArray[np.int32]
Masks = NDArray[np.uint32]
Nearest = tuple[NDArray[np.uint8], Float64]
"""Index of the nearest colour, and its ΔE00."""

CELL_BITS = 5
MARGIN = 0.25
"""By how much of its own range over a cell's nine points ΔE00 may leave that range in between. With none to spare the
nearest colour was already among the candidates for all of 786,000 colours and 24 palettes; `benchmarks/color.py`
compares all 2^24 colours with every candidate computed."""

BLOCK = 1 << 16
"""Differences computed at a time: two threads seldom wait for each other between two steps of NumPy."""

_LINEAR = srgb_to_linear(np.arange(256) / 255)
_SRGB_TO_RELATIVE_XYZ = SRGB_TO_XYZ / WHITE[:, None]


def lab_of_codes(codes: Codes) -> Planes:
    """Return the L*a*b* planes of 8-bit colours written as r·65536 + g·256 + b."""
    return lab_of_linear([np.take(_LINEAR, codes >> shift & 255) for shift in (16, 8, 0)])


def lab_of_linear(planes: list[Float64]) -> Planes:
    """Return the L*a*b* planes of planes of linear sRGB."""
    red, green, blue = planes
    x, y, z = (_root(row[0] * red + row[1] * green + row[2] * blue) for row in _SRGB_TO_RELATIVE_XYZ)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def nearest_of_all(lab: Planes, palette: Float64) -> Nearest:
    """Return the nearest of a k×3 palette, every colour of it computed."""
    nearest = np.zeros(lab[0].shape, np.uint8), difference(lab, tuple(palette[0]), np)
    for place, reference in enumerate(palette[1:], start=1):
        keep_nearer(nearest, difference(lab, tuple(reference), np), place)
    return nearest


def nearest_of_codes(codes: Codes, palette: Float64, masks: Masks) -> Nearest:
    """Return the nearest of a k×3 palette for 8-bit colours; quickest where `codes` is in `by_candidates`.

    Args:
        codes: r·65536 + g·256 + b.
        palette: L*a*b*.
        masks: The palette's `candidate_masks`.
    """
    lab = lab_of_codes(codes)
    own_masks = masks[cell_of(codes)]
    some, every = (int(reduce(own_masks)) for reduce in (np.bitwise_or.reduce, np.bitwise_and.reduce))
    best, index = np.full(codes.shape, np.inf), np.zeros(codes.shape, np.uint8)
    for place in (place for place in range(len(palette)) if some >> place & 1):
        reference = tuple(palette[place])
        if every >> place & 1:
            keep_nearer((index, best), difference(lab, reference, np), place)
        else:
            own = np.flatnonzero(own_masks & np.uint32(1 << place))
            so_far = index[own], best[own]
            keep_nearer(so_far, difference((lab[0][own], lab[1][own], lab[2][own]), reference, np), place)
            index[own], best[own] = so_far
    return index, best


def keep_nearer(nearest: Nearest, distance: Float64, place: int) -> None:
    """Take colour `place` of the palette for what it is nearer to than the nearest so far, in place."""
    index, best = nearest
    is_nearer = distance < best
    np.copyto(best, distance, where=is_nearer)
    np.copyto(index, np.uint8(place), where=is_nearer)


def by_candidates(codes: Codes, masks: Masks) -> Codes:
    """Return codes in an order in which those with the same candidates stand together."""
    _, kinds = np.unique(masks, return_inverse=True)
    # NumPy sorts 16 bits by counting them, and there are 2^15 cells.
    return codes[np.argsort(kinds.astype(np.uint16)[cell_of(codes)], kind="stable")]


def all_by_candidates(masks: Masks) -> Codes:
    """Return all 2^24 codes in such an order."""
    cells = np.argsort(masks, kind="stable").astype(np.int32)
    within = np.arange(1 << CELL_BITS >> 2, dtype=np.int32)
    inside = (within[:, None, None] << 16 | within[:, None] << 8 | within).ravel()
    first = (cells >> 10) << 19 | (cells >> 5 & 31) << 11 | (cells & 31) << 3
    return (first[:, None] | inside).ravel()


def cell_of(codes: Codes) -> Codes:
    """Return which cell of 8³ colours each is in."""
    return codes >> 19 << 10 | (codes >> 11 & 31) << 5 | codes >> 3 & 31


@lru_cache(maxsize=8)
def candidate_masks(palette: bytes, threads: int) -> Masks:
    """Return for each cell a bit for each colour that can be the nearest of some colour in it.

    Args:
        palette: L*a*b*, k×3 float64, as bytes.
        threads: How many to use.
    """
    labs = np.frombuffer(palette).reshape(-1, 3)
    cell_points()
    low, high = zip(*over_blocks(lambda part: bounds(labs[part][0]), len(labs), 1, threads), strict=True)
    can_be = np.stack(low) <= np.stack(high).min(axis=0)
    masks = np.zeros(can_be.shape[1], np.uint32)
    for place, cells in enumerate(can_be):
        masks[cells] |= np.uint32(1 << place)
    return masks


def bounds(reference: Float64) -> tuple[Float64, Float64]:
    """Return the least and the greatest ΔE00 to a colour in each cell, a little more than its nine points say."""
    corners, middles = cell_points()
    side = (1 << CELL_BITS) + 1
    grid = in_blocks(corners, reference).reshape(side, side, side)
    low = high = in_blocks(middles, reference)
    for corner in np.ndindex(2, 2, 2):
        values = grid[tuple(slice(start, side - 1 + start) for start in corner)].ravel()
        low, high = np.minimum(low, values), np.maximum(high, values)
    spare = MARGIN * (high - low)
    return low - spare, high + spare


def in_blocks(lab: Planes, reference: Float64) -> Float64:
    """Return ΔE00 of planes to one colour, computed block by block."""
    parts = (tuple(plane[start : start + BLOCK] for plane in lab) for start in range(0, len(lab[0]), BLOCK))
    return np.concatenate([difference((p[0], p[1], p[2]), tuple(reference), np) for p in parts])


@lru_cache(maxsize=1)
def cell_points() -> tuple[Planes, Planes]:
    """Return the L*a*b* of the corners and of the middles of all cells."""
    step = 256 >> CELL_BITS
    ends = np.minimum(np.arange(0, 257, step), 255)
    return grid_of(ends), grid_of(np.arange(0, 256, step) + step // 2)


def grid_of(values: NDArray[np.int64]) -> Planes:
    """Return the L*a*b* of every colour whose channels are among `values`."""
    red, green, blue = np.meshgrid(values, values, values, indexing="ij")
    return lab_of_codes((red << 16 | green << 8 | blue).ravel().astype(np.int32))


def _root(t: Float64) -> Float64:
    return np.cbrt(np.maximum(t, EPSILON)) + SLOPE * (np.minimum(t, EPSILON) - EPSILON)
