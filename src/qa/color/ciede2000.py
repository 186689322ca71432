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
_TERMS = ((0.0, 0), (-0.17, 30), (0.24, 0), (0.32, -6), (-0.20, 63))
"""Equation 15: the factor of cos(k·h − φ) and φ in degrees, for k = 0 to 4; the constant apart."""

_X = [factor * cos(radians(phase)) for factor, phase in _TERMS]
_Y = [factor * sin(radians(phase)) for factor, phase in _TERMS]

COSINES = (1 - _X[2] + _X[4], _X[1] - 3 * _X[3], 2 * _X[2] - 8 * _X[4], 4 * _X[3], 8 * _X[4])
SINES = (_Y[1] - _Y[3], 2 * _Y[2] - 4 * _Y[4], 4 * _Y[3], 8 * _Y[4])
"""T as a polynomial in the cosine of the hue, and one that is multiplied by its sine."""

TINY = 1e-150
"""Added to lengths that divide, so that the hue of a neutral colour is the vector (0, 0), of no direction; above what
a square loses to underflow."""


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
    hue, along, across = hues((a_a, b_a, chroma_a), (a_b, b_b, chroma_b), library)
    lightness = (lightness_b - lightness_a) / lightness_weight((lightness_a + lightness_b) * 0.5)
    saturation = (chroma_b - chroma_a) / (1 + 0.045 * chroma)  # eq. 16
    tint = hue / (1 + 0.015 * chroma * hue_weight(along, across))  # eq. 17
    rotation = blue_rotation(along, across, chroma, library)
    # Not negative but for rounding, since the rotation is at most 2.
    return abs(lightness * lightness + saturation * saturation + tint * (tint + rotation * saturation)) ** 0.5


def hues(first: Planes, second: Planes, library: ModuleType) -> Planes:
    """Return ΔH′ and the unit vector of the mean hue (equations 11 and 14).

    Args:
        first: a′, b′ and chroma.
        second: Likewise.
        library: `numpy` or `torch`.
    """
    (a_a, b_a, chroma_a), (a_b, b_b, chroma_b) = first, second
    # Each stretched by the other's chroma: two vectors of one length, the product of both.
    x_a, y_a, x_b, y_b = a_a * chroma_b, b_a * chroma_b, a_b * chroma_a, b_b * chroma_a
    x_chord, y_chord = x_b - x_a, y_b - y_a
    cross = a_a * b_b - b_a * a_b
    # Of two opposite hues, the smaller angle in [0, 360) comes first.
    is_lower = (b_a > 0) | ((b_a == 0) & (a_a > 0))
    turn = 2.0 * ((cross > 0) | ((cross == 0) & is_lower)) - 1.0
    # Between hues far apart the bisector stands on the chord; their sum has lost its digits.
    is_far = a_a * a_b + b_a * b_b < 0
    along = library.where(is_far, turn * y_chord, x_a + x_b)
    across = library.where(is_far, -turn * x_chord, y_a + y_b)
    shrink = 1 / (length(along, across) + TINY)
    delta = turn * length(x_chord, y_chord) / ((chroma_a * chroma_b) ** 0.5 + TINY)
    return delta, along * shrink, across * shrink


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
    """Return T of a hue given as a unit vector (equation 15).

    The cosines of multiples of an angle are polynomials in its cosine, the sines likewise times its sine (Chebyshev).
    """
    even, odd = COSINES, SINES
    by_cosine = (((even[4] * along + even[3]) * along + even[2]) * along + even[1]) * along + even[0]
    by_sine = ((odd[3] * along + odd[2]) * along + odd[1]) * along + odd[0]
    return by_cosine + across * by_sine


def blue_rotation(along: Plane, across: Plane, chroma: Plane, library: ModuleType) -> Plane:
    """Return R_T, the interaction of chroma and hue in the blue region (equations 19–21)."""
    hue = library.arctan2(across, along)
    hue = library.where(hue < 0, hue + 2 * pi, hue)
    offset = (hue - radians(275)) * (1 / radians(25))
    # sin 2x from tan x, for which NumPy has the quicker code.
    tangent = library.tan(radians(30) * library.exp(-offset * offset))
    return -4 * tangent / (1 + tangent * tangent) * seventh(chroma)
