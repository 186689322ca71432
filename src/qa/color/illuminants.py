"""Whites of CIE illuminants, and colours adapted from them to D65, by colormath. Imported only where a kit needs it."""

from __future__ import annotations

import numpy as np
from colormath.chromatic_adaptation import apply_chromatic_adaptation
from colormath.color_constants import ILLUMINANTS

from consistency.colorspace import WHITE, Floats, lab_to_xyz, xyz_to_lab


def adapted(lab: Floats, illuminant: str, observer: str) -> Floats:
    """Return L*a*b* under D65, 2° observer, of L*a*b* under another illuminant.

    Args:
        lab: Three numbers, relative to the illuminant's white.
        illuminant: As colormath names it: "c", "d55".
        observer: "2" or "10" degrees.

    Reference:
        CIE 15:2018, tables of illuminants; Lam 1985 (Bradford), as colormath 3.0 has both.
    """
    white, target = ILLUMINANTS[observer][illuminant], ILLUMINANTS["2"]["d65"]
    x, y, z = (float(part) for part in lab_to_xyz(lab) / WHITE * np.array(white))
    seen = apply_chromatic_adaptation(x, y, z, white, target, observer="2", adaptation="bradford")
    # L*a*b* is relative to its white, so that colormath's rounding of D65 and ours are the same light.
    return xyz_to_lab(np.array(seen) / np.array(target) * WHITE)
