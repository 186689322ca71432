"""Parts of the labels for cross-validation, so that no subject is on both sides."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from consistency.calibration.curves import fit_curve
from consistency.calibration.inputs import Floats, checked_labels
from consistency.errors import InputError


def grouped_folds(groups: Sequence[Hashable], folds: int = 5, *, seed: int = 0) -> NDArray[np.int64]:
    """Deal whole groups out to folds of about equal size.

    Args:
        groups: n names of what is not independent: the subject, the seed.
        folds: How many, ≥ 2 and at most the number of groups.
        seed: Another seed deals groups of equal size out anew.

    Returns:
        n fold numbers from 0.

    Raises:
        InputError: Fewer groups than folds.

    Example:
        >>> grouped_folds(["cat", "cat", "dog", "bag"], 2).tolist().count(0)
        2
    """
    members: dict[Hashable, list[int]] = {}
    for index, group in enumerate(groups):
        members.setdefault(group, []).append(index)
    if not 2 <= folds <= len(members):
        raise InputError("at least 2 folds and as many groups", f"{folds} folds, {len(members)} groups")
    named = list(members.values())
    shuffled = [named[i] for i in np.random.default_rng(seed).permutation(len(named))]
    result, sizes = np.zeros(len(groups), np.int64), [0] * folds
    for indices in sorted(shuffled, key=len, reverse=True):
        smallest = sizes.index(min(sizes))
        result[indices] = smallest
        sizes[smallest] += len(indices)
    return result


def cross_fitted(scores: ArrayLike, is_bad: ArrayLike, folds: ArrayLike) -> Floats:
    """Return P(good) of each label by a curve that was fitted without its fold: for honest figures.

    Args:
        scores: n scores, higher is better.
        is_bad: n labels.
        folds: n fold numbers, from `grouped_folds`.

    Raises:
        InputError: Lengths that differ, or labels of one kind outside a fold.
    """
    values, bad = checked_labels(scores, is_bad)
    parts = np.asarray(folds)
    if parts.shape != values.shape:
        raise InputError(f"{values.size} fold numbers", parts.shape)
    result = np.empty(values.size)
    for part in np.unique(parts):
        held = parts == part
        result[held] = fit_curve(values[~held], bad[~held]).probability(values[held])
    return result
