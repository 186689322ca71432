"""A picture in three kilobytes: enough to tell a copy from a planned variant."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.errors import InputError

CELLS = 32
"""Cells a side: at 1024 px a cell is 32 px, so that one changed letter still moves its cell's mean."""

COARSE = 4


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """Mean colour of each of 32×32 cells.

    Attributes:
        cells: 32×32×3 uint8 sRGB.
    """

    cells: NDArray[np.uint8]

    @classmethod
    def of(cls, pixels: NDArray[np.uint8]) -> Self:
        """Return the fingerprint of an H×W×3 uint8 picture of any size."""
        return cls(np.asarray(cv2.resize(pixels, (CELLS, CELLS), interpolation=cv2.INTER_AREA), dtype=np.uint8))

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
        if len(data) != CELLS * CELLS * 3:
            raise InputError(f"{CELLS * CELLS * 3} bytes of a fingerprint", f"{len(data)} bytes")
        return cls(np.frombuffer(data, dtype=np.uint8).reshape(CELLS, CELLS, 3))

    @cached_property
    def coarse(self) -> NDArray[np.float32]:
        """Means of 4×4 blocks of 8×8 cells, 48 values: they differ by at most what the cells differ by."""
        side = CELLS // COARSE
        blocks = self.cells.reshape(COARSE, side, COARSE, side, 3).mean(axis=(1, 3), dtype=np.float32)
        return np.asarray(blocks.ravel(), dtype=np.float32)

    def difference_to(self, others: NDArray[np.uint8]) -> NDArray[np.int16]:
        """Return for each of n×32×32×3 cells the largest difference of any cell and channel, in levels 0..255."""
        gap = np.abs(others.astype(np.int16) - self.cells.astype(np.int16))
        return np.asarray(gap.reshape(len(others), -1).max(axis=1), dtype=np.int16)


class Index:
    """Fingerprints in the order they came, searched for the first that another one repeats.

    The coarse means rule out most of them exactly: a mean never differs more than what it is the mean of.

    Args:
        capacity: How many there will be at most.
    """

    def __init__(self, capacity: int) -> None:
        self._cells = np.empty((capacity, CELLS, CELLS, 3), np.uint8)
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
