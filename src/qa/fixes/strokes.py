"""Recolour of text: its letters are found again, and only their part of each pixel changes."""

from __future__ import annotations

import cv2
import numpy as np

from consistency.colorspace import Floats, linear_to_srgb, srgb_to_linear
from consistency.errors import NotEvaluable
from consistency.intake.sources import to_bytes
from consistency.region import BoolMask, Box
from qa.color.contrast import main_axis, stroke_mask
from qa.fixes.canvas import Canvas
from qa.fixes.fix import Change
from qa.fixes.mask import LEAST_COVER, SQUARE
from qa.fixes.refusal import CannotFix

MARGIN = 0.25
"""Background looked at around a text, as a share of its height; at least three pixels."""

FRINGE = 2
"""Pixels around the letters that may hold some of their ink."""

GROUND = 12
"""Radius in which the ground under a letter is looked for, in pixels."""


def rewrite(canvas: Canvas, around: Box, ink: Floats, wanted: Floats) -> Change:
    """Return the picture with the letters inside a box taken from one ink to another.

    Mixtures are taken apart in encoded sRGB, as text is laid on pictures ("Compositing and Blending Level 1", W3C
    2024, 10): its edges then look as if it had been set in the new colour.

    Args:
        canvas: The picture.
        around: Box of the text.
        ink: Its colour, linear sRGB.
        wanted: The colour it is to have, linear sRGB.

    Raises:
        CannotFix: Letters cannot be told from their background there.
    """
    margin = max(3, round(MARGIN * around.height))
    box = around.padded(margin).clipped(canvas.height, canvas.width)
    if box is None:
        raise CannotFix("a text inside the picture", around)
    encoded = linear_to_srgb(canvas.linear(box))
    letters = letters_in(encoded, margin)
    before, after = linear_to_srgb(ink), linear_to_srgb(wanted)
    cover = ink_cover(encoded, letters, before)
    changed = cover > 0
    new = srgb_to_linear(encoded + cover[..., None] * (after - before))
    whole = np.zeros((canvas.height, canvas.width), np.bool_)
    whole[box.slices] = changed
    return Change(canvas.painted(box, new, changed), whole)


def letters_in(encoded: Floats, margin: int) -> BoolMask:
    """Return the pixels h×w of letters.

    Raises:
        CannotFix: They cannot be told from their background.
    """
    crop = to_bytes(encoded.astype(np.float32))
    try:
        return stroke_mask(main_axis(crop, margin), margin)
    except NotEvaluable as error:
        raise CannotFix(error.expected, error.got, "set the text again") from error


def ink_cover(encoded: Floats, letters: BoolMask, ink: Floats) -> Floats:
    """Return how much of each pixel h×w is ink, in [0, 1]: how far it lies from the ground towards the ink."""
    near = cv2.dilate(letters.astype(np.uint8), SQUARE, iterations=FRINGE) > 0
    ground = ground_under(encoded, near)
    towards = ink - ground
    cover = ((encoded - ground) * towards).sum(axis=-1) / np.maximum((towards**2).sum(axis=-1), 1e-9)
    cover = np.where(near & (cover >= LEAST_COVER), np.clip(cover, 0, 1), 0)
    return np.asarray(cover, np.float64)


def ground_under(encoded: Floats, near: BoolMask) -> Floats:
    """Return the colour of the background at each pixel h×w, from what is not near a letter."""
    weight = (~near).astype(np.float64)
    total, count = encoded * weight[..., None], weight
    ground, known = encoded.copy(), ~near
    for radius in (GROUND // 4, GROUND // 2, GROUND, 4 * GROUND, 16 * GROUND):
        side = 2 * radius + 1
        mean = cv2.blur(total, (side, side), borderType=cv2.BORDER_CONSTANT)
        share = cv2.blur(count, (side, side), borderType=cv2.BORDER_CONSTANT)
        new = ~known & (share > 1e-6)
        ground[new] = mean[new] / share[new][:, None]
        known |= new
    return ground
