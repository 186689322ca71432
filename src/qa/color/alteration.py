"""What an edit changed where it must not: by colour, by structure, pixel by pixel and over large areas."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.colorspace import to_lab
from consistency.image import Image
from consistency.region import BoolMask
from consistency.structure import WINDOW, structure_similarity
from qa.color.difference import delta_e00

Float32 = NDArray[np.float32]

LOSSY_WINDOW = 7
"""Side of the mean over which lossy files are compared: what compression adds is noise of no mean."""

WIDE_WINDOW = 31
"""Side of the mean at which even compression at quality 60 leaves under ΔE00 1 in most of a picture."""

WIDE_SHARE = 0.2
"""A change of the allowed ΔE00 over this share of the picture is a shift of all its colours. Saved again as JPEG of
quality 85, up to .10 of a picture was over 1; shifted by 1.5, at least .28 (ten pictures never in the benchmark)."""

CONTRAST_SHARE = 0.15
"""ΔE00 allowed for each unit of contrast that both pictures have in the window: compression errs along edges."""

EXACT_AREA, LOSSY_AREA = 4, 150
"""Connected pixels from which a change counts. Saved again as JPEG of quality 85, the largest was 95."""

BLOCK = 8
"""Pixels around the mask that a lossy format changes with it: its blocks."""


@dataclass(frozen=True)
class Limits:
    """How far pixels outside the mask may move; fields as in the kit's section `locality`."""

    delta_e: float = 1.0
    lossy_delta_e: float = 3.0
    structure: float = 0.6


@dataclass(frozen=True, eq=False)
class Alteration:
    """What changed outside the mask.

    Attributes:
        p99: 99th percentile of ΔE00 outside.
        changed: H×W, where the change is more than it may be.
        largest: H×W, the largest connected part of it.
        is_shift: Whether the colours of the picture moved as a whole.
    """

    p99: float
    changed: BoolMask
    largest: BoolMask
    is_shift: bool = False


def alteration(before: Image, after: Image, allowed: BoolMask, limits: Limits, *, is_lossy: bool) -> Alteration:
    """Compare two pictures of one size outside a mask.

    Args:
        before: The picture before the edit, without alpha.
        after: The picture after it, without alpha.
        allowed: H×W, where it may differ.
        limits: How far pixels outside may move.
        is_lossy: Whether the picture after it was compressed with loss.
    """
    may = grown(allowed, BLOCK) if is_lossy else allowed
    first, second = colours(before), colours(after)
    second = np.where(may[..., None], first, second)  # so that what may change speaks through no window
    if np.array_equal(first, second):
        none = np.zeros(may.shape, np.bool_)
        return Alteration(0.0, none, none)
    lab = to_lab(first), to_lab(second)
    pixelwise = delta_e00(*lab).astype(np.float32)
    p99 = float(np.percentile(pixelwise[~may], 99)) if not may.all() else 0.0
    moved = smoothed_moves(first, second, lab, limits) if is_lossy else pixelwise > limits.delta_e
    moved |= restructured(lab, limits.structure)
    parts = large_parts(moved & ~may, LOSSY_AREA if is_lossy else EXACT_AREA)
    wide = (mean_moves(first, second, WIDE_WINDOW) > limits.delta_e) & ~may
    is_shift = bool(wide.sum() > WIDE_SHARE * max(1, (~may).sum()))
    changed = parts | wide if is_shift else parts
    return Alteration(p99, changed, largest_part(changed), is_shift)


def colours(image: Image) -> Float32:
    """Return the H×W×3 sRGB of a picture as floats, beyond [0, 1] where it was."""
    return image.extended if image.extended is not None else image.pixels.astype(np.float32) / np.float32(255)


def smoothed_moves(first: Float32, second: Float32, lab: tuple[Float32, Float32], limits: Limits) -> BoolMask:
    """Return where the local mean moved by more than compression moves it."""
    contrast = np.minimum(local_contrast(lab[0]), local_contrast(lab[1]))
    return np.asarray(mean_moves(first, second, LOSSY_WINDOW) > limits.lossy_delta_e + CONTRAST_SHARE * contrast)


def mean_moves(first: Float32, second: Float32, side: int) -> NDArray[np.float64]:
    """Return ΔE00 between the means over `side`×`side` pixels."""
    return delta_e00(to_lab(cv2.blur(first, (side, side))), to_lab(cv2.blur(second, (side, side))))


def local_contrast(lab: Float32) -> Float32:
    """Return the standard deviation of L*a*b* in each window."""
    mean = cv2.blur(lab, (LOSSY_WINDOW, LOSSY_WINDOW))
    variance = cv2.blur(lab * lab, (LOSSY_WINDOW, LOSSY_WINDOW)) - mean * mean
    return np.asarray(np.sqrt(np.maximum(variance, 0).sum(axis=-1)), np.float32)


def restructured(lab: tuple[Float32, Float32], least: float) -> BoolMask:
    """Return where edges or texture are others; nowhere in a picture smaller than the window."""
    if min(lab[0].shape[:2]) < WINDOW:
        return np.zeros(lab[0].shape[:2], np.bool_)
    return np.asarray(structure_similarity(lab[0][..., 0], lab[1][..., 0], 100.0) < least)


def grown(mask: BoolMask, pixels: int) -> BoolMask:
    """Return an H×W mask grown by `pixels` on every side."""
    square = np.ones((2 * pixels + 1,) * 2, np.uint8)
    return np.asarray(cv2.dilate(mask.astype(np.uint8), square) > 0)


def large_parts(mask: BoolMask, least: int) -> BoolMask:
    """Return the connected parts of an H×W mask that have at least `least` pixels."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    keep = np.asarray(stats)[:count, cv2.CC_STAT_AREA] >= least
    keep[0] = False
    return np.asarray(keep[np.asarray(labels)])


def largest_part(mask: BoolMask) -> BoolMask:
    """Return the largest connected part of an H×W mask; all false where there is none."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if count < 2:
        return np.zeros(mask.shape, np.bool_)
    return np.asarray(np.asarray(labels) == 1 + int(np.asarray(stats)[1:, cv2.CC_STAT_AREA].argmax()))
