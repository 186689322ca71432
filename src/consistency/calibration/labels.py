"""What people said about assets, and what that may be used for."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from consistency.calibration.curves import Curve, fit_curve
from consistency.calibration.guarantee import Threshold, learn_then_test
from consistency.calibration.inputs import Bools, Floats, checked_labels, checked_scores
from consistency.errors import InputError

SOURCES = ("random", "queue")


@dataclass(frozen=True, eq=False)
class Labels:
    """Labelled scores with where they come from.

    Attributes:
        scores: n scores, higher is better.
        is_bad: n bool.
        source: n of "random" (picked by chance from what is decided) or "queue" (picked because it was doubtful, or in
            any other way). Empty: all random.
        group: n names of what is not independent of each other: subject, seed. Empty: each label its own.
        inclusion: n known chances in (0, 1] of having been picked; with them labels of the queue count for a promise
            too, by their weight. Whatever is decided must have had a chance, and at least one of the labels the
            smallest. None: unknown.

    Raises:
        InputError: Values that are not finite, lengths that differ, an unknown source.

    Example:
        >>> labels = Labels([0.9] * 50 + [0.1] * 5, [False] * 50 + [True] * 5, source=["random"] * 50 + ["queue"] * 5)
        >>> labels.threshold(alpha=0.05, delta=0.10).accepted
        50
    """

    scores: Floats
    is_bad: Bools
    source: NDArray[np.str_] = field(default_factory=lambda: np.empty(0, np.str_))
    group: NDArray[np.str_] = field(default_factory=lambda: np.empty(0, np.str_))
    inclusion: Floats | None = None

    def __post_init__(self) -> None:
        scores, is_bad = checked_labels(self.scores, self.is_bad)
        source = np.asarray(self.source, np.str_) if len(self.source) else np.full(scores.size, "random")
        group = np.asarray(self.group, np.str_) if len(self.group) else np.arange(scores.size).astype(np.str_)
        inclusion = None if self.inclusion is None else checked_scores(self.inclusion, "inclusion chances")
        columns = {"source": source, "group": group, "inclusion": inclusion}
        for name, column in columns.items():
            if column is not None and column.shape != scores.shape:
                raise InputError(f"{scores.size} of {name}, one a score", column.shape)
        if strange := sorted(set(source.tolist()) - set(SOURCES)):
            raise InputError("the sources random and queue", strange[0])
        for name, column in {"scores": scores, "is_bad": is_bad, **columns}.items():
            object.__setattr__(self, name, column)

    def for_promise(self, *, seed: int = 0) -> Labels:
        """Return the labels a guarantee may rest on: random ones or those with a known chance, one of each group.

        Which one of a group is drawn by `seed`, never by its label. The promise is then about a random asset of a
        random group; with known chances about a random asset, each label standing for all of its group's.

        Raises:
            InputError: No such label.
        """
        usable = np.flatnonzero((self.source == "random") | (self.inclusion is not None))
        if not usable.size:
            raise InputError("random labels for a guarantee", "labels of the queue alone", "label a random sample")
        shuffled = np.random.default_rng(seed).permutation(usable)
        _, first, sizes = np.unique(self.group[shuffled], return_index=True, return_counts=True)
        order = np.argsort(shuffled[first])
        drawn = self._subset(shuffled[first][order])
        chances = None if drawn.inclusion is None else drawn.inclusion / sizes[order]
        return replace(drawn, inclusion=chances)

    def threshold(self, *, alpha: float = 0.05, delta: float = 0.10, seed: int = 0) -> Threshold:
        """Return the accept threshold with a guarantee, by `learn_then_test` on `for_promise`."""
        fit = self.for_promise(seed=seed)
        return learn_then_test(fit.scores, fit.is_bad, alpha=alpha, delta=delta, inclusion=fit.inclusion)

    def curve(self) -> Curve:
        """Return scores to probabilities, by all labels, those of the queue included."""
        return fit_curve(self.scores, self.is_bad)

    def _subset(self, indices: NDArray[np.int64]) -> Labels:
        inclusion = None if self.inclusion is None else self.inclusion[indices]
        return Labels(self.scores[indices], self.is_bad[indices], self.source[indices], self.group[indices], inclusion)
