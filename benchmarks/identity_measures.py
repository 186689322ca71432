"""How well scores tell the same subject from others: area, equal error, recall; spreads over subjects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FAR = 0.01
"""Share of others that may be taken for the subject."""

BOOTSTRAPS = 1000
QUANTILES = (0.05, 0.95)

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Trials:
    """Scores with the subjects of both sides as indices; a trial is of the same subject where they agree."""

    score: Floats
    left: NDArray[np.intp]
    right: NDArray[np.intp]

    @property
    def is_same(self) -> NDArray[np.bool_]:
        """Which trials compare a subject with itself."""
        return self.left == self.right

    def weights(self, counts: NDArray[np.int64]) -> Floats:
        """Return how often each trial counts where each subject was drawn so often."""
        both = counts[self.left] * counts[self.right]
        return np.where(self.is_same, counts[self.left], both).astype(np.float64)


def measures(trials: Trials, weights: Floats | None = None) -> Floats:
    """Return area under the curve, equal error rate, recall at 1 % false accepts."""
    weights = np.ones(len(trials.score)) if weights is None else weights
    order = np.argsort(trials.score, kind="stable")
    is_same, weights = trials.is_same[order], weights[order]
    edges = np.flatnonzero(np.diff(trials.score[order], prepend=-np.inf))
    same = np.add.reduceat(weights * is_same, edges)
    others = np.add.reduceat(weights * ~is_same, edges)
    if not same.sum() or not others.sum():
        return np.full(3, np.nan)
    missed = np.concatenate([[0], same.cumsum()]) / same.sum()
    taken = 1 - np.concatenate([[0], others.cumsum()]) / others.sum()
    area = float(((missed[1:] - missed[:-1]) * (1 - (taken[1:] + taken[:-1]) / 2)).sum())
    at = int(np.argmax(missed >= taken))
    gap = (taken[at - 1] - missed[at - 1]) / ((taken[at - 1] - missed[at - 1]) + (missed[at] - taken[at]))
    equal = missed[at - 1] + gap * (missed[at] - missed[at - 1])
    recall = 1 - missed[int(np.argmax(taken <= FAR))]
    return np.array([area, equal, recall])


def threshold(trials: Trials) -> float:
    """Return the lowest score that at most 1 % of others reach."""
    others = np.sort(trials.score[~trials.is_same])
    return float(np.nextafter(others[len(others) - 1 - int(FAR * len(others))], np.inf))


def draws_of_subjects(count: int, seed: int = 0, times: int = BOOTSTRAPS) -> NDArray[np.int64]:
    """Return how often each subject is drawn in every bootstrap, times×count."""
    drawn = np.random.default_rng(seed).integers(0, count, (times, count))
    return np.stack([np.bincount(row, minlength=count) for row in drawn])


def named(values: Floats) -> dict[str, float]:
    """Return the three measures by name."""
    return dict(zip(("auc", "eer", "tpr"), (round(float(value), 4) for value in values), strict=True))


def interval(values: Floats) -> dict[str, list[float]]:
    """Return the 90 % interval of each measure over bootstraps n×3."""
    low, high = np.nanquantile(values, QUANTILES, axis=0)
    return {name: [round(float(a), 4), round(float(b), 4)] for name, a, b in zip(named(low), low, high, strict=True)}


def compared(ours: Floats, plain: Floats) -> dict[str, object]:
    """Return the 90 % interval of the paired difference, and whether it excludes 0."""
    found = interval(ours - plain)
    return {name: {"interval": edges, "excludes_0": edges[0] > 0 or edges[1] < 0} for name, edges in found.items()}


def by_subject(trials: Trials, names: list[str]) -> Mapping[str, float]:
    """Return recall of each subject at the common threshold."""
    limit = threshold(trials)
    found = trials.score[trials.is_same] >= limit
    whose = trials.left[trials.is_same]
    return {name: round(float(found[whose == index].mean()), 4) for index, name in enumerate(names)}
