"""The binomial distribution, exact, and how many labels a promise takes."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from consistency.calibration.inputs import check_rate
from consistency.errors import InputError


@lru_cache(maxsize=65536)
def binomial_cdf(count: int, trials: int, rate: float) -> float:
    """Return P(X ≤ count) for X ~ Binomial(trials, rate), summed in logarithms so that nothing underflows early.

    Args:
        count: ≥ 0; from `trials` on the probability is 1.
        trials: ≥ 0.
        rate: Within (0, 1).

    Example:
        >>> round(binomial_cdf(0, 45, 0.05), 4)
        0.0994
    """
    if count >= trials:
        return 1.0
    i = np.arange(1, count + 1)
    ratios = np.log((trials - i + 1) / i) + math.log(rate) - math.log1p(-rate)
    logs = trials * math.log1p(-rate) + np.concatenate([[0.0], np.cumsum(ratios)])
    top = float(logs.max())
    return min(1.0, math.exp(top) * float(np.exp(logs - top).sum()))


@lru_cache(maxsize=65536)
def fewest_labels(alpha: float, delta: float, bad: int = 0) -> int:
    """Return how many accepted labels it takes, `bad` of them bad, to show that at most `alpha` are.

    Args:
        alpha: Largest share of bad ones among the accepted, within (0, 1).
        delta: Share of calibrations that may be wrong, within (0, 1).
        bad: Bad ones among the accepted labels, ≥ 0.

    Returns:
        The smallest n with BinomCDF(bad; n, alpha) ≤ delta.

    Raises:
        InputError: A rate outside (0, 1), or a negative count.

    Example:
        >>> fewest_labels(0.05, 0.10), fewest_labels(0.05, 0.05)
        (45, 59)
    """
    check_rate(alpha, "alpha")
    check_rate(delta, "delta")
    if bad < 0:
        raise InputError("a count of bad labels ≥ 0", bad)
    low, high = bad, bad + 1  # the CDF is above delta at low: it is 1 there
    while binomial_cdf(bad, high, alpha) > delta:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if binomial_cdf(bad, middle, alpha) > delta else (low, middle)
    return high
