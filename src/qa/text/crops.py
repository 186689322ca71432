"""The ways to look at a region of text: along its line, from its other end, along its curve, letter by letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from qa.text.curves import Pixels, crop_ribbon, turned
from qa.text.detection import Float32, TextRegion
from qa.text.recognition import crop_quad, is_vertical
from qa.text.stacks import Strip, downwards, strip_of

DOUBT = 0.85
"""Upright lines read at 0.98, upside-down ones at 0.7 to 0.8: below this a line is looked at from its other end."""

VERTICAL_DOUBT = 0.96
"""The same for lines that run up or down: stacked letters taken for a turned line were read at 0.74 to 0.93, some of
them as full-width forms."""


@dataclass(frozen=True, eq=False)
class LineCrop:
    """One way to look at a line.

    Attributes:
        pixels: h×w×3 uint8, the text from left to right.
        quad: 4×2 corners in the picture, clockwise from the top left of the text.
        strip: How letters were laid side by side; None for a plain crop.
        shape: "straight", "bent" or "stacked".
    """

    pixels: Pixels
    quad: Float32
    strip: Strip | None = None
    shape: str = "straight"

    def places(self, positions: Sequence[float]) -> tuple[float, ...]:
        """Return positions along the crop as positions along the line."""
        return self.strip.along_column(positions) if self.strip else tuple(positions)


@dataclass(frozen=True, eq=False)
class Attempt:
    """Crops of which the surest reading counts.

    Attributes:
        crops: The ways to look.
        doubt: A reading less sure than this is a reason to try the next attempt.
    """

    crops: tuple[LineCrop, ...]
    doubt: float


def attempts(image: Pixels, region: TextRegion) -> Iterator[Attempt]:
    """Yield ways to look at a region, the likeliest first; later ones are made only when they are asked for."""
    quad = region.quad
    if region.ribbon is not None:
        for ribbon in (region.ribbon, turned(region.ribbon)):
            yield Attempt((LineCrop(crop_ribbon(image, ribbon), chord_quad(ribbon), shape="bent"),), DOUBT)
    elif is_vertical(quad):
        yield Attempt(tuple(_plain(image, np.roll(quad, turn, axis=0)) for turn in (-1, 1)), VERTICAL_DOUBT)
        yield from stacked(image, region)
    else:
        for turn in (0, 2):
            yield Attempt((_plain(image, np.roll(quad, turn, axis=0)),), DOUBT)


def stacked(image: Pixels, region: TextRegion) -> Iterator[Attempt]:
    """Yield the look at upright letters that stand one below the other, where they can be told apart."""
    strip = strip_of(crop_quad(image, region.quad))
    if strip is not None:
        yield Attempt((LineCrop(strip.pixels, downwards(region.quad), strip, "stacked"),), DOUBT)


def chord_quad(ribbon: Float32) -> Float32:
    """Return the smallest rectangle along a ribbon's chord that holds all of it, its top left that of the text."""
    ends = ribbon[[0, -1]].mean(axis=1)
    along = (ends[1] - ends[0]) / max(float(np.linalg.norm(ends[1] - ends[0])), 1e-6)
    down = np.array([-along[1], along[0]])
    points = ribbon.reshape(-1, 2) - ends[0]
    (left, right), (top, bottom) = ((float(v.min()), float(v.max())) for v in (points @ along, points @ down))
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return np.array([ends[0] + x * along + y * down for x, y in corners], np.float32)


def _plain(image: Pixels, quad: Float32) -> LineCrop:
    return LineCrop(crop_quad(image, quad), quad)
