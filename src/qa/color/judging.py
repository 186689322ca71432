"""From the patches near a brand colour to what is said about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from consistency.image import Image
from consistency.region import Box
from qa.color.owners import CUT_OFF
from qa.color.palette import Palette
from qa.color.readings import Reading, hex_of_lab, read_patch
from qa.color.regions import SCRAP, Patch, find_textured, joined, large_enough
from qa.verdict import Status

FLAT_SPREAD = 2.5
"""p95 − p5 of L* up to which a region is flat artwork; JPEG at quality 60 leaves under 1."""

SHADED_SPREAD = 4.0
"""p95 − p5 of L* from which a smooth region is a shaded surface; between the two nobody can tell."""

NEAR_MISS = 6.0
"""ΔE00 up to which a second flat region beside a right one is worth a warning."""

TOGETHER = 1.5
"""ΔE00 by which pieces of one wrong surface may differ from each other."""


@dataclass(frozen=True, eq=False)
class Demand:
    """What the kit asks of one colour; fields as in `ColorOptions`, `index` says which of the palette it is."""

    palette: Palette
    index: int
    accept: float
    fix: float
    mode: str = "auto"
    min_area: float = 0.005
    required: bool = True
    box: Box | None = None


@dataclass(frozen=True, eq=False)
class Judgement:
    """What is said about one colour; fields as in `Finding`."""

    status: Status
    code: str
    value: float | None = None
    observed: str = ""
    patch: Patch | None = None
    figures: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Seen:
    """A patch with what was measured on it and whether it alone would pass, warn or fail."""

    patch: Patch
    reading: Reading
    status: Status
    value: float

    @property
    def nearness(self) -> float:
        """ΔE00 without any allowance for shade: what decides which patch is the brand's attempt."""
        return min(self.reading.plain, self.reading.lit)


def judge_color(image: Image, patches: list[Patch], demand: Demand) -> Judgement:
    """Judge one colour by the flat patches near it, largest first."""
    least = least_area(image, demand)
    seen = [look(image, patch, demand) for patch in large_enough(patches, least)]
    claimed = seen[:1] if demand.box is not None else seen
    right = [one for one in claimed if one.status is Status.PASS]
    if not right:
        right = textured(image, demand, least)
    if right:
        return met(image, right[0], seen, demand)
    if demand.mode == "presence" or not claimed:
        return absent(demand)
    return unmet(image, min(claimed, key=lambda one: one.nearness), claimed, demand)


def least_area(image: Image, demand: Demand) -> int:
    """Return how many pixels count, at most half of a given box."""
    share = demand.min_area * image.height * image.width
    return max(SCRAP, round(share if demand.box is None else min(share, demand.box.area / 2)))


def textured(image: Image, demand: Demand, least: int) -> list[Seen]:
    """Return right patches with a grain; a wrong one proves nothing, since cloth and sky are such patches too."""
    patches = find_textured(image, demand.palette, demand.index, demand.box)
    seen = [look(image, patch, demand) for patch in large_enough(patches, least)]
    return [one for one in seen if one.status is Status.PASS]


def look(image: Image, patch: Patch, demand: Demand) -> Seen:
    """Measure one patch and say whether it passes."""
    reading = read_patch(image, patch, demand.palette.lab[demand.index])
    plain, shaded, lit = (round(value, 2) for value in (reading.plain, reading.shaded, reading.lit))
    if demand.mode == "flat" or (demand.mode != "shaded" and reading.spread < FLAT_SPREAD):
        return Seen(patch, reading, passed(plain <= demand.accept), plain)
    if demand.mode == "shaded":
        return Seen(patch, reading, passed(shaded <= demand.accept), shaded)
    if reading.spread < SHADED_SPREAD:
        is_unclear = plain > demand.accept >= shaded and reading.lightness < 0
        status = Status.WARN if is_unclear else passed(plain <= demand.accept)
        return Seen(patch, reading, status, plain)
    if lit <= demand.accept:
        return Seen(patch, reading, Status.PASS, min(lit, shaded))
    is_shade_or_wrong = shaded <= demand.accept and reading.lightness < 0  # no shade is lighter than the paint
    return Seen(patch, reading, Status.WARN if is_shade_or_wrong else Status.FAIL, lit)


def passed(is_met: bool) -> Status:
    """Return pass or fail."""
    return Status.PASS if is_met else Status.FAIL


def met(image: Image, best: Seen, seen: list[Seen], demand: Demand) -> Judgement:
    """Say that the colour is there, with a warning where a flat region beside it comes near without meeting it."""
    near = [one for one in seen if is_near_miss(one, demand)]
    figures = {**figures_of(image, best), "near_misses": len(near)}
    observed = hex_of_lab(best.reading.lab)
    if not near or demand.mode == "presence":
        return Judgement(Status.PASS, "met", best.value, observed, best.patch, figures)
    worst = min(near, key=lambda one: one.value)
    figures |= {"near_miss_delta_e00": worst.value}
    return Judgement(
        Status.WARN, "color.near_miss", best.value, f"{observed}; another at ΔE00 {worst.value:g}", worst.patch, figures
    )


def is_near_miss(one: Seen, demand: Demand) -> bool:
    """Whether a patch is flat, near the colour, not right, and not the colour in shade."""
    is_off = one.status is Status.FAIL and one.value <= max(NEAR_MISS, demand.accept)
    return is_off and one.reading.spread < FLAT_SPREAD and round(one.reading.shaded, 2) > demand.accept


def unmet(image: Image, best: Seen, claimed: list[Seen], demand: Demand) -> Judgement:
    """Say how the region taken for the brand's attempt is off; alike pieces of one surface are one region."""
    alike = [one.patch for one in claimed if one.status is best.status and abs(one.value - best.value) <= TOGETHER]
    patch = joined(alike) if len(alike) > 1 else best.patch
    figures, observed = figures_of(image, best), hex_of_lab(best.reading.lab)
    is_claimed = demand.required or demand.box is not None
    is_lightness = best.value > CUT_OFF or best.status is Status.WARN
    if is_lightness and round(best.reading.shaded, 2) <= demand.accept:
        status = best.status if is_claimed else Status.WARN
        return Judgement(status, "color.shade_or_wrong_lightness", best.value, observed, patch, figures)
    if not is_claimed:
        return Judgement(Status.WARN, "color.near_miss", best.value, observed, patch, figures)
    if best.value > CUT_OFF and demand.box is None:
        return absent(demand)
    return Judgement(Status.FAIL, "color.out_of_tolerance", best.value, observed, patch, figures)


def absent(demand: Demand) -> Judgement:
    """Say that the colour is not there, which is as it may be unless it is required."""
    if demand.required:
        return Judgement(Status.FAIL, "color.missing", observed="no region near it")
    return Judgement(Status.PASS, "met", observed="not there, and need not be")


def figures_of(image: Image, one: Seen) -> dict[str, float | str]:
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
        "area_fraction": round(one.patch.area / (image.height * image.width), 4),
        "surface": surface(one),
    }


def surface(one: Seen) -> str:
    """Return in a word what kind of region it is."""
    if not one.patch.is_flat:
        return "textured"
    return (
        "flat" if one.reading.spread < FLAT_SPREAD else "shaded" if one.reading.spread >= SHADED_SPREAD else "unclear"
    )
