"""The labels of one rule → its threshold with a guarantee, and the curve from values to probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from consistency.calibration.binomial import fewest_labels
from consistency.calibration.curves import Curve
from consistency.calibration.guarantee import Threshold
from consistency.calibration.labels import Labels
from consistency.errors import InputError
from qa.calibration.binding import Binding
from qa.calibration.label_rows import Label

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

    @classmethod
    def of(cls, labels: Sequence[Label]) -> Counts:
        """Count labels, at least one."""
        values = [label.value for label in labels]
        bad = sum(label.is_bad for label in labels)
        random = sum(label.source == "random" for label in labels)
        return cls(len(labels) - bad, bad, random, len(labels) - random, min(values), max(values))


@dataclass(frozen=True)
class RuleCalibration:
    """What was learnt about one rule.

    Attributes:
        binding: What it holds for.
        threshold: The accept threshold; its `labels` are the independent random ones.
        counts: Of all labels.
        curve: Value → P(good), by all labels; None where all say the same.
    """

    binding: Binding
    threshold: Threshold
    counts: Counts
    curve: Curve | None


def calibrate_rule(binding: Binding, labels: Sequence[Label], promise: Promise) -> RuleCalibration:
    """Learn from the labels of one rule, at least one, all measured by one model.

    The promise rests on random labels, one of each group; the curve on all of them.
    """
    counts = Counts.of(labels)
    said = Labels(
        np.array([label.value for label in labels]),
        np.array([label.is_bad for label in labels]),
        np.array([label.source for label in labels]),
        np.array([label.group for label in labels]),
    )
    curve = said.curve() if counts.good and counts.bad else None
    threshold = said.threshold(alpha=promise.alpha, delta=promise.delta) if counts.random else no_threshold(promise)
    return RuleCalibration(replace(binding, model=labels[0].model), threshold, counts, curve)


def no_threshold(promise: Promise) -> Threshold:
    """Return what is known without a random label: how many it takes at least."""
    needed = fewest_labels(promise.alpha, promise.delta)
    return Threshold(None, promise.alpha, promise.delta, 0, 0, 0, needed)
