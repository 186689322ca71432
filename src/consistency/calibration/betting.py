"""Evidence from labels that were drawn with unequal, known chances."""

from __future__ import annotations

import numpy as np

from consistency.calibration.inputs import Bools, Floats

STAKES = (0.1, 0.25, 0.5, 0.75, 1.0)
"""Shares of the largest stake that are bet at once, in equal parts: no label decides how the next one is bet on, so the
order of the labels does not matter."""


def weighted_p_value(is_bad: Bools, weights: Floats, alpha: float) -> float:
    """Return a p-value for "more than `alpha` of what these labels stand for is bad".

    A bet on every label: w(α − bad) has a mean ≤ 0 where that is so, so capital Π(1 + λ w(α − bad)) does not grow in
    expectation, and by Markov's inequality exceeds 1/δ with a chance of at most δ. With equal weights the binomial test
    is exact and sharper.

    Args:
        is_bad: m accepted labels.
        weights: m weights > 0, inverse chances of having been labelled, divided by the largest of all labels.
        alpha: Largest share of bad ones, within (0, 1).

    Returns:
        Within (0, 1].

    Reference:
        Waudby-Smith & Ramdas 2024, "Estimating means of bounded random variables by betting", J. R. Stat. Soc. B 86,
        1, section 4, doi:10.1093/jrsssb/qkad009; a mixture over fixed λ.
    """
    gains = weights * (alpha - is_bad)
    with np.errstate(divide="ignore"):  # the whole stake on a label that is bad: that part is lost
        logs = np.array([np.log1p(np.maximum(stake / (1 - alpha) * gains, -1)).sum() for stake in STAKES])
    top = float(logs.max())
    return float(min(1.0, np.exp(-top) / np.exp(logs - top).mean())) if top > 0 else 1.0
