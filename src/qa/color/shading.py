"""Light and shade: the same paint under less light.

Less light multiplies (L*+16), a* and b* by one factor, so that hue and C/(L*+16) stay. It does not hold for coloured
light, highlights, neutral and very dark colours.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from qa.color.difference import Float64, delta_e00
from qa.color.quantiles import quantiles

OFFSET = 16.0
"""CIE 15: L* = 116 f(Y) − 16, and a*, b* are differences of f, so f scales L* + 16, a* and b* alike."""

HUE_TOLERANCE_DEGREES = 10.0
PURITY_TOLERANCE = 0.25
DARKEST, LIGHTEST = 0.45, 1.12
"""Range of (L*+16) over the paint's own that is taken for shade: a tenth to one and a half times the light."""

LEAST_CHROMA = 12.0
"""Below this C* hue says nothing: greys of any lightness are not shades of each other."""

LIT_QUANTILES = (0.70, 0.95)
"""Between them lies the part of a surface that light falls on, without its highlights."""


def without_shading(lab: Float64, reference: Float64) -> Float64:
    """Return colours as they would look at the reference's lightness: (Lref, k·a, k·b), k = (Lref+16)/(L+16).

    Args:
        lab: …×3 L*a*b*.
        reference: L*a*b* of the paint.
    """
    gain = (reference[0] + OFFSET) / (lab[..., 0] + OFFSET)
    return np.stack([np.full(gain.shape, reference[0]), gain * lab[..., 1], gain * lab[..., 2]], axis=-1)


def is_same_chromaticity(lab: Float64, reference: Float64) -> NDArray[np.bool_]:
    """Whether colours could be the reference in shade: same hue, same C/(L*+16), no lighter. Never for greys."""
    chroma = float(np.hypot(reference[1], reference[2]))
    if chroma < LEAST_CHROMA:
        return np.zeros(lab.shape[:-1], np.bool_)
    scale = (lab[..., 0] + OFFSET) / (reference[0] + OFFSET)
    along = (lab[..., 1] * reference[1] + lab[..., 2] * reference[2]) / chroma
    across = np.abs(lab[..., 2] * reference[1] - lab[..., 1] * reference[2]) / chroma
    is_same_hue = across <= np.tan(np.radians(HUE_TOLERANCE_DEGREES)) * along
    is_as_pure = np.abs(np.hypot(lab[..., 1], lab[..., 2]) / (chroma * scale) - 1) <= PURITY_TOLERANCE
    return np.asarray(is_same_hue & is_as_pure & (scale >= DARKEST) & (scale <= LIGHTEST))


def lit_part(lab: Float64) -> Float64:
    """Return the colours of n×3 that light falls on: the upper part of lightness, highlights left out."""
    low, high = quantiles(lab[:, 0], *LIT_QUANTILES)
    return np.asarray(lab[(lab[:, 0] >= low) & (lab[:, 0] <= high)])


def lightness_spread(lab: Float64) -> float:
    """Return p95 − p5 of L* over n×3 colours: near nothing on flat artwork."""
    low, high = quantiles(lab[:, 0], 0.05, 0.95)
    return high - low


def shaded_distances(lab: Float64, reference: Float64) -> Float64:
    """Return ΔE00 of each colour to the reference after its shade is taken away."""
    return delta_e00(without_shading(lab, reference), reference)
