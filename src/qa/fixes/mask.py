"""From the rough region of a finding to exactly the painted pixels, and how much paint each edge pixel holds."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.colorspace import Floats
from consistency.region import BoolMask

REACH = 24
"""Pixels beyond the found region, its holes filled, up to which connected paint of the same colour belongs to it. A
region's inside ends 5 px from its edges, so that parts narrower than 11 px are not found themselves."""

SHADED_REACH = 8
"""The same where shades of a colour count as it: a ground of its hue is soon among them."""

RIM = 4
"""Pixels around the paint that may hold some of it: antialiasing takes 1 or 2, JPEG's halved colour up to 4."""

NEIGHBOURHOOD = 4
"""Radius in which an edge pixel looks for the paint."""

BEYOND = 2
"""Radius in which it looks for what it is mixed with: the ground may vary too, and that is no paint."""

LEAST_COVER = 0.06
"""Cover taken for none: noise of the background."""

CRISP = 0.25
"""Median cover of a ring of pixels around the paint below which the edge has ended before it: what is found there
is the ground's own change of colour."""

ALIGNED = 0.9
"""Cosine from which a colour beyond the edge lies in the direction that an edge pixel is mixed towards."""

SQUARE = np.ones((3, 3), np.uint8)


def reach_of(mask: BoolMask, reach: int = REACH) -> BoolMask:
    """Return an H×W mask with its holes filled, grown by `reach` pixels."""
    filled = filled_holes(mask)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
    return np.asarray(cv2.dilate(filled.astype(np.uint8), disc) > 0)


def filled_holes(mask: BoolMask) -> BoolMask:
    """Return an H×W mask with everything that it encloses."""
    framed = cv2.copyMakeBorder((~mask).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    _, labels = cv2.connectedComponents(framed, connectivity=4)
    return np.asarray(np.asarray(labels)[1:-1, 1:-1] != labels[0, 0])


def eroded(mask: BoolMask, pixels: int) -> BoolMask:
    """Return an H×W mask without its outermost pixels; the picture's border is no edge."""
    square = np.ones((2 * pixels + 1,) * 2, np.uint8)
    return np.asarray(cv2.erode(mask.astype(np.uint8), square) > 0)


def painted_pixels(is_alike: BoolMask, mask: BoolMask, reach: int = REACH) -> BoolMask:
    """Return the pixels of the paint: alike ones connected with the found region, or enclosed by it.

    Args:
        is_alike: H×W, which pixels have the paint's colour.
        mask: H×W, the found region, roughly.
        reach: Pixels beyond it up to which connected ones count.
    """
    alike = is_alike & reach_of(mask, reach)
    count, found = cv2.connectedComponents(alike.astype(np.uint8), connectivity=8)
    labels = np.asarray(found)
    own = np.zeros(count, np.bool_)
    own[labels[alike & filled_holes(mask)]] = True
    paint = own[labels] & alike
    closed = cv2.morphologyEx(paint.astype(np.uint8), cv2.MORPH_CLOSE, SQUARE) > 0
    return np.asarray(paint | (closed & eroded(filled_holes(paint), 1) & mask))


def beyond_reach(is_alike: BoolMask, mask: BoolMask, paint: BoolMask, reach: int = REACH) -> float:
    """Return the share of a paint's outline beyond which the same colour goes on, out of reach.

    Args:
        is_alike: H×W, which pixels have the paint's colour.
        mask: H×W, the found region, roughly.
        paint: H×W, what `painted_pixels` gave.
        reach: As there.
    """
    outline = paint & ~eroded(paint, 1)
    around = (cv2.dilate(paint.astype(np.uint8), SQUARE) > 0) & is_alike & ~reach_of(mask, reach)
    cut = outline & (cv2.dilate(around.astype(np.uint8), SQUARE) > 0)
    return float(cut.sum() / max(1, outline.sum()))


@dataclass(frozen=True, eq=False)
class Cover:
    """How much of each pixel is paint.

    Attributes:
        alpha: H×W in [0, 1].
        paint: H×W, where it is all paint.
    """

    alpha: Floats
    paint: BoolMask


def cover_of(colors: Floats, paint: BoolMask) -> Cover:
    """Estimate how much paint the pixels around painted ones hold.

    A pixel at the edge is a mixture of the paint beside it and of what lies beyond: its cover is how far it has moved
    from the one to the other. Cover only falls with the distance, and ends within `RIM` pixels.

    Args:
        colors: H×W×3, in the encoding in which the picture was mixed.
        paint: H×W, pixels that are all paint.
    """
    alpha = paint.astype(np.float64)
    local = local_mean(colors, paint)
    level = paint.copy()
    for ring in range(RIM):
        carrying = (level & (alpha >= LEAST_COVER)).astype(np.uint8)
        fringe = (cv2.dilate(carrying, SQUARE) > 0) & ~level
        if not fringe.any():
            break
        limit = cv2.dilate(alpha, SQUARE)[fringe]
        found = np.minimum(cover_at(colors, local, paint, fringe), limit)
        if ring and np.median(found) < CRISP:
            break
        alpha[fringe] = found
        level |= fringe
    alpha[alpha < LEAST_COVER] = 0
    return Cover(alpha, paint)


def cover_at(colors: Floats, local: Floats, paint: BoolMask, fringe: BoolMask) -> Floats:
    """Return the cover of the n pixels of a fringe."""
    rows, columns = np.nonzero(fringe)
    inner = local[rows, columns]
    away = colors[rows, columns] - inner
    distance = np.linalg.norm(away, axis=-1)
    direction = away / np.maximum(distance, 1e-9)[:, None]
    furthest = distance.copy()
    height, width = paint.shape
    for down in range(-BEYOND, BEYOND + 1):
        for across in range(-BEYOND, BEYOND + 1):
            y, x = np.clip(rows + down, 0, height - 1), np.clip(columns + across, 0, width - 1)
            other = colors[y, x] - inner
            along = (other * direction).sum(axis=-1)
            is_beyond = along >= ALIGNED * np.linalg.norm(other, axis=-1)
            furthest = np.where(is_beyond & (along > furthest), along, furthest)
    return np.asarray(1 - distance / np.maximum(furthest, 1e-9))


def local_mean(values: Floats, where: BoolMask) -> Floats:
    """Return at each pixel the mean H×W×3 of the true pixels around it; the nearest ones' where there are none."""
    side = 2 * NEIGHBOURHOOD + 1
    weight = where.astype(np.float64)
    total = cv2.blur(values * weight[..., None], (side, side), borderType=cv2.BORDER_CONSTANT)
    count = cv2.blur(weight, (side, side), borderType=cv2.BORDER_CONSTANT)
    mean: NDArray[np.float64] = total.reshape(values.shape) / np.maximum(count, 1e-12)[..., None]
    return mean
