"""How a map of features becomes one vector."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from consistency.errors import InputError


def generalised_mean(maps: NDArray[np.float32], exponent: float) -> NDArray[np.float32]:
    """Pool n×h×w×d maps of features ≥ 0 into n×d vectors: (mean xᵖ)^(1/p).

    p = 1 is the mean; the larger p, the more the strongest places count. Each picture is pooled alone, so that its
    vector does not depend on its batch.

    Reference:
        Radenović, Tolias and Chum 2018, eq. 3; doi 10.1109/TPAMI.2018.2846566.
    """
    if maps.ndim != 4 or exponent <= 0:
        raise InputError("maps n×h×w×d and an exponent > 0", f"{maps.shape}, {exponent}")
    pooled = np.empty((len(maps), maps.shape[3]), np.float32)
    for index, each in enumerate(maps):
        powered = _power(each.reshape(-1, maps.shape[3]), exponent)
        pooled[index] = np.power(powered.mean(axis=0), np.float32(1 / exponent))
    return pooled


def _power(values: NDArray[np.float32], exponent: float) -> NDArray[np.float32]:
    """Return values to a power; the cube by products, which take a tenth of the time."""
    return values * values * values if exponent == 3 else np.power(values, np.float32(exponent))
