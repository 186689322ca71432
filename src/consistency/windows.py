"""Windows for a crowded picture: a small product has one that it fills well enough to be known."""

from __future__ import annotations

import math

import numpy as np

from consistency.region import Box

FRACTION = 0.3
"""Side of a window over the geometric mean of the picture's sides (`benchmarks/identity_sets.py --only windows`)."""

MOST_STEPS = 16
"""Windows down, and across: a strip a hundred times as long as it is wide is looked at with gaps, not for minutes."""


def overlapping(height: int, width: int, fraction: float = FRACTION) -> tuple[Box, ...]:
    """Return square windows that cover a picture and overlap by half, top to bottom, left to right.

    Example:
        >>> len(overlapping(1000, 1000))
        36
    """
    side = max(1, min(height, width, round(fraction * math.sqrt(height * width))))
    tops, lefts = (starts(length, side) for length in (height, width))
    return tuple(Box(left, top, side, side) for top in tops for left in lefts)


def starts(length: int, side: int) -> list[int]:
    """Return where windows of a side begin along a length: at most half a side apart, first and last at the ends."""
    count = min(MOST_STEPS, math.ceil(2 * (length - side) / side) + 1)
    return sorted({round(float(start)) for start in np.linspace(0, length - side, count)})
