"""Recolour: take one paint to another; shade, texture and the mixture at edges stay."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import cv2
import numpy as np

from consistency.colorspace import (
    Floats,
    lab_to_xyz,
    linear_to_srgb,
    linear_to_xyz,
    srgb_to_linear,
    xyz_to_lab,
    xyz_to_linear,
)
from consistency.errors import InputError
from consistency.region import BoolMask, Box, Mask
from qa.color.notation import parse_color
from qa.color.shading import lightness_spread, lit_part, shaded_distances
from qa.fixes.canvas import Canvas
from qa.fixes.fix import CannotFix, Change, Fixer
from qa.fixes.mask import (
    REACH,
    RIM,
    SHADED_REACH,
    Cover,
    beyond_reach,
    cover_of,
    eroded,
    local_mean,
    painted_pixels,
)
from qa.fixes.space import Space
from qa.fixes.strokes import rewrite
from qa.verdict import Fix, FixKind, Scalar

SHADED = 4.0
"""p95 − p5 of L* from which a region is judged where light falls on it, and not by its median."""

SMOOTHING = 5
"""Side of the mean over which the colour of a region is measured, as the check measures it."""

DEEP = 5
"""Pixels from its edge at which a region is measured: smoothing and the mixture at edges do not reach there."""

EVEN = 0.12
"""Change of encoded sRGB over the smoothing window, from which it goes over an edge."""

STRANGER = 12.0
"""ΔE00, shade taken away, from a region's median beyond which something else lies in it."""

SPREAD, SLACK = 3.0, 1.0
"""Times the median distance of a region's own inside from its paint, and ΔE added, up to which a pixel is taken for the
same paint. The median, since part of what was found may be something else: sky behind a badge."""

LEAST_ALIKE, MOST_ALIKE = 1.5, 8.0

OPEN, OPEN_GRAINED, GRAIN = 0.15, 0.4, 0.5
"""Share of a paint's outline beyond which the same colour may go on, for even and for grained paints, and the median
distance from its middle, ΔE, from which a paint is grained. Of 30 scenes drawn to be repaired, the even ones had .09
at most, a grained one .24."""
ROUNDS = 3
"""Corrections by what came out: what is cut at the end of the file's range moves the median of the rest."""

CLOSE = 1e-5
"""Linear light off the target that no 8-bit sample can better."""

LEAST_LIGHT = 1e-5
"""Squared linear light below which a paint is black, and no shade of it can be told."""
MARGIN = REACH + RIM + 8


@dataclass(frozen=True, eq=False)
class Paint:
    """A paint as it was found.

    Attributes:
        linear: Its colour, linear sRGB.
        is_shaded: Whether its lightness varies, so that its lit part tells its colour.
        deep: H×W, the pixels it was measured on.
        is_grained: Whether it varies so much that some of what lies around is alike by chance.
    """

    linear: Floats
    is_shaded: bool
    deep: BoolMask
    is_grained: bool = False


class Recolor(Fixer):
    """Takes the paint of a region, or the letters of a text, to another colour."""

    kind: ClassVar[FixKind] = FixKind.RECOLOR

    def apply(self, canvas: Canvas, fix: Fix) -> Change:
        """Return the picture with the paint, or the text, in its new colour.

        Raises:
            CannotFix: No region is given, it does not fit the picture, or the paint cannot be told in it.
        """
        needed = {"to"} if fix.where is not None and fix.where.mask is not None else {"to", "from"}
        if fix.where is None or fix.where.box is None or not needed <= set(fix.parameters):
            raise CannotFix("a region and a colour to recolour to", "a fix without them", "recolour it by hand")
        target = color_of(fix.parameters["to"])
        if fix.where.mask is None:
            ink = xyz_to_linear(lab_to_xyz(color_of(fix.parameters["from"])))
            return rewrite(canvas, fix.where.box, ink, canvas.space.nearest(target))
        return repaint(canvas, decoded(fix.where.mask, canvas), target)


def color_of(value: Scalar) -> Floats:
    """Return L*a*b* of a colour as a fix states it.

    Raises:
        CannotFix: It is no colour.
    """
    try:
        return np.array(parse_color(str(value)).lab, np.float64)
    except InputError as error:
        raise CannotFix(error.expected, error.got) from error


def decoded(mask: Mask, canvas: Canvas) -> BoolMask:
    """Return the H×W array of a mask.

    Raises:
        CannotFix: It is of another size than the picture, or empty.
    """
    if (mask.height, mask.width) != (canvas.height, canvas.width) or not mask.area:
        size = f"{mask.width}×{mask.height}, {mask.area} pixels"
        raise CannotFix(f"a mask of the {canvas.width}×{canvas.height} picture", size, "judge the picture again")
    return mask.decode()


def repaint(canvas: Canvas, mask: BoolMask, target: Floats) -> Change:
    """Return the picture with the paint of a region taken to a colour.

    Args:
        canvas: The picture.
        mask: H×W, the region as it was found, roughly.
        target: L*a*b* of the colour.

    Raises:
        CannotFix: There is no pixel in the region that is far enough from its edges.
    """
    around = Box.around(mask)
    box = around.padded(MARGIN).clipped(canvas.height, canvas.width) if around is not None else None
    if box is None:
        raise CannotFix("a region inside the picture", "none")
    linear, inside = canvas.linear(box), mask[box.slices]
    opaque = np.ones(inside.shape, np.bool_) if canvas.alpha is None else canvas.alpha[box.slices] > 0
    paint = measured(linear, inside & opaque)
    reach = SHADED_REACH if paint.is_shaded else REACH
    alike = is_alike(linear, paint) & opaque
    painted = painted_pixels(alike, inside, reach)
    refuse_open(beyond_reach(alike, inside, painted, reach), paint)
    cover = cover_of(linear_to_srgb(linear), painted)
    if (paint.deep & cover.paint).any():
        paint = replace(paint, deep=paint.deep & cover.paint)
    changed = (cover.alpha > 0) & opaque
    wanted = under_alpha(canvas.space.nearest(target), canvas, box, paint.deep)
    after = brought_to(wanted, linear, cover, paint, canvas.space)
    whole = np.zeros(mask.shape, np.bool_)
    whole[box.slices] = changed
    return Change(canvas.painted(box, after, changed), whole)


def refuse_open(share: float, paint: Paint) -> None:
    """Refuse a paint that goes on beyond what may be repainted: a new edge would run through an even surface.

    Raises:
        CannotFix: It does, over a share of its outline.
    """
    if share > (OPEN_GRAINED if paint.is_grained else OPEN):
        got = f"the same colour beyond it over {share:.0%} of its outline"
        raise CannotFix(
            "a region that ends where its paint ends", got, "claim the whole surface: a larger box, or a mask"
        )


def under_alpha(wanted: Floats, canvas: Canvas, box: Box, deep: BoolMask) -> Floats:
    """Return the colour, linear sRGB, whose blend with the background is the wanted one; itself where it is opaque."""
    if canvas.alpha is None:
        return wanted
    alpha = float(np.median(canvas.alpha[box.slices][deep])) / canvas.space.top
    shown = (linear_to_srgb(wanted) - (1 - alpha) * np.array(canvas.background)) / alpha
    return srgb_to_linear(np.clip(shown, 0, 1)) if alpha < 1 else wanted


def brought_to(target: Floats, linear: Floats, cover: Cover, paint: Paint, space: Space) -> Floats:
    """Return h×w×3 linear light as the file's samples hold it, with the paint's measured colour nearest a target."""
    goal, best, least = target, linear, np.inf
    for _ in range(ROUNDS):
        after = space.linear(space.samples(recolored(linear, cover, paint, goal)))
        off = target - measure(after, paint)
        if np.linalg.norm(off) < least:
            best, least = after, float(np.linalg.norm(off))
        if least < CLOSE:
            break
        goal = goal + off
    return best


def measured(linear: Floats, mask: BoolMask) -> Paint:
    """Measure the paint of a region h×w in a picture h×w×3.

    Raises:
        CannotFix: Nothing of it is left away from its edges.
    """
    deep = next((core for pixels in range(DEEP, -1, -1) if (core := eroded(mask, pixels)).any()), None)
    if deep is None:
        raise CannotFix("a region with an inside", "none", "recolour it by hand")
    own = even_part(linear, deep)
    lab = smooth_lab(linear, own)
    away = shaded_distances(lab, np.median(lab, axis=0))
    own[own] = away <= STRANGER  # letters and signs that the region's outline runs around
    lab = lab[away <= STRANGER]
    is_shaded = lightness_spread(lab) >= SHADED
    is_grained = bool(np.median(np.linalg.norm(lab - np.median(lab, axis=0), axis=-1)) > GRAIN)
    return Paint(middle_of(lab, is_shaded), is_shaded, own, is_grained)


def even_part(linear: Floats, deep: BoolMask) -> BoolMask:
    """Return the pixels of a region h×w away from edges within it; all of them where most are, as on a texture."""
    window = np.ones((SMOOTHING, SMOOTHING), np.uint8)
    change = cv2.morphologyEx(linear_to_srgb(linear).astype(np.float32), cv2.MORPH_GRADIENT, window).max(axis=-1)
    even = deep & (change <= EVEN)
    return even if 2 * even.sum() > deep.sum() else deep.copy()


def measure(linear: Floats, paint: Paint) -> Floats:
    """Return the colour, in linear sRGB, that a paint has now, where it was measured before."""
    return middle_of(smooth_lab(linear, paint.deep), paint.is_shaded)


def middle_of(lab: Floats, is_shaded: bool) -> Floats:
    """Return the median, in linear sRGB, of n×3 L*a*b*: of the lit part where it is shaded."""
    return xyz_to_linear(lab_to_xyz(np.median(lit_part(lab) if is_shaded else lab, axis=0)))


def smooth_lab(linear: Floats, where: BoolMask) -> Floats:
    """Return L*a*b* n×3 of the smoothed picture at h×w `where`."""
    smooth = cv2.blur(linear_to_srgb(linear), (SMOOTHING, SMOOTHING))
    return xyz_to_lab(linear_to_xyz(srgb_to_linear(smooth[where])))


def is_alike(linear: Floats, paint: Paint) -> BoolMask:
    """Return which pixels h×w have the paint's colour, as far as its own inside varies."""
    lab = xyz_to_lab(linear_to_xyz(linear))
    reference = xyz_to_lab(linear_to_xyz(paint.linear))
    distance = shaded_distances(lab, reference) if paint.is_shaded else np.linalg.norm(lab - reference, axis=-1)
    own = distance[paint.deep]
    limit = float(np.clip(SPREAD * np.median(own) + SLACK, LEAST_ALIKE, MOST_ALIKE))
    alike = distance <= limit
    if paint.is_shaded:
        low, high = np.percentile(lab[..., 0][paint.deep], (0.5, 99.5))
        alike &= (lab[..., 0] >= low - limit) & (lab[..., 0] <= high + limit)
    return np.asarray(alike)


def recolored(linear: Floats, cover: Cover, paint: Paint, target: Floats) -> Floats:
    """Return h×w×3 linear light with the paint's part of each pixel in another colour under the same light.

    The same paint under less light has all of X, Y, Z, and so linear R, G, B, multiplied by one factor: (L*+16), a*
    and b* then scale alike. What a pixel holds besides stays as it is. At edges, paint and what lies beyond are mixed
    in encoded sRGB, as design tools and browsers do ("Compositing and Blending Level 1", W3C 2024, 10).
    """
    strength = float(paint.linear @ paint.linear)
    shade = np.ones(linear.shape[:2]) if strength < LEAST_LIGHT else linear @ paint.linear / strength
    beside = local_mean(shade[..., None], cover.paint)
    shade = np.where(cover.paint, shade, beside.reshape(shade.shape)).clip(0)[..., None]
    after = linear + shade * (target - paint.linear)
    edge = ~cover.paint & (cover.alpha > 0)
    step = linear_to_srgb(shade[edge] * target) - linear_to_srgb(shade[edge] * paint.linear)
    after[edge] = srgb_to_linear(linear_to_srgb(linear[edge]) + cover.alpha[edge][:, None] * step)
    return np.where(cover.alpha[..., None] > 0, after, linear)
