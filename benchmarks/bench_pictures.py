"""Pictures of 1024² for timing colour, each new: mosaics of photographs with fresh light and grain; flat artwork."""

from __future__ import annotations

import cv2
import numpy as np
import skimage.data

SIDE = 1024
PHOTOGRAPHS = ("astronaut", "chelsea", "coffee", "rocket", "retina", "colorwheel")
GRAIN = 2.0
"""Standard deviation of the noise, of 255: a clean sensor's, and enough that no two pictures share their pixels."""


def photograph(seed: int, palette: np.ndarray) -> np.ndarray:
    """Return four quarters of photographs, never enlarged, with a label in each brand colour laid in."""
    rng = np.random.default_rng([seed, 0])
    picture = np.empty((SIDE, SIDE, 3), np.float32)
    half = SIDE // 2
    for row in (0, half):
        for column in (0, half):
            picture[row : row + half, column : column + half] = quarter(rng, half)
    picture *= rng.uniform(0.8, 1.2, 3)
    for color in palette:
        top, left = rng.integers(0, SIDE - 128, 2)
        picture[top : top + 96, left : left + 128] = color
    picture += rng.normal(0, GRAIN, picture.shape)
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def quarter(rng: np.random.Generator, side: int) -> np.ndarray:
    """Return side×side from a photograph: where it is smaller, mirrored at its edges."""
    source = getattr(skimage.data, PHOTOGRAPHS[rng.integers(len(PHOTOGRAPHS))])()[..., :3]
    if rng.random() < 0.5:
        source = source[:, ::-1]
    height, width = source.shape[:2]
    padded = cv2.copyMakeBorder(
        np.ascontiguousarray(source), 0, max(0, side - height), 0, max(0, side - width), cv2.BORDER_REFLECT_101
    )
    top, left = (int(rng.integers(0, length - side + 1)) for length in padded.shape[:2])
    return padded[top : top + side, left : left + side]


def artwork(seed: int, palette: np.ndarray) -> np.ndarray:
    """Return flat shapes in brand and other colours, antialiased, on a ground with a slight gradient."""
    rng = np.random.default_rng([seed, 1])
    ramp = np.linspace(0, 1, SIDE, dtype=np.float32)[:, None, None]
    ends = rng.uniform(60, 240, (2, 1, 1, 3)).astype(np.float32)
    picture = np.clip(np.rint(np.broadcast_to(ends[0] + (ends[1] - ends[0]) * ramp, (SIDE, SIDE, 3))), 0, 255)
    picture = np.ascontiguousarray(picture.astype(np.uint8))
    colors = np.concatenate([palette, rng.integers(0, 256, (6, 3))])
    for color in rng.permutation(colors):
        centre, axes = rng.integers(0, SIDE, 2).tolist(), rng.integers(30, 220, 2).tolist()
        cv2.ellipse(picture, centre, axes, float(rng.uniform(0, 180)), 0, 360, color.tolist(), -1, cv2.LINE_AA)
    return picture


def pictures(count: int, palette: np.ndarray) -> list[np.ndarray]:
    """Return `count` pictures, every fourth of them artwork."""
    return [(artwork if seed % 4 == 3 else photograph)(seed, palette) for seed in range(count)]
