"""The accept threshold with a promise: at most α bad among what it accepts, with confidence 1 − δ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consistency.calibration.betting import weighted_p_value
from consistency.calibration.binomial import binomial_cdf, fewest_labels
from consistency.calibration.candidates import candidate_ranks, counts_above, cuts_at, first_allowed
from consistency.calibration.inputs import Bools, Floats, check_rate, checked_labels, checked_scores
from consistency.errors import InputError

MOST_LABELS = 10_000
"""More labels than anyone gives; a score that would need them does not keep the promise."""


@dataclass(frozen=True, repr=False)
class Threshold:
    """A threshold that keeps a promise, or the word that none does.

    Attributes:
        value: Accept where score ≥ value; None where no threshold keeps the promise.
        alpha: Promised largest share of bad ones among the accepted.
        delta: Share of calibrations for which the promise may fail.
        accepted: Labels at or above the threshold, 0 without one.
        bad_among_accepted: How many of these are bad.
        labels: Labels it was learnt from.
        labels_needed: Fewest labels with which the strictest candidate would pass, were as many bad in each part of the
            ranking as in these; 0 where the promise is kept; None where 10,000 would not do either, so that the score
            has to become better, or the promise weaker.
    """

    value: float | None
    alpha: float
    delta: float
    accepted: int
    bad_among_accepted: int
    labels: int
    labels_needed: int | None

    def accepts(self, scores: ArrayLike) -> Bools:
        """Return for n scores which are accepted; none without a threshold."""
        values = checked_scores(scores)
        return np.zeros(values.size, np.bool_) if self.value is None else values >= self.value

    def __str__(self) -> str:
        promise = f"at most {self.alpha:.1%} bad with confidence {1 - self.delta:.1%}"
        if self.value is not None:
            seen = f"{self.bad_among_accepted} bad of {self.accepted} accepted, {self.labels} labels"
            return f"accept score ≥ {self.value:.6g}: {promise} ({seen})"
        needed = f"about {self.labels_needed} like them would do" if self.labels_needed else "nor would more like them"
        return f"no threshold: {self.labels} labels do not show {promise}; {needed}"

    __repr__ = __str__


def learn_then_test(
    scores: ArrayLike,
    is_bad: ArrayLike,
    *,
    alpha: float = 0.05,
    delta: float = 0.10,
    inclusion: ArrayLike | None = None,
    thresholds: ArrayLike | None = None,
) -> Threshold:
    """Learn the loosest threshold for which labels show that at most `alpha` of the accepted are bad.

    Use it where assets are decided one by one and the promise has to hold for what comes. Where a whole batch lies on
    the table and a mean over batches is enough, `conformal_select` accepts more from the same labels.

    Thresholds are tested strict → loose, each by p = BinomCDF(bad; accepted, α) ≤ δ, until one fails; the last that
    passed is taken. Which ones are tested depends on the number of labels only (`candidate_ranks`). It holds where the
    score orders in this sense: below the threshold at which the promise breaks, at least `alpha` are bad. With
    `thresholds` it holds for any score.

    Args:
        scores: n scores, higher is better.
        is_bad: n labels, True where the asset should not have been accepted. A random sample of what will be decided,
            independent of each other: `Labels` sees to that.
        alpha: Largest share of bad ones among the accepted, within (0, 1).
        delta: Share of calibrations for which that may fail, within (0, 1).
        inclusion: n known chances, in (0, 1], with which each asset was picked for labelling; None: all alike.
        thresholds: Candidates that were fixed before any of these scores was seen. The strictest is tested first, and
            if it fails nothing is accepted: it should accept at least `fewest_labels(alpha, delta)` labels.

    Returns:
        The threshold; its `value` is None where none keeps the promise.

    Raises:
        InputError: Values that are not finite, other lengths, no labels, a rate outside (0, 1).

    Example:
        >>> learn_then_test([0.9] * 45 + [0.2] * 5, [False] * 45 + [True] * 5)
        accept score ≥ 0.9: at most 5.0% bad with confidence 90.0% (0 bad of 45 accepted, 50 labels)
        >>> learn_then_test([0.9] * 20, [False] * 20).labels_needed
        45

    Reference:
        Angelopoulos, Bates, Candès, Jordan & Lei 2021, "Learn then test", arXiv:2110.01052, section 4 (fixed sequence).
    """
    check_rate(alpha, "alpha")
    check_rate(delta, "delta")
    values, bad = checked_labels(scores, is_bad)
    weights = None if inclusion is None else _weights(inclusion, values.size)
    order = np.lexsort((bad, values if weights is None else weights, -values))
    values, bad = values[order], bad[order]
    weights = None if weights is None else weights[order]
    cuts, accepted = _cuts(values, weights, alpha, delta, thresholds)
    passed = 0
    for count in accepted:
        if _p_value(bad[:count], None if weights is None else weights[:count], alpha) > delta:
            break
        passed += 1
    if not passed:
        return Threshold(None, alpha, delta, 0, 0, bad.size, _labels_needed(bad, alpha, delta))
    last = int(accepted[passed - 1])
    return Threshold(float(cuts[passed - 1]), alpha, delta, last, int(bad[:last].sum()), bad.size, 0)


def _weights(inclusion: ArrayLike, labels: int) -> Floats:
    """Return inverse chances, the largest 1."""
    chances = checked_scores(inclusion, "inclusion chances")
    if chances.size != labels or chances.min() <= 0 or chances.max() > 1:
        raise InputError(f"{labels} inclusion chances in (0, 1]", f"{chances.size} from {chances.min()}")
    return np.asarray(chances.min() / chances, np.float64)


def _cuts(
    scores: Floats, weights: Floats | None, alpha: float, delta: float, thresholds: ArrayLike | None
) -> tuple[Floats, NDArray[np.int64]]:
    """Return the candidates, strict → loose, and how many labels each accepts."""
    if thresholds is not None:
        fixed = np.unique(checked_scores(thresholds, "thresholds"))[::-1]
        return fixed, counts_above(fixed, scores)
    if weights is None:
        return cuts_at(candidate_ranks(scores.size, alpha, delta), scores)
    return cuts_at(_weighted_ranks(weights, alpha, delta), scores)


def _weighted_ranks(weights: Floats, alpha: float, delta: float) -> tuple[int, ...]:
    """Return at how many accepted labels to test: where these weigh as many as `candidate_ranks` says of whole ones.

    Labels that were bound to be picked weigh little; by their number alone the strictest candidate would accept far too
    much of what was rarely picked. Candidates that could not pass without a bad label are left out.
    """
    reached = np.cumsum(weights) + 1e-9
    wanted = [rank for rank in candidate_ranks(int(reached[-1]), alpha, delta) if rank <= reached[-1]]
    ranks = dict.fromkeys(int(np.searchsorted(reached, rank)) + 1 for rank in wanted)
    return tuple(rank for rank in ranks if weighted_p_value(np.zeros(rank, bool), weights[:rank], alpha) <= delta)


def _p_value(is_bad: Bools, weights: Floats | None, alpha: float) -> float:
    if weights is not None and (weights < 1).any():
        return weighted_p_value(is_bad, weights, alpha)
    return binomial_cdf(int(is_bad.sum()), is_bad.size, alpha)


def _labels_needed(is_bad: Bools, alpha: float, delta: float) -> int | None:
    """Return the fewest labels with which the strictest candidate would pass; None where `MOST_LABELS` would not do."""
    bad = np.concatenate([[0], np.cumsum(is_bad)])
    labels = is_bad.size + 1
    while labels <= MOST_LABELS:
        allowed = first_allowed(labels, alpha, delta)
        rank = fewest_labels(alpha, delta, allowed)
        seen = -(-rank * is_bad.size // labels)  # in whole numbers: a float can round to one label more than there are
        if rank <= labels and bad[seen] * labels <= allowed * is_bad.size:
            return labels
        labels += max(1, labels // 100)
    return None
