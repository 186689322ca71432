"""From the patches near a brand colour to what is said about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from consistency.image import Image
from qa.color.claimed import amiss
from qa.color.difference import delta_e00
from qa.color.looking import FLAT_SPREAD, Demand, Seen, figures_of, is_lightness_alone, look, seen_parts
from qa.color.owners import CUT_OFF
from qa.color.readings import hex_of_lab
from qa.color.regions import SCRAP, Patch, joined, large_enough
from qa.color.shading import shaded_distances
from qa.verdict import Status

NEAR_MISS = 6.0
"""ΔE00 up to which a flat region that nothing claims is worth a warning."""

TOGETHER = 1.5
"""ΔE00 by which pieces of one wrong surface may differ from each other."""

SURE = 0.5
"""Confidence from which a region that nothing claims is taken for the brand's attempt at its colour."""


@dataclass(frozen=True, eq=False)
class Judgement:
    """What is said about one colour; fields as in `Finding`.

    Attributes:
        is_mendable: Whether the region is surely the brand's, so that recolouring it spoils nothing else.
    """

    status: Status
    code: str
    value: float | None = None
    observed: str = ""
    patch: Patch | None = None
    figures: Mapping[str, float | str] = field(default_factory=dict)
    is_mendable: bool = False


def judge_color(image: Image, patches: list[Patch], textures: Callable[[], list[Patch]], demand: Demand) -> Judgement:
    """Judge one colour.

    Args:
        image: The picture.
        patches: Flat ones near the colour, largest first.
        textures: Gives those with a grain; asked only where no flat one is right.
        demand: What the kit asks.
    """
    least = least_area(image, demand)
    seen = [look(image, patch, demand) for patch in large_enough(patches, least)]
    claimed = seen[:1] if demand.claim is not None else seen
    right = [one for one in claimed if one.status is Status.PASS]
    if not right and not demand.is_region:
        right = seen_parts(image, claimed, demand, least) or grained(image, textures(), claimed, demand)
    if right:
        return spoilt(image, right[0], demand) or met(image, right[0], seen, demand)
    if demand.mode == "presence" or not claimed:
        return absent(demand)
    if demand.claim is not None:
        return off(image, claimed[0], demand)
    return unmet(image, claimed, demand)


def least_area(image: Image, demand: Demand) -> int:
    """Return how many pixels count, at most half of a given box; all that a mask claims counts, however little."""
    share = demand.min_area * image.height * image.width
    claim = demand.claim
    if claim is not None and claim.mask is not None:
        return 1
    return max(SCRAP, round(share if claim is None else min(share, claim.area / 2)))


def grained(image: Image, patches: list[Patch], claimed: list[Seen], demand: Demand) -> list[Seen]:
    """Return right patches with a grain; a wrong one proves nothing, since cloth and sky are such patches too.

    In a claimed box it has to be as large as the flat part that is wrong: a panel is not saved by a scrap beside it.
    """
    least = least_area(image, demand)
    if demand.claim is not None and claimed:
        least = max(least, claimed[0].patch.area)
    seen = [look(image, patch, demand) for patch in large_enough(patches, least)]
    return [one for one in seen if one.status is Status.PASS]


def spoilt(image: Image, best: Seen, demand: Demand) -> Judgement | None:
    """Say what is amiss within a claimed region whose colour is right on the whole; None where nothing is."""
    if not demand.is_region or demand.mode == "presence":
        return None
    parts = amiss(image, best, demand)
    if parts.off is not None:
        return off(image, parts.off, demand)
    if parts.foreign is None:
        return None
    figures = {**figures_of(image, best, demand), "foreign_fraction": round(parts.foreign_fraction, 4)}
    observed = f"{hex_of_lab(best.reading.lab)}; {parts.foreign_fraction:.0%} of the region has another colour"
    return Judgement(Status.WARN, "color.covered", best.value, observed, parts.foreign, figures)


def met(image: Image, best: Seen, seen: list[Seen], demand: Demand) -> Judgement:
    """Say that the colour is there, with a warning where a flat region beside it comes near without meeting it."""
    near = [one for one in seen if one is not best and is_near_miss(one, demand)]
    figures = {**figures_of(image, best, demand), "near_misses": len(near)}
    observed = hex_of_lab(best.reading.lab)
    if not near or demand.mode == "presence":
        return Judgement(Status.PASS, "met", best.value, observed, best.patch, figures)
    worst = min(near, key=lambda one: one.value)
    figures |= {"near_miss_delta_e00": worst.value}
    return Judgement(
        Status.WARN, "color.near_miss", best.value, f"{observed}; another at ΔE00 {worst.value:g}", worst.patch, figures
    )


def is_near_miss(one: Seen, demand: Demand) -> bool:
    """Whether a patch is surely artwork, near the colour, not right, and not the colour in shade."""
    is_off = one.status is Status.FAIL and one.value <= max(NEAR_MISS, demand.accept)
    is_artwork = one.reading.spread < FLAT_SPREAD and one.confidence >= SURE
    return is_off and is_artwork and round(one.reading.shaded, 2) > demand.accept


def off(image: Image, best: Seen, demand: Demand) -> Judgement:
    """Say how what is claimed as the brand's is off."""
    code = "color.out_of_tolerance"
    if (best.status is Status.WARN or best.value > CUT_OFF) and is_lightness_alone(best, demand):
        code = "color.shade_or_wrong_lightness"
    observed = hex_of_lab(best.reading.lab)
    figures = figures_of(image, best, demand)
    return Judgement(best.status, code, best.value, observed, best.patch, figures, is_mendable=True)


def unmet(image: Image, seen: list[Seen], demand: Demand) -> Judgement:
    """Say how the region nearest the colour is off, where it is surely the brand's attempt at it; else it is absent.

    Alike pieces of one surface are one region.
    """
    best = min(seen, key=lambda one: (one.confidence < SURE, one.nearness))
    if best.status is Status.WARN and demand.required:
        return off(image, best, demand)
    is_near = best.value <= CUT_OFF or is_lightness_alone(best, demand)
    if best.confidence < SURE or not is_near:
        return absent(demand, image, best)
    alike = [one.patch for one in seen if one.status is best.status and is_alike(one, best)]
    said = replace(off(image, best, demand), patch=joined(alike) if len(alike) > 1 else best.patch)
    if demand.required:
        return replace(said, status=Status.FAIL, is_mendable=not has_rival(best, seen, demand))
    is_alarming = best.value <= NEAR_MISS or is_lightness_alone(best, demand)
    if best.reading.spread >= FLAT_SPREAD or not is_alarming:
        return absent(demand)
    code = "color.near_miss" if said.code == "color.out_of_tolerance" else said.code
    return replace(said, status=Status.WARN, code=code)


def is_alike(one: Seen, other: Seen) -> bool:
    """Whether two patches show one paint, in whatever light."""
    first, second = np.array(one.reading.lab), np.array(other.reading.lab)
    apart = delta_e00(first, second)
    if max(one.reading.spread, other.reading.spread) >= FLAT_SPREAD:
        apart = min(apart, shaded_distances(first, second))
    return bool(apart <= TOGETHER)


def has_rival(best: Seen, seen: list[Seen], demand: Demand) -> bool:
    """Whether another paint could be the brand's attempt as well: one of them is a sky, and is not to be recoloured."""
    limit = max(NEAR_MISS, demand.accept)
    return any(one.confidence >= SURE and one.value <= limit and not is_alike(one, best) for one in seen)


def absent(demand: Demand, image: Image | None = None, near: Seen | None = None) -> Judgement:
    """Say that the colour is not there, which is as it may be unless it is required, and what comes nearest."""
    if not demand.required:
        return Judgement(Status.PASS, "met", observed="not there, and need not be")
    if near is None or image is None:
        return Judgement(Status.FAIL, "color.missing", observed="no region near it")
    observed = f"nearest {hex_of_lab(near.reading.lab)} at ΔE00 {near.value:g}, which nothing says is the brand's"
    return Judgement(Status.FAIL, "color.missing", observed=observed, figures=figures_of(image, near, demand))
