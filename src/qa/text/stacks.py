"""Upright letters one below the other: found as columns of regions, laid side by side to be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from qa.text.curves import Pixels
from qa.text.detection import Float32, TextRegion

MIN_ASPECT = 2.5
"""A column is this many times higher than wide: two letters could be two short lines."""

MAX_LETTER_ASPECT = 1.5
"""A region of a column is at most this many times wider than high."""

MAX_GAP = 1.2
"""Letters of a column are at most this many widths apart."""

MIN_CONTRAST = 0.25
"""A row of pixels holds part of a letter where it varies by this share of what the most varied row does."""


@dataclass(frozen=True, eq=False)
class Strip:
    """Letters of a column laid side by side.

    Attributes:
        pixels: The picture to read.
        seams: Where each letter's cell begins along the strip, and where the last ends, in [0, 1].
        rows: Where the same cells begin and end along the column, in [0, 1].
    """

    pixels: Pixels
    seams: tuple[float, ...]
    rows: tuple[float, ...]

    def along_column(self, places: Sequence[float]) -> tuple[float, ...]:
        """Return where places along the strip lie along the column."""
        return tuple(float(place) for place in np.interp(places, self.seams, self.rows))


def strip_of(column: Pixels) -> Strip | None:
    """Return the letters of an upright column side by side, or None where rows between letters cannot be told.

    Args:
        column: h×w×3 uint8, letters one below the other.
    """
    spread = cv2.cvtColor(column, cv2.COLOR_RGB2GRAY).astype(np.float32).std(axis=1)
    is_letter = np.concatenate(([False], spread > MIN_CONTRAST * spread.max(), [False]))
    edges = np.flatnonzero(is_letter[1:] != is_letter[:-1]).reshape(-1, 2)
    if len(edges) < 2:
        return None
    # A cell ends in the middle of the gap to the next letter.
    cuts = [0, *((edges[1:, 0] + edges[:-1, 1]) // 2), len(column)]
    cells = [
        _cell(column[max(first - 2, top) : min(last + 2, bottom)], column.shape[1])
        for (first, last), top, bottom in zip(edges, cuts, cuts[1:], strict=False)
    ]
    height = max(len(cell) for cell in cells)
    level = [_padded(cell, height) for cell in cells]
    widths = np.cumsum([0, *(cell.shape[1] for cell in level)])
    return Strip(np.concatenate(level, axis=1), tuple(widths / widths[-1]), tuple(np.array(cuts) / len(column)))


def _cell(cell: Pixels, width: int) -> Pixels:
    """Cut a letter's cell to the columns that vary, with room for the space between letters."""
    spread = cv2.cvtColor(cell, cv2.COLOR_RGB2GRAY).astype(np.float32).std(axis=0)
    inked = np.flatnonzero(spread > MIN_CONTRAST * max(float(spread.max()), 1e-6))
    room = max(1, round(0.06 * width))
    return cell[:, max(0, inked[0] - room) : inked[-1] + 1 + room] if inked.size else cell


def _padded(cell: Pixels, height: int) -> Pixels:
    """Stand a cell on the common base line, its edge rows repeated above and below."""
    below = max(1, round(0.15 * height))
    above = height - len(cell) + below
    return np.asarray(cv2.copyMakeBorder(cell, above, below, 0, 0, cv2.BORDER_REPLICATE), np.uint8)


def columns_of(regions: Sequence[TextRegion]) -> list[tuple[TextRegion, ...]]:
    """Return the runs of regions that look like single letters one below the other, from the top."""
    letters = sorted((region for region in regions if _is_letter(region)), key=lambda region: _bounds(region)[1])
    columns: list[list[TextRegion]] = []
    for letter in letters:
        column = next((column for column in columns if _is_below(column[-1], letter)), None)
        if column is None:
            columns.append([letter])
        else:
            column.append(letter)
    long = [tuple(column) for column in columns if len(column) > 1 and _is_long(column)]
    return [column for column in long if not _has_neighbour(column, regions)]


def around(column: Sequence[TextRegion]) -> TextRegion:
    """Return the upright region around a column."""
    points = np.concatenate([region.quad for region in column])
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return TextRegion(np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32))


def _bounds(region: TextRegion) -> tuple[float, float, float, float]:
    return tuple(float(v) for v in (*region.quad.min(axis=0), *region.quad.max(axis=0)))  # type: ignore[return-value]


def _is_letter(region: TextRegion) -> bool:
    left, top, right, bottom = _bounds(region)
    return region.ribbon is None and right - left <= MAX_LETTER_ASPECT * (bottom - top)


def _is_long(column: Sequence[TextRegion]) -> bool:
    left, top, right, bottom = _bounds(around(column))
    return bottom - top >= MIN_ASPECT * (right - left)


def _is_below(upper: TextRegion, lower: TextRegion) -> bool:
    a, b = _bounds(upper), _bounds(lower)
    narrow, wide = sorted((a[2] - a[0], b[2] - b[0]))
    apart = abs((a[0] + a[2]) - (b[0] + b[2])) / 2
    return wide <= 2 * narrow and apart <= 0.3 * wide and b[1] - a[3] <= MAX_GAP * wide


def _has_neighbour(column: Sequence[TextRegion], regions: Sequence[TextRegion]) -> bool:
    """Whether text stands beside a letter of the column, as beside the numbers of a list."""
    for letter in column:
        left, top, right, bottom = _bounds(letter)
        for other in regions:
            a = _bounds(other)
            shared = min(a[3], bottom) - max(a[1], top)
            near = max(a[0] - right, left - a[2]) <= 2 * (right - left)
            if all(other is not each for each in column) and near and shared > 0.5 * min(bottom - top, a[3] - a[1]):
                return True
    return False


def downwards(quad: Float32) -> Float32:
    """Return corners of an upright box as those of a line that runs down."""
    return np.roll(quad, -1, axis=0)
