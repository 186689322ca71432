"""The letters of the lines read in a picture, cut out to be compared."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from consistency.errors import NotEvaluable
from consistency.region import Box
from qa.checks.contrast import F32, with_margin_quad
from qa.checks.text_ink import letter_columns
from qa.color.contrast import core_of, main_axis, stroke_mask
from qa.text.cap_height import BoolMask, Stroke, cap_band
from qa.text.glyphs import Cover, Glyph, cut_glyphs
from qa.text.layout import words_of
from qa.text.reader import Pixels, TextLine
from qa.text.recognition import is_vertical

LEAST_HEIGHT = 14
"""Pixels of capitals; in smaller ones antialiasing and JPEG make up the strokes."""

LEAST_CONFIDENCE = 0.5
"""Below this the reader guesses, and letters of one name are none."""


def glyphs_of(lines: Sequence[TextLine], pixels: Pixels) -> list[Glyph]:
    """Return the letters that stand alone, of all lines whose letters can be told from their background.

    Args:
        lines: The lines read.
        pixels: H×W×3 uint8.
    """
    found: list[Glyph] = []
    for number, line in enumerate(lines):
        is_level = line.shape == "straight" and not is_vertical(np.array(line.quad, np.float32))
        if is_level and line.confidence >= LEAST_CONFIDENCE:
            found += _glyphs_of_line(line, number, pixels)
    return found


def _glyphs_of_line(line: TextLine, number: int, pixels: Pixels) -> list[Glyph]:
    words = words_of(line)
    crop, margin, quad = with_margin_quad(words, pixels)
    try:
        axis = main_axis(crop, margin)
        strokes = stroke_mask(axis, margin)
        letters = letter_columns(words, quad, crop.shape[1])
        band = cap_band(strokes, letters)
    except NotEvaluable:
        return []
    if band.height < LEAST_HEIGHT:
        return []
    cut = cut_glyphs(cover_of(axis, strokes), strokes, letters, band)
    shape = (crop.shape[0], crop.shape[1])
    return [Glyph(letter, ink, stroke, number, _laid(bounds, shape, quad)) for letter, ink, stroke, bounds in cut]


def cover_of(axis: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], strokes: BoolMask) -> Cover:
    """Return how much of each pixel is ink: from the background's median, 0, to that of the strokes' core, 1."""
    depth = cv2.distanceTransform(strokes.astype(np.uint8), cv2.DIST_L2, 5)
    away = cv2.distanceTransform((~strokes).astype(np.uint8), cv2.DIST_L2, 5) > 2
    values = axis.astype(np.float32)
    ink = float(np.median(values[core_of(depth, strokes)]))
    ground = float(np.median(values[away])) if away.any() else 255 - ink
    if abs(ink - ground) < 1:
        return strokes.astype(np.float32)
    return np.asarray(np.clip((values - ground) / (ink - ground), 0, 1), np.float32)


def _laid(bounds: Stroke, shape: tuple[int, int], quad: np.ndarray[tuple[int, ...], F32]) -> Box:
    """Return the upright box in the picture of a part of a straightened line."""
    flat = np.array([[0, 0], [shape[1], 0], [shape[1], shape[0]], [0, shape[0]]], np.float32)
    corners = [(x, y) for x in (bounds.left, bounds.right) for y in (bounds.top, bounds.bottom)]
    matrix = cv2.getPerspectiveTransform(flat, quad)
    points = cv2.perspectiveTransform(np.array(corners, np.float32)[:, None], matrix)[:, 0]
    (left, top), (right, bottom) = np.floor(points.min(axis=0)), np.ceil(points.max(axis=0))
    return Box(int(left), int(top), max(1, int(right - left)), max(1, int(bottom - top)))
