"""Which curve turns scores into probabilities."""

from __future__ import annotations

from typing import TypeAlias

from numpy.typing import ArrayLike

from consistency.calibration.inputs import checked_labels
from consistency.calibration.isotonic import IsotonicCurve
from consistency.calibration.platt import PlattCurve

Curve: TypeAlias = PlattCurve | IsotonicCurve

MANY = 500
"""Labels from which a free curve is safe: it errs by .03 there whatever the shape, a curve of two numbers by .01 to .04
(benchmarks/guarantee.py, "curves")."""

LEAST = 0.001
"""Nobody's labels tell a probability from 0 or 1 more finely."""


def fit_curve(scores: ArrayLike, is_bad: ArrayLike) -> Curve:
    """Fit `PlattCurve` below 500 labels, `IsotonicCurve` from there on.

    Args:
        scores: n scores, higher is better.
        is_bad: n labels, of both kinds. They may come from a review queue: a curve needs no random sample.

    Raises:
        InputError: Values that are not finite, other lengths, labels of one kind.

    Example:
        >>> type(fit_curve([0.1, 0.9, 0.4], [True, False, False])).__name__
        'PlattCurve'
    """
    values, bad = checked_labels(scores, is_bad)
    return IsotonicCurve.fit(values, bad) if values.size >= MANY else PlattCurve.fit(values, bad)


def stated_probability(curve: Curve, score: float) -> float:
    """Return P(good) as it is reported: 3 decimals, never below 0.001 nor above 0.999.

    Example:
        >>> stated_probability(PlattCurve(slope=20.0, intercept=-13.0), 0.99)
        0.999
    """
    return round(min(max(float(curve.probability([score])[0]), LEAST), 1 - LEAST), 3)
