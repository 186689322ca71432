"""What comes in, checked once: scores, labels, rates."""

from __future__ import annotations

from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consistency.errors import InputError

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def checked_scores(scores: ArrayLike, what: str = "scores") -> Floats:
    """Return scores as n float64, n ≥ 1.

    Raises:
        InputError: Empty, not one-dimensional, not numbers, or not finite.
    """
    try:
        array = np.asarray(scores, np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(f"{what} as numbers", error) from error
    if array.ndim != 1 or not array.size:
        raise InputError(f"{what} in one dimension, at least one", array.shape)
    if not np.isfinite(array).all():
        hint = "leave out what could not be measured"
        raise InputError(f"finite {what}", f"{(~np.isfinite(array)).sum()} that are not", hint)
    return array


def checked_labels(scores: ArrayLike, is_bad: ArrayLike) -> tuple[Floats, Bools]:
    """Return scores as n float64 and labels as n bool.

    Raises:
        InputError: Scores as above; labels that are neither bool nor 0 and 1; other lengths.
    """
    values, labels = checked_scores(scores), np.asarray(is_bad)
    if labels.shape != values.shape:
        raise InputError(f"{values.size} labels, one a score", labels.shape)
    if labels.dtype != np.bool_ and not (labels.dtype.kind in "iuf" and np.isin(labels, (0, 1)).all()):
        raise InputError("labels that are True (bad) or False", labels.dtype)
    return values, labels.astype(np.bool_)


def check_rate(rate: float, name: str) -> None:
    """Refuse a rate that is not within (0, 1): `name` says whose."""
    if not isinstance(rate, Real) or not 0 < rate < 1:
        raise InputError(f"{name} within (0, 1)", rate, "5 % is 0.05")


def check_both_kinds(is_bad: Bools) -> None:
    """Refuse labels of one kind only, from which no curve can be learnt."""
    if is_bad.all() or not is_bad.any():
        kind = "bad" if is_bad.all() else "good"
        raise InputError("labels of both kinds", f"{is_bad.size} that are all {kind}", "label some of the other kind")
