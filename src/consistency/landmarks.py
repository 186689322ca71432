"""Places of a subject that can be found again on another picture of it: corners and blobs of print, seams, edges."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.embedders.embedder import Pixels
from consistency.errors import InputError
from consistency.facets import crop
from consistency.region import Box

SIDE = 448
"""Pixels of the longer side at which a subject is looked at, however large it is on its picture."""

MOST = 500
"""Landmarks kept of a picture, the clearest. 512 pixels and 600 of them told a little more, areas of .997 instead of
.955 for print, and took 1.4 times as long."""

FAINTEST = 0.02
"""Contrast of the faintest landmark, half of OpenCV's default: lettering is often pale."""

NEXT_BEST = 0.85
"""A landmark's likeness counts where its distance is below this share of that to the second nearest (Lowe 2004,
section 7.1, takes 0.8)."""

TOLERANCE = 7.0
"""Pixels at `SIDE` by which a landmark may miss its place: round and bent surfaces are no planes."""

FEWEST = 4
"""Landmarks that agree by chance: three fix the six numbers of an affine map."""

MOST_SQUEEZED = 2.5
"""Ratio of an affine map's two scales beyond which it shows a chance agreement rather than another view."""

MOST_SCALED = 8.0
"""The same for each scale alone."""


@dataclass(frozen=True, eq=False)
class Landmarks:
    """Landmarks of one subject.

    Attributes:
        points: n×2 float32, across and down, in pixels of the subject's part of the picture at `SIDE`.
        descriptors: n×128 uint8, what each looks like.
        size: Width and height of that part at `SIDE`.
    """

    points: NDArray[np.float32]
    descriptors: NDArray[np.uint8]
    size: tuple[int, int]

    def __post_init__(self) -> None:
        if self.points.shape != (len(self.points), 2) or self.descriptors.shape != (len(self.points), 128):
            raise InputError("points n×2 and descriptors n×128", (self.points.shape, self.descriptors.shape))
        if self.points.dtype != np.float32 or self.descriptors.dtype != np.uint8:
            raise InputError("float32 points and uint8 descriptors", (self.points.dtype, self.descriptors.dtype))
        if not np.isfinite(self.points).all():
            raise InputError("points that are finite", "NaN or infinity")

    def __len__(self) -> int:
        return len(self.points)


@dataclass(frozen=True, eq=False)
class Match:
    """Landmarks of two pictures that are the same places of one subject.

    Attributes:
        pairs: k×2, places in the one's and in the other's landmarks; k = 0 where nothing agrees.
        affine: 2×3, from the one's points to the other's; None where nothing agrees.
    """

    pairs: NDArray[np.intp]
    affine: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.pairs)


def landmarks_of(pixels: Pixels, box: Box | None) -> Landmarks:
    """Return the landmarks of the subject in a box (None: the whole picture), by SIFT.

    Args:
        pixels: H×W×3 uint8 sRGB.
        box: Where the subject is.

    Reference:
        Lowe 2004, "Distinctive image features from scale-invariant keypoints", doi:10.1023/B:VISI.0000029664.99615.94;
        descriptors compared by the square root of their shares, after Arandjelović & Zisserman 2012,
        doi:10.1109/CVPR.2012.6248018.
    """
    part = pixels if box is None else crop(pixels, box)
    scale = SIDE / max(part.shape[:2])
    size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
    grey = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    found, raw = cv2.SIFT.create(nfeatures=MOST, contrastThreshold=FAINTEST).detectAndCompute(small, None)
    if raw is None or not len(found):
        return Landmarks(np.zeros((0, 2), np.float32), np.zeros((0, 128), np.uint8), size)
    points = np.array([each.pt for each in found], np.float32)
    shares = raw.astype(np.float64) / np.maximum(raw.sum(axis=1, dtype=np.float64, keepdims=True), 1e-12)
    return Landmarks(points, np.round(255 * np.sqrt(shares)).astype(np.uint8), size)


def mirrored(landmarks: Landmarks) -> Landmarks:
    """Return the landmarks of the same picture mirrored left to right, without looking at it again.

    A descriptor is 4×4 places × 8 directions about its own axis: mirroring turns the places across it and the sense
    of the directions round.
    """
    points = landmarks.points.copy()
    points[:, 0] = landmarks.size[0] - 1 - points[:, 0]
    cells = landmarks.descriptors.reshape(-1, 4, 4, 8)[:, ::-1][..., (-np.arange(8)) % 8]
    return Landmarks(points, np.ascontiguousarray(cells.reshape(-1, 128)), landmarks.size)


def matched(one: Landmarks, other: Landmarks) -> Match:
    """Return which landmarks of two pictures are the same places, all carried by one affine map.

    The estimate draws at random from a fixed state (OpenCV seeds it anew at each call), and distances are whole
    numbers, so that the answer hangs on nothing but the landmarks.
    """
    pairs = alike(one.descriptors, other.descriptors)
    nothing = Match(np.zeros((0, 2), np.intp))
    if len(pairs) < FEWEST:
        return nothing
    affine, is_inlier = cv2.estimateAffine2D(
        one.points[pairs[:, 0]],
        other.points[pairs[:, 1]],
        method=cv2.RANSAC,
        ransacReprojThreshold=TOLERANCE,
        maxIters=1000,
        confidence=0.999,
    )
    if affine is None or not is_view(affine):
        return nothing
    kept = pairs[is_inlier[:, 0].astype(bool)]
    return Match(kept, np.asarray(affine, np.float64)) if len(kept) >= FEWEST else nothing


def alike(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.intp]:
    """Return k×2 places of descriptors that are each other's nearest and nearer than the second nearest by far."""
    if len(one) < 2 or len(other) < 2:
        return np.zeros((0, 2), np.intp)
    a, b = one.astype(np.float32), other.astype(np.float32)
    apart = (a * a).sum(axis=1)[:, None] + (b * b).sum(axis=1)[None] - 2 * (a @ b.T)
    nearest = apart.argmin(axis=1)
    rows = np.arange(len(a))
    first = apart[rows, nearest]
    second = np.partition(apart, 1, axis=1)[:, 1]
    is_kept = (first < NEXT_BEST**2 * second) & (apart.argmin(axis=0)[nearest] == rows)
    return np.stack([rows[is_kept], nearest[is_kept]], axis=1)


def is_view(affine: NDArray[np.generic]) -> bool:
    """Whether an affine map may lead from one view of a subject to another: not mirrored, not squeezed flat."""
    linear = np.asarray(affine, np.float64)[:, :2]
    if not np.isfinite(linear).all() or np.linalg.det(linear) <= 0:
        return False
    larger, smaller = np.linalg.svd(linear, compute_uv=False)
    return bool(larger <= MOST_SQUEEZED * smaller and larger <= MOST_SCALED and smaller >= 1 / MOST_SCALED)
