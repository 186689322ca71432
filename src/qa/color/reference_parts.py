"""Where a subject's reference pictures carry a brand colour, and the same part on another picture of the subject."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import RLock

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.errors import ImageError
from consistency.image import Image, load_image
from consistency.region import BoolMask
from qa.color.claims import Claim
from qa.color.palette import Palette
from qa.color.readings import read_patch
from qa.color.regions import MARGIN, SCRAP, find_patches, joined

LONGEST_SIDE = 800
"""Pixels to which a picture is scaled down before keypoints are looked for."""

RATIO = 0.75
"""Lowe 2004, "Distinctive image features from scale-invariant keypoints", section 7.1, doi:10.1023/B:VISI.0000029664.
99615.94: nearest over second-nearest distance up to which a match counts; .8 there, stricter here."""

LEAST_MATCHES, LEAST_SHARE = 15, 0.3
"""Matches that must agree on one perspective, and their share of all."""

TOLERANCE = 4.0
"""Pixels by which a match may miss that perspective."""

MOST_SCALING = 6.0
"""Factor of length up to which a part may be smaller or larger than on the reference."""

SOFTENING = 2.0
"""Standard deviation of the blur, in pixels of the reference, that a match may miss edges by."""

OUTLINE = (MARGIN // 2, MARGIN + 3)
"""Pixels beyond a part's inside, which ends `MARGIN` from its edges, between which these edges are."""

BOUNDED, FAINT, MOST_OF_IT = 3.0, 0.5, 75
"""Median slope at the outline over that of three quarters of the inside, and the least that counts for the latter: 44
and more where a part was found again, in its colour or another, 1.5 at most where only the scenery was."""

RIGHT = 2.0
"""ΔE00 up to which a reference shows the colour, as it is, where it is lit, or with its shade taken away."""


@dataclass(frozen=True, eq=False)
class Keypoints:
    """What of a picture can be found again.

    Attributes:
        places: n×2, x and y in pixels of the picture.
        descriptors: n×128 (SIFT).
    """

    places: NDArray[np.float32]
    descriptors: NDArray[np.float32]


class ReferenceParts:
    """The parts of a subject's references that carry its colours; read when first asked, safe from several threads.

    Args:
        files: Name → bytes of the references.
        background: sRGB colour under transparent pixels.
    """

    def __init__(self, files: Mapping[str, bytes], background: tuple[int, int, int]) -> None:
        self._files, self._background = dict(files), background
        self._known: dict[tuple[bytes, int], list[tuple[Keypoints, BoolMask]]] = {}
        self._lock = RLock()

    def claim(self, points: Keypoints, image: Image, palette: Palette, index: int) -> Claim | None:
        """Return the part of a picture that matches where a reference carries a colour; None where none matches.

        Args:
            points: Keypoints of the picture.
            image: The picture.
            palette: The brand's colours.
            index: Which of them.
        """
        for reference, mask in self._parts(palette, index):
            matrix = perspective(reference, points)
            if matrix is None or not is_bounded_there(mask, matrix, image):
                continue
            size = image.width, image.height
            laid = cv2.warpPerspective(mask.astype(np.uint8), matrix, size, flags=cv2.INTER_NEAREST) > 0
            if laid.sum() >= SCRAP:
                return Claim.of_mask("reference", np.asarray(laid))
        return None

    def _parts(self, palette: Palette, index: int) -> list[tuple[Keypoints, BoolMask]]:
        key = (np.asarray(palette.lab).tobytes(), index)
        with self._lock:
            if key not in self._known:
                images = (readable(data, self._background) for data in self._files.values())
                masks = [(image, colored_part(image, palette, index)) for image in images if image is not None]
                self._known[key] = [(keypoints(image), mask) for image, mask in masks if mask is not None]
            return self._known[key]


def readable(data: bytes, background: tuple[int, int, int]) -> Image | None:
    """Return a reference, or None where it cannot be read, which the check of the subject says."""
    try:
        return load_image(data).on_background(background)
    except ImageError:
        return None


def colored_part(image: Image, palette: Palette, index: int) -> BoolMask | None:
    """Return where a reference shows a colour, H×W, edges left out; None where it does not."""
    right = []
    for patch in find_patches(image, palette)[index]:
        reading = read_patch(image, patch, palette.lab[index])
        if min(reading.plain, reading.lit, reading.shaded) <= RIGHT:
            right.append(patch)
    if not right:
        return None
    whole = joined(right)
    mask = np.zeros((image.height, image.width), np.bool_)
    mask[whole.box.slices] = whole.inside
    return mask


def is_bounded_there(mask: BoolMask, matrix: NDArray[np.float64], image: Image) -> bool:
    """Whether a picture has edges where a part would end on it, and none inside.

    Keypoints may lie on the scenery: where that is the same and the subject is elsewhere, they say nothing of the part.

    Args:
        mask: H×W of the reference, the part's inside.
        matrix: From the reference to the picture.
        image: The picture.
    """
    back = cv2.warpPerspective(cv2.cvtColor(image.pixels, cv2.COLOR_RGB2LAB), np.linalg.inv(matrix), mask.shape[::-1])
    smooth = cv2.GaussianBlur(back.astype(np.float32), (0, 0), SOFTENING)
    slopes = np.hypot(cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)).max(axis=2)
    near, far = (cv2.dilate(mask.astype(np.uint8), np.ones((2 * reach + 1,) * 2)) > 0 for reach in OUTLINE)
    inside = float(np.percentile(slopes[mask], MOST_OF_IT))
    return bool(np.median(slopes[far & ~near]) >= BOUNDED * max(inside, FAINT))


def keypoints(image: Image) -> Keypoints:
    """Return the keypoints of a picture."""
    scale = min(1.0, LONGEST_SIDE / max(image.height, image.width))
    grey = cv2.cvtColor(image.pixels, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    found, descriptors = cv2.SIFT.create(nfeatures=2000).detectAndCompute(small, None)
    if descriptors is None or not len(found):
        return Keypoints(np.zeros((0, 2), np.float32), np.zeros((0, 128), np.float32))
    places = np.array([point.pt for point in found], np.float32) / np.float32(scale)
    return Keypoints(places, np.asarray(descriptors, np.float32))


def perspective(reference: Keypoints, picture: Keypoints) -> NDArray[np.float64] | None:
    """Return the 3×3 map from a reference to a picture on which enough keypoints agree; None where they do not."""
    if min(len(reference.places), len(picture.places)) < LEAST_MATCHES:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(reference.descriptors, picture.descriptors, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < RATIO * pair[1].distance]
    if len(good) < LEAST_MATCHES:
        return None
    start = np.array([reference.places[match.queryIdx] for match in good])
    end = np.array([picture.places[match.trainIdx] for match in good])
    matrix, agreeing = cv2.findHomography(start, end, cv2.RANSAC, TOLERANCE)
    if matrix is None or agreeing.sum() < max(LEAST_MATCHES, LEAST_SHARE * len(good)):
        return None
    kept = agreeing.ravel() > 0
    scaling = float(
        np.sqrt(np.linalg.det(np.cov(end[kept].T)) / max(np.linalg.det(np.cov(start[kept].T)), 1e-9)) ** 0.5
    )
    is_plausible = 1 / MOST_SCALING <= scaling <= MOST_SCALING and np.linalg.det(matrix[:2, :2]) > 0
    return np.asarray(matrix, np.float64) if is_plausible else None
