"""Letters that are not as their font draws them: each part of the picture that the set line leaves over."""

from __future__ import annotations

import cv2
import numpy as np

from qa.text.glyphs import Malformation, typical
from qa.text.set_line import SetLine

OF_STROKE, SQUARES = 0.8, (3, 8)
"""Side of the square over which letters are held against their font, in widths of its strokes; least and greatest, in
pixels of capitals of `drawn_line.CAP`."""

BESIDE = 2
"""Rows above and below a letter's ink that are looked at: further away other rows of the text stand."""


def beside_font(line: SetLine) -> list[Malformation]:
    """Hold each letter of a line against what its font draws there; empty where it is set in another face.

    Args:
        line: A line of a picture, and its text as the font draws it.
    """
    if line.best.trust < 1:
        # A font much like its own leaves over what is none of the letters' fault.
        return []
    drawn = line.best.drawn
    side = round(min(max(OF_STROKE * drawn.stroke, SQUARES[0]), SQUARES[1]))
    left_over = line.best.left_over()
    found: dict[int, float] = {}
    for place, letter in enumerate(line.drawing.text):
        left, right, top, bottom = drawn.bounds(place)
        rows = left_over[max(0, top - BESIDE) : bottom + BESIDE]
        if letter.isspace() or left >= rows.shape[1]:
            continue
        part = cv2.blur(rows[:, max(0, left - side) : right + side], (side, side), borderType=cv2.BORDER_CONSTANT)
        found[place] = round(float(np.abs(part[:, min(left, side) :][:, : right - left]).max()), 3)
    return [
        Malformation(
            line.drawing.text[place],
            line.box(place),
            worst,
            typical([found[at] for at in found if at != place]),
            has_font=True,
        )
        for place, worst in found.items()
    ]
