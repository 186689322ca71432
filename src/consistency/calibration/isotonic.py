"""Scores to probabilities by any rising curve: for many labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from consistency.calibration.inputs import Floats, check_both_kinds, checked_labels, checked_scores


@dataclass(frozen=True, eq=False)
class IsotonicCurve:
    """The rising curve of least squared error, straight between its knots and flat beyond them.

    From some 500 labels on; with fewer, `PlattCurve` errs less.

    Attributes:
        scores: k scores, rising.
        probabilities: P(good) at each, rising, within [1/(n + 2), 1 − 1/(n + 2)] for n labels: never 0 or 1.

    Reference:
        Zadrozny & Elkan 2002, "Transforming classifier scores into accurate multiclass probability estimates",
        doi:10.1145/775047.775151; pool-adjacent-violators after Ayer et al. 1955, Ann. Math. Stat. 26, 641.
    """

    scores: Floats
    probabilities: Floats

    @classmethod
    def fit(cls, scores: ArrayLike, is_bad: ArrayLike) -> IsotonicCurve:
        """Fit to n labels; those with one score count as one point.

        Raises:
            InputError: Values that are not finite, other lengths, labels of one kind.

        Example:
            >>> IsotonicCurve.fit([1, 2, 3, 4], [True, False, True, False]).probabilities.round(2).tolist()
            [0.17, 0.5, 0.5, 0.83]
        """
        values, bad = checked_labels(scores, is_bad)
        check_both_kinds(bad)
        distinct, place, counts = np.unique(values, return_inverse=True, return_counts=True)
        good = np.bincount(place, weights=~bad)
        least = 1 / (values.size + 2)
        return cls(distinct, np.clip(pool_adjacent_violators(good / counts, counts), least, 1 - least))

    def probability(self, scores: ArrayLike) -> Floats:
        """Return P(good) for n scores."""
        return np.asarray(np.interp(checked_scores(scores), self.scores, self.probabilities), np.float64)


def pool_adjacent_violators(values: ArrayLike, weights: ArrayLike) -> Floats:
    """Return the rising sequence nearest to k values by weighted squares.

    Args:
        values: k.
        weights: k, > 0.
    """
    means: list[float] = []
    masses: list[float] = []
    lengths: list[int] = []
    for value, weight in zip(np.asarray(values, float).tolist(), np.asarray(weights, float).tolist(), strict=True):
        mean, mass, length = value, weight, 1
        while means and means[-1] >= mean:
            below = masses.pop()
            mean = (means.pop() * below + mean * mass) / (below + mass)
            mass, length = mass + below, length + lengths.pop()
        means.append(mean)
        masses.append(mass)
        lengths.append(length)
    return np.repeat(np.asarray(means, np.float64), lengths)
