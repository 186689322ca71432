"""How much of a wrong glyph anybody could see who knows the face no better than a reader does.

What differs between the right and the wrong text is drawn alone, both in the same face and on one baseline, at a size
where pixels do not matter. One is slid along the line, and stretched by at most a third in width and a tenth in height,
to where they agree best: faces differ by as much in the proportions of one letter, so that a narrow O is no sign of a
nought. Two things are measured there, and the greater counts: the largest share of a square as wide as a stroke in
which they differ, and how far ink of one stands from any ink of the other, of a fifth of the cap height: a comma's
tail and the upright of a plus may be far thinner than a face's strokes. 0 where the pictures are the same, 1 where a
stroke, a dot or an accent stands in one of them alone.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from text_scenes.faces import Face, Mask, draw_mask

DRAWN_AT = 64.0
"""Cap height of the comparison, pixels."""

SQUARES = (2, 8)
"""Least and greatest side in pixels: a thirty-second and an eighth of the cap height."""

WIDER, HIGHER = 4 / 3, 1.1
FAR = 0.2
"""How far ink that stands off counts as much as a stroke that stands alone: a share of the cap height."""

VISIBLE = 0.5
"""Below this the pictures differ nowhere by half of a stroke's square, nor does ink of one stand a tenth of the cap
height from that of the other, and a text is not called wrong for it."""


@lru_cache(maxsize=65536)
def visible_change(face: Face, right: str, wrong: str) -> float:
    """Return how much the wrong text differs from the right one where it differs most, in [0, 1]."""
    first, second = what_differs(right, wrong)
    if not first or not second:
        # A glyph more or less moves all that follows it.
        return 1.0
    font = face.sized(DRAWN_AT)
    ours, theirs = (draw_mask(font, text, round(DRAWN_AT)) for text in (first, second))
    baseline = ours.shape[0] - round(DRAWN_AT) - max(font.getmetrics()[1], 0)
    tried = (theirs, stretched(theirs, ours, baseline))
    side = round(min(max(face.stroke_share * DRAWN_AT, SQUARES[0]), SQUARES[1]))
    return round(min(difference(*pair, side) for each in tried for pair in slid(ours, each)), 3)


def difference(first: Mask, second: Mask, side: int) -> float:
    return max(largest_difference(first, second, side), min(1.0, farthest(first, second) / (FAR * DRAWN_AT)))


def stretched(mask: Mask, model: Mask, baseline: int) -> Mask:
    """Return a drawing stretched towards the size of another, within the limits, about its left and its baseline."""
    (left, width, above), (_, wanted_width, wanted_above) = extent(mask, baseline), extent(model, baseline)
    wide = min(max(wanted_width / width, 1 / WIDER), WIDER)
    high = min(max(wanted_above / above, 1 / HIGHER), HIGHER)
    matrix = np.array([[wide, 0, left * (1 - wide)], [0, high, baseline * (1 - high)]])
    size = (round(mask.shape[1] * max(1, wide)), mask.shape[0])
    return np.asarray(cv2.warpAffine(mask, matrix, size, flags=cv2.INTER_LINEAR), np.uint8)


def extent(mask: Mask, baseline: int) -> tuple[int, int, int]:
    """Return where ink begins, how wide it is and how high it stands above the baseline."""
    columns, rows = np.flatnonzero(mask.max(axis=0) > 127), np.flatnonzero(mask.max(axis=1) > 127)
    if not columns.size:
        return 0, 1, 1
    return int(columns[0]), int(columns[-1] - columns[0] + 1), max(1, baseline - int(rows[0]))


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


def largest_difference(first: Mask, second: Mask, side: int) -> float:
    change = cv2.absdiff(first, second).astype(np.float32) / 255
    return float(cv2.blur(change, (side, side)).max())


def farthest(first: Mask, second: Mask) -> float:
    """Return how far any ink of one of two drawings is from all ink of the other, in pixels."""
    inks = [mask > 127 for mask in (first, second)]
    away = [cv2.distanceTransform((~ink).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE) for ink in inks]
    return max(float(away[1][inks[0]].max(initial=0.0)), float(away[0][inks[1]].max(initial=0.0)))
