"""Is the subject burnt out or sunk in black?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

from qa.asset import Asset, Brief
from qa.checks.check import Rule
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.kit.options import Fraction, KitOptions
from qa.quality.exposure import Exposure, measure_exposure
from qa.verdict import Finding, Level, Limit, Status


class ExposureOptions(KitOptions):
    """How much of a subject may be clipped.

    Attributes:
        max_highlights: Greatest share of the subject that is burnt out.
        max_shadows: Greatest share of the subject that is sunk in black.
        level: How hard the rule is.
    """

    max_highlights: Fraction = 0.02
    max_shadows: Fraction = 0.02
    level: Level = Level.WARN


@dataclass(frozen=True)
class ExposureCheck:
    """Judges clipped highlights and shadows of the subject; white and black backgrounds and artwork do not count."""

    name: ClassVar[str] = "exposure"
    version: ClassVar[int] = 1
    section: ClassVar[str] = "exposure"
    Options: ClassVar[type[ExposureOptions]] = ExposureOptions

    options: ExposureOptions
    needs: frozenset[Need] = frozenset()

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit turns it off."""
        options = kit.section(cls.section, cls.Options)
        return None if options.level is Level.OFF else cls(options)

    def rules(self, brief: Brief) -> Sequence[Rule]:
        """Return the one rule."""
        return [Rule(self.name, self.options.level, "a subject with detail in highlights and shadows")]

    def judge(self, asset: Asset, evidence: Evidence) -> Sequence[Finding]:
        """Return the one finding: highlights, unless only shadows are clipped too far."""
        seen: Exposure = evidence.recall("exposure", lambda: measure_exposure(evidence.image.pixels))
        options = self.options
        highlights, shadows = round(seen.highlights, 3), round(seen.shadows, 3)
        is_burnt, is_sunk = highlights > options.max_highlights, shadows > options.max_shadows
        about_shadows = is_sunk and not is_burnt
        code = "exposure.shadows_clipped" if about_shadows else "exposure.highlights_clipped" if is_burnt else "met"
        field = "max_shadows" if about_shadows else "max_highlights"
        source = "kit" if field in options.model_fields_set else "default"
        where = seen.sunk if about_shadows else seen.burnt
        return [
            Finding(
                rule=self.name,
                check=self.name,
                code=code,
                level=options.level,
                status=Status.FAIL if is_burnt or is_sunk else Status.PASS,
                value=shadows if about_shadows else highlights,
                unit="fraction",
                limit=Limit("<=", getattr(options, field), source),
                expected="a subject with detail in highlights and shadows",
                where=where if is_burnt or is_sunk else None,
                evidence={"highlights_fraction": highlights, "shadows_fraction": shadows},
            )
        ]
