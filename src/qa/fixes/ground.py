"""What lies under letters: rebuilt from the background around them, and refused where that cannot be done.

Each way of rebuilding is first tried beside the letters, on a hole of their very shape where the picture is known, and
the one that comes nearest is taken. How near it came decides whether the background is plain enough at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from consistency.colorspace import Floats, linear_to_xyz, srgb_to_linear, xyz_to_lab
from consistency.region import BoolMask
from qa.color.difference import delta_e00
from qa.fixes.cloning import cloned, spread_from

GHOST = 5.0
"""ΔE00 at the 95th percentile, over patches of a stroke's width, up to which what is rebuilt may miss what
was there: more is seen as a smear in the shape of letters."""

AT_ONCE = 1.0
"""ΔE00 that needs no other way tried."""

SCALE = 0.08
"""Side of a patch in shares of a line's height: about a stroke."""

LEAST_TRIED = 0.3
"""Share of the letters' shape that must fit beside them to be tried."""

GRAIN, SMOOTHINGS = 1.5, 12
"""Radius in pixels below which the picture's variation is grain; times that what is carried into a hole is smoothed."""

ROUNDS = 10
MOST_SAMPLES = 20_000
PLAIN_SHARE = 0.6
"""Share of the surroundings that must lie on a surface for it to be the ground: other things stand there too."""

PLAIN_SPREAD = 4 / 255
"""Spread, encoded sRGB, up to which a ground is plain."""


@dataclass(frozen=True, eq=False)
class Surface:
    """A smooth ground: each channel a polynomial of the second degree.

    Attributes:
        values: h×w×3, encoded sRGB.
        spread: Standard deviation of the ground around it, from the median deviation of what lies on it.
        share: Of the surroundings that lie on it.
    """

    values: Floats
    spread: float
    share: float

    @property
    def is_plain(self) -> bool:
        """Whether the ground is this surface."""
        return self.share >= PLAIN_SHARE and self.spread <= PLAIN_SPREAD

    def distances(self, encoded: Floats) -> Floats:
        """Return how far each pixel h×w lies off it."""
        return np.asarray(np.linalg.norm(encoded - self.values, axis=-1), np.float64)


@dataclass(frozen=True, eq=False)
class Rebuilt:
    """A background without its letters.

    Attributes:
        encoded: h×w×3, changed in the hole alone.
        ghost: ΔE00 by which the same way missed what it was tried on; infinite where there was no place to try it.
        way: A key of `WAYS`.
    """

    encoded: Floats
    ghost: float
    way: str

    @property
    def is_good(self) -> bool:
        """Whether nobody will see it."""
        return self.ghost <= GHOST


def surface_of(encoded: Floats, known: BoolMask) -> Surface:
    """Fit a surface to the known pixels h×w, by least squares that outliers are weighed out of (Tukey's biweight).

    Reference: Holland and Welsch 1977, "Robust regression using iteratively reweighted least-squares",
    doi:10.1080/03610927708827533.
    """
    terms = terms_of(encoded.shape[:2])
    places = np.flatnonzero(known)
    if places.size < 64:
        return Surface(np.broadcast_to(np.median(encoded.reshape(-1, 3), axis=0), encoded.shape), 1.0, 0.0)
    places = places[:: max(1, places.size // MOST_SAMPLES)]
    inputs, wanted = terms[places], encoded.reshape(-1, 3)[places]
    weight = np.ones(len(places))
    weight[np.linalg.norm(wanted - np.median(wanted, axis=0), axis=-1) > 0.25] = 0.1
    for _ in range(ROUNDS):
        root = np.sqrt(weight)[:, None]
        factors, *_ = np.linalg.lstsq(inputs * root, wanted * root, rcond=None)
        away = np.linalg.norm(inputs @ factors - wanted, axis=-1)
        spread = max(1.4826 * float(np.median(away)), 0.5 / 255)
        weight = np.maximum(0, 1 - (away / (4.685 * spread)) ** 2) ** 2
    share = float((away <= 4.685 * spread).mean())
    return Surface((terms @ factors).reshape(encoded.shape), spread, share)


def terms_of(shape: tuple[int, ...]) -> Floats:
    """Return the six terms of a polynomial of the second degree at every pixel, n×6."""
    rows, columns = np.mgrid[0 : shape[0], 0 : shape[1]]
    y, x = (2 * rows / max(shape[0] - 1, 1) - 1).ravel(), (2 * columns / max(shape[1] - 1, 1) - 1).ravel()
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)


def rebuilt(encoded: Floats, hole: BoolMask, height: float, avoid: BoolMask | None = None) -> Rebuilt:
    """Return a picture h×w×3 with a hole filled from around it.

    Args:
        encoded: The picture, encoded sRGB.
        hole: h×w, what to fill.
        height: Of the letters, pixels.
        avoid: h×w, further pixels that are no background to learn from.
    """
    best: Rebuilt | None = None
    unknown = hole if avoid is None else hole | avoid
    for way, fill in WAYS.items():
        tried = Rebuilt(fill(encoded, hole, unknown), ghost_of(fill, encoded, hole, unknown, height), way)
        if best is None or tried.ghost < best.ghost:
            best = tried
        if best.ghost <= AT_ONCE:
            break
    return best if best is not None else Rebuilt(encoded, np.inf, "")


def by_surface(encoded: Floats, hole: BoolMask, unknown: BoolMask) -> Floats:
    """Fill a hole with the smooth surface around it, and the grain that lies beside it."""
    return with_grain(encoded, surface_of(encoded, ~unknown).values, hole, unknown)


def by_spread(encoded: Floats, hole: BoolMask, unknown: BoolMask) -> Floats:
    """Fill a hole with the colours at its edge carried into it, and the grain that lies beside it."""
    known = ~unknown
    smooth = spread_from(mean_within(encoded, known), known)
    for _ in range(SMOOTHINGS):
        smooth = np.where(hole[..., None], cv2.blur(smooth, (5, 5)), smooth)
    return with_grain(encoded, np.asarray(smooth, np.float64), hole, unknown)


def mean_within(encoded: Floats, known: BoolMask) -> Floats:
    """Return the mean h×w×3 of the known pixels around each known one: a colour without its grain."""
    weight = known.astype(np.float64)
    total = cv2.GaussianBlur(encoded * weight[..., None], (0, 0), GRAIN)
    share = np.maximum(cv2.GaussianBlur(weight, (0, 0), GRAIN), 1e-6)
    return np.asarray(total / share[..., None], np.float64)


def with_grain(encoded: Floats, values: Floats, hole: BoolMask, unknown: BoolMask) -> Floats:
    """Return a picture h×w×3 with a hole filled by smooth values and the grain of the nearest place that has it all."""
    grain = encoded - mean_within(encoded, ~unknown)
    for down, across in shifts(hole):
        usable = hole & ~moved(unknown, -down, -across, fill=True)
        if usable.sum() < 0.9 * hole.sum():
            continue
        shifted = np.roll(grain, (-down, -across), axis=(0, 1))
        limit = 4 * max(1.4826 * float(np.median(np.abs(shifted[usable]))), 0.5 / 255)
        is_grain = usable & (np.abs(shifted).max(axis=-1) <= limit)
        values = values + np.where(is_grain[..., None], shifted, 0)
        break
    return np.where(hole[..., None], values, encoded)


WAYS: Mapping[str, Callable[[Floats, BoolMask, BoolMask], Floats]] = {
    "surface": by_surface,
    "spread": by_spread,
    "clone": cloned,
}
"""Ways to fill a hole: of the picture, the hole, and all that is no background."""


def shifts(hole: BoolMask) -> Iterator[tuple[int, int]]:
    """Yield moves (down, across) by which a hole comes to lie beside itself, the nearest first."""
    rows, columns = np.flatnonzero(hole.any(axis=1)), np.flatnonzero(hole.any(axis=0))
    high, wide = int(rows[-1] - rows[0]) + 2, int(columns[-1] - columns[0]) + 2
    for share in (1.0, 0.75, 0.5):
        yield from ((round(share * high), 0), (-round(share * high), 0))
        yield from ((0, round(share * wide)), (0, -round(share * wide)))


def moved(mask: BoolMask, down: int, across: int, *, fill: bool) -> BoolMask:
    """Return a mask h×w moved; what comes in from outside is `fill`."""
    out = np.full(mask.shape, fill)
    height, width = mask.shape
    rows, columns = slice(max(0, down), height + min(0, down)), slice(max(0, across), width + min(0, across))
    source = (
        slice(max(0, -down), height - max(0, down)),
        slice(max(0, -across), width - max(0, across)),
    )
    out[rows, columns] = mask[source]
    return out


def ghost_of(
    fill: Callable[[Floats, BoolMask, BoolMask], Floats],
    encoded: Floats,
    hole: BoolMask,
    unknown: BoolMask,
    height: float,
) -> float:
    """Return ΔE00 by which a way misses what it fills beside the letters; infinite where it cannot be tried there."""
    best: BoolMask | None = None
    for down, across in shifts(hole):
        place = moved(hole, down, across, fill=False) & ~unknown
        if best is None or place.sum() > best.sum():
            best = place
    if best is None or best.sum() < LEAST_TRIED * hole.sum():
        return float("inf")
    guess = fill(encoded, best, unknown | best)
    return difference(guess, encoded, best, max(1.5, SCALE * height))


def difference(guess: Floats, truth: Floats, where: BoolMask, sigma: float) -> float:
    """Return the 95th percentile of ΔE00 between two pictures, smoothed within `where`."""
    first, second = smoothed(guess, where, sigma), smoothed(truth, where, sigma)
    return round(float(np.percentile(delta_e00(first, second), 95)), 2)


def smoothed(encoded: Floats, where: BoolMask, sigma: float) -> Floats:
    """Return L*a*b* n×3 of the mean around each pixel of `where`, taken over `where` alone."""
    weight = where.astype(np.float64)
    total = cv2.GaussianBlur(encoded * weight[..., None], (0, 0), sigma)[where]
    share = np.maximum(cv2.GaussianBlur(weight, (0, 0), sigma)[where], 1e-6)
    return xyz_to_lab(linear_to_xyz(srgb_to_linear(np.clip(total / share[:, None], 0, 1))))
