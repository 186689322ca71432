"""CIEDE2000, the colour difference that brand limits are stated in."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consistency.errors import InputError

Float64 = NDArray[np.float64]

FULL_TURN = 360.0
CHROMA_KNEE = 25.0**7


def delta_e00(lab_a: ArrayLike, lab_b: ArrayLike) -> Float64:
    """Return the CIEDE2000 difference of L*a*b* colours, exact in float64 (kL = kC = kH = 1).

    Defined for flat samples and small differences (under about 5); larger values only order colours.
    The sign of a hue difference of 180° turns on the last digits of a* and b*, so everything is float64.

    Args:
        lab_a: …×3 L*a*b* (D65) values; leading shapes broadcast.
        lab_b: …×3, likewise.

    Returns:
        Differences ≥ 0 of the broadcast leading shape.

    Raises:
        InputError: The last axis is not 3, or the shapes do not broadcast.

    Example:
        >>> float(delta_e00([50, 2.6772, -79.7751], [50, 0, -82.7485]).round(4))
        2.0425

    Reference:
        Sharma, Wu & Dalal 2005, "The CIEDE2000 color-difference formula", equations 2–22, doi:10.1002/col.20070.
    """
    first, second = np.asarray(lab_a, np.float64), np.asarray(lab_b, np.float64)
    check_shapes(first, second)
    lightness_a, lightness_b = first[..., 0], second[..., 0]
    a_a, b_a, a_b, b_b = first[..., 1], first[..., 2], second[..., 1], second[..., 2]

    stretch = 1.0 + neutral_stretch((np.hypot(a_a, b_a) + np.hypot(a_b, b_b)) / 2)  # eq. 2–5
    a_a, a_b = a_a * stretch, a_b * stretch
    chroma_a, chroma_b = np.hypot(a_a, b_a), np.hypot(a_b, b_b)  # eq. 6
    hue_a, hue_b = hue_degrees(a_a, b_a), hue_degrees(a_b, b_b)  # eq. 7

    is_neutral = chroma_a * chroma_b == 0
    turn = np.where(is_neutral, 0.0, hue_b - hue_a)
    turn = turn - FULL_TURN * (turn > 180) + FULL_TURN * (turn < -180)  # eq. 10
    delta_hue = 2 * np.sqrt(chroma_a * chroma_b) * np.sin(np.radians(turn / 2))  # eq. 11

    hue = mean_hue(hue_a, hue_b, is_neutral)
    chroma = (chroma_a + chroma_b) / 2
    lightness = (lightness_b - lightness_a) / lightness_weight((lightness_a + lightness_b) / 2)
    saturation = (chroma_b - chroma_a) / (1 + 0.045 * chroma)  # eq. 16
    tint = delta_hue / (1 + 0.015 * chroma * hue_weight(hue))  # eq. 17
    squared = lightness**2 + saturation**2 + tint**2 + blue_rotation(hue, chroma) * saturation * tint
    return np.asarray(np.sqrt(np.maximum(squared, 0.0)), np.float64)  # eq. 22


def check_shapes(first: Float64, second: Float64) -> None:
    """Refuse arrays whose last axis is not L*a*b* or whose leading shapes do not broadcast."""
    for lab in (first, second):
        if lab.ndim < 1 or lab.shape[-1] != 3:
            raise InputError("L*a*b* values with a last axis of 3", lab.shape)
    try:
        np.broadcast_shapes(first.shape, second.shape)
    except ValueError as error:
        raise InputError("two shapes that broadcast", f"{first.shape} and {second.shape}") from error


def hue_degrees(a: Float64, b: Float64) -> Float64:
    """Return the hue angle of a* and b* in [0, 360), 0 where both are 0 (equation 7)."""
    degrees = np.degrees(np.arctan2(b, a))
    return np.where(degrees < 0, degrees + FULL_TURN, degrees)


def mean_hue(first: Float64, second: Float64, is_neutral: NDArray[np.bool_]) -> Float64:
    """Return the mean of two hues along the shorter arc, in degrees (equation 14)."""
    total = first + second
    is_far = (np.abs(first - second) > 180) & ~is_neutral
    total = total + is_far * np.where(total < FULL_TURN, FULL_TURN, -FULL_TURN)
    return np.where(is_neutral, total, total / 2)


def neutral_stretch(chroma: Float64) -> Float64:
    """Return G, by which a* is stretched near the neutral axis (equation 4)."""
    seventh = chroma**7
    return np.asarray(0.5 * (1 - np.sqrt(seventh / (seventh + CHROMA_KNEE))), np.float64)


def lightness_weight(lightness: Float64) -> Float64:
    """Return S_L (equation 15)."""
    squared = (lightness - 50) ** 2
    return np.asarray(1 + 0.015 * squared / np.sqrt(20 + squared), np.float64)


def hue_weight(hue: Float64) -> Float64:
    """Return T of a hue in degrees (equation 15)."""
    radians = np.radians(hue)
    return np.asarray(
        1
        - 0.17 * np.cos(radians - np.radians(30))
        + 0.24 * np.cos(2 * radians)
        + 0.32 * np.cos(3 * radians + np.radians(6))
        - 0.20 * np.cos(4 * radians - np.radians(63)),
        np.float64,
    )


def blue_rotation(hue: Float64, chroma: Float64) -> Float64:
    """Return R_T, the interaction of chroma and hue in the blue region (equations 19–21)."""
    seventh = chroma**7
    spread = 2 * np.sqrt(seventh / (seventh + CHROMA_KNEE))
    angle = 30 * np.exp(-(((hue - 275) / 25) ** 2))
    return np.asarray(-np.sin(np.radians(2 * angle)) * spread, np.float64)
