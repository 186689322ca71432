"""How much of a wrong glyph anybody could see in the face it is drawn in.

What differs between the right and the wrong text is drawn alone, both on one baseline, at a size where pixels do not
matter, and slid along the line to the place where they agree best. The measure is the largest share of a square of one
eighth of the cap height (a thin stroke) in which they then differ: 0 where the pictures are the same, 1 where a stroke,
a dot or an accent is there in one of them and not in the other.
"""

from __future__ import annotations

import cv2
import numpy as np

from text_scenes.faces import Face, Mask, draw_mask

DRAWN_AT = 64.0
"""Cap height in pixels of the comparison; the smallest difference that counts is two pixels of it."""

SQUARE = 8
"""Pixels: an eighth of the cap height."""

VISIBLE = 0.5
"""Below this the change is one that nobody could be blamed for: less than half a thin stroke's square."""


def visible_change(face: Face, right: str, wrong: str) -> float:
    """Return how much the wrong text differs from the right one where it differs most, in [0, 1]."""
    first, second = what_differs(right, wrong)
    if not first or not second:
        # A glyph more or less moves all that follows it.
        return 1.0
    font = face.sized(DRAWN_AT)
    margin = round(DRAWN_AT)
    ours, theirs = (draw_mask(font, text, margin) for text in (first, second))
    return round(min(largest_difference(*placed) for placed in slid(ours, theirs)), 3)


def what_differs(right: str, wrong: str) -> tuple[str, str]:
    """Return the parts of two texts between their common beginning and their common end."""
    start = next(
        (at for at, (a, b) in enumerate(zip(right, wrong, strict=False)) if a != b), min(len(right), len(wrong))
    )
    right, wrong = right[start:], wrong[start:]
    ends = zip(reversed(right), reversed(wrong), strict=False)
    end = next((at for at, (a, b) in enumerate(ends) if a != b), min(len(right), len(wrong)))
    return right[: len(right) - end], wrong[: len(wrong) - end]


def slid(first: Mask, second: Mask) -> list[tuple[Mask, Mask]]:
    """Return pairs of equal size, the second slid along the baseline by up to a quarter of the cap height."""
    height = max(first.shape[0], second.shape[0])
    reach = round(DRAWN_AT / 4)
    width = max(first.shape[1], second.shape[1]) + 2 * reach
    ours = padded(first, height, width, (width - first.shape[1]) // 2)
    middle = (width - second.shape[1]) // 2
    return [(ours, padded(second, height, width, middle + shift)) for shift in range(-reach, reach + 1)]


def padded(mask: Mask, height: int, width: int, left: int) -> Mask:
    canvas = np.zeros((height, width), np.uint8)
    left = min(max(left, 0), width - mask.shape[1])
    canvas[: mask.shape[0], left : left + mask.shape[1]] = mask
    return canvas


def largest_difference(first: Mask, second: Mask) -> float:
    change = cv2.absdiff(first, second).astype(np.float32) / 255
    return float(cv2.blur(change, (SQUARE, SQUARE)).max())
