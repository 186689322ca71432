"""Text along a curve: the ribbon that a bent region of the detector's map stands for, and its straight crop.

A ribbon is a chain of cuts across a line of text, each from its top edge to its bottom edge, along its reading
direction; a straight line needs none.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

MAX_FILLED = 0.85
"""A straight line's region fills at least this share of its rectangle; only others are looked at as curves."""

MIN_BEND = 0.3
"""A region is a curve where its centre line leaves the straight one by this share of its thickness."""

MIN_LENGTH = 4.0
"""A curve is at least this many times longer than thick; a letter alone has no curve."""

DEGREE = 4
"""Of the polynomial through the centre line: enough for an arc of 150 degrees, too little to follow letters."""

CUTS = 24
"""Cuts along a ribbon: at most 7 degrees from one to the next on an arc of 150 degrees."""

Ribbon = NDArray[np.float32]
"""CUTS×2×2: per cut its top and its bottom point (x, y)."""


def ribbon_of(contour: NDArray[Any], growth: float) -> Ribbon | None:
    """Return the ribbon of a bent region, or None where it is straight or no single line.

    Args:
        contour: The region's outline as OpenCV gives it, in pixels of the map.
        growth: Factor r of the outward offset A·r/L (area, perimeter), undoing the detector's shrunk kernels.
    """
    area, (_, sides, _) = cv2.contourArea(contour), cv2.minAreaRect(contour)
    if area >= MAX_FILLED * sides[0] * sides[1] or min(sides) < 1:
        return None
    mask, corner = _filled(contour)
    points = np.argwhere(mask)[:, ::-1].astype(np.float64) + corner
    centre, along, across = _axes(contour)
    u, v = (points - centre) @ along, (points - centre) @ across
    columns, inverse, counts = np.unique(np.round(u), return_inverse=True, return_counts=True)
    middle = np.bincount(inverse, v) / counts
    thickness = 2 * float(cv2.distanceTransform(np.pad(mask, 1), cv2.DIST_L2, 5).max())
    if len(columns) < MIN_LENGTH * thickness:
        return None
    fit = np.polynomial.Polynomial.fit(columns, middle, DEGREE)
    if np.ptp(fit(columns)) < MIN_BEND * thickness:
        return None
    offset = area * growth / cv2.arcLength(contour, True)
    u_even, v_even = _evenly(fit, float(columns[0]), float(columns[-1]), offset)
    line = centre + u_even[:, None] * along + v_even[:, None] * across
    return _cut(line, thickness / 2 + offset)


def _filled(contour: NDArray[Any]) -> tuple[NDArray[np.uint8], tuple[int, int]]:
    left, top, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height, width), np.uint8)
    cv2.drawContours(mask, [contour - (left, top)], -1, 1, cv2.FILLED)
    return mask, (left, top)


def _axes(contour: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return centre, long direction (to the right, or downwards) and the direction a quarter turn clockwise of it."""
    corners = cv2.boxPoints(cv2.minAreaRect(contour)).astype(np.float64)
    first, second = corners[1] - corners[0], corners[2] - corners[1]
    along = first if np.linalg.norm(first) >= np.linalg.norm(second) else second
    along = along / np.linalg.norm(along)
    if along[0] < -1e-6 or (abs(along[0]) <= 1e-6 and along[1] < 0):
        along = -along
    return corners.mean(axis=0), along, np.array([-along[1], along[0]])


def _evenly(fit: Any, start: float, end: float, beyond: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return CUTS points of a curve at equal distances along it, both ends lengthened by `beyond` along tangents."""
    u = np.linspace(start, end, 256)
    v = fit(u)
    for at, sign in ((0, -1), (-1, 1)):
        slope = float(fit.deriv()(u[at]))
        step = sign * beyond / np.hypot(1, slope)
        tip = (u[at] + step, v[at] + step * slope)
        u, v = (np.append(u, tip[0]), np.append(v, tip[1])) if sign > 0 else (np.r_[tip[0], u], np.r_[tip[1], v])
    length = np.r_[0, np.cumsum(np.hypot(np.diff(u), np.diff(v)))]
    even = np.linspace(0, length[-1], CUTS)
    return np.interp(even, length, u), np.interp(even, length, v)


def _cut(line: NDArray[Any], half: float) -> Ribbon:
    tangent = np.gradient(line, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], axis=1)
    return np.stack([line - half * normal, line + half * normal], axis=1).astype(np.float32)


def turned(ribbon: Ribbon) -> Ribbon:
    """Return a ribbon read from its other end, upside down."""
    return np.ascontiguousarray(ribbon[::-1, ::-1])


def crop_ribbon(image: Pixels, ribbon: Ribbon) -> Pixels:
    """Return the part of a picture along a ribbon, straightened."""
    middle = ribbon.mean(axis=1)
    width = max(1, round(float(np.linalg.norm(np.diff(middle, axis=0), axis=1).sum())))
    height = max(1, round(float(np.linalg.norm(ribbon[:, 1] - ribbon[:, 0], axis=1).mean())))
    at = np.linspace(0, len(ribbon) - 1, width, dtype=np.float32)
    low = np.minimum(at.astype(int), len(ribbon) - 2)
    share = (at - low)[:, None, None]
    cuts = ribbon[low] * (1 - share) + ribbon[low + 1] * share
    down = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None, None]
    places = (cuts[None, :, 0] * (1 - down) + cuts[None, :, 1] * down).astype(np.float32)
    straight = cv2.remap(image, places[..., 0], places[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return straight.astype(np.uint8, copy=False)
