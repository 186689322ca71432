"""A file's own colour space, both ways: samples to linear sRGB, and linear sRGB to the nearest samples."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consistency.colorspace import Floats, lab_to_xyz, linear_to_xyz, srgb_to_linear, xyz_to_lab, xyz_to_linear
from consistency.intake.profiles import Curve, Profile
from qa.color.difference import delta_e00

Samples = NDArray[Any]
"""uint8 or uint16."""

STEPS = (16, 8, 4, 2, 1)
"""Of 255, by which a colour that the file cannot show is moved while that brings it nearer."""


@dataclass(frozen=True, eq=False)
class Space:
    """How samples of a file stand for colours.

    Args:
        profile: One of curves and a matrix; None for sRGB.
        top: The largest sample: 255 or 65535.
    """

    profile: Profile | None
    top: int

    @cached_property
    def curves(self) -> tuple[Floats, ...]:
        """Linear light of every sample, per channel."""
        grid = np.linspace(0, 1, self.top + 1)
        curves: tuple[Curve, ...] = (srgb_to_linear,) * 3 if self.profile is None else self.profile.curves
        known = {curve: np.maximum.accumulate(np.asarray(curve(grid), np.float64)) for curve in set(curves)}
        return tuple(known[curve] for curve in curves)

    @cached_property
    def matrix(self) -> Floats:
        """Linear device RGB to linear sRGB."""
        return np.eye(3) if self.profile is None or self.profile.matrix is None else self.profile.matrix

    def linear(self, samples: NDArray[Any]) -> Floats:
        """Return linear sRGB, …×3, of samples …×3; outside [0, 1] where sRGB cannot show them."""
        device = np.stack([table[samples[..., channel]] for channel, table in enumerate(self.curves)], axis=-1)
        return np.asarray(device @ self.matrix.T, np.float64)

    def samples(self, linear: Floats) -> Samples:
        """Return the samples nearest to linear sRGB …×3; what the file cannot show is cut channel by channel."""
        device = linear @ np.linalg.inv(self.matrix).T
        codes = np.arange(self.top + 1)
        planes = [np.interp(device[..., channel], table, codes) for channel, table in enumerate(self.curves)]
        kind = np.uint8 if self.top == 255 else np.uint16
        return np.rint(np.stack(planes, axis=-1)).astype(kind)

    def nearest(self, lab: Floats) -> Floats:
        """Return linear sRGB of the colour that the file can show and that is nearest to an L*a*b* by ΔE00.

        A colour that it can show comes back as it is, not rounded to a sample.
        """
        wanted = xyz_to_linear(lab_to_xyz(lab))
        device = wanted @ np.linalg.inv(self.matrix).T
        if device.min() >= -1e-4 and device.max() <= 1 + 1e-4:
            return wanted
        best = self.samples(wanted).astype(np.int64)
        moves = np.stack(np.meshgrid(*[(-1, 0, 1)] * 3), axis=-1).reshape(-1, 3)
        for step in STEPS:
            while True:
                tried = np.clip(best + moves * step * (self.top // 255), 0, self.top)
                distances = delta_e00(xyz_to_lab(linear_to_xyz(self.linear(tried))), lab)
                winner = tried[int(distances.argmin())]
                if (winner == best).all() or distances.min() >= delta_e00(
                    xyz_to_lab(linear_to_xyz(self.linear(best))), lab
                ):
                    break
                best = winner
        return self.linear(best)
