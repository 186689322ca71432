"""When looks are enough to say that a text is right, or wrong; else to look once more, and in the end to abstain."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from qa.text.alike import are_alike, is_only_marks
from qa.text.looks import Look
from qa.text.spelling import Rules, count_edits


class Outcome(StrEnum):
    """What looks say so far."""

    RIGHT = "right"
    WRONG = "wrong"
    DOUBT = "doubt"


SURE, SURE_ALIKE = 2.5, 5.0
"""Margins from which one look is for the text."""

AGAINST, AGAINST_ALIKE = -2.5, -6.0
"""Margins below which one look is against it."""


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
    support = sum(is_for(each) for each in looks)
    against = sum(is_against(expected, each) for each in looks)
    if support >= (2 if is_critical else 1) and not against:
        return Outcome.RIGHT
    if support >= 3:
        return Outcome.RIGHT
    if against >= 3 and not support:
        return Outcome.WRONG
    return Outcome.DOUBT


def is_for(each: Look) -> bool:
    """Whether a look is for the text, surely."""
    return each.margin >= SURE and each.alike_margin >= SURE_ALIKE


def is_against(expected: str, each: Look) -> bool:
    """Whether a look is against the text, surely; look-alikes, accents and lost marks must be far likelier."""
    if each.least >= 0 or is_only_marks(expected, each.read):
        return False
    return each.least <= (AGAINST_ALIKE if are_alike(expected, each.read) else AGAINST)


def _tolerant(expected: str, looks: Sequence[Look], rules: Rules) -> Outcome:
    edits = [count_edits(expected, each.read, rules) for each in looks]
    within = sum(count <= rules.max_edits for count in edits)
    if edits[0] <= rules.max_edits or within >= 2:
        return Outcome.RIGHT
    return Outcome.WRONG if len(edits) - within >= 3 else Outcome.DOUBT
