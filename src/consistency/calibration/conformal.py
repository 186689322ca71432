"""Which assets of a batch to accept so that, over batches, few of the accepted are bad."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from consistency.calibration.inputs import Bools, Floats, check_rate, checked_labels, checked_scores


def conformal_p_values(calibration_scores: ArrayLike, is_bad: ArrayLike, scores: ArrayLike) -> Floats:
    """Return for each new asset how surprising its score were if it was bad.

    Args:
        calibration_scores: N scores of labelled assets, higher is better.
        is_bad: N labels.
        scores: m scores of the batch.

    Returns:
        m values within (0, 1]: p = (1 + #{bad i: sᵢ ≥ s}) / (N + 1).

    Raises:
        InputError: Values that are not finite, other lengths, no labels.

    Example:
        >>> conformal_p_values([0.1, 0.2, 0.8, 0.9], [True, True, False, False], [0.15, 0.85]).tolist()
        [0.4, 0.2]

    Reference:
        Jin & Candès 2023, "Selection by prediction with conformal p-values", J. Mach. Learn. Res. 24, 244, equation 4.
    """
    known, bad = checked_labels(calibration_scores, is_bad)
    wrong = np.sort(known[bad])
    above = wrong.size - np.searchsorted(wrong, checked_scores(scores), side="left")
    return np.asarray((1 + above) / (known.size + 1), np.float64)


def conformal_select(
    calibration_scores: ArrayLike, is_bad: ArrayLike, scores: ArrayLike, *, fdr: float = 0.05
) -> Bools:
    """Choose from a batch so that in the mean over batches at most `fdr` of the chosen are bad.

    Use it where a whole batch is decided at once; a single batch may hold more. `learn_then_test` gives one threshold
    for all that comes, with a confidence. Labels and batch have to come from one source.

    Args:
        calibration_scores: N scores of labelled assets, higher is better.
        is_bad: N labels, a random sample.
        scores: m scores of the batch.
        fdr: Largest mean share of bad ones among the chosen, within (0, 1).

    Returns:
        m bool, True where accepted.

    Raises:
        InputError: Values that are not finite, other lengths, no labels, a rate outside (0, 1).

    Example:
        >>> conformal_select([0.1] * 10 + [0.9] * 30, [True] * 10 + [False] * 30, [0.05, 0.5, 0.95]).tolist()
        [False, True, True]

    Reference:
        Benjamini & Hochberg 1995, J. R. Stat. Soc. B 57, 289, on the p-values of `conformal_p_values`.
    """
    check_rate(fdr, "fdr")
    p_values = conformal_p_values(calibration_scores, is_bad, scores)
    ordered = np.sort(p_values)
    allowed = ordered <= fdr * np.arange(1, ordered.size + 1) / ordered.size
    return np.asarray(p_values <= ordered[allowed].max(initial=0.0), np.bool_)
