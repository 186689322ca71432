"""The letters of the lines read in a picture, cut out to be compared."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from consistency.errors import NotEvaluable
from consistency.region import Box
from qa.checks.contrast import F32, with_margin_quad
from qa.checks.text_ink import letter_columns
from qa.text.cap_height import Stroke, cap_band
from qa.text.glyphs import Glyph, cut_glyphs
from qa.text.ink import LineInk
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
    ink = LineInk.of(crop, margin)
    if ink is None:
        return []
    letters = letter_columns(words, quad, crop.shape[1])
    try:
        band = cap_band(ink.strokes, letters)
    except NotEvaluable:
        return []
    if band.height < LEAST_HEIGHT:
        return []
    cut = cut_glyphs(ink, letters, band)
    shape = (crop.shape[0], crop.shape[1])
    return [Glyph(letter, ink, stroke, number, _laid(bounds, shape, quad)) for letter, ink, stroke, bounds in cut]


def _laid(bounds: Stroke, shape: tuple[int, int], quad: np.ndarray[tuple[int, ...], F32]) -> Box:
    """Return the upright box in the picture of a part of a straightened line."""
    flat = np.array([[0, 0], [shape[1], 0], [shape[1], shape[0]], [0, shape[0]]], np.float32)
    corners = [(x, y) for x in (bounds.left, bounds.right) for y in (bounds.top, bounds.bottom)]
    matrix = cv2.getPerspectiveTransform(flat, quad)
    points = cv2.perspectiveTransform(np.array(corners, np.float32)[:, None], matrix)[:, 0]
    (left, top), (right, bottom) = np.floor(points.min(axis=0)), np.ceil(points.max(axis=0))
    return Box(int(left), int(top), max(1, int(right - left)), max(1, int(bottom - top)))
