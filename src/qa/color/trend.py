"""Does a colour move along a batch? A robust test of a steady drift and of a step, and how large the move is.

Readings that come in no particular order are exchangeable, so shuffling them gives the distribution of any statistic
without a word about its shape. Scores are bounded, so that one wrong picture is one voice of many.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from qa.color.difference import Float64, delta_e00
from qa.color.weights import even_differences

LEAST_READINGS = 8
"""Fewer readings can be in many an order by chance: of 7 the steadiest has p = 1/2520 in one axis, and no margin."""

MOST_READINGS = 400
"""Longer series are taken in so many groups of neighbours: what matters is how far apart in order, not how many."""

MOST_STEPS = 40
"""Places looked at for a step."""

SHORTEST_SIDE = 4
"""Readings on either side of a step; less than that is a handful of wrong pictures, which say so themselves."""

FIRST_LOOK, SECOND_LOOK = 499, 9999
"""Shuffles at first, and where these do not already say that there is nothing."""

NOTHING = 0.1
"""P-value of the first look from which there is no second."""

SEED = 20260101
FLOOR = 0.1
"""ΔE00 below which readings differ by rounding, not by colour."""

BOUND = 2.5
"""Score of the furthest reading, in standard deviations of one axis; half of normal readings lie within 1.54."""

HALF_OF_NORMAL = 1.538
"""Median length of three standard normal deviations: √2.366."""

CONFIDENCE, TAILS = 1.96, 2.4
"""Quantile of the normal distribution for 95 %, and what Student's t with f degrees adds to it, times f."""


@dataclass(frozen=True, eq=False)
class Trend:
    """How a colour moves along a batch.

    Attributes:
        is_step: It jumps once, rather than drifting steadily.
        at: Index of the first reading after the step; 0 where it drifts.
        p_value: Of seeing as much in readings that come in no order, in (0, 1].
        total_delta_e00: From the first reading to the last, on the fitted line.
        interval: Its 95 % confidence interval.
        fitted: n×3 L*a*b* of the fitted line.
    """

    is_step: bool
    at: int
    p_value: float
    total_delta_e00: float
    interval: tuple[float, float]
    fitted: Float64


def find_trend(order: Sequence[int], lab: Float64, reference: Float64) -> Trend:
    """Return the drift or step, whichever explains the readings better, whether significant or not.

    Args:
        order: n rising places in the batch.
        lab: n×3 L*a*b* of the readings, n ≥ 8.
        reference: L*a*b* of the brand's colour; differences are weighted as CIEDE2000 weights them there.
    """
    places, differences = grouped(np.asarray(order, np.float64), even_differences(lab, reference))
    profiles = profiles_of(places)
    scores = bounded(differences)
    step = clear_step(scores, profiles)
    first_after = 0 if step is None else int(np.searchsorted(order, places[step]))
    along = np.asarray(order, np.float64) - order[0] if step is None else step_at(first_after, len(order))
    fit = fit_line(along / along[-1], lab, reference)
    return Trend(step is not None, first_after, p_value(scores, profiles), *fit)


def clear_step(scores: Float64, profiles: Float64) -> int | None:
    """Return the index after the best step, None where a drift explains the scores as well.

    A step has a place to choose besides, for which it must be better by log n twice.

    Reference: Schwarz 1978, "Estimating the dimension of a model", doi:10.1214/aos/1176344136.
    """
    left = (scores**2).sum() - ((profiles @ scores) ** 2).sum(axis=1)
    best = int(np.argmin(left))
    gain = scores.size * float(np.log(max(left[0], 1e-9) / max(left[best], 1e-9)))
    return int(np.argmax(profiles[best] > 0)) if gain > 2 * np.log(len(scores)) else None


def grouped(places: Float64, differences: Float64) -> tuple[Float64, Float64]:
    """Return places and readings, those of a long series as medians of neighbours."""
    if len(places) <= MOST_READINGS:
        return places, differences
    parts = np.array_split(np.arange(len(places)), MOST_READINGS)
    middle = np.array([places[part].mean() for part in parts])
    return middle, np.array([np.median(differences[part], axis=0) for part in parts])


def profiles_of(places: Float64) -> Float64:
    """Return m×n rows of mean 0 and length 1: the steady drift first, then the steps."""
    count = len(places)
    ends = np.arange(SHORTEST_SIDE, count - SHORTEST_SIDE + 1)
    chosen = ends[np.unique(np.linspace(0, len(ends) - 1, min(MOST_STEPS, len(ends))).round().astype(int))]
    rows = np.array([places, *(step_at(int(end), count) for end in chosen)])
    rows = rows - rows.mean(axis=1, keepdims=True)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float64)


def step_at(first_after: int, count: int) -> Float64:
    """Return 0 before an index and 1 from it on."""
    return np.asarray(np.arange(count) >= first_after, np.float64)


def bounded(differences: Float64) -> Float64:
    """Return n×3 scores of mean 0: readings made round and of unit spread, none longer than `BOUND`.

    The shape is Tyler's, drawn towards a ball of `FLOOR`, so that equal readings are no problem.
    """
    centred = differences - np.median(differences, axis=0)
    shape = np.eye(3)
    for _ in range(20):
        lengths = np.einsum("ni,ij,nj->n", centred, np.linalg.inv(shape), centred)
        shape = 3 * (centred.T / np.maximum(lengths, 1e-9)) @ centred / len(centred) + 0.05 * np.eye(3)
        shape *= 3 / np.trace(shape)
    length = np.sqrt(np.einsum("ni,ij,nj->n", centred, np.linalg.inv(shape), centred))
    unit = max(float(np.median(length)) / HALF_OF_NORMAL, FLOOR)
    round_ = np.linalg.solve(np.linalg.cholesky(shape), centred.T).T / unit
    scores = round_ * np.minimum(1.0, BOUND / np.maximum(length / unit, 1e-9))[:, None]
    return np.asarray(scores - scores.mean(axis=0), np.float64)


def p_value(scores: Float64, profiles: Float64) -> float:
    """Return how often shuffled readings show a drift or a step as strong as these.

    Reference: Phipson & Smyth 2010, "Permutation p-values should never be zero", doi:10.2202/1544-6115.1585.
    """
    p = 1.0
    for shuffles in (FIRST_LOOK, SECOND_LOOK):
        own = strengths_of(scores[None], profiles)[0]
        drift, step = own[0], own[1:].max(initial=0.0)
        as_strong = np.zeros(2)
        for order in shuffled(len(scores), shuffles):
            strengths = strengths_of(scores[order], profiles)
            as_strong += (strengths[:, 0] >= drift).sum(), (strengths[:, 1:].max(axis=1, initial=0.0) >= step).sum()
        p = float(min(1.0, 2 * (1 + as_strong.min()) / (1 + shuffles)))  # Bonferroni's 2: drift and step
        if p > NOTHING:
            break
    return p


@lru_cache(maxsize=8)
def shuffled(count: int, shuffles: int) -> list[NDArray[np.intp]]:
    """Return orders of `count` readings, in parts that fit into the memory of a small machine."""
    random = np.random.default_rng((SEED, count, shuffles))
    part = max(1, 100_000 // count)
    sizes = [min(part, shuffles - start) for start in range(0, shuffles, part)]
    return [random.permuted(np.tile(np.arange(count), (size, 1)), axis=1) for size in sizes]


def strengths_of(scores: Float64, profiles: Float64) -> Float64:
    """Return b×m: how much of the scores each profile explains over what it leaves, neighbours' likeness allowed for.

    Pictures of one scene stand together and are alike, which looks like a trend; what is left after the trend tells,
    because neighbours then differ less than strangers. Dividing by it keeps the test exact where readings are
    exchangeable, and right in the long run where they are not.

    Args:
        scores: b×n×3, each of mean 0.
        profiles: m×n of `profiles_of`.

    Reference: Romano & Tirlea 2022, "Permutation testing for dependence in time series", doi:10.1111/jtsa.12638.
    """
    count = scores.shape[1]
    explained = (np.einsum("mn,bnc->bmc", profiles, scores, optimize=True) ** 2).sum(axis=2)
    left = np.maximum((scores**2).sum(axis=(1, 2))[:, None] - explained, 1e-9)
    between = (np.diff(scores, axis=1) ** 2).sum(axis=(1, 2))[:, None]
    likeness = np.clip(1 - between / (2 * left * (count - 1) / count), 0.0, 0.95)
    return np.asarray(explained / left * (1 - likeness) / (1 + likeness), np.float64)


def fit_line(along: Float64, lab: Float64, reference: Float64) -> tuple[float, tuple[float, float], Float64]:
    """Return total ΔE00, its interval and the n×3 fitted colours of a robust line (Huber's M-estimate).

    Args:
        along: n values that rise from 0 to 1.
        lab: n×3 readings.
        reference: As in `find_trend`.

    Reference: Huber 1981, "Robust Statistics", chapter 7.
    """
    design = np.stack([np.ones(len(along)), along], axis=1)
    differences, weights = even_differences(lab, reference), np.ones(len(along))
    for _ in range(30):
        line = solve(design, differences, weights)
        lengths = np.linalg.norm(differences - design @ line, axis=1)
        unit = max(float(np.median(lengths)) / HALF_OF_NORMAL, FLOOR / 2)
        weights = np.minimum(1.0, BOUND * unit / np.maximum(lengths, 1e-9))
    ends = solve(design, lab, weights)
    total = float(delta_e00(ends[0], ends[0] + ends[1]))
    length = max(float(np.linalg.norm(line[1])), 1e-9)
    error = standard_error(along, differences - design @ line, line[1] / length, weights)
    middle = np.sqrt(max(0.0, length**2 - 2 * error**2))  # noise across the slope makes it longer, never shorter
    half = error * (CONFIDENCE + TAILS / (len(along) - 4))
    low, high = max(0.0, middle - half), middle + half
    interval = (float(low * total / length), float(high * total / length))
    return total, interval, np.asarray(design @ ends, np.float64)


def solve(design: Float64, values: Float64, weights: Float64) -> Float64:
    """Return weighted least squares, 2×3."""
    weighted = design * weights[:, None]
    return np.asarray(np.linalg.solve(weighted.T @ design, weighted.T @ values), np.float64)


def standard_error(along: Float64, residuals: Float64, direction: Float64, weights: Float64) -> float:
    """Return the standard error of a slope's length, from the bounded residuals along it; likeness allowed for."""
    influence = residuals * weights[:, None]
    between = float((np.diff(influence, axis=0) ** 2).sum())
    likeness = min(max(1 - between / max(2 * float((influence**2).sum()), 1e-9), 0.0), 0.95)
    variance = float(((influence @ direction) ** 2).sum()) / (len(along) - 2)
    spread = float(((along - along.mean()) ** 2).sum())
    widening = np.sqrt((1 + likeness) / (1 - likeness))
    follows = np.where(weights < 1, 2 / 3 * weights, 1.0).mean()  # a bounded residual still turns, in two axes of three
    return float(np.sqrt(variance / spread) * widening / follows)


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values corrected for how many there are.

    Reference: Holm 1979, "A simple sequentially rejective multiple test procedure", Scand. J. Stat. 6, 65–70.

    Example:
        >>> holm([0.01, 0.2, 0.04])
        [0.03, 0.2, 0.08]
    """
    ranks = sorted(range(len(p_values)), key=lambda index: p_values[index])
    corrected, least = [1.0] * len(p_values), 0.0
    for place, index in enumerate(ranks):
        least = max(least, min(1.0, (len(p_values) - place) * p_values[index]))
        corrected[index] = least
    return corrected
