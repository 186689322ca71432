"""Long pictures and long lines in overlapping parts, each part answering for the middle of what it sees."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from consistency.region import Box

OVERLAP = 0.25
"""Share of a tile that its neighbour sees as well: both see the seam with an eighth of a tile around it."""


def spans_of(length: int, most: int, step: int = 1) -> Iterator[tuple[int, int, int, int]]:
    """Yield overlapping parts that cover a length: (seen from, seen to, kept from, kept to).

    The kept parts meet without overlap, each at the middle of what its neighbours both see.

    Args:
        length: What is covered; a multiple of `step`.
        most: Longest part seen; at least four times `step`.
        step: Parts begin and end at multiples of this.

    Example:
        >>> list(spans_of(1000, 600))
        [(0, 600, 0, 500), (400, 1000, 500, 1000)]
    """
    if length <= most:
        yield 0, length, 0, length
        return
    size = most // step * step
    count = math.ceil((length - size) / (size * (1 - OVERLAP))) + 1
    starts = [round(index * (length - size) / (count - 1) / step) * step for index in range(count)]
    seams = [0, *((start + last + size) // 2 for last, start in pairwise(starts)), length]
    for index, start in enumerate(starts):
        yield start, start + size, seams[index], seams[index + 1]


def tiles_of(height: int, width: int, most: int, step: int) -> Iterator[tuple[Box, Box]]:
    """Yield (seen, kept) boxes whose kept parts cover a picture once.

    Args:
        height: Of the picture in pixels; a multiple of `step`, like its width.
        width: Of the picture.
        most: Longest side seen at once.
        step: Seen boxes begin and end at multiples of this.
    """
    for top, bottom, first, last in spans_of(height, most, step):
        for left, right, start, end in spans_of(width, most, step):
            seen = Box(left, top, right - left, bottom - top)
            yield seen, Box(start, first, end - start, last - first)
