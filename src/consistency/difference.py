"""Where a picture's subject differs from every reference: a map to look at, not a verdict."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.embedders.embedder import Features, Pixels
from consistency.errors import InputError
from consistency.facets import Embed, crop
from consistency.region import Box


def look_at(pixels: Pixels, box: Box | None, embed: Embed) -> NDArray[np.float32] | None:
    """Return the h×w×d map of features of the part inside a box (None: of all); None where the model has no such map.

    Args:
        pixels: H×W×3 uint8 sRGB.
        box: Where the subject is.
        embed: What turns pictures into features.
    """
    features: Features = embed([pixels if box is None else crop(pixels, box)])
    return None if features.dense is None else features.dense[0]


def difference_map(seen: NDArray[np.float32], references: Sequence[NDArray[np.floating]]) -> NDArray[np.float32]:
    """Return how unlike each place is to the most alike place of any reference, in [0, 1], h×w.

    A place counts by its share of the whole: what is behind the subject differs from picture to picture.

    Args:
        seen: h×w×d features of the picture's subject.
        references: h×w×d of each reference's.

    Raises:
        InputError: No reference, or maps of different depth.
    """
    depths = {each.shape[-1] for each in (seen, *references)}
    if not references or seen.ndim != 3 or len(depths) != 1:
        raise InputError("maps h×w×d of one depth", [each.shape for each in (seen, *references)])
    places = _unit(seen.reshape(-1, seen.shape[-1]))
    known = np.concatenate([_unit(each.reshape(-1, each.shape[-1])) for each in references])
    unlike = 1 - (places @ known.T).max(axis=1)
    mass = seen.reshape(-1, seen.shape[-1]).astype(np.float64)
    share = mass @ _unit(mass.sum(axis=0, keepdims=True))[0]
    weight = np.clip(share / max(float(share.max()), 1e-12), 0, 1)
    return np.asarray(np.clip(unlike * weight, 0, 1).reshape(seen.shape[:2]), np.float32)


def spread_over(values: NDArray[np.float32], box: Box | None, height: int, width: int) -> NDArray[np.float32]:
    """Return an h×w map over the box of an H×W picture, between the places by bilinear steps, 0 outside the box."""
    place = Box(0, 0, width, height) if box is None else box
    full = np.zeros((height, width), np.float32)
    full[place.slices] = cv2.resize(values, (place.width, place.height), interpolation=cv2.INTER_LINEAR)
    return full


def _unit(vectors: NDArray[np.floating]) -> NDArray[np.float64]:
    rows = vectors.astype(np.float64)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))
