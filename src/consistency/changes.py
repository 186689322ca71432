"""Whether a subject was mirrored, stretched, recoloured or printed anew: what an embedding hardly sees.

A classical second look at the part of the picture where the subject was found, against each reference: landmarks that
one affine map carries over, and shares of colours. It needs no model. An embedding stays by far the better judge of
*whose* picture it is; this says how a picture of the subject departs from its references.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from consistency.colouring import colour_distance
from consistency.embedders.embedder import Pixels
from consistency.landmarks import Match, matched, mirrored
from consistency.region import Box
from consistency.views import View, view_of

Kind = Literal["mirrored", "stretched", "recoloured", "reprinted"]
KINDS: tuple[Kind, ...] = get_args(Kind)

LIMITS: Mapping[str, float] = MappingProxyType(
    {"mirrored": 0.65, "stretched": 0.09, "recoloured": 0.15, "reprinted": 0.93}
)
"""From here on a change is likely (`benchmarks/identity.py --only changes`)."""

FEWEST_TURNED = 12
"""Landmarks that fit a reference either as it is or mirrored, from which on it is told which."""

FEWEST_SAME_VIEW = 30
"""Landmarks that fit a reference from which on it shows the subject from the same side."""

FEWEST_SHARED = 20
"""Landmarks of a reference that others show too, from which on they can be missed."""

DIGITS = 3
NO_VIEWS = "the anchor was saved before changes could be told; build it again from its references"
PLAIN = "another side of the subject, or one too plain"


@dataclass(frozen=True)
class Change:
    """One way in which a subject may depart from its references.

    Attributes:
        value: How far, higher is more, rounded to 3 decimals; None where it cannot be told. Mirrored: of the landmarks
            that fit references one way only, the share that fits them mirrored. Stretched: by what share it is wider or
            narrower than on the reference of the same view. Recoloured: distance of the colours to the nearest
            reference's, 0 to 1. Reprinted: of the landmarks that references share, the share that the picture lacks.
        limit: From here on the change is likely.
        reason: Why there is no value, in words.
        places: n×2 float32, pixels across and down: where landmarks that references share should be and are not. None
            where that is not known.
    """

    value: float | None
    limit: float
    reason: str = ""
    places: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)

    @property
    def is_likely(self) -> bool | None:
        """Whether the value reaches the limit; None where it cannot be told, which is no pass."""
        return None if self.value is None else self.value >= self.limit


def changes_of(pixels: Pixels, box: Box | None, views: Sequence[View]) -> Mapping[str, Change]:
    """Return kind → change of the subject in a box, against the views of its references.

    Args:
        pixels: H×W×3 uint8 sRGB.
        box: Where the subject was found; None is the whole picture.
        views: Of the references; none where they are not known.
    """
    if not views:
        return untold(NO_VIEWS)
    place = Box(0, 0, pixels.shape[1], pixels.shape[0]) if box is None else box
    return compared(view_of(pixels, box), views, place)


def compared(seen: View, views: Sequence[View], place: Box) -> Mapping[str, Change]:
    """Return kind → change of what a picture shows at a place, against the views of references, at least one."""
    turned = mirrored(seen.landmarks)
    plain = [matched(seen.landmarks, view.landmarks) for view in views]
    other = [matched(turned, view.landmarks) for view in views]
    return MappingProxyType(
        {
            "mirrored": mirroring(plain, other),
            "stretched": stretching(plain),
            "recoloured": recolouring(seen, views),
            "reprinted": reprinting(plain, other, views, place, seen.landmarks.size),
        }
    )


def untold(reason: str) -> Mapping[str, Change]:
    """Return every kind as one that cannot be told."""
    return MappingProxyType({kind: Change(None, LIMITS[kind], reason) for kind in KINDS})


def mirroring(plain: Sequence[Match], other: Sequence[Match]) -> Change:
    """Return the share of mirrored among the landmarks that fit references one way only.

    What fits both ways, as much of a bottle does and nothing of its label, tells nothing and does not count.
    """
    ways = [({*one.pairs[:, 0]}, {*turned.pairs[:, 0]}) for one, turned in zip(plain, other, strict=True)]
    straight = [len(one - turned) for one, turned in ways]
    turned = [len(turned - one) for one, turned in ways]
    most = max(*straight, *turned)
    if most < FEWEST_TURNED:
        fit = f"{most} landmarks fit a reference one way only, {FEWEST_TURNED} needed"
        return Change(None, LIMITS["mirrored"], f"{fit}: {PLAIN}")
    return Change(_rounded(sum(turned) / (sum(straight) + sum(turned))), LIMITS["mirrored"])


def stretching(plain: Sequence[Match]) -> Change:
    """Return by what share the subject is wider or narrower than on the reference that fits best."""
    best = max(plain, key=len)
    if best.affine is None or len(best) < FEWEST_SAME_VIEW:
        fit = f"no reference of the same view: {len(best)} landmarks fit, {FEWEST_SAME_VIEW} needed"
        return Change(None, LIMITS["stretched"], fit)
    across, down = np.linalg.norm(best.affine[:, :2], axis=0)
    return Change(_rounded(np.exp(abs(np.log(down / across))) - 1), LIMITS["stretched"])


def recolouring(seen: View, views: Sequence[View]) -> Change:
    """Return the distance of the colours to those of the nearest reference."""
    nearest = min(colour_distance(seen.colours, view.colours) for view in views)
    return Change(_rounded(nearest), LIMITS["recoloured"])


def reprinting(
    plain: Sequence[Match], other: Sequence[Match], views: Sequence[View], place: Box, size: tuple[int, int]
) -> Change:
    """Return the share of shared landmarks that the picture does not show, by the view that shows most of them.

    A mirrored subject has its print: what fits mirrored counts as well.
    """
    shared = [index for index, view in enumerate(views) if np.count_nonzero(view.votes) >= FEWEST_SHARED]
    if not shared:
        most = max(int(np.count_nonzero(view.votes)) for view in views)
        why = f"the references share {most} landmarks, {FEWEST_SHARED} needed: {PLAIN}"
        return Change(None, LIMITS["reprinted"], "one reference shares none" if len(views) == 1 else why)
    found = [max(_shown(views[index], each[index]) for each in (plain, other)) for index in shared]
    best = max(shared, key=lambda index: len(plain[index]))
    return Change(_rounded(1 - max(found)), LIMITS["reprinted"], places=missing(views[best], plain[best], place, size))


def missing(view: View, match: Match, place: Box, size: tuple[int, int]) -> NDArray[np.float32] | None:
    """Return where in the picture the landmarks of a view that others share should be and are not, n×2."""
    if match.affine is None:
        return None
    is_missed = view.votes > 0
    is_missed[match.pairs[:, 1]] = False
    linear, offset = match.affine[:, :2], match.affine[:, 2]
    at = (view.landmarks.points[is_missed].astype(np.float64) - offset) @ np.linalg.inv(linear).T
    at = at[((at >= 0) & (at < size)).all(axis=1)]
    scale = np.array([place.width / size[0], place.height / size[1]])
    return np.asarray(at * scale + (place.left, place.top), np.float32)


def _shown(view: View, match: Match) -> float:
    votes = view.votes.astype(np.float64)
    return float(votes[match.pairs[:, 1]].sum() / votes.sum())


def _rounded(value: float) -> float:
    return round(float(value), DIGITS) + 0.0
