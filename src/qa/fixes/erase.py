"""Erase: take text away and rebuild the background it stood on, where that is plain enough."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from consistency.colorspace import srgb_to_linear
from qa.fixes.canvas import Canvas
from qa.fixes.fix import CannotFix, Change, Fixer
from qa.fixes.ground import GHOST, Rebuilt, rebuilt
from qa.fixes.lettering import Lettering, lettering_of
from qa.text.reader import Quad
from qa.text.setting import read_quads
from qa.verdict import Fix, FixKind

BOX = re.compile(r"\s*(-?\d{1,7}),(-?\d{1,7}) (\d{1,7})×(\d{1,7})\s*")
MOST_LINES = 200


@dataclass(frozen=True, eq=False)
class Cleared:
    """A part of a picture without its letters: what was found, and the background in their place."""

    lettering: Lettering
    ground: Rebuilt


class Erase(Fixer):
    """Takes lines of text away; the background around them is continued."""

    kind: ClassVar[FixKind] = FixKind.ERASE

    def apply(self, canvas: Canvas, fix: Fix) -> Change:
        """Return the picture without the text of a fix.

        Raises:
            CannotFix: No place is given, the letters cannot be told, or the background is too rich.
        """
        lines = lines_of(fix)
        mask = np.zeros((canvas.height, canvas.width), np.bool_)
        painted = canvas
        for quad in lines:
            cleared = clear(painted, (quad,))
            box, hole = cleared.lettering.box, cleared.lettering.hole
            painted = painted.painted(box, srgb_to_linear(cleared.ground.encoded), hole)
            mask[box.slices] |= hole
        return Change(painted, mask)


def lines_of(fix: Fix) -> tuple[Quad, ...]:
    """Return the corners of the lines that a fix names: its quadrilaterals, else its boxes.

    Raises:
        CannotFix: It names none, or too many.
    """
    quads, boxes = fix.parameters.get("quads"), fix.parameters.get("boxes")
    if quads:
        lines = read_quads(str(quads))
    else:
        found = [BOX.fullmatch(part) for part in str(boxes or "").split(";")]
        sides = [tuple(map(int, match.groups())) for match in found if match is not None]
        if len(sides) != len(found) and fix.where is not None and fix.where.box is not None:
            box = fix.where.box
            sides = [(box.left, box.top, box.width, box.height)]
        lines = tuple(((x, y), (x + w, y), (x + w, y + h), (x, y + h)) for x, y, w, h in sides)
    if not 0 < len(lines) <= MOST_LINES:
        raise CannotFix(f"1 to {MOST_LINES} lines of text", len(lines), "judge the picture again")
    return lines


def clear(canvas: Canvas, quads: Sequence[Quad], spare: float = 0.0) -> Cleared:
    """Find the letters of lines and rebuild what lies under them.

    Args:
        canvas: The picture.
        quads: Corners of each line.
        spare: Further pixels to look at on both sides.

    Raises:
        CannotFix: The letters cannot be told, or the background cannot be rebuilt.
    """
    lettering = lettering_of(canvas, quads, spare)
    ground = rebuilt(lettering.encoded, lettering.hole, lettering.height, lettering.foreign)
    if not ground.is_good:
        got = "none beside it to learn from" if ground.ghost == np.inf else f"ΔE00 {ground.ghost:.1f} off beside it"
        raise CannotFix(
            f"a background that can be rebuilt to within ΔE00 {GHOST:g}", got, "give mask and prompt to an editor"
        )
    return Cleared(lettering, ground)
