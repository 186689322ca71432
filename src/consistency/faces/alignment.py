"""A face turned and scaled to where recognition networks expect it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.errors import InputError

TEMPLATE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float64
)
"""Eyes, nose, corners of the mouth in a 112×112 crop: what ArcFace models were trained on (Deng et al. 2019)."""


def aligned(image: NDArray[np.uint8], landmarks: NDArray[np.float32], side: int) -> NDArray[np.uint8]:
    """Return the S×S×3 crop of the face with its five landmarks as near the template as a similarity gets them."""
    if side % 16 or side < 112:
        raise InputError("a side ≥ 112 that 16 divides", side)
    scale, shift = (side / 112, 0.0) if side % 112 == 0 else (side / 128, 8.0 * side / 128)
    matrix = similarity(landmarks.astype(np.float64), TEMPLATE * scale + [shift, 0.0])
    return np.asarray(cv2.warpAffine(image, matrix, (side, side), borderValue=0.0), np.uint8)


def similarity(source: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the 2×3 similarity that maps n×2 points to n×2 points with the least squared error.

    Reference:
        Umeyama 1991, eqs. 39–42; doi 10.1109/34.88573.
    """
    centre, goal = source.mean(axis=0), target.mean(axis=0)
    spread = ((source - centre) ** 2).sum()
    if not np.isfinite(spread) or spread == 0:
        raise InputError("points that differ", source.tolist())
    left, sizes, right = np.linalg.svd((target - goal).T @ (source - centre))
    signs = np.array([1.0, np.sign(np.linalg.det(left @ right))])
    turn = (sizes * signs).sum() / spread * (left * signs) @ right
    return np.hstack([turn, (goal - turn @ centre)[:, None]])
