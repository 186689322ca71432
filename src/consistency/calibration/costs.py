"""Accept, fix or reject by what each mistake costs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consistency.calibration.curves import Curve
from consistency.calibration.guarantee import Threshold
from consistency.calibration.inputs import checked_scores
from consistency.errors import InputError

ANSWERS = np.array(["accept", "reject", "fix"])


@dataclass(frozen=True)
class Costs:
    """What it costs to fix an asset, to accept a bad one, to reject a good one: any one unit, money or minutes.

    Attributes:
        fix: One asset sent to a person or a repair, > 0.
        false_accept: A bad asset published, > 0.
        false_reject: A good asset thrown away, > 0.
    """

    fix: float
    false_accept: float
    false_reject: float

    def __post_init__(self) -> None:
        costs = (self.fix, self.false_accept, self.false_reject)
        if not all(math.isfinite(cost) and cost > 0 for cost in costs):
            raise InputError("costs > 0", costs)

    @property
    def largest_bad_to_accept(self) -> float:
        """P(bad) up to which accepting is cheaper than fixing."""
        return min(1.0, self.fix / self.false_accept)

    @property
    def largest_good_to_reject(self) -> float:
        """P(good) up to which rejecting is cheaper than fixing."""
        return min(1.0, self.fix / self.false_reject)


def decide(scores: ArrayLike, curve: Curve, costs: Costs, threshold: Threshold | None = None) -> NDArray[np.str_]:
    """Say for each score what is cheapest, and accept none that the guarantee does not cover.

    Accept costs P(bad) · false_accept, reject P(good) · false_reject, fix its own price: the least is taken, so accept
    where P(bad) ≤ fix / false_accept, reject where P(good) ≤ fix / false_reject, else fix.

    Args:
        scores: n scores, higher is better.
        curve: Scores to probabilities.
        costs: What mistakes cost.
        threshold: A guarantee; what it does not accept is fixed instead, all where it has no value.

    Returns:
        n of "accept", "fix", "reject".

    Example:
        >>> from consistency.calibration import PlattCurve
        >>> costs = Costs(fix=1, false_accept=20, false_reject=4)
        >>> decide([0.1, 0.5, 0.9], PlattCurve(10.0, -5.0), costs).tolist()
        ['reject', 'fix', 'accept']

    Reference:
        Chow 1970, "On optimum recognition error and reject tradeoff", IEEE Trans. Inf. Theory 16, 41,
        doi:10.1109/TIT.1970.1054406.
    """
    good = curve.probability(scores)
    fix = np.full_like(good, costs.fix)
    answers = ANSWERS[np.argmin([(1 - good) * costs.false_accept, good * costs.false_reject, fix], axis=0)]
    if threshold is not None:
        answers[(answers == "accept") & ~threshold.accepts(checked_scores(scores))] = "fix"
    return np.asarray(answers)
