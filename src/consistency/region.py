"""Where something is: a box, a mask, a span of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consistency.errors import InputError

BoolMask = NDArray[np.bool_]


@dataclass(frozen=True, order=True)
class Box:
    """A rectangle in whole pixels of the upright image: left, top, width, height.

    Example:
        >>> str(Box(412, 220, 310, 96))
        '412,220 310×96'
    """

    left: int
    top: int
    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width < 1 or self.height < 1:
            raise InputError("a box at least one pixel wide and high", f"{self.width}×{self.height}")

    def __str__(self) -> str:
        return f"{self.left},{self.top} {self.width}×{self.height}"

    @property
    def right(self) -> int:
        """First column right of the box."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """First row below the box."""
        return self.top + self.height

    @property
    def area(self) -> int:
        """Pixels inside."""
        return self.width * self.height

    @property
    def slices(self) -> tuple[slice, slice]:
        """Row and column slices: `pixels[box.slices]` is the crop."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    def clipped(self, height: int, width: int) -> Box | None:
        """Return the part inside an image of `height`×`width`, or None where they do not meet."""
        left, top = max(0, self.left), max(0, self.top)
        right, bottom = min(width, self.right), min(height, self.bottom)
        return Box(left, top, right - left, bottom - top) if right > left and bottom > top else None

    def padded(self, pixels: int) -> Box:
        """Return the box grown by `pixels` on every side (not clipped)."""
        return Box(self.left - pixels, self.top - pixels, self.width + 2 * pixels, self.height + 2 * pixels)

    def moved(self, across: int, down: int) -> Box:
        """Return the box `across` pixels further right and `down` pixels further down."""
        return Box(self.left + across, self.top + down, self.width, self.height)

    def union(self, other: Box) -> Box:
        """Return the smallest box around both."""
        left, top = min(self.left, other.left), min(self.top, other.top)
        return Box(left, top, max(self.right, other.right) - left, max(self.bottom, other.bottom) - top)

    def intersection_over_union(self, other: Box) -> float:
        """Return the shared area over the joint area, in [0, 1]."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        shared = max(0, width) * max(0, height)
        return shared / (self.area + other.area - shared)

    @classmethod
    def around(cls, mask: BoolMask) -> Box | None:
        """Return the smallest box around the true pixels of an H×W mask, or None if there are none."""
        rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
        if not rows.size:
            return None
        left, top = int(columns[0]), int(rows[0])
        return cls(left, top, int(columns[-1]) - left + 1, int(rows[-1]) - top + 1)


@dataclass(frozen=True)
class Mask:
    """An H×W boolean mask, run-length encoded row by row; runs alternate false, true, starting with false.

    Example:
        >>> Mask.encode(np.array([[False, True], [True, True]])).runs
        (1, 3)
    """

    height: int
    width: int
    runs: tuple[int, ...]

    @classmethod
    def encode(cls, mask: BoolMask) -> Mask:
        """Encode an H×W boolean array."""
        if mask.ndim != 2 or mask.dtype != np.bool_:
            raise InputError("an H×W boolean mask", f"{mask.shape} {mask.dtype}")
        flat = mask.ravel()
        # The first run is of false pixels, and empty where the first pixel is true.
        starts = [0, 0] if flat.size and flat[0] else [0]
        bounds = np.concatenate((starts, np.flatnonzero(flat[1:] != flat[:-1]) + 1, [mask.size]))
        return cls(mask.shape[0], mask.shape[1], tuple(int(n) for n in np.diff(bounds)))

    def decode(self) -> BoolMask:
        """Return the H×W boolean array."""
        check_runs(self.runs, self.height * self.width)
        values = np.arange(len(self.runs)) % 2 == 1
        return np.repeat(values, self.runs).reshape(self.height, self.width)

    @property
    def area(self) -> int:
        """Number of true pixels."""
        return sum(self.runs[1::2])


@dataclass(frozen=True)
class Region:
    """What "where" is in a finding: a box, optionally its exact mask, optionally a span of a clip in seconds."""

    box: Box | None = None
    mask: Mask | None = None
    span_seconds: tuple[float, float] | None = None

    @classmethod
    def of_mask(cls, mask: BoolMask) -> Region | None:
        """Return the region of an H×W boolean array, or None where it is all false."""
        box = Box.around(mask)
        return None if box is None else cls(box, Mask.encode(mask))

    def __str__(self) -> str:
        parts = [str(self.box)] if self.box else []
        if self.span_seconds:
            parts.append(f"{self.span_seconds[0]:.2f}–{self.span_seconds[1]:.2f} s")
        return " ".join(parts)


def check_runs(runs: Sequence[int], size: int) -> None:
    """Refuse run lengths that are negative or do not add up to `size` pixels."""
    if any(n < 0 for n in runs) or sum(runs) != size:
        raise InputError(f"run lengths ≥ 0 that add up to {size}", f"a sum of {sum(runs)}")
