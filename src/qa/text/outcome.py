"""When looks are enough to say that a text is right, or wrong; else to look once more, and in the end to abstain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import numpy as np

from qa.text.alike import Kind, is_untold, kind_of
from qa.text.looks import CERTAIN, Look
from qa.text.spelling import Rules, count_edits


class Outcome(StrEnum):
    """What looks say so far."""

    RIGHT = "right"
    WRONG = "wrong"
    DOUBT = "doubt"


SURE: Mapping[Kind, float] = {
    Kind.OTHER: 1.0,
    Kind.ALIKE: 2.0,
    Kind.ACCENT: 1.0,
    Kind.LETTER: 4.5,
    Kind.FIGURE: 6.5,
}
"""Mean margin of the looks, by the kind of rival, from which a text is right."""

SURE_AT_ONCE = 5.0
"""Least margin with which one look is enough for a text that is not critical."""

AGAINST = -4.0
"""Mean margin from which a text is wrong …"""

FAR_AGAINST = -8.0
"""… and where look-alikes alone make the difference."""

AGREEING, REFUSING = 2, 3
"""Looks that must be for a critical text before it matches, and against any before it does not; two are enough where
the reader knows no likelihoods or nothing is as expected."""


def decide(expected: str, looks: Sequence[Look], rules: Rules, is_critical: bool) -> Outcome:
    """Return what the looks taken so far say; DOUBT asks for another.

    Args:
        expected: The text as compared.
        looks: In the order taken, at least one.
        rules: What counts as the same.
        is_critical: Whether a match needs two looks that agree even where the first is sure.
    """
    if rules.max_edits:
        return _tolerant(expected, looks, rules)
    if not is_critical and looks[0].least >= SURE_AT_ONCE:
        return Outcome.RIGHT
    if sum(each.least > 0 for each in looks) >= AGREEING and _is_sure(looks):
        return Outcome.RIGHT
    enough = AGREEING if all(each.least <= -CERTAIN for each in looks) else REFUSING
    if sum(each.least < 0 for each in looks) >= enough and _is_refused(expected, looks):
        return Outcome.WRONG
    return Outcome.DOUBT


def _is_sure(looks: Sequence[Look]) -> bool:
    return all(_mean([each.margins[kind] for each in looks]) >= limit for kind, limit in SURE.items())


def _is_refused(expected: str, looks: Sequence[Look]) -> bool:
    """Whether the looks together are against a text; what nobody could tell never is, look-alikes seldom."""
    against = [each for each in looks if each.least < 0]
    if any(is_untold(expected, each.read) for each in against):
        return False
    is_alike = any(kind_of(expected, each.read) is not Kind.OTHER for each in against)
    return _mean([each.least for each in looks]) <= (FAR_AGAINST if is_alike else AGAINST)


def _mean(values: Sequence[float]) -> float:
    return round(float(np.mean(values)), 2)


def _tolerant(expected: str, looks: Sequence[Look], rules: Rules) -> Outcome:
    edits = [count_edits(expected, each.read, rules) for each in looks]
    within = sum(count <= rules.max_edits for count in edits)
    if edits[0] <= rules.max_edits or within >= AGREEING:
        return Outcome.RIGHT
    return Outcome.WRONG if len(edits) - within >= REFUSING else Outcome.DOUBT
