"""Did an edit leave alone what it had to leave alone?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, ClassVar, Self

from pydantic import Field

from consistency.image import Image
from consistency.region import BoolMask, Region
from qa.asset import Asset, Brief, Edit
from qa.checks.check import Rule
from qa.color.alteration import Alteration, Limits, alteration
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.kit.options import KitOptions
from qa.verdict import Finding, Level, Limit, Scalar, Status

LOSSY = ("JPEG", "WEBP", "AVIF")
"""Formats that lose something, as far as their name says."""

EXPECTED = "nothing changed outside the edit's mask"
DeltaE = Annotated[float, Field(gt=0, le=100)]


class LocalityOptions(KitOptions):
    """How far an edit may change what is outside its mask.

    Attributes:
        delta_e: ΔE00 a pixel may move, in formats that lose nothing; in all formats, the picture as a whole.
        lossy_delta_e: ΔE00 the mean of 7×7 pixels may move in JPEG, WebP and AVIF, beside an allowance for edges.
        structure: Least structural similarity of 7×7 pixels, 1 being the same.
        level: How hard the rule is.
    """

    delta_e: DeltaE = 1.0
    lossy_delta_e: DeltaE = 3.0
    structure: Annotated[float, Field(ge=0, le=1)] = 0.6
    level: Level = Level.BLOCK


class LocalityCheck:
    """Compares an edited picture with the one before it, outside the edit's mask; other assets have no such rule."""

    name: ClassVar[str] = "locality"
    version: ClassVar[int] = 1
    section: ClassVar[str] = "locality"
    Options: ClassVar[type[LocalityOptions]] = LocalityOptions
    needs: frozenset[Need] = frozenset()

    def __init__(self, options: LocalityOptions, background: tuple[int, int, int]) -> None:
        self._options = options
        self._background = background

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit puts it off."""
        options = kit.section(cls.section, LocalityOptions)
        return None if options.level is Level.OFF else cls(options, kit.background)

    def applies_to(self, asset: Asset) -> bool:
        """Whether the asset was made by an edit."""
        return asset.edit is not None

    def rules(self, brief: Brief) -> Sequence[Rule]:
        """Return the one rule."""
        return [Rule(self.name, self._options.level, EXPECTED)]

    def judge(self, asset: Asset, evidence: Evidence) -> Sequence[Finding]:
        """Return the finding about an edited asset; nothing about another."""
        if asset.edit is None:
            return []
        before, allowed = self.before(asset.edit)
        after = evidence.image
        if before.pixels.shape != after.pixels.shape:
            sizes = f"{before.width}×{before.height} became {after.width}×{after.height}"
            return [self.finding("locality.size", 0.0, sizes)]
        is_lossy = after.source.format in LOSSY
        options = self._options
        limits = Limits(options.delta_e, options.lossy_delta_e, options.structure)
        return [self.told(alteration(before, after, allowed, limits, is_lossy=is_lossy), asset.edit)]

    def before(self, edit: Edit) -> tuple[Image, BoolMask]:
        """Return the picture before the edit, cut as the edit cut it, and where it may differ."""
        image, mask = edit.before.on_background(self._background), edit.mask.decode()
        return (image, mask) if edit.crop is None else (image.cropped(edit.crop), mask[edit.crop.slices])

    def told(self, found: Alteration, edit: Edit) -> Finding:
        """Return what changed as a finding."""
        count = int(found.changed.sum())
        share = round(count / found.changed.size, 4)
        where = Region.of_mask(found.largest) if count else None
        words = f"{count} pixels outside the mask changed" if count else "nothing outside the mask changed"
        words += ", the colours as a whole" if found.is_shift else ""
        code = "locality.changed_outside" if count else "met"
        finding = self.finding(code, float(count), words, where)
        figures: dict[str, Scalar] = {
            "p99_delta_e00": round(found.p99, 2),
            "changed_fraction": share,
            "edit": edit.kind,
        }
        return replace(finding, evidence=figures)

    def finding(self, code: str, value: float, observed: str, where: Region | None = None) -> Finding:
        """Return the finding of the rule; a failed one has no fix but another edit."""
        status = Status.PASS if code == "met" else Status.FAIL
        return Finding(
            self.name, self.name, code, self._options.level, status, value, "px", Limit("<=", 0, "default"), EXPECTED,
            observed, where,
        )  # fmt: skip
