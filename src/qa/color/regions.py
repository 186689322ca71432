"""Which pixels are the brand's: connected flat regions near a brand colour, away from their edges."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.image import Image
from consistency.region import BoolMask, Box, Mask, Region
from qa.color.claims import Claim
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
        bounded: Share of its outline, in [0, 1], where an edge or the picture's border ends it; the rest runs out
            into other colours, as in a sky.
        is_mixed: Whether the inside is too thin to be smoothed: letters, lines.
    """

    box: Box
    mask: BoolMask
    area: int
    inside: BoolMask
    is_flat: bool
    bounded: float = 1.0
    is_mixed: bool = False

    def region(self, height: int, width: int) -> Region:
        """Return the patch as a region of a picture."""
        whole = np.zeros((height, width), np.bool_)
        whole[self.box.slices] = self.mask
        return Region(self.box, Mask.encode(whole))


Found = list[list[Patch]]
"""For each colour of a palette its patches, largest first."""


def find_patches(image: Image, palette: Palette, claim: Claim | None = None, cut_off: float = CUT_OFF) -> Found:
    """Return for each colour of the palette its flat patches, largest first, at most 8.

    Args:
        image: The picture, without alpha.
        palette: All the brand's colours: a pixel belongs to the nearest.
        claim: Where to look; None looks everywhere.
        cut_off: ΔE00 beyond which a pixel belongs to none.
    """
    window = claim.box if claim else Box(0, 0, image.width, image.height)
    smooth = smoothed(image.pixels[window.slices], SMOOTHING)
    reach = cut_off + (CLIPPING if image.clipped_fraction else 0.0)
    even = is_even(smooth)
    owned = np.where(even, owners(smooth, palette, reach), np.uint8(0))
    if claim is not None and claim.mask is not None:
        return [
            [patch] if (patch := claimed_patch(claim, even, owned == index + 1)) else [] for index in order(palette)
        ]
    return [patches_of(owned == index + 1, window, even) for index in order(palette)]


def order(palette: Palette) -> range:
    """Return the indices of a palette."""
    return range(len(palette.names))


def claimed_patch(claim: Claim, even: BoolMask, own: BoolMask) -> Patch:
    """Return what a mask claims as one patch: of its even inside what is near the colour, or all where little is."""
    mask = claim.mask if claim.mask is not None else np.ones((claim.box.height, claim.box.width), np.bool_)
    if claim.core is not None:
        return Patch(claim.box, mask, claim.area, claim.core, is_flat=True, is_mixed=True)
    deep, is_thin = deep_part(mask)
    inside = deep & even if (deep & even).sum() >= SCRAP else deep
    if (inside & own).sum() >= 0.5 * inside.sum():
        inside = inside & own
        mask = mask & (cv2.dilate(inside.astype(np.uint8), np.ones((2 * MARGIN + 1,) * 2, np.uint8)) > 0)
    is_flat = bool((inside & even).any())
    return Patch(claim.box, mask, int(mask.sum()), inside, is_flat=is_flat, is_mixed=is_thin)


def deep_part(mask: BoolMask) -> tuple[BoolMask, bool]:
    """Return the pixels of a mask away from its edges, and whether it is too thin for any of them to be smoothed."""
    depth = cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    least = min(MARGIN, 0.5 * float(depth.max()))
    return np.asarray(mask & (depth > least)), least <= SMOOTHING // 2


def find_textured(image: Image, palette: Palette, claim: Claim | None = None) -> Found:
    """Return for each colour its patches where it is grained or woven, so that no part of it is even."""
    if claim is not None and claim.mask is not None:
        return [[] for _ in palette.names]
    window = claim.box if claim else Box(0, 0, image.width, image.height)
    owned = owners(smoothed(image.pixels[window.slices], 2 * SMOOTHING - 1), palette)
    around = np.ones((2 * MARGIN + 1,) * 2, np.uint8)
    own = ((owned == index + 1).astype(np.uint8) for index in range(len(palette.names)))
    eroded = (cv2.erode(each, around, borderType=cv2.BORDER_REPLICATE) > 0 for each in own)
    return [patches_of(inside, window, None) for inside in eroded]


def smoothed(pixels: Pixels, side: int) -> Pixels:
    """Return an H×W×3 picture with every pixel the mean of `side`×`side` around it."""
    return np.asarray(cv2.blur(pixels, (side, side)), np.uint8)


def is_even(smooth: Pixels) -> BoolMask:
    """Whether each pixel's neighbourhood is free of edges, H×W, for a smoothed H×W×3 picture."""
    window = np.ones((REACH, REACH), np.uint8)
    change = cv2.morphologyEx(smooth, cv2.MORPH_GRADIENT, window)
    most = cv2.max(cv2.max(change[..., 0], change[..., 1]), change[..., 2])
    return np.asarray(most <= FLAT_RANGE)


def patches_of(inside: BoolMask, window: Box, even: BoolMask | None) -> list[Patch]:
    """Return the connected parts of a mask of `window` as patches grown back to their edges, largest first.

    Args:
        inside: H×W of the window.
        window: Where it lies in the picture.
        even: H×W, where the picture is free of edges; None for what has a grain all over.
    """
    around = Box.around(inside)
    if around is None:
        return []
    # A frame MARGIN wider, so that a part can grow back, and no wider, since labelling is what takes time.
    frame = around.padded(MARGIN).clipped(*inside.shape) or around
    window = Box(window.left + frame.left, window.top + frame.top, frame.width, frame.height)
    inside, even = inside[frame.slices], None if even is None else even[frame.slices]
    labels = np.asarray(cv2.connectedComponents(inside.astype(np.uint8), connectivity=4)[1], np.int32)
    # OpenCV's own statistics of every part take eight times as long as labelling.
    rows, columns = np.nonzero(inside)
    owner = labels[rows, columns]
    sizes = np.bincount(owner)
    largest = [int(label) for label in np.argsort(-sizes, kind="stable")[:MOST_REGIONS] if sizes[label] >= SCRAP]
    patches = []
    for label in largest:
        own = owner == label
        patches.append(grown(labels, label, box_of(rows[own], columns[own]), window, even))
    return patches


def box_of(rows: NDArray[np.intp], columns: NDArray[np.intp]) -> Box:
    """Return the box around pixels, rows in ascending order."""
    left, right = int(columns.min()), int(columns.max())
    return Box(left, int(rows[0]), right - left + 1, int(rows[-1] - rows[0]) + 1)


def grown(labels: NDArray[np.int32], label: int, tight: Box, window: Box, even: BoolMask | None) -> Patch:
    """Return one labelled part as a patch whose mask reaches `MARGIN` px further, to where its edge was."""
    frame = tight.padded(MARGIN).clipped(*labels.shape) or tight
    inside = labels[frame.slices] == label
    mask = cv2.dilate(inside.astype(np.uint8), np.ones((2 * MARGIN + 1,) * 2, np.uint8)) > 0
    box = Box(frame.left + window.left, frame.top + window.top, frame.width, frame.height)
    bounded = 0.0 if even is None else bounded_share(inside, even[frame.slices])
    return Patch(box, mask, int(mask.sum()), inside, is_flat=even is not None, bounded=bounded)


def bounded_share(inside: BoolMask, even: BoolMask) -> float:
    """Return the share of a part's outline that edges make; where it ends at the picture's border there is none."""
    ring = (cv2.dilate(inside.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0) & ~inside
    return float((ring & ~even).sum() / ring.sum()) if ring.any() else 1.0


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
    bounded = min(patch.bounded for patch in patches)
    return Patch(box, mask, int(mask.sum()), inside, all(patch.is_flat for patch in patches), bounded)


def large_enough(patches: list[Patch], least: int) -> Iterator[Patch]:
    """Yield the patches of at least `least` pixels; where there are none but all together are, those as one."""
    large = [patch for patch in patches if patch.area >= least]
    if large:
        yield from large
    elif patches and sum(patch.area for patch in patches) >= least:
        yield joined(patches)
