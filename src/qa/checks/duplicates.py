"""Near-identical assets of a batch, and copies of a reference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import PurePosixPath
from typing import Annotated, ClassVar, Self

from pydantic import Field

from consistency.errors import ImageError
from consistency.image import load_image
from qa.asset import Asset
from qa.checks.check import Trace
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.kit.model import KitOptions
from qa.quality.fingerprint import Fingerprint, Index
from qa.verdict import Finding, Level, Limit, Status

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".avif", ".tif", ".tiff", ".bmp"})


class DuplicatesOptions(KitOptions):
    """The kit's `duplicates` section.

    Attributes:
        max_difference: Two pictures are duplicates where no cell of a 64×64 grid differs in lightness, and none of a
            16×16 grid in colour, by more levels (0..255). Saving a picture again as JPEG 60 moves a cell by at most
            6; another digit in a price by 9 and more.
        level: How hard the rule is; a batch finding never changes a verdict.
    """

    max_difference: Annotated[float, Field(ge=0, le=255)] = 7.0
    level: Level = Level.WARN


class DuplicatesCheck:
    """Finds assets that repeat an earlier asset or a reference of the kit; the first in input order stays."""

    name: ClassVar[str] = "duplicates"
    version: ClassVar[int] = 2
    section: ClassVar[str] = "duplicates"
    Options: ClassVar[type[DuplicatesOptions]] = DuplicatesOptions
    needs: frozenset[Need] = frozenset()

    def __init__(self, options: DuplicatesOptions, kit: BrandKit) -> None:
        self._options = options
        self._kit = kit

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit turns it off."""
        options = kit.section(cls.section, DuplicatesOptions)
        return None if options.level is Level.OFF else cls(options, kit)

    def observe(self, asset: Asset, evidence: Evidence) -> Trace:
        """Return the asset's name and fingerprint."""
        return {"asset": asset.name, "cells": Fingerprint.of(evidence.image.pixels).to_text()}

    def conclude(self, traces: Sequence[Trace]) -> Sequence[Finding]:
        """Return a finding per asset that repeats a reference or an earlier asset."""
        return list(self._findings(traces))

    def _findings(self, traces: Sequence[Trace]) -> Iterator[Finding]:
        limit, names = self._options.max_difference, [str(trace["asset"]) for trace in traces]
        references, seen = Index(len(self._references)), Index(len(traces))
        for print_ in self._references.values():
            references.add(print_)
        for name, trace in zip(names, traces, strict=True):
            one = Fingerprint.from_text(trace["cells"])
            copied, repeated = references.nearest(one, limit), seen.nearest(one, limit)
            if copied is not None:
                yield self._finding("duplicates.of_reference", name, list(self._references)[copied[0]], copied[1])
            if repeated is not None:
                yield self._finding("duplicates.of_asset", name, names[repeated[0]], repeated[1])
            seen.add(one)

    @cached_property
    def _references(self) -> dict[str, Fingerprint]:
        """Kit-relative name → fingerprint of every picture the kit names."""
        found = {}
        for name, data in sorted(self._kit.files.items()):
            if PurePosixPath(name).suffix.lower() in PICTURES:
                try:
                    found[name] = Fingerprint.of(load_image(data).on_background(self._kit.background).pixels)
                except ImageError:
                    continue  # the check that needs this file reports it
        return found

    def _finding(self, code: str, asset: str, other: str, difference: int) -> Finding:
        return Finding(
            rule="duplicates",
            check=self.name,
            code=code,
            level=self._options.level,
            status=Status.FAIL,
            value=float(difference),
            unit="levels",
            limit=Limit(">", self._options.max_difference, "kit"),
            expected="a picture of its own",
            observed=f"nearly identical to {other}",
            evidence={"of": other},
            asset=asset,
        )
