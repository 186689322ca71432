"""Populations of scored assets whose truth is known: what a threshold accepts, and how many of that are bad."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

Array = NDArray[np.float64]
Bands = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Population:
    """Scores and labels by chance, and the truth at a threshold.

    Attributes:
        draw: From a generator and a shape: scores, is_bad.
        truth: From thresholds: share of the good ones accepted, share of bad ones among the accepted.
    """

    draw: Callable[[np.random.Generator, tuple[int, ...]], tuple[Array, NDArray[np.bool_]]]
    truth: Callable[[Array], tuple[Array, Array]]

    def oracle(self, alpha: float) -> float:
        """Return the largest share of good ones that any threshold accepts with at most `alpha` bad."""
        good, risk = self.truth(np.linspace(-6, 6, 120_001))
        return float(good[risk <= alpha].max(initial=0.0))


def normal(auc: float, bad: float, *, mislabelled: float = 0.0, step: float = 0.0, top: float = math.inf) -> Population:
    """Two normal distributions of equal width, `bad` of the assets bad.

    Args:
        auc: Area under the curve.
        bad: Share of bad ones.
        mislabelled: Share of those like good ones that are bad whatever their score.
        step: Scores are rounded to multiples of it.
        top: Scores above it are all `top`: one large tie.
    """
    distance = math.sqrt(2) * float(norm.ppf(auc))

    def draw(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[Array, NDArray[np.bool_]]:
        unlike = rng.random(shape) < bad
        scores = np.minimum(rng.normal(size=shape) + distance * ~unlike, top)
        scores = np.round(scores / step) * step if step else scores
        return scores, unlike | (rng.random(shape) < mislabelled)

    def truth(thresholds: Array) -> tuple[Array, Array]:
        edges = (np.ceil(thresholds / step - 1e-9) - 0.5) * step if step else thresholds
        alike, unlike = (1 - bad) * norm.sf(edges - distance), bad * norm.sf(edges)
        alike, unlike = (np.where(edges <= top, part, 0.0) for part in (alike, unlike))
        wrong = unlike + mislabelled * alike
        return alike / (1 - bad), wrong / np.maximum(alike + unlike, 1e-300)

    return Population(draw, truth)


def banded(bands: Bands) -> Population:
    """Scores that fall from 0 to −1 evenly; the share of bad ones is constant within each band.

    Args:
        bands: (where it ends in (0, 1], share of bad ones in it), the last at 1.
    """
    ends, rates = (np.array(part) for part in zip(*bands, strict=True))
    widths = np.diff(ends, prepend=0.0)

    def draw(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[Array, NDArray[np.bool_]]:
        place = rng.random(shape)
        return -place, rng.random(shape) < rates[np.searchsorted(ends, place)]

    def truth(thresholds: Array) -> tuple[Array, Array]:
        place = np.clip(-thresholds, 0.0, 1.0)
        inside = np.clip(place[..., None] - (ends - widths), 0.0, widths)
        wrong = (inside * rates).sum(axis=-1)
        good = (place - wrong) / (1 - (widths * rates).sum())
        return good, wrong / np.maximum(place, 1e-300)

    return Population(draw, truth)


def hard(alpha: float, share: float) -> Population:
    """Good at the top; from `share` of the assets on the bad rate among the accepted stays at alpha, a hair above."""
    return banded(((share / 2, 0.0), (share, 2.0002 * alpha), (1.0, 1.0002 * alpha)))


def unordered(alpha: float, waves: int) -> Population:
    """A score that does not order: good and bad bands in turn, so that the rate crosses alpha at each wave."""
    edges = np.linspace(0, 1, 2 * waves + 1)[1:]
    return banded(tuple((float(edge), 2 * alpha * (index % 2 == 0)) for index, edge in enumerate(edges)))
