"""Several quantiles of one array for one sorting."""

from __future__ import annotations

import numpy as np

from qa.color.difference import Float64


def quantiles(values: Float64, *shares: float) -> tuple[float, ...]:
    """Return the quantiles of n values at shares in [0, 1], interpolated as NumPy does by default.

    On thousands of values a tenth of the time of as many calls of `np.quantile`.

    Example:
        >>> quantiles(np.array([3.0, 1.0, 2.0]), 0.5, 0.75)
        (2.0, 2.5)
    """
    return quantiles_of_sorted(np.sort(values), *shares)


def quantiles_of_sorted(values: Float64, *shares: float) -> tuple[float, ...]:
    """Return the same of values that are in order."""
    last = len(values) - 1
    places = [share * last for share in shares]
    lower = [int(place) for place in places]
    return tuple(
        float(values[at] + (values[min(at + 1, last)] - values[at]) * (place - at))
        for at, place in zip(lower, places, strict=True)
    )
