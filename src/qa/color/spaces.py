"""From the numbers of a notation to CIE L*a*b* (D65): one conversion per space, in float64.

Colour spaces and whites as CSS Color 4 (W3C 2025, https://www.w3.org/TR/css-color-4/, sections 8 to 10) names them.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from consistency.colorspace import (
    WHITE,
    Floats,
    adaptation,
    lab_to_xyz,
    linear_to_xyz,
    oklab_to_srgb,
    srgb_to_linear,
    xyz_to_lab,
)

Conversion = Callable[[Floats], Floats]
"""Three numbers to L*a*b* (D65)."""

Chromaticities = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]

D50: Floats = np.array([0.3457 / 0.3585, 1.0, (1 - 0.3457 - 0.3585) / 0.3585])
"""XYZ of CSS Color 4's D50, from its chromaticity (section 10.1)."""

D65: Floats = np.array([0.3127 / 0.3290, 1.0, (1 - 0.3127 - 0.3290) / 0.3290])
"""XYZ of CSS Color 4's D65, from its chromaticity."""

TO_WHITE: Floats = np.diag(WHITE / D65)
"""From that D65 to the one of `consistency.colorspace`, a rounding of the same light (Z 1.08906 and 1.08875): L*a*b*
relative to either is the same."""

D50_TO_D65: Floats = TO_WHITE @ adaptation(D50, D65)

P3: Chromaticities = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
"""SMPTE EG 432-1:2010."""

A98: Chromaticities = ((0.6400, 0.3300), (0.2100, 0.7100), (0.1500, 0.0600))
"""Adobe RGB (1998), 4.3.1.1."""

PROPHOTO: Chromaticities = ((0.734699, 0.265301), (0.159597, 0.840403), (0.036598, 0.000105))
"""ISO 22028-2:2013 (ROMM RGB), as CSS Color 4 gives them."""


def primaries_to_xyz(primaries: Chromaticities, white: Floats) -> Floats:
    """Return the 3×3 matrix from linear RGB to XYZ, so that (1, 1, 1) is white (SMPTE RP 177-1993, 3.3)."""
    columns = np.array([(x / y, 1.0, (1 - x - y) / y) for x, y in primaries]).T
    matrix: Floats = columns * np.linalg.solve(columns, white)
    return matrix


P3_TO_XYZ: Floats = TO_WHITE @ primaries_to_xyz(P3, D65)
A98_TO_XYZ: Floats = TO_WHITE @ primaries_to_xyz(A98, D65)
PROPHOTO_TO_XYZ: Floats = D50_TO_D65 @ primaries_to_xyz(PROPHOTO, D50)

ADOBE_GAMMA = 563 / 256
"""Adobe RGB (1998), 4.3.4.2."""

ROMM_KNEE = 16 / 512
"""ISO 22028-2: encoded values below are a sixteenth, those above a power of 1.8."""


def srgb_to_lab(srgb: Floats) -> Floats:
    """Convert sRGB in [0, 1], or extended."""
    return linear_to_lab(srgb_to_linear(srgb))


def linear_to_lab(linear: Floats) -> Floats:
    """Convert linear-light sRGB."""
    return xyz_to_lab(linear_to_xyz(linear))


def p3_to_lab(rgb: Floats) -> Floats:
    """Convert Display-P3, whose transfer curve is sRGB's."""
    return xyz_to_lab(P3_TO_XYZ @ srgb_to_linear(rgb))


def a98_to_lab(rgb: Floats) -> Floats:
    """Convert Adobe RGB (1998)."""
    return xyz_to_lab(A98_TO_XYZ @ np.copysign(np.abs(rgb) ** ADOBE_GAMMA, rgb))


def prophoto_to_lab(rgb: Floats) -> Floats:
    """Convert ProPhoto RGB, whose white is D50."""
    size = np.abs(rgb)
    linear = np.copysign(np.where(size <= ROMM_KNEE, size / 16, size**1.8), rgb)
    return xyz_to_lab(PROPHOTO_TO_XYZ @ linear)


def d50_to_lab(lab: Floats) -> Floats:
    """Convert L*a*b* under D50, adapted by Bradford."""
    # L*a*b* is relative to its white; what stays is to adapt XYZ.
    return xyz_to_lab(D50_TO_D65 @ (lab_to_xyz(lab) / WHITE * D50))


def xyz_d65_to_lab(xyz: Floats) -> Floats:
    """Convert XYZ under D65."""
    return xyz_to_lab(TO_WHITE @ xyz)


def xyz_d50_to_lab(xyz: Floats) -> Floats:
    """Convert XYZ under D50, adapted by Bradford."""
    return xyz_to_lab(D50_TO_D65 @ xyz)


def oklab_to_lab(oklab: Floats) -> Floats:
    """Convert Oklab, L in [0, 1]."""
    return srgb_to_lab(oklab_to_srgb(oklab))


def polar(conversion: Conversion) -> Conversion:
    """Return the conversion of lightness, chroma and hue in degrees, given that of lightness, a and b."""

    def convert(lch: Floats) -> Floats:
        lightness, chroma, hue = lch
        angle = np.radians(hue)
        return conversion(np.array([lightness, chroma * np.cos(angle), chroma * np.sin(angle)]))

    return convert


def hsl_to_lab(hsl: Floats) -> Floats:
    """Convert hue in degrees, saturation and lightness in percent of sRGB (CSS Color 4, section 7.1)."""
    hue, saturation, lightness = hsl[0], hsl[1] / 100, hsl[2] / 100
    k = (np.array([0.0, 8.0, 4.0]) + hue / 30) % 12
    ramp = np.clip(np.minimum(k - 3, 9 - k), -1, 1)
    return srgb_to_lab(lightness - saturation * min(lightness, 1 - lightness) * ramp)


def hwb_to_lab(hwb: Floats) -> Floats:
    """Convert hue in degrees, whiteness and blackness in percent of sRGB (CSS Color 4, section 8.1)."""
    white, black = hwb[1] / 100, hwb[2] / 100
    if white + black >= 1:
        return srgb_to_lab(np.full(3, white / (white + black)))
    k = (np.array([0.0, 8.0, 4.0]) + hwb[0] / 30) % 12
    pure = 0.5 - 0.5 * np.clip(np.minimum(k - 3, 9 - k), -1, 1)
    return srgb_to_lab(pure * (1 - white - black) + white)


def same(lab: Floats) -> Floats:
    """Return L*a*b* (D65) as it is."""
    return lab
