"""Which pixels of a picture are the letters of a text that was read."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from consistency.errors import NotEvaluable
from consistency.region import BoolMask
from qa.checks.contrast import lines_of, with_margin_quad
from qa.color.contrast import THIN, core_of, main_axis, stroke_mask
from qa.text.layout import Word
from qa.text.reader import Pixels

Ink = tuple[BoolMask, BoolMask]
"""H×W each: all pixels of the strokes, and those that no background has mixed with."""


def ink_of(words: Sequence[Word], pixels: Pixels) -> Ink:
    """Return the letters of a text as masks of the picture.

    Args:
        words: The words it was found in, on one or several lines.
        pixels: H×W×3 uint8.

    Raises:
        NotEvaluable: The letters cannot be told from their background ("contrast.not_measured"), or are so thin that
            every pixel has background in it ("color.unclear").
    """
    strokes, core = np.zeros((2, *pixels.shape[:2]), np.bool_)
    for line in lines_of(words):
        line_strokes, line_core = ink_of_line(line, pixels)
        strokes |= line_strokes
        core |= line_core
    return strokes, core & strokes


def ink_of_line(words: Sequence[Word], pixels: Pixels) -> Ink:
    """Return the letters of one line as masks of the picture."""
    crop, margin, quad = with_margin_quad(words, pixels)
    strokes = stroke_mask(main_axis(crop, margin), margin)
    depth = cv2.distanceTransform(strokes.astype(np.uint8), cv2.DIST_L2, 5)
    width = 4 * float(depth[strokes].mean()) - 1  # across a bar of width w the distance to its edge averages w/4
    if width < THIN:
        expected = f"strokes of at least {THIN:g} px, to tell the colour of letters"
        raise NotEvaluable("color.unclear", expected, f"{width:.1f} px", "judge larger text, or leave `where` out")
    return laid_back(strokes, quad, pixels), laid_back(core_of(depth, strokes), quad, pixels)


def laid_back(mask: BoolMask, quad: np.ndarray[tuple[int, ...], np.dtype[np.float32]], pixels: Pixels) -> BoolMask:
    """Return a mask of a straightened line where it lies in the picture, H×W."""
    height, width = mask.shape
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(flat, quad)
    size = pixels.shape[1], pixels.shape[0]
    return np.asarray(cv2.warpPerspective(mask.astype(np.uint8), matrix, size, flags=cv2.INTER_NEAREST) > 0)
