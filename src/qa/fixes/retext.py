"""Retext: take a wrong text away and set the right one in its place, in the kit's font."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import cv2
import numpy as np

from consistency.colorspace import Floats, linear_to_srgb, srgb_to_linear
from consistency.region import BoolMask
from qa.color.notation import parse_color
from qa.fixes.canvas import Canvas
from qa.fixes.erase import Cleared, clear
from qa.fixes.fix import CannotFix, Change, Fixer
from qa.fixes.lettering import filled, height_of
from qa.fixes.placing import Paragraph, line_of
from qa.text.reader import Quad
from qa.text.setting import read_quads
from qa.text.typeface import Typeface, UnusableFont, open_typeface
from qa.verdict import Fix, FixKind

STEP, LEAST_SCALE = 0.97, 0.75
"""By which letters are made smaller while they have no room, and where that ends."""

CLEAR = 2
"""Pixels that new letters keep from other things."""

BESIDE = 0.8
"""Heights of a line beyond its ends that new letters may take on a ground that is not plain."""

MOST_DEGREES = 20.0

LUMA = np.array([0.299, 0.587, 0.114])
"""Of encoded sRGB (ITU-R BT.601)."""

BEYOND, EFFECT = 0.1, 0.08
"""Lightness beyond that of letters and ground, which JPEG's ringing stays below, and the share of the letters' ink from
which it is an effect: without one it is 0, with one 11 % and more (eight faces, capitals of 17 to 65 pixels)."""


class Retext(Fixer):
    """Sets the expected text where a wrong one stands."""

    kind: ClassVar[FixKind] = FixKind.RETEXT

    def apply(self, canvas: Canvas, fix: Fix) -> Change:
        """Return the picture with the text of a fix as it should be.

        Raises:
            CannotFix: The kit names no font, or one without a glyph; the letters cannot be told; the background is
                too rich; there is no room.
        """
        try:
            job = job_of(canvas, fix)
            cleared = clear(canvas, job.quads, job.spare)
            refuse_effects(cleared)
            cover = set_rows(job, cleared)
        except UnusableFont as error:
            raise CannotFix(error.expected, error.got, error.hint) from None
        lettering = cleared.lettering
        ink = lettering.ink if job.ink is None else linear_to_srgb(canvas.space.nearest(job.ink))
        encoded = cleared.ground.encoded + cover[..., None] * (ink - cleared.ground.encoded)
        changed = lettering.hole | (cover > 0)
        mask = np.zeros((canvas.height, canvas.width), np.bool_)
        mask[lettering.box.slices] = changed
        fit = fix.parameters.get("font_fit")
        is_other = isinstance(fit, (int, float)) and fit < 1
        note = f"set in {fix.parameters['font']}; what stood there looks set in another face" if is_other else ""
        return Change(canvas.painted(lettering.box, srgb_to_linear(encoded), changed), mask, note=note)


@dataclass(frozen=True, eq=False)
class Job:
    """What a fix asks for.

    Attributes:
        typeface: The kit's font.
        quads: Corners of each row as it stands.
        reads: What each row says.
        rows: What each is to say.
        align: "left", "center" or "right".
        ink: L*a*b* of the letters, None for those that stand there.
    """

    typeface: Typeface
    quads: tuple[Quad, ...]
    reads: tuple[str, ...]
    rows: tuple[str, ...]
    align: str
    ink: Floats | None

    @property
    def spare(self) -> float:
        """Pixels that the longest new row may be longer than what stands there."""
        grown = [
            max(0.0, len(row) / max(len(read), 1) - 1) * float(np.hypot(q[1][0] - q[0][0], q[1][1] - q[0][1]))
            for row, read, q in zip(self.rows, self.reads, self.quads, strict=True)
        ]
        return max(grown)


def job_of(canvas: Canvas, fix: Fix) -> Job:
    """Return what a fix asks for.

    Raises:
        CannotFix: It states no font, or something is missing or wrong in it.
        UnusableFont: Its font cannot be drawn with, or not its text.
    """
    given = fix.parameters
    name = str(given.get("font") or "")
    if not name:
        raise CannotFix("a font to set the text in", "none", "state text.font or text.required[].font")
    if name not in canvas.files:
        raise CannotFix("a font file of the kit", name, "state text.font or text.required[].font")
    if not given.get("quads"):
        raise CannotFix("straight rows of text whose corners are known", "none", "set the text by hand")
    quads = read_quads(str(given["quads"]))
    reads, rows = (tuple(str(given.get(key) or "").split("\n")) for key in ("read", "set"))
    if not len(quads) == len(reads) == len(rows) or not all((*reads, *rows)):
        raise CannotFix("as many rows as there are corners", (len(quads), len(reads), len(rows)))
    typeface = open_typeface(canvas.files[name])
    for row in rows:
        typeface.check(row)
    ink = np.array(parse_color(str(given["color"])).lab, np.float64) if given.get("color") else None
    return Job(typeface, quads, reads, rows, str(given.get("align") or "left"), ink)


def set_rows(job: Job, cleared: Cleared) -> Floats:
    """Return the cover h×w, in [0, 1], of the new rows, made smaller where they have no room.

    Raises:
        CannotFix: There is none for them even so.
    """
    lettering = cleared.lettering
    shape = lettering.hole.shape
    letters = inked(cleared)
    lines = [line_of(strokes & letters, quad) for strokes, quad in zip(lettering.strokes, job.quads, strict=True)]
    if any(abs(line.degrees) > MOST_DEGREES for line in lines):
        raise CannotFix(f"rows turned by at most {MOST_DEGREES:g}°", "steeper ones", "set the text by hand")
    paragraph = Paragraph(job.typeface, tuple(lines), job.reads, job.rows, job.align)
    size = paragraph.size
    taken = blocked(job, cleared)
    scale = 1.0
    while scale >= LEAST_SCALE:
        cover, is_whole = paragraph.drawn(size * scale, shape)
        if is_whole and not (grown(cover > 0) & taken).any():
            return cover
        scale *= STEP
    raise CannotFix("room for the text at three quarters of its size", "none", "set it by hand")


def refuse_effects(cleared: Cleared) -> None:
    """Refuse letters with an outline, a shadow or a glow: new ones would stand without, beside others that have it.

    Those are lighter or darker than both the letters and their ground; what lies between is as antialiasing is.

    Raises:
        CannotFix: They have one.
    """
    lettering, ground = cleared.lettering, cleared.ground.encoded
    lightness, under, ink = lettering.encoded @ LUMA, ground @ LUMA, float(lettering.ink @ LUMA)
    beyond = (lightness < np.minimum(under, ink) - BEYOND) | (lightness > np.maximum(under, ink) + BEYOND)
    share = float((beyond & lettering.hole).sum() / max(int(inked(cleared).sum()), 1))
    if share > EFFECT:
        got = f"an outline, shadow or glow, {share:.0%} of their ink"
        raise CannotFix("letters of one colour", got, "give mask and prompt to an editor")


def inked(cleared: Cleared) -> BoolMask:
    """Return the pixels h×w of which at least half is ink: where letters were drawn, without what JPEG left around."""
    lettering, ground = cleared.lettering, cleared.ground.encoded
    towards = lettering.ink - ground
    along = ((lettering.encoded - ground) * towards).sum(axis=-1)
    return np.asarray(lettering.hole & (along >= 0.5 * (towards**2).sum(axis=-1)))


def blocked(job: Job, cleared: Cleared) -> BoolMask:
    """Return where h×w no new letter may lie."""
    lettering = cleared.lettering
    if cleared.ground.way == "surface":
        return lettering.foreign
    box = lettering.box
    local = [tuple((x - box.left, y - box.top) for x, y in quad) for quad in job.quads]
    free = [filled(quad, lettering.hole.shape, BESIDE * height_of(quad)) for quad in local]
    return np.asarray(~np.any(free, axis=0))


def grown(mask: BoolMask) -> BoolMask:
    """Return a mask h×w with the pixels that letters keep clear."""
    side = 2 * CLEAR + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8)) > 0)
