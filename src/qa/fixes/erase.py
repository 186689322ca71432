"""Erase: take text away and rebuild the background it stood on, where that is plain enough."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from consistency.colorspace import srgb_to_linear
from consistency.region import BoolMask, Mask
from qa.fixes.canvas import Canvas
from qa.fixes.fix import CannotFix, Change, Fixer
from qa.fixes.ground import GHOST, Rebuilt, rebuilt
from qa.fixes.lettering import MOST_RIM, Lettering, filled, lettering_of
from qa.fixes.refusal import Handout
from qa.text.reader import Quad
from qa.text.setting import read_quads
from qa.verdict import Fix, FixKind

BOX = re.compile(r"\s*(-?\d{1,7}),(-?\d{1,7}) (\d{1,7})×(\d{1,7})\s*")
MOST_LINES = 200
PROMPT = (
    "Inside the mask: remove the lettering and continue the background as it is around it. "
    "Add no text, no logo and no object. Leave everything outside the mask exactly as it is."
)


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
            CannotFix: No place is given, the letters cannot be told, or the background is too rich; the error then
                has mask and prompt for an editor.
        """
        lines = lines_of(fix)
        mask = np.zeros((canvas.height, canvas.width), np.bool_)
        painted = canvas
        for quad in lines:
            cleared = clear(painted, (quad,), PROMPT, lines)
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


def clear(canvas: Canvas, quads: Sequence[Quad], prompt: str, handed: Sequence[Quad], spare: float = 0.0) -> Cleared:
    """Find the letters of lines and rebuild what lies under them.

    Args:
        canvas: The picture.
        quads: Corners of each line.
        prompt: For an editor, where the background is too rich.
        handed: Corners of all that the editor is to repaint.
        spare: Further pixels to look at on both sides.

    Raises:
        CannotFix: The letters cannot be told, or the background cannot be rebuilt.
    """
    try:
        lettering = lettering_of(canvas, quads, spare)
    except CannotFix as error:
        raise error.with_handout(Handout(Mask.encode(repainted(canvas, handed)), prompt)) from None
    ground = rebuilt(lettering.encoded, lettering.hole, lettering.height, lettering.foreign)
    if not ground.is_good:
        got = "none beside it to learn from" if ground.ghost == np.inf else f"ΔE00 {ground.ghost:.1f} off beside it"
        raise CannotFix(
            f"a background that can be rebuilt to within ΔE00 {GHOST:g}", got, "give mask and prompt to an editor"
        ).with_handout(Handout(Mask.encode(repainted(canvas, handed)), prompt))
    return Cleared(lettering, ground)


def repainted(canvas: Canvas, quads: Sequence[Quad]) -> BoolMask:
    """Return H×W what an editor is to repaint: the lines and what their letters left around them."""
    shape = (canvas.height, canvas.width)
    return np.asarray(np.any([filled(quad, shape, MOST_RIM) for quad in quads], axis=0))
