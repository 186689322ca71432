"""Which pixels are the brand's: connected flat regions near a brand colour, away from their edges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.image import Image
from consistency.region import BoolMask, Box, Mask, Region
from qa.color.owners import CUT_OFF, Pixels, owners
from qa.color.palette import Palette

SMOOTHING = 5
"""Side of the mean that takes out noise, dithering and what JPEG leaves."""

REACH = 7
"""Side of the window that has to be even. With the smoothing, a region's inside keeps 5 px from its edges; JPEG's
colour bleeding reaches 4."""

FLAT_RANGE = 8
"""Steps of 255 by which a channel may change over the window: a shaded surface does not, an edge of ΔE00 3 does."""

CLIPPING = 9.0
"""ΔE00 by which cutting a Display-P3 colour to 8-bit sRGB moves it at most; what is measured is not cut."""

MARGIN = SMOOTHING // 2 + REACH // 2
MOST_REGIONS = 8
SCRAP = 64
"""Pixels below which an inside is too small to be counted even as a fragment."""


@dataclass(frozen=True, eq=False)
class Patch:
    """A connected region near one brand colour.

    Attributes:
        box: Around the region, edges included.
        mask: h×w of the box.
        area: Pixels of the mask.
        inside: h×w of the box: pixels away from every edge.
        is_flat: Even inside, as artwork and smoothly shaded surfaces are; else textured.
    """

    box: Box
    mask: BoolMask
    area: int
    inside: BoolMask
    is_flat: bool

    def region(self, height: int, width: int) -> Region:
        """Return the patch as a region of a picture."""
        whole = np.zeros((height, width), np.bool_)
        whole[self.box.slices] = self.mask
        return Region(self.box, Mask.encode(whole))


def find_patches(image: Image, palette: Palette, box: Box | None = None, cut_off: float = CUT_OFF) -> list[list[Patch]]:
    """Return for each colour of the palette its flat patches, largest first, at most 8.

    Args:
        image: The picture, without alpha.
        palette: All the brand's colours: a pixel belongs to the nearest.
        box: Where to look; None looks everywhere.
        cut_off: ΔE00 beyond which a pixel belongs to none.
    """
    window = box or Box(0, 0, image.width, image.height)
    smooth = smoothed(image.pixels[window.slices], SMOOTHING)
    reach = cut_off + (CLIPPING if image.clipped_fraction else 0.0)
    owned = np.where(is_even(smooth), owners(smooth, palette, reach), np.uint8(0))
    return [patches_of(owned == index + 1, window, is_flat=True) for index in range(len(palette.names))]


def find_textured(image: Image, palette: Palette, index: int, box: Box | None = None) -> list[Patch]:
    """Return the patches of one colour where it is grained or woven, so that no part of it is even."""
    window = box or Box(0, 0, image.width, image.height)
    smooth = smoothed(image.pixels[window.slices], 2 * SMOOTHING - 1)
    own = (owners(smooth, palette) == index + 1).astype(np.uint8)
    inside = cv2.erode(own, np.ones((2 * MARGIN + 1,) * 2, np.uint8), borderType=cv2.BORDER_REPLICATE)
    return patches_of(inside > 0, window, is_flat=False)


def smoothed(pixels: Pixels, side: int) -> Pixels:
    """Return an H×W×3 picture with every pixel the mean of `side`×`side` around it."""
    return np.asarray(cv2.blur(pixels, (side, side)), np.uint8)


def is_even(smooth: Pixels) -> BoolMask:
    """Whether each pixel's neighbourhood is free of edges, H×W, for a smoothed H×W×3 picture."""
    window = np.ones((REACH, REACH), np.uint8)
    change = cv2.morphologyEx(smooth, cv2.MORPH_GRADIENT, window)
    most = cv2.max(cv2.max(change[..., 0], change[..., 1]), change[..., 2])
    return np.asarray(most <= FLAT_RANGE)


def patches_of(inside: BoolMask, window: Box, *, is_flat: bool) -> list[Patch]:
    """Return the connected parts of a mask of `window` as patches grown back to their edges, largest first."""
    around = Box.around(inside)
    if around is None:
        return []
    # A frame MARGIN wider, so that a part can grow back, and no wider, since labelling is what takes time.
    frame = around.padded(MARGIN).clipped(*inside.shape) or around
    inside, window = (
        inside[frame.slices],
        Box(window.left + frame.left, window.top + frame.top, frame.width, frame.height),
    )
    count, found, parts, _ = cv2.connectedComponentsWithStats(inside.astype(np.uint8), connectivity=4)
    labels, stats = np.asarray(found, np.int32), np.asarray(parts, np.int32)
    sizes = stats[1:count, cv2.CC_STAT_AREA]
    order = [int(i) + 1 for i in np.argsort(-sizes, kind="stable")[:MOST_REGIONS] if sizes[i] >= SCRAP]
    return [patch for label in order if (patch := grown(labels, stats[label], label, window, is_flat)) is not None]


def grown(labels: NDArray[np.int32], stats: NDArray[np.int32], label: int, window: Box, is_flat: bool) -> Patch | None:
    """Return one labelled part as a patch whose mask reaches `MARGIN` px further, to where its edge was."""
    tight = Box(*(int(stats[i]) for i in (cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP, cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT)))
    frame = tight.padded(MARGIN).clipped(*labels.shape)
    if frame is None:
        return None
    inside = labels[frame.slices] == label
    mask = cv2.dilate(inside.astype(np.uint8), np.ones((2 * MARGIN + 1,) * 2, np.uint8)) > 0
    box = Box(frame.left + window.left, frame.top + window.top, frame.width, frame.height)
    return Patch(box, mask, int(mask.sum()), inside, is_flat)


def joined(patches: list[Patch]) -> Patch:
    """Return several patches as one: a surface that writing cuts into pieces."""
    box = patches[0].box
    for patch in patches[1:]:
        box = box.union(patch.box)
    mask, inside = np.zeros((2, box.height, box.width), np.bool_)
    for patch in patches:
        top, left = patch.box.top - box.top, patch.box.left - box.left
        place = slice(top, top + patch.box.height), slice(left, left + patch.box.width)
        mask[place] |= patch.mask
        inside[place] |= patch.inside
    return Patch(box, mask, int(mask.sum()), inside, all(patch.is_flat for patch in patches))


def large_enough(patches: list[Patch], least: int) -> Iterator[Patch]:
    """Yield the patches of at least `least` pixels; where there are none but all together are, those as one."""
    large = [patch for patch in patches if patch.area >= least]
    if large:
        yield from large
    elif patches and sum(patch.area for patch in patches) >= least:
        yield joined(patches)
