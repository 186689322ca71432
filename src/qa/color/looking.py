"""One patch against one brand colour: right, wrong, or right but for its lightness; how surely it is the brand's."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from consistency.colorspace import to_lab
from consistency.image import Image
from qa.color.claims import Claim
from qa.color.difference import Float64, delta_e00
from qa.color.palette import Palette
from qa.color.readings import Reading, inner_colors, read_patch
from qa.color.regions import SMOOTHING, Patch, patches_of
from qa.verdict import Status

FLAT_SPREAD = 2.5
"""p95 − p5 of L* up to which a region is flat artwork; JPEG at quality 60 leaves under 1."""

SHADED_SPREAD = 4.0
"""p95 − p5 of L* from which a smooth region is a shaded surface; between the two nobody can tell."""

ARTWORK_VARIATION, PHOTO_VARIATION = 1.0, 2.5
"""Variation up to which a region is certainly artwork, and from which it certainly is not."""

CROWD = 0.35
"""L*a*b* units around a colour within which the pixels of flat artwork lie, JPEG's noise included."""

CROWD_SHARE = 0.4
"""Share of a region's right pixels that are one flat part; on a gradient through the colour at most .3 lie so near."""

PEAK = 2.5
"""Times the usual share of a region's right pixels that crowd around one colour where a small flat part lies on a wide
gradient; along the gradient itself every colour has about the same share."""

CANDIDATES = 64


@dataclass(frozen=True, eq=False)
class Demand:
    """What the kit asks of one colour; fields as in `ColorOptions`, `index` says which of the palette it is."""

    palette: Palette
    index: int
    accept: float
    mode: str = "auto"
    min_area: float = 0.005
    required: bool = True
    claim: Claim | None = None

    @property
    def is_region(self) -> bool:
        """Whether the kit says which pixels are the brand's: all of them have to be right."""
        return self.claim is not None and self.claim.mask is not None and self.claim.kind != "text"


@dataclass(frozen=True, eq=False)
class Seen:
    """A patch with what was measured on it and whether it alone would pass, warn or fail.

    Attributes:
        value: ΔE00 that is compared with the limit.
        confidence: How surely the region is the brand's, in [0, 1]: 1 where the kit claims it, else its evenness (of a
            shaded surface: once shade is taken away) times the share of its outline that edges make. A sky that is
            even does not end at edges.
    """

    patch: Patch
    reading: Reading
    status: Status
    value: float
    confidence: float

    @property
    def nearness(self) -> float:
        """ΔE00 without any allowance for shade: what decides which patch is the brand's attempt."""
        reading = self.reading
        return reading.plain if reading.spread < FLAT_SPREAD else min(reading.plain, reading.lit)


def look(image: Image, patch: Patch, demand: Demand) -> Seen:
    """Measure one patch and say whether it passes."""
    reading = read_patch(image, patch, demand.palette.lab[demand.index])
    status, value = judge_reading(reading, demand)
    return Seen(patch, reading, status, value, confidence_of(patch, reading, demand))


def judge_reading(reading: Reading, demand: Demand) -> tuple[Status, float]:
    """Return whether a reading passes, and the ΔE00 that says so."""
    plain, shaded, lit = (round(value, 2) for value in (reading.plain, reading.shaded, reading.lit))
    is_text = demand.claim is not None and demand.claim.kind == "text"
    if is_text or demand.mode == "flat" or (demand.mode != "shaded" and reading.spread < FLAT_SPREAD):
        return passed(plain <= demand.accept), plain
    if demand.mode == "shaded":
        return passed(shaded <= demand.accept), shaded
    if reading.spread < SHADED_SPREAD:
        is_unclear = plain > demand.accept >= shaded and reading.lightness < 0
        return Status.WARN if is_unclear else passed(plain <= demand.accept), plain
    if lit <= demand.accept:
        return Status.PASS, min(lit, shaded)
    is_shade_or_wrong = shaded <= demand.accept and reading.lightness < 0  # no shade is lighter than the paint
    return Status.WARN if is_shade_or_wrong else Status.FAIL, lit


def is_lightness_alone(one: Seen, demand: Demand) -> bool:
    """Whether a patch is right once lightness is left out."""
    return round(one.reading.shaded, 2) <= demand.accept


def passed(is_met: bool) -> Status:
    """Return pass or fail."""
    return Status.PASS if is_met else Status.FAIL


def confidence_of(patch: Patch, reading: Reading, demand: Demand) -> float:
    """Return how surely a region is the brand's, as `Seen.confidence` has it."""
    if demand.claim is not None:
        return 1.0
    variation = reading.variation if reading.spread < FLAT_SPREAD else reading.relit_variation
    evenness = (PHOTO_VARIATION - variation) / (PHOTO_VARIATION - ARTWORK_VARIATION)
    return round(min(1.0, max(0.0, evenness)) * patch.bounded, 2)


def seen_parts(image: Image, seen: list[Seen], demand: Demand, least: int) -> list[Seen]:
    """Return right flat parts of regions that vary: a panel of the brand's colour on a gradient through it."""
    found = []
    for one in seen:
        part = flat_part(image, one, demand) if is_varied(one, demand) else None
        if part is not None and part.area >= least:
            seen_part = look(image, part, demand)
            found += [seen_part] if seen_part.status is Status.PASS else []
    return found


def is_varied(one: Seen, demand: Demand) -> bool:
    """Whether a region may be two surfaces in one, which a claimed one is only where its lightness says so."""
    reading = one.reading
    return reading.spread >= FLAT_SPREAD or (demand.claim is None and reading.variation >= ARTWORK_VARIATION)


def flat_part(image: Image, one: Seen, demand: Demand) -> Patch | None:
    """Return the largest flat part of a region that is right; None where what is right is only passed through."""
    reference = demand.palette.lab[demand.index]
    samples = inner_colors(image, one.patch)
    is_right = delta_e00(samples, reference) <= demand.accept
    middle = crowded_color(samples[is_right], PEAK if demand.claim is None else np.inf)
    if middle is None:
        return None
    smooth = cv2.blur(image.pixels[one.patch.box.slices], (SMOOTHING, SMOOTHING))
    rows, columns = np.nonzero(one.patch.inside)
    core = np.zeros(one.patch.inside.shape, np.bool_)
    core[rows, columns] = np.linalg.norm(to_lab(smooth[rows, columns]) - middle, axis=1) <= 2 * CROWD
    parts = patches_of(core, one.patch.box, one.patch.inside)
    return replace(parts[0], bounded=1.0) if parts else None


def crowded_color(lab: Float64, peak: float) -> Float64 | None:
    """Return the colour around which n×3 colours crowd; None where they spread as on a gradient.

    Args:
        lab: The colours.
        peak: Times the usual share around a colour that make a crowd, however small it is.
    """
    if not len(lab):
        return None
    candidates = lab[:: max(1, len(lab) // CANDIDATES)]
    is_near = np.linalg.norm(candidates[:, None] - lab, axis=2) <= CROWD
    shares = is_near.mean(axis=1)
    best = int(shares.argmax())
    is_crowd = shares[best] >= min(CROWD_SHARE, peak * float(np.median(shares)))
    return np.asarray(np.median(lab[is_near[best]], axis=0)) if is_crowd else None


def figures_of(image: Image, one: Seen, demand: Demand) -> dict[str, float | str]:
    """Return the flat figures behind a judgement."""
    reading = one.reading
    lightness, a, b = reading.lit_lab if surface(one) == "shaded" else reading.lab
    return {
        "lightness": round(lightness, 3) + 0.0,
        "a": round(a, 3) + 0.0,
        "b": round(b, 3) + 0.0,
        "median_delta_e00": round(reading.plain, 2),
        "p95_delta_e00": round(reading.plain_p95, 2),
        "median_shaded_delta_e00": round(reading.shaded, 2),
        "p95_shaded_delta_e00": round(reading.shaded_p95, 2),
        "lit_delta_e00": round(reading.lit, 2),
        "lightness_spread": round(reading.spread, 2),
        "lightness_difference": round(reading.lightness, 2) + 0.0,
        "out_of_tolerance_fraction": round(reading.beyond(demand.accept), 4),
        "area_fraction": round(one.patch.area / (image.height * image.width), 4),
        "confidence": one.confidence,
        "surface": surface(one),
    }


def surface(one: Seen) -> str:
    """Return in a word what kind of region it is."""
    if not one.patch.is_flat:
        return "textured"
    return (
        "flat" if one.reading.spread < FLAT_SPREAD else "shaded" if one.reading.spread >= SHADED_SPREAD else "unclear"
    )
