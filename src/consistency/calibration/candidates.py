"""Which thresholds are tested, in which order: chosen by the number of labels, never by what they say."""

from __future__ import annotations

import math
from bisect import bisect_left
from functools import lru_cache
from itertools import count, pairwise, takewhile

import numpy as np
from numpy.typing import NDArray

from consistency.calibration.binomial import fewest_labels
from consistency.calibration.inputs import Floats

START = 0.25
"""Strictest candidate, as a share of the labels: earlier, one unlucky label would end it all. With 0.2 the yield at 200
labels falls from .64 to .59 in benchmarks/guarantee.py; it rises from .06 to .24 where half of the assets are bad."""

STEP = 0.1
"""Longest step between candidates, as a share of the labels."""


@lru_cache(maxsize=1024)
def candidate_ranks(labels: int, alpha: float, delta: float) -> tuple[int, ...]:
    """Return at how many accepted labels to test, strict → loose.

    One more bad label is allowed at the ranks `fewest_labels(alpha, delta, 0 | 1 | 2 …)`. Just there a test is easiest
    to pass; a test between two of them can only end the sequence early. So these are the candidates, from a quarter of
    the labels on, with steps between where they are further apart than a tenth of the labels.

    Args:
        labels: How many labels there are, n.
        alpha: Largest share of bad ones among the accepted, within (0, 1).
        delta: Share of calibrations that may be wrong, within (0, 1).

    Returns:
        Rising ranks ≤ n; empty where even labels without a bad one would be too few.

    Example:
        >>> candidate_ranks(200, 0.05, 0.10)
        (77, 91, 105, 118, 132, 145, 158, 171, 184, 200)
    """
    corners = (fewest_labels(alpha, delta, bad) for bad in count(first_allowed(labels, alpha, delta)))
    ends = [*takewhile(lambda rank: rank <= labels, corners), labels]
    ranks = [rank for start, end in pairwise(ends) for rank in _between(start, end, STEP * labels)]
    return (*ranks, labels) if len(ends) > 1 else ()


def first_allowed(labels: int, alpha: float, delta: float) -> int:
    """Return how many bad labels the strictest candidate allows."""
    strictest = math.ceil(START * labels)
    return bisect_left(range(strictest), strictest, key=lambda bad: fewest_labels(alpha, delta, bad))


def _between(start: int, end: int, step: float) -> list[int]:
    """Return start and equal steps up to, not including, end."""
    parts = max(1, math.ceil((end - start) / max(1.0, step)))
    return [start + (end - start) * part // parts for part in range(parts)] if end > start else []


def cuts_at(ranks: tuple[int, ...], scores: Floats) -> tuple[Floats, NDArray[np.int64]]:
    """Return the threshold at each rank and how many labels it accepts: those tied go together.

    Args:
        ranks: Rising, each ≤ n.
        scores: n scores, descending.

    Returns:
        Thresholds, strict → loose, each a score that occurs, none twice; labels at or above each.
    """
    if not ranks:
        return np.empty(0), np.empty(0, np.int64)
    values = np.unique(scores[np.asarray(ranks) - 1])[::-1]
    return values, counts_above(values, scores)


def counts_above(thresholds: Floats, scores: Floats) -> NDArray[np.int64]:
    """Return how many of the scores, descending, are at or above each threshold."""
    return np.asarray(scores.size - np.searchsorted(scores[::-1], thresholds, side="left"), np.int64)
