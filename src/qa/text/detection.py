"""Where text is: a detector's probability map turned into quadrilaterals.

Reference: Liao et al. 2020, "Real-time scene text detection with differentiable binarization",
doi:10.1609/aaai.v34i07.6812.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.runtime.sessions import Session
from qa.text.curves import Ribbon, ribbon_of
from qa.text.tiling import tiles_of

Pixels = NDArray[np.uint8]
Float32 = NDArray[np.float32]

STRIDE = 32
"""The detector's input sides are multiples of this."""


@dataclass(frozen=True)
class DetectionOptions:
    """How a picture is shown to the detector, and what counts as text.

    Attributes:
        area: Pixels that a picture is shrunk to, whatever its shape; smaller ones stay as they are.
        max_shrink: A picture is never shrunk by more than this factor …
        max_area: … except to stay within this many pixels, which bounds time and memory.
        tile: Longest side that the detector sees at once; a longer picture is shown in overlapping tiles.
        pixel_threshold: Probability above which a pixel belongs to text.
        box_threshold: Mean probability inside a box below which it is dropped.
        growth: Factor r of the outward offset A·r/L (area, perimeter), undoing the detector's shrunk kernels.
        min_side: Boxes with a shorter side, in pixels of the map, are specks.
        max_boxes: Boxes kept, the largest first; bounds time on pictures that are all texture.
    """

    area: int = 512 * 512
    max_shrink: float = 2.0
    max_area: int = 3200 * 3200
    tile: int = 1600
    pixel_threshold: float = 0.3
    box_threshold: float = 0.5
    growth: float = 1.6
    min_side: int = 3
    max_boxes: int = 200


@dataclass(frozen=True, eq=False)
class TextRegion:
    """Where one line of text is.

    Attributes:
        quad: 4×2 float32 corners (x, y) in pixels of the picture, clockwise from the corner nearest the top left.
        ribbon: Cuts across the line where it is bent; None where it is straight.
    """

    quad: Float32
    ribbon: Ribbon | None = None

    def scaled(self, scale: Float32, limit: Float32) -> TextRegion:
        """Return the region in pixels of a picture `scale` times as large, its corners inside `limit` (x, y)."""
        ribbon = None if self.ribbon is None else (self.ribbon * scale).astype(np.float32)
        return TextRegion(np.clip(self.quad * scale, 0, limit), ribbon)


def detect(session: Session, image: Pixels, options: DetectionOptions) -> list[TextRegion]:
    """Return where the text in an H×W×3 uint8 sRGB picture is, in its own pixels.

    The picture goes through the model alone, resized by its own size only, so the result never depends on others.
    """
    height, width = image.shape[:2]
    probability = probability_map(session, image, options)
    scale = np.array([width / probability.shape[1], height / probability.shape[0]], np.float32)
    limit = np.array([width, height], np.float32)
    return [region.scaled(scale, limit) for region in regions_of(probability, options)]


def probability_map(session: Session, image: Pixels, options: DetectionOptions) -> Float32:
    """Return the probability of text per pixel of the picture as shown; a long picture is shown in tiles.

    Tiles overlap, and each gives the map up to the middle of the overlap: a line on a seam is one region.
    """
    height, width = shown_size(image.shape[0], image.shape[1], options)
    shown = resized(image, height, width)
    probability = np.empty((height, width), np.float32)
    for seen, kept in tiles_of(height, width, options.tile, STRIDE):
        (output,) = session.run({session.inputs[0]: model_input(shown[seen.slices])}).values()
        rows, columns = kept.slices
        inside = output[0, 0, rows.start - seen.top : rows.stop - seen.top]
        probability[rows, columns] = inside[:, columns.start - seen.left : columns.stop - seen.left]
    return probability


def shown_size(height: int, width: int, options: DetectionOptions) -> tuple[int, int]:
    """Return the height and width at which the detector sees a picture: multiples of 32, never enlarged."""
    area = height * width
    target = min(max(options.area, area / options.max_shrink**2), options.max_area)
    factor = min(1.0, math.sqrt(target / area))
    return _multiple(height * factor), _multiple(width * factor)


def _multiple(side: float) -> int:
    return max(STRIDE, round(side / STRIDE) * STRIDE)


def resized(image: Pixels, height: int, width: int) -> Pixels:
    """Return a picture at another size; strong shrinking averages, so that thin strokes do not fall between samples."""
    interpolation = cv2.INTER_AREA if image.shape[0] > 2 * height else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(image, (width, height), interpolation=interpolation), np.uint8)


def model_input(pixels: Pixels) -> Float32:
    """Return 1×3×H×W float32 in [-1, 1], channels blue, green, red: what PP-OCR models take."""
    planes = pixels[:, :, ::-1].transpose(2, 0, 1).astype(np.float32)
    return (planes / np.float32(127.5) - np.float32(1))[None]


def regions_of(probability: Float32, options: DetectionOptions) -> list[TextRegion]:
    """Return the regions of a probability map, in its own pixels."""
    is_text = (probability > options.pixel_threshold).astype(np.uint8)
    # A text kernel broken by one dark pixel column is still one line.
    joined = cv2.dilate(is_text, np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    largest = sorted(contours, key=cv2.contourArea, reverse=True)[: options.max_boxes]
    found = (_region(contour, probability, options) for contour in largest)
    return [region for region in found if region is not None]


def _region(contour: NDArray[Any], probability: Float32, options: DetectionOptions) -> TextRegion | None:
    centre, (width, height), angle = cv2.minAreaRect(contour)
    if min(width, height) < options.min_side:
        return None
    ribbon = ribbon_of(contour, options.growth)
    corners = cv2.boxPoints((centre, (width, height), angle))
    outline = corners if ribbon is None else contour[:, 0].astype(np.float32)
    if _mean_inside(outline, probability) < options.box_threshold:
        return None
    # Offsetting a rectangle with round joins and boxing it again is the rectangle grown on all sides.
    growth = 2 * width * height * options.growth / (2 * (width + height))
    grown = cv2.boxPoints((centre, (width + growth, height + growth), angle))
    return TextRegion(clockwise(grown), ribbon)


def _mean_inside(corners: NDArray[Any], probability: Float32) -> float:
    height, width = probability.shape
    left, top = np.clip(np.floor(corners.min(axis=0)), 0, (width - 1, height - 1)).astype(int)
    right, bottom = np.clip(np.ceil(corners.max(axis=0)), 0, (width - 1, height - 1)).astype(int)
    inside = np.zeros((bottom - top + 1, right - left + 1), np.uint8)
    cv2.fillPoly(inside, [(corners - (left, top)).astype(np.int32)], 1)
    return float(cv2.mean(probability[top : bottom + 1, left : right + 1], inside)[0])


def clockwise(corners: NDArray[Any]) -> Float32:
    """Order the 4×2 corners of a rectangle clockwise (y grows downwards), its top left first.

    The first side, from corner 0 to 1, is the one nearer the horizontal.
    """
    centre = corners.mean(axis=0)
    around = np.argsort(np.arctan2(corners[:, 1] - centre[1], corners[:, 0] - centre[0]), kind="stable")
    turned = corners[around]
    sides = np.roll(turned, -1, axis=0) - turned
    # Of the four sides walked clockwise, the top one runs rightwards with the least slope.
    first = int(np.argmax(sides[:, 0] / np.maximum(np.hypot(sides[:, 0], sides[:, 1]), 1e-6)))
    return np.roll(turned, -first, axis=0).astype(np.float32)
