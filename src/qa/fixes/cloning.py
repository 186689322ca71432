"""Filling letters' holes with pieces of the texture beside them, brought to the light they lie in."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from consistency.colorspace import Floats
from consistency.region import BoolMask

RING = 4
"""Pixels around a piece by which its source is chosen."""

LARGEST = 48
"""Side of a piece in pixels: larger ones find no like place."""


def cloned(encoded: Floats, hole: BoolMask, unknown: BoolMask) -> Floats:
    """Return a picture h×w×3 with a hole filled piece by piece from the likest places around it.

    The likest place is the one whose ring differs least (sum of squares); a smooth offset takes the piece to the
    colours of its own ring, as Poisson cloning does (Pérez, Gangnet and Blake 2003, doi:10.1145/882262.882269).

    Args:
        encoded: The picture, encoded sRGB.
        hole: h×w, what to fill.
        unknown: h×w, the hole and all else that is no background.
    """
    out, open_part = encoded.copy(), unknown.copy()
    for rows, columns in pieces(hole):
        part = hole[rows, columns]
        if not part.any():
            continue
        window = framed(rows, columns, hole.shape)
        piece = np.zeros(hole.shape, np.bool_)
        piece[rows, columns] = part
        source = likest(out, piece[window], open_part, window)
        known = ~open_part[window]
        values = spread_from(out[window], known) if source is None else adjusted(out[window], source, known)
        out[window][piece[window]] = values[piece[window]]
        open_part &= ~piece
    return out


def pieces(hole: BoolMask) -> Iterator[tuple[slice, slice]]:
    """Yield the parts of a hole: its connected parts from left to right, large ones cut."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(hole.astype(np.uint8), connectivity=8)
    for left, top, width, height, _ in sorted(map(tuple, np.asarray(stats)[1:].tolist())):
        for x in range(left, left + width, LARGEST):
            for y in range(top, top + height, LARGEST):
                yield slice(y, min(y + LARGEST, top + height)), slice(x, min(x + LARGEST, left + width))


def framed(rows: slice, columns: slice, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """Return a part with its ring, inside the picture."""
    return (
        slice(max(0, rows.start - RING), min(shape[0], rows.stop + RING)),
        slice(max(0, columns.start - RING), min(shape[1], columns.stop + RING)),
    )


def likest(encoded: Floats, piece: BoolMask, unknown: BoolMask, window: tuple[slice, slice]) -> Floats | None:
    """Return the pixels h×w×3 of the place whose ring is likest to a window's; None where no place is all known.

    Args:
        encoded: The whole picture.
        piece: h×w of the window, what is to be filled.
        unknown: Of the whole picture.
        window: Where the piece lies.
    """
    ring = (~unknown[window] & ~piece).astype(np.float32)
    wanted = (ring > 0) | piece
    if not ring.any():
        return None
    blocked = cv2.matchTemplate(unknown.astype(np.float32), wanted.astype(np.float32), cv2.TM_CCORR)
    mask = np.repeat(ring[..., None], 3, axis=-1)
    cost = cv2.matchTemplate(encoded.astype(np.float32), encoded[window].astype(np.float32), cv2.TM_SQDIFF, mask=mask)
    cost = np.where(blocked < 0.5, np.nan_to_num(cost, nan=np.inf), np.inf)
    if not np.isfinite(cost).any():
        return None
    top, left = divmod(int(np.argmin(cost)), cost.shape[1])
    return encoded[top : top + piece.shape[0], left : left + piece.shape[1]]


def adjusted(window: Floats, source: Floats, known: BoolMask) -> Floats:
    """Return a source h×w×3 in the light of the window it goes to."""
    return source + spread_from(window - source, known)


def spread_from(values: Floats, known: BoolMask) -> Floats:
    """Return values h×w×3 carried smoothly from the known pixels to the others: halved until all is known, and back.

    Reference: Gortler and others 1996, "The lumigraph", section 3.4.2 (pull and push), doi:10.1145/237170.237200.
    """
    weight = known.astype(np.float64)
    total = values * weight[..., None]
    return np.where(known[..., None], values, pulled(total, weight))


def pulled(total: Floats, weight: Floats) -> Floats:
    """Return the values h×w×3 that weighted sums stand for, gaps filled from the next coarser level."""
    height, width = weight.shape
    if min(height, width) <= 2:
        share = max(float(weight.sum()), 1e-9)
        return np.broadcast_to(total.sum(axis=(0, 1)) / share, total.shape).copy()
    size = ((width + 1) // 2, (height + 1) // 2)
    coarse_total = cv2.resize(cv2.blur(total, (3, 3)), size, interpolation=cv2.INTER_AREA)
    coarse_weight = cv2.resize(cv2.blur(weight, (3, 3)), size, interpolation=cv2.INTER_AREA)
    below = pulled(np.asarray(coarse_total, np.float64), np.asarray(coarse_weight, np.float64))
    coarse = cv2.GaussianBlur(cv2.resize(below, (width, height), interpolation=cv2.INTER_LINEAR), (3, 3), 0)
    trust = np.minimum(weight, 1.0)[..., None]
    own = total / np.maximum(weight, 1e-9)[..., None]
    return np.asarray(trust * own + (1 - trust) * coarse, np.float64)
