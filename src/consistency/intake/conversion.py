"""Colour management: samples with a profile to sRGB. Matrix and curves, in float; for tables see `lab_planes`."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import ImageCms

from consistency.colorspace import linear_to_srgb, mix_planes, plane_to_srgb
from consistency.intake.profiles import Floats, Profile, parse_profile

Samples = NDArray[np.uint8] | NDArray[np.uint16]

_ONE_STEP = 1 / 255
_BLOCK = 1 << 15
_CACHED = 16


@lru_cache(maxsize=_CACHED)
def read_profile(icc: bytes) -> Profile | None:
    """Parse an ICC profile, remembered by its bytes; None where it is damaged."""
    try:
        return parse_profile(icc)
    except ValueError:
        return None


@lru_cache(maxsize=_CACHED)
def is_srgb(profile: Profile) -> bool:
    """Tell whether a profile shows every colour as sRGB does, to less than one 8-bit step."""
    grid = np.linspace(0, 1, 9)
    if len(profile.curves) == 1:
        grid = np.linspace(0, 1, 256)
        return bool(np.abs(linear_to_srgb(profile.curves[0](grid)) - grid).max() < _ONE_STEP)
    if profile.matrix is None:
        return False
    device = np.stack(np.meshgrid(grid, grid, grid), axis=-1).reshape(-1, 3)
    linear = np.stack([curve(device[:, i]) for i, curve in enumerate(profile.curves)], axis=-1)
    return bool(np.abs(linear_to_srgb(linear @ profile.matrix.T) - device).max() < _ONE_STEP)


def to_extended(samples: Samples, profile: Profile) -> NDArray[np.float32]:
    """Convert H×W×3 samples of a profile of curves to extended sRGB in float.

    Args:
        samples: uint8 or uint16; for grey profiles all channels are alike.
        profile: One with curves, and a matrix or a single curve.
    """
    tables = _linear_tables(profile, np.iinfo(samples.dtype).bits)
    extended = np.empty(samples.shape, np.float32)
    values, results = samples.reshape(-1, 3), extended.reshape(-1, 3)
    for start in range(0, len(values), _BLOCK):
        part = values[start : start + _BLOCK]
        linear = [np.take(table, part[:, channel]) for channel, table in enumerate(tables)]
        mixed = linear if profile.matrix is None else mix_planes(linear, profile.matrix)
        for channel, plane in enumerate(mixed):
            results[start : start + _BLOCK, channel] = plane_to_srgb(plane)
    return extended


@lru_cache(maxsize=_CACHED)
def lab_profile() -> bytes:
    """Return LittleCMS's profile of CIE Lab (D50), for pictures stored as Lab."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


@lru_cache(maxsize=_CACHED)
def _linear_tables(profile: Profile, bits: int) -> tuple[NDArray[np.float32], ...]:
    grid: Floats = np.linspace(0, 1, 1 << bits)
    curves = profile.curves if len(profile.curves) == 3 else profile.curves * 3
    known = {curve: curve(grid).astype(np.float32) for curve in set(curves)}
    return tuple(known[curve] for curve in curves)
