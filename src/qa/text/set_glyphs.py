"""Letters that are not as their font draws them: each part of the picture that the set line leaves over."""

from __future__ import annotations

import itertools

import cv2
import numpy as np

from qa.text.glyphs import Malformation, typical
from qa.text.set_line import SetLine

OF_STROKE, SQUARES = 0.8, (3, 8)
"""Side of the square over which letters are held against their font, in widths of its strokes; least and greatest, in
pixels of capitals of `drawn_line.CAP`."""


def beside_font(line: SetLine) -> list[Malformation]:
    """Hold each letter of a line against what its font draws there; empty where it is set in another face.

    Args:
        line: A line of a picture, and its text as the font draws it.
    """
    if not line.best.trust:
        return []
    drawn = line.best.drawn
    side = round(min(max(OF_STROKE * drawn.stroke, SQUARES[0]), SQUARES[1]))
    left_over = np.abs(cv2.blur(line.best.left_over(), (side, side))).max(axis=0)
    bounds = [(int(np.floor(first)), int(np.ceil(last))) for first, last in itertools.pairwise(drawn.ends)]
    found = {
        place: round(float(left_over[first:last].max()), 3)
        for place, (first, last) in enumerate(bounds)
        if not line.drawing.text[place].isspace() and left_over[first:last].size
    }
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
