"""What a recogniser says of a letter shown alone, where only its shape can speak."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from qa.text.alike import TWINS
from qa.text.emissions import Emissions, Folded
from qa.text.pieces import folded
from qa.text.spelling import Rules

TABLE = "lone_letters.json"
"""Made by `tools/derive_lone_letters.py`: for pairs of symbols where the margin lies halfway between the two, and how
much it tells."""

MOST_BY_SHAPE = 5.0
"""Margin, either way, beyond which a letter's own shape, height or width says no more: another letter's ink, or a wrong
measurement, is likelier."""


def lone_margin(seen: Emissions, expected: str, rival: str) -> float | None:
    """Return how much a letter shown alone speaks for the expected symbol, as a natural logarithm.

    Args:
        seen: What the recogniser says of it.
        expected: One symbol.
        rival: Another one.

    Returns:
        Within ±5; None where shapes alone do not tell the two apart.
    """
    known = table().get(expected + rival, table()[""])
    if known is None:
        return None
    line = seen.folded(_folded, expected + rival)
    own, other = (likelihoods(line)[line.columns[_folded(symbol)]] for symbol in (expected, rival))
    middle, slope = known
    return round(float(np.clip(slope * (own - other - middle), -MOST_BY_SHAPE, MOST_BY_SHAPE)), 2)


def _folded(symbol: str) -> str:
    return folded(symbol.translate(TWINS), Rules())


def likelihoods(line: Folded) -> NDArray[np.float64]:
    """Return the log likelihood that a line says one symbol and nothing else, for each of its M columns.

    Reference: Graves et al. 2006, equations 6 and 7, for texts of one label; doi:10.1145/1143844.1143891.
    """
    logs = line.logs
    before = np.concatenate(([0.0], np.cumsum(logs[:, 0])))
    inside = np.full(logs.shape[1], -np.inf)
    after = np.full(logs.shape[1], -np.inf)
    for step in range(len(logs)):
        after = np.logaddexp(after, inside) + logs[step, 0]
        inside = np.logaddexp(inside, before[step]) + logs[step]
    return np.asarray(np.logaddexp(inside, after), np.float64)


@lru_cache(maxsize=1)
def table() -> Mapping[str, tuple[float, float] | None]:
    """Return pair of symbols → the margin halfway between them and its slope; None where shapes do not tell.

    The key "" stands for all other pairs.
    """
    text = files("qa.text").joinpath(TABLE).read_text(encoding="utf-8")
    stored: dict[str, list[float] | None] = json.loads(text)["pairs"]
    return MappingProxyType({pair: (known[0], known[1]) if known else None for pair, known in stored.items()})
