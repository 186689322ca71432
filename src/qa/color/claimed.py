"""What is amiss within a region that the kit claims, where its colour is right on the whole."""

from __future__ import annotations

from dataclasses import dataclass

from consistency.image import Image
from qa.color.looking import Demand, Seen, is_lightness_alone, look
from qa.color.owners import CUT_OFF
from qa.color.regions import SMOOTHING, Patch, deep_part, is_even, joined, patches_of, smoothed
from qa.verdict import Status

OFF_SHARE = 0.1
"""Share of a claimed region's inside that may be near the colour without being right: lights and reflections."""

FOREIGN_SHARE = 0.25
"""Share that may have another colour altogether: writing, whose strokes are wide enough to count at all only where it
is large."""


@dataclass(frozen=True, eq=False)
class Amiss:
    """Parts of a claimed region that are not of its colour.

    Attributes:
        off: The largest part that is near the colour and wrong, with all that are; None where they are few.
        foreign: What has another colour altogether; None where it is little.
        foreign_fraction: Its share of the region's inside.
    """

    off: Seen | None = None
    foreign: Patch | None = None
    foreign_fraction: float = 0.0


def amiss(image: Image, best: Seen, demand: Demand) -> Amiss:
    """Look for flat parts of a claimed region that are wrong, which its median does not say.

    Args:
        image: The picture.
        best: The region as a whole.
        demand: What the kit asks, with the claim.
    """
    claim = demand.claim
    if claim is None or claim.mask is None or best.patch.is_mixed:
        return Amiss()
    even = is_even(smoothed(image.pixels[claim.box.slices], SMOOTHING))
    inside = deep_part(claim.mask)[0] & even
    wrong = [
        one for patch in patches_of(inside, claim.box, even) if is_wrong(one := look(image, patch, demand), demand)
    ]
    whole = max(1, int(inside.sum()))
    off = [one for one in wrong if one.value <= CUT_OFF]
    if share_of(off, whole) >= OFF_SHARE:
        return Amiss(look(image, joined([one.patch for one in off]), demand) if len(off) > 1 else off[0])
    foreign = [one for one in wrong if one.value > CUT_OFF]
    share = share_of(foreign, whole)
    return Amiss(None, joined([one.patch for one in foreign]), share) if share >= FOREIGN_SHARE else Amiss()


def is_wrong(one: Seen, demand: Demand) -> bool:
    """Whether a part is of another colour, and not of the right one in another light."""
    return one.status is Status.FAIL and not is_lightness_alone(one, demand)


def share_of(parts: list[Seen], whole: int) -> float:
    """Return which share of `whole` pixels some parts are."""
    return sum(int(one.patch.inside.sum()) for one in parts) / whole
