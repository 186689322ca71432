"""Faces cut out with hard edges and put before another picture, as in collages, cards and posters."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from photo_collections import BACKGROUNDS, load
from picture_filters import Pixels, Random
from stylisations import DRAWN, Style

PLAIN = 0.3
"""Share of pages of one colour."""


def photographed(pixels: Pixels, _face: int, draw: Random) -> Pixels:
    """Return a photograph on a page."""
    return on_a_page(pixels, draw)


def drawn(pixels: Pixels, face: int, draw: Random) -> Pixels:
    """Return a drawing of any family on a page."""
    family = sorted(DRAWN)[draw.integers(len(DRAWN))]
    return on_a_page(DRAWN[family](pixels, face, draw), draw)


COLLAGES: Mapping[str, Style] = {"collage": photographed, "drawn collage": drawn}


def on_a_page(pixels: Pixels, draw: Random) -> Pixels:
    """Return the middle of a picture, cut close to the face that fills two fifths of it, in the middle of a page."""
    height, width = pixels.shape[:2]
    share = draw.uniform(0.48, 0.75)
    top, left = round(height * (1 - share) / 2), round(width * (1 - share) / 2)
    part = pixels[top : height - top, left : width - left]
    page = page_of(height, width, draw)
    page[top : top + part.shape[0], left : left + part.shape[1]] = part
    return page


def page_of(height: int, width: int, draw: Random) -> Pixels:
    """Return a page of one colour, or a part of a photograph that scikit-image carries, shrunk or enlarged."""
    if draw.random() < PLAIN:
        return np.full((height, width, 3), draw.integers(0, 256, 3), np.uint8)
    scene = load(BACKGROUNDS[draw.integers(len(BACKGROUNDS))])
    side = draw.integers(128, min(scene.shape[:2]) + 1)
    top, left = draw.integers(0, scene.shape[0] - side + 1), draw.integers(0, scene.shape[1] - side + 1)
    part = scene[top : top + side, left : left + side]
    return np.asarray(cv2.resize(part, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
