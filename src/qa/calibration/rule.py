"""The labels of one rule → its threshold with a guarantee, and the curve from values to probabilities."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from consistency.calibration.binomial import fewest_labels
from consistency.calibration.guarantee import Threshold
from consistency.calibration.labels import Labels
from qa.calibration.binding import Binding
from qa.calibration.label_rows import Label
from qa.calibration.learnt import Counts, Promise, RuleCalibration

BETTING_PRICE = 1.5
"""How many times as many labels by weight it takes as random ones: 66 instead of 45 without a bad one at 5 % and 90 %,
and 1.4 to 1.5 times at other promises (`weighted_p_value` against `fewest_labels`)."""


def calibrate_rule(
    binding: Binding, labels: Sequence[Label], promise: Promise, *, unanswered: int = 0
) -> RuleCalibration:
    """Learn from the labels of one rule, at least one, all measured by one model.

    The promise rests on random labels, one of each group, or on all by their known chances (`chances_of`); the curve
    on all of them.

    Args:
        binding: What is measured.
        labels: What people said of it.
        promise: What the threshold has to keep.
        unanswered: Rows that nobody filled in: where there are any, the chance of being a label is not that of a row.
    """
    chances = None if unanswered else chances_of(labels)
    counts = counts_of(labels)
    said = Labels(
        np.array([label.value for label in labels]),
        np.array([label.is_bad for label in labels]),
        np.array([label.source for label in labels]),
        np.array([label.group for label in labels]),
        chances,
    )
    curve = said.curve() if counts.good and counts.bad else None
    is_carried = counts.random or chances is not None
    threshold = said.threshold(alpha=promise.alpha, delta=promise.delta) if is_carried else no_threshold(promise)
    return RuleCalibration(replace(binding, model=labels[0].model), threshold, counts, curve, chances is not None)


def chances_of(labels: Sequence[Label]) -> NDArray[np.float64] | None:
    """Return the chance of each label where all together promise more than the random ones alone, else None.

    Chosen by the chances, never by what the labels say. Beside an audit that is drawn evenly from everything, the queue
    adds nothing that would outweigh the price of weights (benchmarks/guarantee.py, "gate_labels"). And if every label
    was bound to be in the file, what is decided without a look had no chance at all: nothing is known of it.
    """
    chances = np.array([math.nan if label.inclusion is None else label.inclusion for label in labels])
    lowest = float(chances.min())
    random = sum(label.source == "random" for label in labels)
    if not lowest < 1 or (lowest / chances).sum() <= BETTING_PRICE * random:
        return None
    return chances


def no_threshold(promise: Promise) -> Threshold:
    """Return what is known without a random label: how many it takes at least."""
    needed = fewest_labels(promise.alpha, promise.delta)
    return Threshold(None, promise.alpha, promise.delta, 0, 0, 0, needed)


def counts_of(labels: Sequence[Label]) -> Counts:
    """Count labels, at least one."""
    values = [label.value for label in labels]
    bad = sum(label.is_bad for label in labels)
    random = sum(label.source == "random" for label in labels)
    return Counts(len(labels) - bad, bad, random, len(labels) - random, min(values), max(values))
