"""What texts stand on, and the colours in which they stand out from it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Random = np.random.Generator
Corners = tuple[int, int, int, int]
"""Left, top, right, bottom."""

PHOTOGRAPHS = ("astronaut", "chelsea", "coffee", "rocket", "camera", "coins", "moon", "grass", "gravel", "brick")
MIN_CONTRAST = 3.0


@dataclass(frozen=True, eq=False)
class Place:
    """Where a text goes: its coverage, its corner, and a width of about one letter, all in pixels."""

    mask: NDArray[np.uint8]
    left: int
    top: int
    letter: int

    @property
    def box(self) -> Corners:
        return self.left, self.top, self.left + self.mask.shape[1], self.top + self.mask.shape[0]

    def extremes(self, canvas: Floats) -> tuple[float, float]:
        """Return the least and the greatest luminance next to any letter, but for 5 % of the pixels there."""
        left, top, right, bottom = self.box
        light = luminance(canvas[top:bottom, left:right])
        near = cv2.dilate(self.mask, np.ones((5, 5), np.uint8)) > 0
        columns = [slice(at, at + self.letter) for at in range(0, right - left, self.letter)]
        beside = [light[:, column][near[:, column]] for column in columns]
        ends = np.array([np.percentile(values, (5, 95)) for values in beside if values.size])
        return float(ends[:, 0].min()), float(ends[:, 1].max())


def choose_inks(rng: Random, canvas: Floats, places: list[Place]) -> tuple[Floats, list[tuple[Floats, float]]]:
    """Return the backdrop and each text's colour and contrast; a backdrop too rich is veiled, as designers do."""
    veil = np.full(3, 255.0 * int(rng.integers(2)), np.float32)
    for share in (0.0, 0.3, 0.5, 0.65, 0.8, 0.9):
        veiled = canvas * (1 - share) + veil * share
        inks = [ink_over(rng, *place.extremes(veiled)) for place in places]
        chosen = [ink for ink in inks if ink is not None]
        if len(chosen) == len(places):
            break
    return veiled, chosen


def ink_over(rng: Random, dark: float, bright: float) -> tuple[Floats, float] | None:
    tries = [*rng.integers(0, 256, (30, 3)).astype(np.float32), np.zeros(3, np.float32), np.full(3, 255.0, np.float32)]
    for ink in tries:
        own = float(luminance(ink))
        contrast = max((own + 0.05) / (bright + 0.05), (dark + 0.05) / (own + 0.05))
        if contrast >= MIN_CONTRAST:
            return ink, round(float(contrast), 2)
    return None


def luminance(pixels: Floats) -> Floats:
    """Return relative luminance (WCAG 2.2) of sRGB values 0 to 255."""
    coded = pixels / 255
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722], np.float32))


def flat(rng: Random, height: int, width: int) -> Floats:
    return np.broadcast_to(rng.integers(0, 256, 3).astype(np.float32), (height, width, 3)).copy()


def gradient(rng: Random, height: int, width: int) -> Floats:
    first, second = rng.integers(0, 256, (2, 3)).astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    rows, columns = np.ogrid[0:height, 0:width]
    along = (columns * np.cos(angle) + rows * np.sin(angle)).astype(np.float32)
    share = ((along - along.min()) / np.ptp(along))[..., None]
    return np.asarray(first * (1 - share) + second * share)


def noise(rng: Random, height: int, width: int) -> Floats:
    """Smooth coloured noise: blobs of 20 to 120 pixels."""
    step = int(rng.integers(20, 121))
    coarse = rng.normal(0, 1, (height // step + 3, width // step + 3, 3)).astype(np.float32)
    smooth = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(rng.integers(30, 226, 3) + rng.uniform(15, 50) * smooth, 0, 255).astype(np.float32)


def photograph(rng: Random, height: int, width: int) -> Floats:
    """A part of a photograph at its own size, mirrored at its edges where it is too small."""
    pixels = load_photograph(PHOTOGRAPHS[int(rng.integers(len(PHOTOGRAPHS)))])
    spare_y, spare_x = max(0, height - pixels.shape[0]), max(0, width - pixels.shape[1])
    pixels = np.pad(pixels, ((0, spare_y), (0, spare_x), (0, 0)), mode="symmetric")
    top, left = rng.integers(pixels.shape[0] - height + 1), rng.integers(pixels.shape[1] - width + 1)
    return pixels[top : top + height, left : left + width].astype(np.float32)


@lru_cache(maxsize=len(PHOTOGRAPHS))
def load_photograph(name: str) -> Pixels:
    pixels = getattr(skimage.data, name)()
    return np.asarray(pixels if pixels.ndim == 3 else np.stack([pixels] * 3, axis=-1), np.uint8)


BACKDROPS = {"flat": flat, "gradient": gradient, "noise": noise, "photograph": photograph}
