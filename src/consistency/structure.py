"""Whether two pictures of one size have the same structure: edges and texture, whatever their colours."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.errors import InputError

Plane = NDArray[np.float32]

WINDOW = 7
"""Side of the window, as in scikit-image's default."""

K1, K2 = 0.01, 0.03
"""Constants of the paper, section III-B: they keep windows without contrast from dividing by nothing."""


def structure_similarity(first: NDArray[np.generic], second: NDArray[np.generic], span: float = 255.0) -> Plane:
    """Return the local structural similarity (SSIM) of two grey pictures.

    Args:
        first: H×W, at least 7×7.
        second: H×W, likewise.
        span: Range of the values, 255 for 8-bit ones and 100 for L*.

    Returns:
        H×W float32 in [-1, 1], 1 where the 7×7 window around a pixel is the same in both.

    Raises:
        InputError: The sizes differ, or are smaller than the window.

    Example:
        >>> ramp = np.add.outer(np.arange(9), np.arange(9)).astype(np.float32)
        >>> float(structure_similarity(ramp, ramp).min())
        1.0

    Reference:
        Wang, Bovik, Sheikh & Simoncelli 2004, "Image quality assessment: from error visibility to structural
        similarity", equation 13, doi:10.1109/TIP.2003.819861; with sample covariance.
    """
    if first.shape != second.shape or first.ndim != 2 or min(first.shape) < WINDOW:
        raise InputError(f"two grey pictures of one size, at least {WINDOW}×{WINDOW}", (first.shape, second.shape))
    a, b = first.astype(np.float64), second.astype(np.float64)
    mean_a, mean_b = _mean(a), _mean(b)
    unbiased = WINDOW**2 / (WINDOW**2 - 1)
    variance_a = unbiased * (_mean(a * a) - mean_a**2)
    variance_b = unbiased * (_mean(b * b) - mean_b**2)
    covariance = unbiased * (_mean(a * b) - mean_a * mean_b)
    c1, c2 = (K1 * span) ** 2, (K2 * span) ** 2
    above = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    below = (mean_a**2 + mean_b**2 + c1) * (variance_a + variance_b + c2)
    return np.asarray(above / below, np.float32)


def _mean(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(cv2.blur(plane, (WINDOW, WINDOW), borderType=cv2.BORDER_REFLECT), np.float64)
