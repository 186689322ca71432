"""Near-identical assets of a batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar, Self

from pydantic import Field

from qa.asset import Asset
from qa.checks.check import Trace
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.kit.model import KitOptions
from qa.quality.fingerprint import Fingerprint, Index
from qa.verdict import Finding, Level, Limit, Status


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
    """Finds assets that repeat an earlier asset; the first in input order stays."""

    name: ClassVar[str] = "duplicates"
    version: ClassVar[int] = 3
    section: ClassVar[str] = "duplicates"
    Options: ClassVar[type[DuplicatesOptions]] = DuplicatesOptions
    needs: frozenset[Need] = frozenset()

    def __init__(self, options: DuplicatesOptions) -> None:
        self._options = options

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit turns it off."""
        options = kit.section(cls.section, DuplicatesOptions)
        return None if options.level is Level.OFF else cls(options)

    def observe(self, asset: Asset, evidence: Evidence) -> Trace:
        """Return the asset's name and fingerprint."""
        return {"asset": asset.name, "cells": evidence.fingerprint().to_text()}

    def conclude(self, traces: Sequence[Trace]) -> Sequence[Finding]:
        """Return a finding per asset that repeats an earlier one."""
        return list(self._findings(traces))

    def _findings(self, traces: Sequence[Trace]) -> Iterator[Finding]:
        names, seen = [str(trace["asset"]) for trace in traces], Index(len(traces))
        for name, trace in zip(names, traces, strict=True):
            one = Fingerprint.from_text(trace["cells"])
            repeated = seen.nearest(one, self._options.max_difference)
            if repeated is not None:
                yield self._finding(name, names[repeated[0]], repeated[1])
            seen.add(one)

    def _finding(self, asset: str, other: str, difference: int) -> Finding:
        return Finding(
            rule="duplicates",
            check=self.name,
            code="duplicates.of_asset",
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
