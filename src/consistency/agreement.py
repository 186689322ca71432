"""Which references are of something else than the others, by how alike pictures of one subject are at least."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from consistency.errors import AnchorError, InputError
from consistency.runtime.stored import read_format

FILE = "agreement.json"
FORMAT, VERSION = "consistency.agreement", 1

FEWEST = 3
"""Of two references that disagree nobody can say which is wrong: their spread is reported, none is left out."""


@dataclass(frozen=True)
class Odd:
    """A reference unlike the others.

    Attributes:
        index: Its place among the vectors, from 0.
        similarity: Mean cosine to those that were still there when it went.
    """

    index: int
    similarity: float


def odd_ones(vectors: NDArray[np.float32], floor: float) -> tuple[Odd, ...]:
    """Return the references that are unlike the others, the oddest first.

    The one with the lowest mean cosine to those still there goes, again and again, while that mean lies below `floor`
    and more than half stay.
    Use it on the vectors of one facet; what two references show of each other is their spread, not this.

    Args:
        vectors: n×d float32 of unit length.
        floor: Mean cosine in [-1, 1] that 99 % of right references reach (`floor_for`).

    Raises:
        AnchorError: No majority of them agrees, so that nobody can say who is meant.

    Example:
        >>> [odd.index for odd in odd_ones(np.eye(3, dtype=np.float32)[[0, 0, 0, 1]], floor=0.5)]
        [3]
    """
    if not -1 <= floor <= 1:
        raise InputError("a cosine in [-1, 1]", floor)
    cosines = vectors.astype(np.float64) @ vectors.T.astype(np.float64)
    kept = list(range(len(vectors)))
    found: list[Odd] = []
    while len(kept) >= FEWEST:
        means = _means(cosines, kept)
        worst = int(means.argmin())
        if means[worst] >= floor:
            return tuple(found)
        if 2 * (len(kept) - 1) <= len(vectors):
            break
        found.append(Odd(kept.pop(worst), round(float(means[worst]), 4)))
    if found and _means(cosines, kept).mean() < floor:
        named = ", ".join(str(odd.index + 1) for odd in found)
        got = f"{len(vectors)} of which no majority agrees (odd: {named})"
        raise AnchorError("references of one subject", got, "leave out the wrong ones")
    return tuple(found)


def _means(cosines: NDArray[np.float64], kept: list[int]) -> NDArray[np.float64]:
    """Return the mean cosine of each of those kept to the others."""
    part = cosines[np.ix_(kept, kept)]
    return np.asarray((part.sum(axis=1) - part.diagonal()) / (len(kept) - 1))


def floor_for(spec: str, facet: str) -> float | None:
    """Return the mean cosine to the others that 99 % of right references reach, or None for an unknown model."""
    return known_floors().get((spec, facet))


@cache
def known_floors() -> Mapping[tuple[str, str], float]:
    """Return (spec id, facet) → floor, as `tools/derive_agreement.py` wrote them into the package."""
    record = read_format(files(__package__).joinpath(FILE).read_text("utf-8"), FORMAT, VERSION)
    return {(entry["spec"], entry["facet"]): float(entry["floor"]) for entry in record["floors"]}
