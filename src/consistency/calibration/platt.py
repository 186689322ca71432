"""Scores to probabilities by a logistic curve of two numbers: what few labels can carry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from consistency.calibration.inputs import Floats, check_both_kinds, checked_labels, checked_scores

STEPS = 100
"""Newton steps at most, as in Lin et al.; about ten are taken."""

GRADIENT = 1e-10
"""Mean gradient at which it has converged."""


@dataclass(frozen=True)
class PlattCurve:
    """P(good) = 1 / (1 + exp(−(slope · score + intercept))).

    Below some 500 labels; with more, `IsotonicCurve` follows any rising shape.

    Attributes:
        slope: ≥ 0, so that a higher score is never worse.
        intercept: Log-odds of good at a score of 0.

    Reference:
        Platt 1999, "Probabilistic outputs for support vector machines", section 2.2 for the targets that regularise
        it; Lin, Lin & Weng 2007, "A note on Platt's probabilistic outputs for support vector machines", Mach. Learn.
        68, 267, doi:10.1007/s10994-007-5018-6, for the Newton steps.
    """

    slope: float
    intercept: float

    @classmethod
    def fit(cls, scores: ArrayLike, is_bad: ArrayLike) -> PlattCurve:
        """Fit to n labels. Targets are pulled from 0 and 1, so labels that a threshold separates give a finite slope.

        Raises:
            InputError: Values that are not finite, other lengths, labels of one kind.

        Example:
            >>> curve = PlattCurve.fit([0.1, 0.2, 0.8, 0.9], [True, True, False, False])
            >>> curve.probability([0.0, 0.5, 1.0]).round(2).tolist()
            [0.18, 0.5, 0.82]
        """
        values, bad = checked_labels(scores, is_bad)
        check_both_kinds(bad)
        good_count, bad_count = int((~bad).sum()), int(bad.sum())
        targets = np.where(bad, 1 / (bad_count + 2), (good_count + 1) / (good_count + 2))
        middle, spread = float(values.mean()), float(values.std())
        slope, intercept = _newton((values - middle) / (spread or 1.0), targets)
        slope /= spread or 1.0
        return cls(slope, intercept - slope * middle)

    def probability(self, scores: ArrayLike) -> Floats:
        """Return P(good) for n scores, within (0, 1) as far as float64 tells it from 0 and 1."""
        return _logistic(self.slope * checked_scores(scores) + self.intercept)


def _newton(values: Floats, targets: Floats) -> tuple[float, float]:
    """Return slope ≥ 0 and intercept of the least cross-entropy: Newton steps, halved until it falls."""
    level = float(np.log(targets.mean() / (1 - targets.mean())))
    design = np.stack([values, np.ones_like(values)])
    weights = np.array([0.0, level])
    loss = _cross_entropy(weights @ design, targets)
    for _ in range(STEPS):
        fitted = _logistic(weights @ design)
        gradient = design @ (fitted - targets) / targets.size
        if np.abs(gradient).max() < GRADIENT:
            break
        hessian = (design * (fitted * (1 - fitted))) @ design.T / targets.size + 1e-12 * np.eye(2)
        direction, scale = np.linalg.solve(hessian, gradient), 1.0
        while (lower := _cross_entropy((weights - scale * direction) @ design, targets)) > loss and scale > 1e-10:
            scale /= 2
        weights, loss = weights - scale * direction, lower
    # The loss is convex: where the free optimum falls with the score, the best rising curve is the flat one.
    return (float(weights[0]), float(weights[1])) if weights[0] > 0 else (0.0, level)


def _logistic(odds: Floats) -> Floats:
    return np.asarray(np.exp(-np.logaddexp(0, -odds)), np.float64)


def _cross_entropy(odds: Floats, targets: Floats) -> float:
    return float((np.logaddexp(0, odds) - targets * odds).mean())
