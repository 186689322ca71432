"""What a recogniser says about one line before it decides: the probability of each symbol at each step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consistency.errors import InputError

Float64 = NDArray[np.float64]

RARE = 1e-6
"""A symbol that no step gives more than this counts as having exactly this everywhere, and need not be kept."""


@dataclass(frozen=True, eq=False)
class Emissions:
    """The recogniser's probabilities on one line crop.

    Attributes:
        probabilities: T×K in [0, 1], one row a time step; rows sum to at most 1.
        symbols: What each column stands for, the CTC blank "" first; each at most once.
        filled: Share of the steps that lie on picture rather than padding, in (0, 1].
    """

    probabilities: NDArray[np.float32]
    symbols: tuple[str, ...]
    filled: float = 1.0

    def __post_init__(self) -> None:
        shape = np.shape(self.probabilities)
        if len(shape) != 2 or shape[0] < 1 or shape[1] != len(self.symbols) or self.symbols[:1] != ("",):
            raise InputError(f"T×{len(self.symbols)} probabilities, the blank first", shape)
        if not np.isfinite(self.probabilities).all():
            raise InputError("finite probabilities", "NaN or infinity")

    @classmethod
    def compact(cls, probabilities: NDArray[np.float32], symbols: Sequence[str], filled: float = 1.0) -> Emissions:
        """Keep the blank and the symbols that some step holds possible: a hundred of 18,710, so they can be kept.

        Args:
            probabilities: T×C as the recogniser returns them.
            symbols: What each column stands for, the blank first.
            filled: Share of the steps that lie on picture.
        """
        is_kept = probabilities.max(axis=0) > RARE
        is_kept[0] = True
        kept = np.flatnonzero(is_kept)
        return cls(probabilities[:, kept], tuple(symbols[int(index)] for index in kept), filled)

    def folded(self, fold: Callable[[str], str], wanted: Iterable[str]) -> Folded:
        """Return log probabilities of what symbols become once differences that do not count are set aside.

        Symbols of one class add up; what folds to nothing, such as a space where spaces do not count, joins the
        blank, which makes the likelihood of a text exactly the sum over all ways to write it.

        Args:
            fold: Symbol → what it counts as, one character or "".
            wanted: Folded symbols to have a column whether or not any step holds them possible.
        """
        names = [fold(symbol) if symbol else "" for symbol in self.symbols]
        columns = {name: at for at, name in enumerate(dict.fromkeys(["", *names, *wanted]))}
        sums = np.zeros((len(self.probabilities), len(columns)))
        np.add.at(sums.T, [columns[name] for name in names], self.probabilities.T.astype(np.float64))
        return Folded(np.log(np.clip(sums, RARE, 1.0)), columns, self.filled)


@dataclass(frozen=True, eq=False)
class Folded:
    """Log probabilities of a line's folded symbols.

    Attributes:
        logs: T×M float64, at least log RARE.
        columns: Folded symbol → its column; the blank "" is 0.
        filled: Share of the steps that lie on picture.
    """

    logs: Float64
    columns: dict[str, int]
    filled: float

    @property
    def symbols(self) -> tuple[str, ...]:
        """What each column stands for."""
        return tuple(self.columns)
