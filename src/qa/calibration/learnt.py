"""What labels taught about a rule: promise, threshold, curve. Data only; learning is `qa.calibration.rule`."""

from __future__ import annotations

from dataclasses import dataclass

from consistency.calibration.curves import Curve
from consistency.calibration.guarantee import Threshold
from consistency.errors import InputError
from qa.calibration.binding import Binding

LEAST, MOST = 0.001, 0.5
"""Shares that can be promised: a stricter one would take more labels than anyone gives, above a half nobody asks."""


@dataclass(frozen=True)
class Promise:
    """At most `alpha` of what is accepted is bad; of all calibrations at most `delta` break that.

    Raises:
        InputError: A share outside [0.1 %, 50 %].
    """

    alpha: float = 0.05
    delta: float = 0.10

    def __post_init__(self) -> None:
        for name, rate in {"alpha": self.alpha, "delta": self.delta}.items():
            if not LEAST <= rate <= MOST:
                raise InputError(f"{name} from {LEAST:.1%} to {MOST:.0%}", rate, "5 % is 0.05")


@dataclass(frozen=True)
class Counts:
    """What labels a rule has.

    Attributes:
        good, bad: What people said, of all.
        random, queue: How they were picked.
        lowest, highest: Range of their values.
    """

    good: int
    bad: int
    random: int
    queue: int
    lowest: float
    highest: float


@dataclass(frozen=True)
class RuleCalibration:
    """What was learnt about one rule.

    Attributes:
        binding: What it holds for.
        threshold: The accept threshold; its `labels` are those that the promise rests on.
        counts: Of all labels.
        curve: Value → P(good), by all labels; None where all say the same.
        is_weighted: Whether the promise rests on all labels by their known chances, not on the random ones alone.
    """

    binding: Binding
    threshold: Threshold
    counts: Counts
    curve: Curve | None
    is_weighted: bool = False
