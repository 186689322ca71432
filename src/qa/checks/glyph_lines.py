"""The letters of the lines read in a picture, cut out to be compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from consistency.errors import NotEvaluable
from qa.checks.contrast import with_margin_quad
from qa.checks.text_ink import letter_columns
from qa.text.cap_height import Stroke, cap_band
from qa.text.glyphs import Glyph, cut_glyphs
from qa.text.ink import LineInk
from qa.text.layout import words_of
from qa.text.reader import Pixels, TextLine
from qa.text.recognition import is_vertical, upright_box

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
    return [
        Glyph(letter, ink, stroke, number, upright_box(_corners(bounds), crop.shape, quad))
        for letter, ink, stroke, bounds in cut
    ]


def _corners(bounds: Stroke) -> NDArray[np.float32]:
    return np.array([(x, y) for x in (bounds.left, bounds.right) for y in (bounds.top, bounds.bottom)], np.float32)
