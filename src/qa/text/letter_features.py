"""What single letters of a line look like, as numbers: each one's own ink, and its size beside the other letters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

import cv2
import numpy as np
from numpy.typing import NDArray

from qa.text.cap_height import ASCENDER_SHARE, ASCENDERS, CAPITALS, SMALL, SMALL_SHARE, Stroke
from qa.text.ink import Cover, LineInk

Vector = NDArray[np.float32]

GRID = (16, 10)
"""Rows and columns that a letter's ink is brought to, whatever its proportions."""

NEAR = 6
"""Letters nearest to one that tell where it should stand: lines are seldom quite level."""

FIGURES = frozenset("0123456789")

SIZES: tuple[tuple[frozenset[str], float], ...] = (
    (frozenset(filter(str.isalpha, CAPITALS)), 1.0),
    (ASCENDERS, ASCENDER_SHARE),
    (SMALL, SMALL_SHARE),
    (FIGURES, 1.0),
)
"""Groups of letters of one height, and that height in heights of capitals in most faces; the first of them that a line
has is its measure."""

UPRIGHT = frozenset("ABDEHIKLMNPRTUXYhilmnprtux14")
"""Letters that lean as much as their face does."""

USUAL_SCALE = 20.0
"""Pixels; sizes are told from it."""

OWN, BESIDE = GRID[0] * GRID[1] + 6, 10 + 2 * len(SIZES)
"""Numbers that describe a letter by itself, and beside the others of its line."""


@dataclass(frozen=True, eq=False)
class LineLetters:
    """The letters of one line by their ink.

    Attributes:
        ink: Of the line.
        text: What the line says where it is as expected.
        columns: Where each character's middle is.
        small: Places of letters that are smaller than the others: those of a sign ™.
        log_widths: Natural logarithm of how wide a letter is beside others, in most faces.
    """

    ink: LineInk
    text: str
    columns: tuple[float, ...]
    small: frozenset[int] = frozenset()
    log_widths: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    @cached_property
    def bounds(self) -> dict[int, Stroke]:
        """Place in the text → bounds of the letter, of those that stand alone."""
        owned = self.ink.owned(list(zip(self.text, self.columns, strict=True)))
        return {place: each.bounds for place, each in owned.items()}

    @cached_property
    def bodies(self) -> dict[int, Stroke]:
        """Place in the text → bounds of the letter without its accent or dot; the small ones are left out."""
        return {place: self.ink.body(own) for place, own in self.bounds.items() if place not in self.small}

    @cached_property
    def _slants(self) -> dict[int, float]:
        return {place: slant(self.ink.letter(self.bounds[place])) for place in self.bodies}

    def features(self, place: int) -> Vector | None:
        """Return OWN + BESIDE numbers about a letter, or None where it does not stand alone.

        What the letter is expected to be is in none of them.
        """
        bounds = self.bounds.get(place)
        if bounds is None:
            return None
        body = self.ink.body(bounds)
        return np.concatenate([self._own(bounds, body), self._beside(place, bounds, body)])

    def _own(self, bounds: Stroke, body: Stroke) -> Vector:
        """Return the ink on the grid, the letter's proportions, and where in it its largest part lies."""
        cover = self.ink.letter(bounds)
        height, width = cover.shape
        is_shrunk = height > GRID[0] and width > GRID[1]
        grid = cv2.resize(cover, GRID[::-1], interpolation=cv2.INTER_AREA if is_shrunk else cv2.INTER_LINEAR)
        shares = (
            np.log(height / width),
            slant(cover),
            (body.top - bounds.top) / height,
            (bounds.bottom - body.bottom) / height,
            (body.left - bounds.left) / width,
            body.width / width,
        )
        return np.concatenate([grid.ravel(), shares]).astype(np.float32)

    def _beside(self, place: int, bounds: Stroke, body: Stroke) -> Vector:
        """Return the letter's size and place against the others; zeros where none of them has a known height."""
        found = np.zeros(BESIDE, np.float32)
        others = {at: each for at, each in self.bodies.items() if at != place}
        known = [at for at in others if any(self.text[at] in group for group, _ in SIZES)]
        if not known:
            return found
        heights = [_median(_high(others[at]) for at in known if self.text[at] in group) for group, _ in SIZES]
        scale = next(height / share for height, (_, share) in zip(heights, SIZES, strict=True) if height)
        near = sorted(known, key=lambda at: (abs(others[at].middle - bounds.middle), at))[:NEAR]
        base = _median(others[at].bottom for at in near)
        found[:6] = (
            1.0,
            (base - bounds.top) / scale,
            (base - bounds.bottom) / scale,
            (base - body.top) / scale,
            np.log(body.width / scale),
            np.log(scale / USUAL_SCALE),
        )
        for at, (height, (_, share)) in enumerate(zip(heights, SIZES, strict=True)):
            if height:
                found[6 + 2 * at : 8 + 2 * at] = 1.0, height / scale - share
        leaning = [self._slants[at] for at in others if self.text[at] in UPRIGHT]
        if leaning:
            found[-4:-2] = 1.0, _median(leaning)
        wide = [np.log(others[at].width / scale) - self.log_widths[self.text[at]] for at in self._of_known_width(place)]
        if wide:
            found[-2:] = 1.0, np.mean(wide)
        return np.clip(found, -4, 4)

    def _of_known_width(self, place: int) -> list[int]:
        return [at for at, own in self.bodies.items() if at != place and self.text[at] in self.log_widths and own.width]


def slant(cover: Cover) -> float:
    """Return by how many columns a letter's ink moves to the right for each row upwards, in [-2, 2]."""
    rows, columns = np.indices(cover.shape)
    total = max(float(cover.sum()), 1e-6)
    up, right = (-(rows * cover).sum() / total, (columns * cover).sum() / total)
    across = ((-rows - up) * (columns - right) * cover).sum()
    along = ((-rows - up) ** 2 * cover).sum()
    return float(np.clip(across / max(float(along), 1e-6), -2, 2))


def _high(stroke: Stroke) -> int:
    return stroke.bottom - stroke.top


def _median(values: Iterable[float]) -> float:
    """Return the median, 0 of nothing."""
    found = list(values)
    return float(np.median(found)) if found else 0.0
