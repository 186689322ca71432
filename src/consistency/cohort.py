"""Generic pictures' embeddings, and a similarity set against them: the same scale for every subject and model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load

from consistency.errors import InputError

FILE = "cohort.safetensors"
NEAREST = 20
"""Of the cohort, those most alike count: a fifth of it, as the references' authors do with theirs."""


def cohort_for(spec: str) -> NDArray[np.float32] | None:
    """Return k×d float32 embeddings of generic pictures, of unit length, by a model; None for an unknown model."""
    return known_cohorts().get(spec)


@cache
def known_cohorts() -> Mapping[str, NDArray[np.float32]]:
    """Return spec id → cohort, as `tools/derive_cohort.py` wrote them into the package."""
    stored = load(files(__package__).joinpath(FILE).read_bytes())
    found = {}
    for spec, halves in stored.items():
        vectors = halves.astype(np.float32)
        found[spec] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        found[spec].setflags(write=False)
    return found


def normalised(template: NDArray[np.float64], seen: NDArray[np.float64], cohort: NDArray[np.float32]) -> float:
    """Return how many deviations a similarity lies above those to generic pictures, mean of both sides.

    Use it to compare the scores of different subjects or models; 0 is as alike as the nearest generic pictures are. It
    did not tell subjects apart better than the similarity itself, so nothing is decided by it.

    Args:
        template: d, of unit length.
        seen: d, of unit length: what the picture shows.
        cohort: k×d of unit length, k ≥ 2.

    Reference:
        Matějka et al. 2017 (adaptive symmetric normalisation), doi 10.21437/Interspeech.2017-803.
    """
    if cohort.ndim != 2 or len(cohort) < 2 or {len(template), len(seen)} != {cohort.shape[1]}:
        raise InputError("a cohort k×d, k ≥ 2", f"{cohort.shape} beside {template.shape}, {seen.shape}")
    similarity = float(template @ seen)
    found = []
    for side in (template, seen):
        nearest = np.sort(cohort.astype(np.float64) @ side)[-NEAREST:]
        found.append((similarity - nearest.mean()) / max(float(nearest.std()), 1e-6))
    return float(np.mean(found))
