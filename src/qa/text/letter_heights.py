"""Whether a letter whose capital has its shape is the capital: told by the height of the other letters of its line."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from qa.text.cap_height import ASCENDER_SHARE, ASCENDERS, CAPITALS, SMALL, SMALL_SHARE
from qa.text.confusables import without_marks

SPREAD = {True: 0.05, False: 0.085}
"""Standard deviation of the logarithm of a letter's height, where the line has letters of its own size, and where their
height is only told from others by the usual proportions; `tools/derive_text_limits.py` prints both."""

PIXEL = 0.7
"""Pixels by which a measured height is uncertain besides, by antialiasing and JPEG."""

MOST = 5.0
"""Margin, either way, beyond which heights say no more: a wrong measurement is likelier."""

LOW = frozenset("aceimnorsuvwxz")
"""Letters whose small form has neither ascender nor tail, so that it is lower than the capital."""

HANGING = frozenset("çÇşŞţŢģĢķĶļĻņŅŗŖęĘąĄįĮųŲ")
"""Letters with a mark below that touches them, so that their height is not that of the letter."""

Heights = Mapping[int, tuple[str, float]]
"""Place in the text → character as expected, height of its body in pixels."""


def height_margin(heights: Heights, place: int, rival: str) -> float | None:
    """Return how much a letter's height speaks for the expected case, as a natural logarithm.

    Args:
        heights: Of the letters of the line that stand alone.
        place: The letter in question.
        rival: The same letter in its other case.

    Returns:
        Within ±5; None where the letter or all that it could be held against do not stand alone.
    """
    if place not in heights or heights[place][0] in HANGING or without_marks(rival).lower() not in LOW:
        return None
    letter, height = heights[place]
    others = {at: each for at, each in heights.items() if at != place}
    sizes = {is_small: _size(others, is_small) for is_small in (True, False)}
    own, other = (sizes[each.islower()] for each in (letter, rival))
    if own is None or other is None:
        return None
    return round(max(-MOST, min(MOST, _score(height, *own) - _score(height, *other))), 2)


def _score(height: float, usual: float, spread: float) -> float:
    spread = math.hypot(spread, PIXEL / usual)
    return -((math.log(height / usual) / spread) ** 2) / 2 - math.log(spread)


def _size(heights: Heights, is_small: bool) -> tuple[float, float] | None:
    """Return the height of small letters or capitals in a line, and how far one may be off; None where none is told."""
    own = _known(heights, is_small)
    if own:
        return float(np.median(own)), SPREAD[True]
    other = _known(heights, not is_small)
    if other:
        return float(np.median(other)) * (SMALL_SHARE if is_small else 1 / SMALL_SHARE), SPREAD[False]
    return None


def _known(heights: Heights, is_small: bool) -> list[float]:
    bare = [(without_marks(letter), height) for letter, height in heights.values() if letter not in HANGING]
    if is_small:
        return [height for letter, height in bare if letter in SMALL]
    tall = [height / ASCENDER_SHARE for letter, height in bare if letter in ASCENDERS]
    return [height for letter, height in bare if letter in CAPITALS] or tall
