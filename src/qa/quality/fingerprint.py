"""A picture in five kilobytes: enough to tell a copy from a planned variant."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.errors import InputError

LUMA_CELLS = 64
"""Cells a side for lightness: at 1024 px a cell is 16 px, so that one changed digit of a price moves its cell by 9
levels and more, and saving as JPEG 60 by at most 6."""

CHROMA_CELLS = 16
"""Cells a side for the two colour channels, which JPEG stores at half the resolution and blurs at edges."""

SIZE = LUMA_CELLS**2 + 2 * CHROMA_CELLS**2
COARSE = 4


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """Mean lightness of each of 64×64 cells, mean colour of each of 16×16 (Y'CbCr, ITU-R BT.601).

    Attributes:
        cells: 4608 uint8: Y' row by row, then Cr, then Cb.
    """

    cells: NDArray[np.uint8]

    @classmethod
    def of(cls, pixels: NDArray[np.uint8]) -> Self:
        """Return the fingerprint of an H×W×3 uint8 sRGB picture of any size."""
        channels = cv2.split(cv2.cvtColor(pixels, cv2.COLOR_RGB2YCrCb))
        sides = (LUMA_CELLS, CHROMA_CELLS, CHROMA_CELLS)
        small = [
            cv2.resize(channel, (side, side), interpolation=cv2.INTER_AREA)
            for channel, side in zip(channels, sides, strict=True)
        ]
        return cls(np.concatenate([np.asarray(plane, np.uint8).ravel() for plane in small]))

    def to_text(self) -> str:
        """Return the fingerprint as base64."""
        return base64.b64encode(self.cells.tobytes()).decode("ascii")

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` wrote.

        Raises:
            InputError: Not a fingerprint.
        """
        data = base64.b64decode(text, validate=True)
        if len(data) != SIZE:
            raise InputError(f"{SIZE} bytes of a fingerprint", f"{len(data)} bytes")
        return cls(np.frombuffer(data, dtype=np.uint8))

    @cached_property
    def coarse(self) -> NDArray[np.float32]:
        """Mean of each channel's 4×4 blocks, 48 values: they differ by at most what the cells differ by."""
        planes = np.split(self.cells, [LUMA_CELLS**2, LUMA_CELLS**2 + CHROMA_CELLS**2])
        return np.concatenate([block_means(plane) for plane in planes])

    def difference_to(self, others: NDArray[np.uint8]) -> NDArray[np.int16]:
        """Return for each of n×4608 cells the largest difference of any cell, in levels 0..255."""
        gap = np.abs(others.astype(np.int16) - self.cells.astype(np.int16))
        return np.asarray(gap.max(axis=1), dtype=np.int16)


def block_means(plane: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the means of 4×4 blocks of a square plane given row by row, 16 values."""
    side = round(plane.size**0.5) // COARSE
    return np.asarray(plane.reshape(COARSE, side, COARSE, side).mean(axis=(1, 3), dtype=np.float32).ravel())


class Index:
    """Fingerprints in the order they came, searched for the first that another one repeats.

    The coarse means rule out most of them exactly: a mean never differs more than what it is the mean of.

    Args:
        capacity: How many there will be at most.
    """

    def __init__(self, capacity: int) -> None:
        self._cells = np.empty((capacity, SIZE), np.uint8)
        self._coarse = np.empty((capacity, COARSE * COARSE * 3), np.float32)
        self._count = 0

    def add(self, one: Fingerprint) -> None:
        """Put one behind the others."""
        self._cells[self._count] = one.cells
        self._coarse[self._count] = one.coarse
        self._count += 1

    def nearest(self, one: Fingerprint, limit: float) -> tuple[int, int] | None:
        """Return place and difference of the first within `limit` levels of `one`, or None."""
        candidates = np.arange(self._count)
        for column in range(self._coarse.shape[1]):
            near = np.abs(self._coarse[candidates, column] - one.coarse[column]) <= limit
            candidates = candidates[near]
            if not candidates.size:
                return None
        differences = one.difference_to(self._cells[candidates])
        within = np.flatnonzero(differences <= limit)
        return (int(candidates[within[0]]), int(differences[within[0]])) if within.size else None
