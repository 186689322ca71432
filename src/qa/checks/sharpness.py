"""Is the subject sharp?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Self

from pydantic import Field

from consistency.region import Region
from qa.asset import Asset, Brief
from qa.checks.check import Rule
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.kit.options import KitOptions
from qa.quality.sharpness import Sharpness, measure_sharpness
from qa.verdict import Finding, Level, Limit, Status

DEFAULT_DETAIL = 0.37
"""Under 1 % of unedited photographs lie below, 96 % of them once blurred by 3 px (`tools/derive_sharpness.py`)."""


class SharpnessOptions(KitOptions):
    """How sharp a picture must be.

    Attributes:
        min_detail: Least ratio of fine to middle detail at the sharpest textured tiles.
        level: How hard the rule is.
    """

    min_detail: Annotated[float, Field(gt=0, le=2)] = DEFAULT_DETAIL
    level: Level = Level.WARN


@dataclass(frozen=True)
class SharpnessCheck:
    """Judges the sharpest textured part, so that shallow focus passes and a picture blurred overall does not."""

    name: ClassVar[str] = "sharpness"
    version: ClassVar[int] = 1
    section: ClassVar[str] = "sharpness"
    Options: ClassVar[type[SharpnessOptions]] = SharpnessOptions

    options: SharpnessOptions
    needs: frozenset[Need] = frozenset()

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit turns it off."""
        options = kit.section(cls.section, cls.Options)
        return None if options.level is Level.OFF else cls(options)

    def rules(self, brief: Brief) -> Sequence[Rule]:
        """Return the one rule."""
        return [Rule(self.name, self.options.level, "a sharp subject")]

    def judge(self, asset: Asset, evidence: Evidence) -> Sequence[Finding]:
        """Return the one finding."""
        seen: Sharpness = evidence.recall("sharpness", lambda: measure_sharpness(evidence.image.pixels))
        value = None if seen.detail is None else round(seen.detail, 2)
        if value is None:
            status, code = Status.NOT_EVALUABLE, "sharpness.not_evaluable"
        elif value < self.options.min_detail:
            status, code = Status.FAIL, "sharpness.blurred"
        else:
            status, code = Status.PASS, "met"
        return [
            Finding(
                rule=self.name,
                check=self.name,
                code=code,
                level=self.options.level,
                status=status,
                value=value,
                unit="detail",
                limit=Limit(">=", self.options.min_detail, source(self.options, "min_detail")),
                expected="a sharp subject",
                observed="nothing with texture" if value is None else "",
                where=None if seen.box is None else Region(seen.box),
                evidence={"textured_fraction": round(seen.textured_fraction, 3)},
            )
        ]


def source(options: KitOptions, field: str) -> str:
    """Return whether a limit is the kit's or the default."""
    return "kit" if field in options.model_fields_set else "default"
