"""Photographs without a brand patch, each against random brand colours; and the same with a right patch pasted.

Counted per pair of photograph and colour. Nothing claims a region of a photograph without a patch as the brand's, and
the colour need not be there; with a patch it must.
"""

from __future__ import annotations

import numpy as np
from rates import rate

from color_scenes.pictures import Floats, Pixels, brand_colors, judge, photographs
from qa.asset import Asset
from qa.verdict import Status

COLORS = 30


def measure(quick: bool, seed: int = 0) -> dict[str, object]:
    rng = np.random.default_rng(seed)
    blocked = warned = missed = pairs = patched = 0
    wrongly_met = 0
    for _, pixels in photographs(is_quick=quick):
        asset = Asset.read(pixels)
        for rgb in rng.choice(brand_colors(), 4 if quick else COLORS, replace=False):
            finding = judge(asset.image, rgb, "required: no")
            blocked += finding.is_blocking
            warned += finding.status is Status.WARN
            wrongly_met += finding.status is Status.PASS and finding.value is not None
            pairs += 1
            if pairs % 3 == 0:
                missed += judge(with_patch(rng, pixels, rgb), rgb).is_blocking
                patched += 1
    return {
        "without_patch_blocking": rate(blocked, pairs),
        "without_patch_warning": rate(warned, pairs),
        "without_patch_within_tolerance_by_chance": rate(wrongly_met, pairs),
        "with_right_patch_blocking": rate(missed, patched),
    }


def with_patch(rng: np.random.Generator, pixels: Pixels, rgb: Floats) -> Pixels:
    """The photograph with a rectangle of 1 to 10 % of it in the brand's colour."""
    height, width = pixels.shape[:2]
    aspect = np.exp(rng.uniform(np.log(0.5), np.log(2)))
    area = rng.uniform(0.01, 0.1) * height * width
    rows = min(height, round(np.sqrt(area / aspect)))
    columns = min(width, round(np.sqrt(area * aspect)))
    top, left = rng.integers(0, height - rows + 1), rng.integers(0, width - columns + 1)
    picture = pixels.copy()
    picture[top : top + rows, left : left + columns] = rgb
    return picture
