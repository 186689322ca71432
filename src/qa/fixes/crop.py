"""Crop: cut a picture to an aspect the kit allows."""

from __future__ import annotations

from typing import ClassVar

from qa.fixes.canvas import Canvas
from qa.fixes.fix import CannotFix, Change, Fixer
from qa.verdict import Fix, FixKind


class Crop(Fixer):
    """Cuts a picture to a box; no sample inside changes, in a lossless file."""

    kind: ClassVar[FixKind] = FixKind.CROP_RESIZE

    def apply(self, canvas: Canvas, fix: Fix) -> Change:
        """Return the part inside the fix's box.

        Raises:
            CannotFix: It has no box, or one that is not inside the picture.
        """
        box = fix.where.box if fix.where is not None else None
        if box is None or box != box.clipped(canvas.height, canvas.width):
            raise CannotFix(f"a box inside the {canvas.width}×{canvas.height} picture", box, "judge it again")
        return Change(canvas.cropped(box), crop=box)
