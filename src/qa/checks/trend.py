"""Does a brand colour move along the batch, while each asset alone is still right?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, ClassVar, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from qa.asset import Asset
from qa.checks.check import Trace
from qa.checks.color import ColorCheck, ColorReading, color_readings, palette_of
from qa.checks.color_options import ColorOptions
from qa.checks.trend_track import Track, counts, figures, readings, series_of, track_of, words
from qa.color.shading import without_shading
from qa.color.trend import LEAST_READINGS, Trend, find_trend, holm
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.kit.model import KitOptions
from qa.verdict import Finding, Level, Limit, Status

ALPHA = 0.01
"""Chance that any colour is reported for a batch in which none moves."""


class TrendOptions(KitOptions):
    """The kit's `trend` section.

    Attributes:
        max_shift: ΔE00 by which a colour may move from the first asset of a batch to the last.
        level: How hard the rule is; a batch finding never changes a verdict.
    """

    max_shift: Annotated[float, Field(gt=0, le=100)] = 1.0
    level: Level = Level.WARN


class TrendCheck:
    """Looks for a drift or a jump of each brand colour over the assets in input order.

    Args:
        options: The kit's section `trend`.
        color: The check whose readings are followed.
        is_asked: Whether the kit states the section, so that too few readings are worth a word.
    """

    name: ClassVar[str] = "trend"
    version: ClassVar[int] = 1
    section: ClassVar[str] = "trend"
    Options: ClassVar[type[TrendOptions]] = TrendOptions
    needs: frozenset[Need] = frozenset()

    def __init__(self, options: TrendOptions, color: ColorCheck, *, is_asked: bool) -> None:
        self._options = options
        self._color = color
        self._is_asked = is_asked
        palette = palette_of(color.colors)
        self.references = dict(zip(palette.names, np.asarray(palette.lab, np.float64), strict=True))

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit has no colour to follow or turns it off."""
        options, color = kit.section(cls.section, TrendOptions), ColorCheck.from_kit(kit)
        if color is None or options.level is Level.OFF:
            return None
        return cls(options, color, is_asked=kit.has(cls.section))

    def observe(self, asset: Asset, evidence: Evidence) -> Trace:
        """Return the asset's name and, per colour that applies to it, its L*a*b*; None where it was not found."""
        found = color_readings(evidence, self._color)
        colors = {
            name: reading_lab(found.get(name), options, self.references[name])
            for name, options in self._color.applying(asset.brief)
            if options.mode != "presence"
        }
        return {"asset": asset.name, "colors": colors}

    def conclude(self, traces: Sequence[Trace]) -> Sequence[Finding]:
        """Return a finding per colour, in the kit's order; none for one found too rarely, unless the kit asked."""
        tracks = [track_of(name, self.references[name], o.accept, traces) for name, o in self._color.colors.items()]
        told = {track.name: self._too_few(track) for track in tracks if self._is_asked and track.assets}
        long = [track for track in tracks if len(track.order) >= LEAST_READINGS]
        trends = [find_trend(track.order, track.lab, track.reference) for track in long]
        corrected = holm([trend.p_value for trend in trends])
        told |= {t.name: self._finding(t, trend, p) for t, trend, p in zip(long, trends, corrected, strict=True)}
        return [told[track.name] for track in tracks if track.name in told]

    def _finding(self, track: Track, trend: Trend, p_value: float) -> Finding:
        total = round(trend.total_delta_e00, 2)
        finding = replace(self._blank(track), evidence=figures(track, trend, p_value), series=series_of(track, trend))
        if round(p_value, 4) > ALPHA or total <= self._options.max_shift:
            return replace(finding, observed=f"no trend over {readings(track)}")
        code = "trend.shift" if trend.is_step else "trend.drift"
        return replace(finding, code=code, status=Status.FAIL, value=total, observed=words(track, trend))

    def _too_few(self, track: Track) -> Finding:
        said = f"{readings(track)}; {LEAST_READINGS} readings are the least that can tell"
        finding = replace(self._blank(track), code="trend.too_few", status=Status.NOT_EVALUABLE)
        return replace(finding, observed=said, evidence=counts(track))

    def _blank(self, track: Track) -> Finding:
        return Finding(
            rule=f"trend.{track.name}",
            check=self.name,
            code="met",
            level=self._options.level,
            status=Status.PASS,
            unit="ΔE00",
            limit=Limit("<=", self._options.max_shift),
            expected=f"a move of ΔE00 {self._options.max_shift:g} at most along the batch",
        )


def reading_lab(
    reading: ColorReading | None, options: ColorOptions, reference: NDArray[np.float64]
) -> list[float] | None:
    """Return the L*a*b* of a reading, rounded; None where there is none, or one of something that is not the brand's.

    Where light and shade vary, lightness is the scene's, so it is taken away and chroma and hue are what is followed.
    """
    if reading is None:
        return None
    is_claimed = options.required or not options.where.is_auto or reading.delta_e00 <= options.accept
    if not is_claimed:
        return None
    lab = np.asarray(reading.lab, np.float64)
    lab = without_shading(lab, reference) if reading.surface == "shaded" else lab
    return [round(float(figure), 3) + 0.0 for figure in lab]
