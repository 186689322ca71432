"""Where in a picture the subject is, read off a map of features: no reference, no detector, no training."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from consistency.embedders.embedder import MEAN_OF_PLACES, Features
from consistency.errors import InputError
from consistency.region import Box

SMALLEST_CELLS = 2
"""Cells of the map that a subject spans at least, down and across: fewer say nothing of its shape."""

NARROWEST = 0.8
"""A crop's shorter side is at least this share of its longer one: what is squeezed into a square is bent little."""


def subject_box(features: Features, height: int, width: int, *, margin: float) -> Box | None:
    """Return where the subject is: the part of the picture that most of its embedding comes from.

    A place counts by what it adds along the picture's own vector, less what an average place adds; the rectangle with
    the largest sum is taken, so that no size has to be stated.

    Args:
        features: Of the whole picture (n = 1).
        height, width: Pixels of the picture.
        margin: What is added on every side, as a share of the rectangle's longer side.

    Returns:
        The box, inside the picture; None where the model does not say where its vector comes from: `says_where`.

    Raises:
        InputError: Not the features of one picture.

    Reference:
        After Wei et al. 2017 (selective convolutional descriptors, doi 10.1109/TIP.2017.2688133), with a place weighed
        by its share of the pooled vector; chosen by `tools/compare_embeddings.py localise` for the default embedder.
    """
    if len(features) != 1:
        raise InputError("features of one picture", len(features))
    found = places(features)
    if found is None:
        return None
    shares = smoothed(found)
    top, bottom, left, right = heaviest_rectangle(shares - shares.mean())
    down, across = height / shares.shape[0], width / shares.shape[1]
    return grown((top * down, bottom * down), (left * across, right * across), (height, width), margin)


def says_where(features: Features) -> bool:
    """Whether a model tells where in a picture its vector comes from; else only whole pictures can be compared."""
    pooling = features.spec.pooling
    return features.shares is not None or (
        features.dense is not None and (pooling.startswith("gem(") or pooling == MEAN_OF_PLACES)
    )


def places(features: Features) -> NDArray[np.float64] | None:
    """Return the h×w map of what each place of one picture adds along its vector; None where that is not known.

    A model that tells it itself is believed. Of a generalised mean it is the place's part along the pooled vector;
    where the vector is made of the map's mean by further layers, the part along that mean.
    """
    if features.shares is not None:
        return np.asarray(features.shares[0], np.float64)
    if features.dense is None or not says_where(features):
        return None
    dense = features.dense[0]
    is_mean = features.spec.pooling == MEAN_OF_PLACES
    return shares_of(dense, dense.mean(axis=(0, 1), dtype=np.float32) if is_mean else features.pooled[0])


def shares_of(dense: NDArray[np.float32], pooled: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the h×w map of what each place of an h×w×d map adds along the pooled vector."""
    direction = pooled.astype(np.float64)
    return np.asarray(dense.astype(np.float64) @ (direction / max(float(np.linalg.norm(direction)), 1e-12)))


def smoothed(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return an h×w map, each place averaged with its neighbours by the binomial weights 1, 2, 1."""
    padded = np.pad(values, 1, mode="edge")
    rows = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    return np.asarray((rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) / 4)


def heaviest_rectangle(values: NDArray[np.float64]) -> tuple[int, int, int, int]:
    """Return top, bottom, left, right (the ends exclusive) of the rectangle with the largest sum; ties: the first."""
    height, width = values.shape
    sums = np.zeros((height + 1, width + 1))
    sums[1:, 1:] = values.cumsum(axis=0).cumsum(axis=1)
    tops, bottoms = spans(height)
    lefts, rights = spans(width)
    bands = sums[bottoms] - sums[tops]
    found = int((bands[:, rights] - bands[:, lefts]).argmax())
    band, column = divmod(found, len(lefts))
    return int(tops[band]), int(bottoms[band]), int(lefts[column]), int(rights[column])


def spans(length: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the starts and exclusive ends of every stretch of at least `SMALLEST_CELLS` cells, or of all there are."""
    shortest = min(SMALLEST_CELLS, length)
    starts, ends = np.triu_indices(length + 1, shortest)
    return starts, ends


def grown(rows: tuple[float, float], columns: tuple[float, float], size: tuple[int, int], margin: float) -> Box:
    """Return the box around rows and columns, grown by the margin, not too narrow, moved inside the picture."""
    height, width = rows[1] - rows[0], columns[1] - columns[0]
    surplus = 2 * margin * max(height, width)
    height, width = height + surplus, width + surplus
    longer = max(height, width)
    top, bottom = _inside(sum(rows) / 2, max(height, NARROWEST * longer), size[0])
    left, right = _inside(sum(columns) / 2, max(width, NARROWEST * longer), size[1])
    return Box(left, top, right - left, bottom - top)


def _inside(middle: float, length: float, limit: int) -> tuple[int, int]:
    """Return the start and end of a stretch that lies in 0..limit, moved rather than cut where it can be."""
    start = min(max(middle - length / 2, 0.0), max(limit - length, 0.0))
    first, last = int(start), min(limit, int(start + length))
    return min(first, limit - 1), max(last, min(first, limit - 1) + 1)
