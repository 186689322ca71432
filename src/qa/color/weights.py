"""Signed differences of lightness, chroma and hue around one colour, in ΔE00."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from qa.color.difference import Float64, delta_e00

STEP = 1e-3
"""How far a colour is moved, in L*a*b*, to see what ΔE00 makes of it: little, yet far more than rounding."""


def weighted_differences(lab: ArrayLike, reference: ArrayLike) -> Float64:
    """Return how much lighter, more vivid and further round in hue colours are than a reference, in ΔE00.

    Linear, so that differences add up. For a neutral reference chroma and hue are a* and b*.

    Args:
        lab: …×3 L*a*b* (D65).
        reference: L*a*b*.

    Returns:
        …×3: ΔL, ΔC, ΔH, each times the ΔE00 that one of it makes at the reference.

    Example:
        >>> weighted_differences([52, 0, 0], [50, 0, 0]).round(2).tolist()
        [2.0, 0.0, 0.0]
    """
    centre = np.asarray(reference, np.float64)
    difference = (np.asarray(lab, np.float64) - centre) @ directions(centre).T
    return np.asarray(difference * np.sqrt(np.diagonal(form_at(centre))), np.float64)


def even_differences(lab: ArrayLike, reference: ArrayLike) -> Float64:
    """Return …×3 differences to a reference whose length is ΔE00 near it, its rotation in blue included."""
    centre = np.asarray(reference, np.float64)
    difference = (np.asarray(lab, np.float64) - centre) @ directions(centre).T
    return np.asarray(difference @ np.linalg.cholesky(form_at(centre)), np.float64)


def directions(centre: Float64) -> Float64:
    """Return the directions lighter, more vivid, further round in hue as unit rows in L*a*b*."""
    chroma = float(np.hypot(centre[1], centre[2]))
    a, b = (centre[1] / chroma, centre[2] / chroma) if chroma > 0 else (1.0, 0.0)
    return np.array([[1.0, 0.0, 0.0], [0.0, a, b], [0.0, -b, a]])


def form_at(centre: Float64) -> Float64:
    """Return the 3×3 quadratic form of ΔE00² along the directions at a colour."""
    steps = STEP * directions(centre)

    def squared(step: Float64) -> float:
        return float(delta_e00(centre - step / 2, centre + step / 2)) ** 2 / STEP**2

    single = [squared(step) for step in steps]
    form = np.diag(single)
    for i, j in ((0, 1), (0, 2), (1, 2)):
        form[i, j] = form[j, i] = (squared(steps[i] + steps[j]) - single[i] - single[j]) / 2
    return form
