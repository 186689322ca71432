"""What is behind a subject: the picture without the part where its subject is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from consistency.colours import colour_vector
from consistency.embedders.embedder import Features, Pixels
from consistency.facets import Seen, is_plain, nothing, seen_at, unit
from consistency.localisation import subject_box
from consistency.region import Box

SMALLEST_SHARE = 0.1
"""Of the picture, what has to lie outside its subject: less says nothing of a place."""


def background_of(pixels: Pixels, whole: Features) -> Seen:
    """Return what is outside the localised subject: the mean of the features there, and the colours, each half.

    No further look at the picture is needed: the features are those of the whole one.

    Args:
        pixels: H×W×3 uint8 sRGB.
        whole: Its features (n = 1).
    """
    if is_plain(pixels):
        return nothing(whole.spec.id, "not_evaluable", "the picture is of one colour")
    box = subject_box(whole, *pixels.shape[:2], margin=0.0)
    if box is None or whole.dense is None:
        return nothing(whole.spec.id, "not_evaluable", "the embedder does not say where the subject is")
    cells = outside(box, pixels.shape[:2], whole.dense.shape[1:3])
    if box.area > (1 - SMALLEST_SHARE) * pixels.shape[0] * pixels.shape[1] or not cells.any():
        return nothing(whole.spec.id, "not_evaluable", "the subject fills the picture")
    is_behind = np.ones(pixels.shape[:2], np.bool_)
    is_behind[box.slices] = False
    features = unit(whole.dense[0][cells].mean(axis=0))
    vector = np.concatenate([features, colour_vector(pixels[is_behind])])
    return seen_at((None,), vector[None], whole.spec.id)


def outside(box: Box, size: tuple[int, ...], cells: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return which of the h×w cells of a map have their middle outside a box of an H×W picture."""
    down, across = ((np.arange(count) + 0.5) * length / count for count, length in zip(cells, size, strict=True))
    in_rows = (down >= box.top) & (down < box.bottom)
    in_columns = (across >= box.left) & (across < box.right)
    return ~(in_rows[:, None] & in_columns[None])
