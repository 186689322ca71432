"""Whether a letter is the capital of its shape, or a figure: told by the height of the other letters of its line."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from qa.text.cap_height import ASCENDER_SHARE, ASCENDERS, CAPITALS, SMALL, SMALL_SHARE
from qa.text.confusables import without_marks
from qa.text.lone_letters import MOST_BY_SHAPE

SPREAD = {True: 0.05, False: 0.085}
"""Standard deviation of the logarithm of a letter's height, where the line has letters of its own size, and where their
height is only told from others by the usual proportions. Faces alone differ by 0.02 and 0.053
(`tools/derive_letter_sizes.py`); the rest is for ink that was told from its background by a pixel or two too much."""

PIXEL = 0.7
"""Pixels by which a measured height is uncertain besides, by antialiasing and JPEG."""

LOW = frozenset("aceimnorsuvwxz")
"""Letters whose small form has neither ascender nor tail, so that it is lower than the capital."""

HANGING = frozenset("çÇşŞţŢģĢķĶļĻņŅŗŖęĘąĄįĮųŲ")
"""Letters with a mark below that touches them, so that their height is not that of the letter."""

Heights = Mapping[int, tuple[str, float]]
"""Place in the text → character as expected, height of its body in pixels."""


def height_margin(heights: Heights, place: int, rival: str) -> float | None:
    """Return how much a letter's height speaks for it against another, as a natural logarithm.

    Told are a letter's two cases, and a figure from a letter: figures are as high as capitals in some faces, as small
    letters in others, letters are not.

    Args:
        heights: Of the letters of the line that stand alone.
        place: The letter in question.
        rival: What else it could be.

    Returns:
        Within ±5; None for other pairs, and where the letter or all that it could be held against do not stand alone.
    """
    if place not in heights or not _is_told(heights[place][0], rival):
        return None
    letter, height = heights[place]
    others = {at: each for at, each in heights.items() if at != place}
    own, other = (_likelihood(height, each, others) for each in (letter, rival))
    return None if own is None or other is None else round(max(-MOST_BY_SHAPE, min(MOST_BY_SHAPE, own - other)), 2)


def _is_told(letter: str, rival: str) -> bool:
    if letter.isdigit() != rival.isdigit():
        return (letter + rival).isalnum() and not {letter, rival} & HANGING
    is_case = letter != rival and letter.swapcase() == rival
    return is_case and letter not in HANGING and without_marks(rival).lower() in LOW


def _likelihood(height: float, letter: str, others: Heights) -> float | None:
    """Return the log density of a letter's height; None where no other letter tells how high it should be."""
    if letter.isdigit():
        either = [_size(others, is_small) for is_small in (True, False)]
        known = [_score(height, *size) for size in either if size is not None]
        return float(np.logaddexp.reduce(known)) - math.log(2) if len(known) == len(either) else None
    bare = without_marks(letter)
    if bare not in LOW and not (bare.isupper() or bare in ASCENDERS):
        return None
    size = _size(others, bare in LOW)
    return None if size is None else _score(height, *size)


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
    return [height for letter, height in bare if letter in CAPITALS and letter.isalpha()] or tall
