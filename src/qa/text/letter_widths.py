"""Whether a round sign is the letter O or a nought: told by how wide it is beside the other letters of its line."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from qa.text.lone_letters import MOST_BY_SHAPE

TABLE = "letter_widths.json"
"""Made by `tools/derive_letter_sizes.py`."""

ROUNDS = frozenset({"O0", "0O"})
"""Pairs told by their width: alone they look alike, and beside others a recogniser reads what it expects there."""

EVEN = 0.5
"""Where widths differ by less than this share of what they usually do, the face is one of even widths: O is as wide as
a nought there."""

LEAST = 3
"""Other letters from which that can be told."""

Widths = Mapping[int, tuple[str, float]]
"""Place in the text → character as expected, width of its ink in pixels."""


@dataclass(frozen=True)
class Usual:
    """How wide symbols are in most faces, as natural logarithms: each symbol's part, and what is left in one face."""

    log_widths: Mapping[str, float]
    spread: float
    spread_of_rounds: float


def width_margin(widths: Widths, place: int, rival: str) -> float | None:
    """Return how much the width of an O or a nought speaks for the expected one, as a natural logarithm.

    Args:
        widths: Of the letters of the line that stand alone.
        place: The sign in question.
        rival: The other one.

    Returns:
        Within ±5; None for other pairs, beside no letter of a known width, and in faces of even widths.
    """
    known, others = usual(), _others(widths, place)
    if place not in widths or widths[place][0] + rival not in ROUNDS or not others or _is_even(others):
        return None
    letter, width = widths[place]
    face = sum(log - known.log_widths[other] for other, log in others) / len(others)
    spread = math.hypot(known.spread_of_rounds, known.spread / math.sqrt(len(others)))
    own, other = known.log_widths[letter], known.log_widths[rival]
    margin = (own - other) * (math.log(width) - face - (own + other) / 2) / spread**2
    return round(max(-MOST_BY_SHAPE, min(MOST_BY_SHAPE, margin)), 2)


def _others(widths: Widths, place: int) -> list[tuple[str, float]]:
    known = usual().log_widths
    return [
        (letter, math.log(width))
        for at, (letter, width) in widths.items()
        if at != place and letter in known and letter not in "O0" and width > 0
    ]


def _is_even(others: list[tuple[str, float]]) -> bool:
    """Whether letters that usually differ in width hardly do."""
    if len(others) < LEAST:
        return False
    expected = [usual().log_widths[letter] for letter, _ in others]
    middle, mean = sum(expected) / len(others), sum(log for _, log in others) / len(others)
    across = sum((e - middle) ** 2 for e in expected)
    along = sum((e - middle) * (log - mean) for e, (_, log) in zip(expected, others, strict=True))
    return across > LEAST * usual().spread ** 2 and along < EVEN * across


@lru_cache(maxsize=1)
def usual() -> Usual:
    """Return the table."""
    stored = json.loads(files("qa.text").joinpath(TABLE).read_text(encoding="utf-8"))
    return Usual(stored["log_widths"], stored["spread"], stored["spread_of_rounds"])
