"""What a fixer is, the table of fixers, and what a repair leaves undone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Protocol, runtime_checkable

from consistency.region import BoolMask, Box
from consistency.runtime.tables import load_entry
from qa.fixes.canvas import Canvas
from qa.fixes.handout import Handout
from qa.fixes.refusal import CannotFix
from qa.verdict import Fix, FixKind

FIXES: dict[str, str] = {
    "recolor": "qa.fixes.recolor:Recolor",
    "crop_resize": "qa.fixes.crop:Crop",
    "erase": "qa.fixes.erase:Erase",
    "retext": "qa.fixes.retext:Retext",
}
"""Kind of fix → its fixer. Adding one is one line here."""


@dataclass(frozen=True, eq=False)
class Change:
    """What a fixer did.

    Attributes:
        canvas: The picture afterwards.
        mask: H×W, where the fixer may have changed it; None where it cut the picture.
        crop: Where it was cut, in pixels of the picture before; None where it was not.
        note: Something a person should know, or "".
    """

    canvas: Canvas
    mask: BoolMask | None = None
    crop: Box | None = None
    note: str = ""


@dataclass(frozen=True)
class Left:
    """A fix of the plan that was not applied, why, and what to give to an inpainting editor, where one could do it."""

    fix: Fix
    reason: str
    handout: Handout | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.fix.kind}: {self.reason}"


@runtime_checkable
class Fixer(Protocol):
    """Applies one kind of fix. Built once, called from several threads; holds no state of an asset."""

    kind: ClassVar[FixKind]

    def apply(self, canvas: Canvas, fix: Fix) -> Change:
        """Return the picture with the fix applied; samples outside the change's mask stay as they are.

        Raises:
            CannotFix: The fix does not fit this picture.
        """
        ...


def load_fixer(kind: FixKind) -> Fixer:
    """Return the fixer of a kind.

    Raises:
        UnknownName: There is none.
        MissingBackend: A package it needs is not installed.
    """
    fixer: Fixer = load_entry(FIXES, kind.value, "fixer")()
    return fixer


__all__ = ["FIXES", "CannotFix", "Change", "Fixer", "Handout", "Left", "load_fixer"]
