"""Which symbol a letter's ink is, whatever word it stands in: a small classifier over a letter's own shape and size.

A recogniser judges a letter by what stands beside it as well: an l among figures is read as 1, Ň in a face that it has
seldom seen as Ñ. Here nothing but the ink of one letter counts, and how large it is beside the others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from qa.text.letter_features import Vector

TABLE = "letter_shapes.json"
"""Made by `tools/derive_letter_shapes.py`."""

Matrix = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class LetterShapes:
    """One hidden layer between a letter's features and what each symbol has for it.

    Attributes:
        symbols: Symbol → its number, S of them.
        hidden: (d+1)×h; the last row is added whatever the features.
        output: (h+1)×S; likewise.
        log_widths: Natural logarithm of how wide symbols are beside others.
    """

    symbols: Mapping[str, int]
    hidden: Matrix
    output: Matrix
    log_widths: Mapping[str, float]

    def log_odds(self, features: Vector) -> Vector:
        """Return, for each of the S symbols, a logarithm whose differences say how much likelier one is than another.

        Args:
            features: Of one letter, d numbers.
        """
        active = np.maximum(features @ self.hidden[:-1] + self.hidden[-1], 0)
        return np.asarray(active @ self.output[:-1] + self.output[-1], np.float32)


@lru_cache(maxsize=1)
def letter_shapes() -> LetterShapes:
    """Return the table."""
    stored = json.loads(files("qa.text").joinpath(TABLE).read_text(encoding="utf-8"))
    hidden, output = (_matrix(stored[name]) for name in ("hidden", "output"))
    symbols = MappingProxyType({symbol: at for at, symbol in enumerate(stored["symbols"])})
    return LetterShapes(symbols, hidden, output, MappingProxyType(stored["log_widths"]))


def _matrix(rows: list[list[int]]) -> Matrix:
    """Return rows of whole numbers, the first of each how many of them make one, as a matrix."""
    whole = np.array(rows, np.float32)
    return whole[:, 1:] / whole[:, :1]
