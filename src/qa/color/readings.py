"""What a region measures against a brand colour, inside its edges."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from consistency.colorspace import lab_to_srgb, to_lab
from consistency.image import Image
from qa.color.difference import Float64, delta_e00
from qa.color.quantiles import quantiles, quantiles_of_sorted
from qa.color.regions import SMOOTHING, Patch
from qa.color.shading import lightness_spread, lit_part, shaded_distances

SAMPLES = 4_000
"""Pixels measured per patch, evenly drawn: the standard error of their median is under .01 ΔE00 on artwork."""


@dataclass(frozen=True, eq=False)
class Reading:
    """What a patch measures against a colour, ΔE00: as it is, with shade taken away, where light falls on it.

    Attributes:
        plain, plain_p95: Median and 95th percentile as it is.
        shaded, shaded_p95: Likewise after normalising lightness.
        lit: Median of the lit part as it is.
        spread: p95 − p5 of L* inside.
        lightness: Median L* of the lit part less the colour's own.
        lab: Median L*a*b* inside.
        lit_lab: Median L*a*b* of the lit part.
        distances: ΔE00 of each pixel measured, as it is, sorted.
        variation: 95th percentile of the distance from `lab`, under 1 on artwork, even as a JPEG.
        relit_variation: The same with shade taken away: small on one paint in any light, large on a sky.
    """

    plain: float
    plain_p95: float
    shaded: float
    shaded_p95: float
    lit: float
    spread: float
    lightness: float
    lab: tuple[float, float, float]
    lit_lab: tuple[float, float, float]
    variation: float
    relit_variation: float
    distances: Float64

    def beyond(self, limit: float) -> float:
        """Return the share of pixels whose ΔE00, as it is, is beyond a limit."""
        return 1 - float(np.searchsorted(self.distances, limit, "right")) / len(self.distances)


def read_patch(image: Image, patch: Patch, reference: Float64) -> Reading:
    """Measure the inside of a patch against a colour, exactly: from extended colour where the picture has it.

    Args:
        image: The picture.
        patch: Where.
        reference: L*a*b* of the colour.
    """
    lab = inner_colors(image, patch)
    distances = np.sort(delta_e00(lab, reference))
    plain, plain_p95 = quantiles_of_sorted(distances, 0.5, 0.95)
    shaded, shaded_p95 = quantiles(shaded_distances(lab, reference), 0.5, 0.95)
    lit, middle = lit_part(lab), median_lab(lab)
    lit_lab = median_lab(lit)
    (variation,) = quantiles(delta_e00(lab, np.array(middle)), 0.95)
    (relit_variation,) = quantiles(shaded_distances(lab, np.array(middle)), 0.95)
    return Reading(
        plain=plain,
        plain_p95=plain_p95,
        shaded=shaded,
        shaded_p95=shaded_p95,
        lit=float(np.median(delta_e00(lit, reference))),
        spread=lightness_spread(lab),
        lightness=float(lit_lab[0] - reference[0]),
        lab=middle,
        lit_lab=lit_lab,
        variation=variation,
        relit_variation=relit_variation,
        distances=distances,
    )


def inner_colors(image: Image, patch: Patch) -> Float64:
    """Return smoothed L*a*b* of some 4,000 evenly drawn pixels of a patch's inside, n×3."""
    source = image.pixels if image.extended is None else image.extended
    scale = 255.0 if image.extended is None else 1.0
    side = 1 if patch.is_mixed else SMOOTHING
    smooth = cv2.boxFilter(source[patch.box.slices], cv2.CV_32F, (side, side))
    inside = np.flatnonzero(patch.inside)
    step = max(1, len(inside) // SAMPLES)
    return to_lab(smooth.reshape(-1, 3)[inside[::step]] / scale).astype(np.float64)


def median_lab(lab: Float64) -> tuple[float, float, float]:
    """Return the median of n×3 colours, channel by channel."""
    lightness, a, b = (quantiles(lab[:, channel], 0.5)[0] for channel in range(3))
    return lightness, a, b


def hex_of_lab(lab: tuple[float, float, float]) -> str:
    """Return the sRGB colour nearest to L*a*b* as #rrggbb."""
    srgb = np.clip(lab_to_srgb(lab), 0, 1)
    return "#" + "".join(f"{round(float(channel) * 255):02x}" for channel in srgb)
