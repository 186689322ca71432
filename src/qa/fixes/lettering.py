"""Letters to take away: which pixels they and what they left around them cover, and in which ink they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from consistency.colorspace import Floats, linear_to_srgb
from consistency.errors import NotEvaluable
from consistency.intake.sources import to_bytes
from consistency.region import BoolMask, Box
from qa.color.contrast import THIN, core_of, main_axis, purest_of, stroke_mask
from qa.fixes.canvas import Canvas
from qa.fixes.ground import Surface, surface_of
from qa.fixes.mask import SQUARE
from qa.fixes.refusal import CannotFix
from qa.text.reader import Quad

MARGIN = 0.25
"""Background looked at around a line to tell its letters, as a share of its height; at least three pixels."""

AROUND = 1.2
"""Background kept around lines to rebuild what lies under them, as a share of their height; at least LEAST_AROUND."""

LEAST_AROUND = 24

STANDS_OUT, LEAST_STEP = 6.0, 6 / 255
"""Spreads of a plain ground, and encoded sRGB, from which a pixel on it is no ground."""

RIM, MOST_RIM = 2, 10
"""Pixels around strokes that are taken away at least (antialiasing) and at most (what JPEG's blocks leave)."""

SAFE = 1
"""Rings taken beyond those that show ink on a ground that varies: what is left of it is carried into the letters."""

MIXED = 0.02
"""Share of ink in the mean pixel of a ring, above that of the next ring, from which letters reach into it."""

PURE = 0.75
"""Share of the distance from a plain ground that the furthest letters have, from which a pixel is ink: the rest is what
JPEG leaves around small ones."""

CALM = 1.5
"""Times the deviation further away, to which that around letters must have fallen where they end."""


@dataclass(frozen=True, eq=False)
class Lettering:
    """Lines of text in a part of a picture.

    Attributes:
        box: The part.
        encoded: h×w×3, encoded sRGB.
        strokes: h×w per line, its letters.
        hole: h×w, everything that shows a trace of them.
        foreign: h×w, what stands on a plain ground beside them: no background to learn from, no room for letters.
        ink: Encoded sRGB of their core.
        height: Of the highest line, in pixels.
    """

    box: Box
    encoded: Floats
    strokes: tuple[BoolMask, ...]
    hole: BoolMask
    foreign: BoolMask
    ink: Floats
    height: float


def lettering_of(canvas: Canvas, quads: Sequence[Quad], spare: float = 0.0) -> Lettering:
    """Find the letters of lines of text.

    Args:
        canvas: The picture.
        quads: Corners of each line.
        spare: Further pixels to look at on both sides.

    Raises:
        CannotFix: They lie outside the picture, on transparent pixels, or cannot be told from their background.
    """
    height = max(height_of(quad) for quad in quads)
    box = part_around(canvas, quads, max(LEAST_AROUND, AROUND * height), spare)
    if canvas.alpha is not None and (canvas.alpha[box.slices] < canvas.space.top).any():
        raise CannotFix("text on opaque pixels", "transparent ones", "lay the picture on its background first")
    encoded = linear_to_srgb(canvas.linear(box))
    local = [tuple((x - box.left, y - box.top) for x, y in quad) for quad in quads]
    near = [filled(quad, encoded.shape[:2], max(3.0, 0.2 * height_of(quad))) for quad in local]
    surface = surface_of(encoded, ~np.any(near, axis=0))
    strokes = tuple(strokes_of(encoded, quad, reach, surface) for quad, reach in zip(local, near, strict=True))
    hole = with_traces(encoded, np.any(strokes, axis=0), near, surface)
    foreign = standing_out(encoded, surface) & ~hole if surface.is_plain else np.zeros(hole.shape, np.bool_)
    ink = ink_of(encoded, purest(encoded, strokes, surface) if surface.is_plain else strokes)
    return Lettering(box, encoded, strokes, hole, foreign, ink, height)


def height_of(quad: Sequence[tuple[float, float]]) -> float:
    """Return the height of a line, pixels."""
    points = np.asarray(quad)
    return max(1.0, float(np.linalg.norm(points[3] - points[0]) + np.linalg.norm(points[2] - points[1])) / 2)


def part_around(canvas: Canvas, quads: Sequence[Quad], margin: float, spare: float) -> Box:
    """Return the part of the picture that holds lines and what is needed around them.

    Raises:
        CannotFix: It lies outside the picture.
    """
    xs, ys = [x for quad in quads for x, _ in quad], [y for quad in quads for _, y in quad]
    left, right = int(max(0, min(xs) - margin - spare)), int(min(canvas.width, max(xs) + margin + spare + 1))
    top, bottom = int(max(0, min(ys) - margin)), int(min(canvas.height, max(ys) + margin + 1))
    if right - left < 4 or bottom - top < 4:
        raise CannotFix(f"a text inside the {canvas.width}×{canvas.height} picture", quads[0], "judge it again")
    return Box(left, top, right - left, bottom - top)


def filled(quad: Sequence[tuple[float, float]], shape: tuple[int, ...], pad: float) -> BoolMask:
    """Return the pixels h×w inside a quadrilateral padded by some pixels."""
    points = np.asarray(quad, np.float64)
    along, down = points[1] - points[0], points[3] - points[0]
    along, down = along / max(np.linalg.norm(along), 1e-9), down / max(np.linalg.norm(down), 1e-9)
    outwards = np.array([-along - down, along - down, along + down, down - along])
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, np.rint(points + pad * outwards).astype(np.int32), 1)
    return mask > 0


def strokes_of(encoded: Floats, quad: Sequence[tuple[float, float]], near: BoolMask, surface: Surface) -> BoolMask:
    """Return the letters h×w of one line: by their colour, and on a plain ground everything else that stands out.

    Raises:
        CannotFix: Neither tells them.
    """
    found = by_colour(encoded, quad)
    if surface.is_plain:
        rest = parts_within(standing_out(encoded, surface) & near, near)
        found = rest if found is None else (found & near) | rest
    if found is None or not found.any():
        raise CannotFix("letters that can be told from their background", "a cluttered line", "mend it by hand")
    return found & near


def standing_out(encoded: Floats, surface: Surface) -> BoolMask:
    """Return the pixels h×w that are not of a plain ground."""
    return np.asarray(surface.distances(encoded) > max(STANDS_OUT * surface.spread, LEAST_STEP))


def by_colour(encoded: Floats, quad: Sequence[tuple[float, float]]) -> BoolMask | None:
    """Return letters h×w found on the straightened line; None where they cannot be told."""
    points = np.asarray(quad, np.float64)
    height = height_of(quad)
    width = max(1.0, float(np.linalg.norm(points[1] - points[0])))
    margin = max(3, round(MARGIN * height))
    size = (round(width) + 2 * margin, round(height) + 2 * margin)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]]) + margin
    matrix = cv2.getPerspectiveTransform(points.astype(np.float32), flat.astype(np.float32))
    pixels = to_bytes(np.clip(encoded, 0, 1).astype(np.float32))
    crop = cv2.warpPerspective(pixels, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    try:
        strokes = stroke_mask(main_axis(np.asarray(crop, np.uint8), margin), margin)
    except NotEvaluable:
        return None
    shape = encoded.shape[1], encoded.shape[0]
    back = cv2.warpPerspective(strokes.astype(np.float32), np.linalg.inv(matrix), shape, flags=cv2.INTER_LINEAR)
    return np.asarray(back > 0.5)


def parts_within(mask: BoolMask, near: BoolMask) -> BoolMask:
    """Return the connected parts h×w that do not touch the rim of `near`: what reaches in from outside is no letter."""
    count, found = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    labels = np.asarray(found)
    rim = near & ~(cv2.erode(near.astype(np.uint8), SQUARE) > 0)
    touching = np.zeros(count, np.bool_)
    touching[labels[rim]] = True
    touching[0] = True
    return np.asarray(~touching[labels])


def with_traces(encoded: Floats, strokes: BoolMask, near: Sequence[BoolMask], surface: Surface) -> BoolMask:
    """Return letters h×w with everything around them that they changed: antialiasing, shadows, JPEG's ringing."""
    distance = cv2.distanceTransform((~strokes).astype(np.uint8), cv2.DIST_L2, 5)
    own = cv2.dilate(np.any(near, axis=0).astype(np.uint8), SQUARE, iterations=MOST_RIM) > 0
    rings = [own & (distance > ring - 1) & (distance <= ring) for ring in range(1, MOST_RIM + 1)]
    beyond = own & (distance > MOST_RIM)
    rim = unlike(surface.distances(encoded), rings, beyond) if surface.is_plain else mixed(encoded, strokes, rings)
    return np.asarray((distance <= rim) & own)


def unlike(away: Floats, rings: Sequence[BoolMask], beyond: BoolMask) -> int:
    """Return the last of rings around letters, from 1, in which a plain ground is more off than further away."""
    calm = float(np.percentile(away[beyond], 75)) if beyond.any() else 0.0
    for ring, pixels in enumerate(rings[RIM:], RIM + 1):
        if not pixels.any() or np.percentile(away[pixels], 75) <= CALM * calm + 1 / 255:
            return ring - 1
    return MOST_RIM


def mixed(encoded: Floats, strokes: BoolMask, rings: Sequence[BoolMask]) -> int:
    """Return the last of rings around letters, from 1, in which the mean pixel is mixed with their ink.

    The mean, since a background that varies is on the side of the ink as often as not.
    """
    ink = ink_of(encoded, (strokes,))
    for ring in range(RIM, len(rings) - 1):
        pixels, beside = rings[ring], rings[ring + 1]
        if not pixels.any() or not beside.any():
            return ring
        ground = encoded[beside].mean(axis=0)
        towards = ink - ground
        share = (encoded[pixels].mean(axis=0) - ground) @ towards / max(float(towards @ towards), 1e-9)
        if share < MIXED:
            return min(ring + 1 + SAFE, MOST_RIM)
    return MOST_RIM


def purest(encoded: Floats, strokes: Sequence[BoolMask], surface: Surface) -> tuple[BoolMask, ...]:
    """Return of each line the letters that are furthest from a plain ground."""
    away = surface.distances(encoded)
    furthest = float(np.quantile(away[np.any(strokes, axis=0)], 0.95))
    return tuple(each & (away >= PURE * furthest) for each in strokes)


def ink_of(encoded: Floats, strokes: Sequence[BoolMask]) -> Floats:
    """Return the colour of letters, encoded sRGB: of their core, or of the purest pixels where they are thin."""
    mask = np.asarray(np.any(strokes, axis=0))
    depth = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 5)
    width = 4 * float(depth[mask].mean()) - 1  # across a bar of width w the distance to its edge averages w/4
    if width >= THIN:
        return np.asarray(np.median(encoded[core_of(depth, mask)], axis=0), np.float64)
    pixels = to_bytes(np.clip(encoded, 0, 1).astype(np.float32))
    try:
        pure = purest_of(main_axis(pixels, 0), mask)
    except NotEvaluable:
        pure = mask
    return np.asarray(np.median(encoded[pure], axis=0), np.float64)
