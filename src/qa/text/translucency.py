"""Whether the picture shows through letters, as it does through marks that are laid over it."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from consistency.errors import NotEvaluable
from qa.color.contrast import BoolMask, core_of, main_axis, relative_luminance, ring_around, stroke_mask
from qa.text.layout import Word
from qa.text.reader import Pixels
from qa.text.recognition import crop_quad

MARGIN = 0.25
"""Background looked at around a line, as a share of its height."""

READABLE = 3.0
"""Contrast ratio that WCAG 2.2 asks of large text: letters that show the picture through stay below, or hide it."""

FAINT = 2.0
"""Contrast ratio on plain ground, which looks the same through letters and beside them: text to be read has more."""

PLAIN = 4.0
"""Standard deviation of plain ground, in grey levels; JPEG makes two to three around letters."""

SHOWING = 1 / 3
"""Least standard deviation inside the letters, in shares of that beside them, where the picture shows through. Opaque
letters drawn on photographs had 0.03 to 0.3, of 60 % to 30 % opacity 0.36 to 0.7."""


def is_translucent(line: Sequence[Word], pixels: Pixels) -> bool:
    """Whether the picture shows through the letters of one line; False where they cannot be told from it.

    Args:
        line: Words of one line.
        pixels: The picture, H×W×3 uint8.
    """
    crop, margin = straightened(line, pixels)
    try:
        strokes = stroke_mask(main_axis(crop, margin), margin)
    except NotEvaluable:
        return False
    depth = cv2.distanceTransform(strokes.astype(np.uint8), cv2.DIST_L2, 5)
    core = core_of(depth, strokes)
    ring = ring_around(strokes, max(1.0, 4 * float(depth[strokes].mean()) - 1))
    return bool(ring.any()) and _shows(crop, core, ring)


def _shows(crop: Pixels, core: BoolMask, ring: BoolMask) -> bool:
    luminance, grey = relative_luminance(crop), cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY).astype(np.float64)
    low, high = sorted((float(np.median(luminance[core])), float(np.median(luminance[ring]))))
    contrast = (high + 0.05) / (low + 0.05)
    beside = float(grey[ring].std())
    if beside < PLAIN:
        return contrast < FAINT
    return contrast < READABLE and float(grey[core].std()) >= SHOWING * beside


def straightened(line: Sequence[Word], pixels: Pixels) -> tuple[Pixels, int]:
    """Return words of one line straightened, with background around them, and how many pixels of it there are."""
    first, last = line[0].quad, line[-1].quad
    quad = np.array([first[0], last[1], last[2], first[3]], np.float64)
    along, down = quad[1] - quad[0], quad[3] - quad[0]
    width, height = (max(float(np.linalg.norm(side)), 1e-9) for side in (along, down))
    margin = max(3, round(MARGIN * height))
    right, low = along / width, down / height
    outwards = np.array([-right - low, right - low, right + low, low - right])
    return crop_quad(pixels, (quad + margin * outwards).astype(np.float32)), margin
