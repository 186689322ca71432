"""From a fix that the gate did not do to what an inpainting editor is told: where it may paint, and what."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np

from consistency.errors import ConsistencyError
from consistency.region import BoolMask, Mask
from qa.fixes.erase import lines_of
from qa.fixes.handout import Handout
from qa.fixes.lettering import MOST_RIM, filled
from qa.fixes.mask import RIM
from qa.fixes.refusal import CannotFix
from qa.text.reader import Quad
from qa.verdict import AssetRef, Fix, FixKind, Verdict

Shape = tuple[int, int]
"""Height and width."""

EDGE = 5 + RIM
"""Pixels from the inside of a surface, which is what the colour check finds, to the end of its mixed edge."""

GOES_LEFT = {"left": 0.0, "center": 0.5, "right": 1.0}
"""Alignment → share of a longer row's growth that lies left of the old row."""

ONLY_INSIDE = "Leave everything outside the mask exactly as it is."
RETEXT = (
    "Inside the mask: remove the lettering and set exactly this text in its place, same size, colour and alignment: "
    f"{{text}} {ONLY_INSIDE}"
)
ERASE = (
    "Inside the mask: remove the lettering and continue the background as it is around it. "
    f"Add no text, no logo and no object. {ONLY_INSIDE}"
)
RECOLOR_SURFACE = (
    "Inside the mask: change the colour of the surface from {old} to {new}. Keep its shade, its grain and everything "
    f"that stands on it. {ONLY_INSIDE}"
)
RECOLOR_TEXT = (
    f"Inside the mask: change the colour of the lettering to {{new}}, letter for letter as it is. {ONLY_INSIDE}"
)


def handout_for(fix: Fix, verdict: Verdict, reason: str) -> Handout | None:
    """Return what an editor needs for a fix; None where there is nothing for it to do, or no place is known.

    Args:
        fix: One of the verdict's plan.
        verdict: On the picture that the editor is to work on.
        reason: Why the gate did not do it.
    """
    asset = verdict.asset
    prompt = PROMPTS[fix.kind](fix) if fix.kind in PROMPTS else ""
    mask = place_of(fix, asset) if prompt else None
    if mask is None or not mask.any():
        return None
    rule = next((finding.rule for finding in verdict.findings if fix in finding.fixes), "")
    return Handout(asset, fix, Mask.encode(mask), prompt, rule, reason)


def place_of(fix: Fix, asset: AssetRef) -> BoolMask | None:
    """Return H×W where an editor may paint, or None where a fix does not say."""
    shape = (asset.height, asset.width)
    try:
        return letters_place(fix, shape) if fix.kind in (FixKind.RETEXT, FixKind.ERASE) else surface_place(fix, shape)
    except ConsistencyError:
        return None


def letters_place(fix: Fix, shape: Shape) -> BoolMask:
    """Return H×W of lines of text, of what their letters left around them, and of the room that longer ones take.

    Raises:
        ConsistencyError: The fix does not say where they are.
    """
    quads = lines_of(fix)
    given = fix.parameters
    reads, rows = (str(given.get(key) or "").split("\n") for key in ("read", "set"))
    if fix.kind is FixKind.RETEXT and len(quads) == len(reads) == len(rows):
        share = GOES_LEFT.get(str(given.get("align")), 0.5)
        quads = tuple(with_room(*line, share) for line in zip(quads, reads, rows, strict=True))
    return np.asarray(np.any([filled(quad, shape, MOST_RIM) for quad in quads], axis=0))


def with_room(quad: Quad, read: str, row: str, share: float) -> Quad:
    """Return the corners of a row made as long as its new text, were all letters equally wide; never shorter.

    Args:
        quad: Corners of the row, clockwise from the top left.
        read: What it says.
        row: What it is to say.
        share: Of the growth that lies left of it, in [0, 1].
    """
    growth = max(0.0, len(row) / max(len(read), 1) - 1)
    corners = np.asarray(quad, np.float64)
    top, bottom = corners[1] - corners[0], corners[2] - corners[3]
    ends = np.array([-share * top, (1 - share) * top, (1 - share) * bottom, -share * bottom])
    first, second, third, fourth = ((float(x), float(y)) for x, y in corners + growth * ends)
    return first, second, third, fourth


def surface_place(fix: Fix, shape: Shape) -> BoolMask:
    """Return H×W of a region and of the edge around it.

    Raises:
        CannotFix: The fix does not say where it is.
    """
    where = fix.where
    if where is None or (where.mask is None and where.box is None):
        raise CannotFix("a fix with a region", "none")
    mask = np.zeros(shape, np.bool_)
    if where.mask is not None and (where.mask.height, where.mask.width) == shape:
        mask = where.mask.decode()
    elif where.box is not None and (box := where.box.clipped(*shape)) is not None:
        mask[box.slices] = True
    side = 2 * EDGE + 1
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8)) > 0)


def retext_prompt(fix: Fix) -> str:
    """Return what to set, row by row."""
    text = str(fix.parameters.get("set") or fix.parameters.get("expected") or "")
    return RETEXT.format(text=" / ".join(f"“{row}”" for row in text.split("\n"))) if text else ""


def recolor_prompt(fix: Fix) -> str:
    """Return from which colour to which: letters where there is no mask, as the fixer takes it."""
    new, old = fix.parameters.get("to"), fix.parameters.get("from")
    if not new:
        return ""
    is_surface = fix.where is not None and fix.where.mask is not None
    return RECOLOR_SURFACE.format(old=old, new=new) if is_surface else RECOLOR_TEXT.format(new=new)


PROMPTS: Mapping[FixKind, Callable[[Fix], str]] = {
    FixKind.RETEXT: retext_prompt,
    FixKind.ERASE: lambda _: ERASE,
    FixKind.RECOLOR: recolor_prompt,
    FixKind.INPAINT: lambda fix: str(fix.parameters.get("prompt") or ""),
}
"""Kind of fix → what an editor is told; nothing of other kinds can be painted."""
