"""One brand colour along a batch: its readings, its trend in figures and words, and what is drawn of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from qa.checks.check import Trace
from qa.color.difference import delta_e00
from qa.color.trend import Trend
from qa.color.weights import weighted_differences
from qa.verdict import Scalar, Series

Float64 = NDArray[np.float64]

WORST = 3
"""Assets furthest from the kit's colour that are named."""

LEAST_CHROMA = 2.0
"""Below this C* a colour has no hue to speak of."""

FIGURES = ("lightness", "chroma", "hue")


@dataclass(frozen=True, eq=False)
class Track:
    """One colour along the batch.

    Attributes:
        name: The colour's name in the kit.
        reference: Its L*a*b*.
        accept: ΔE00 up to which an asset is right.
        assets: Names of the assets it applies to, in input order.
        order: Places among `assets` where it was found.
        lab: The n×3 readings there.
    """

    name: str
    reference: Float64
    accept: float
    assets: tuple[str, ...]
    order: tuple[int, ...]
    lab: Float64

    @cached_property
    def worst(self) -> tuple[int, ...]:
        """Places of the assets furthest from the kit's colour, the furthest first."""
        distances = delta_e00(self.lab, self.reference).round(2)
        return tuple(self.order[index] for index in np.argsort(-distances, kind="stable")[:WORST])


def track_of(name: str, reference: Float64, accept: float, traces: Sequence[Trace]) -> Track:
    """Return one colour of the assets' traces; an asset to which it does not apply is no part of its order."""
    applying = [trace for trace in traces if name in trace["colors"]]
    order = tuple(place for place, trace in enumerate(applying) if trace["colors"][name] is not None)
    lab = np.array([applying[place]["colors"][name] for place in order], np.float64).reshape(-1, 3)
    return Track(name, reference, accept, tuple(str(trace["asset"]) for trace in applying), order, lab)


def counts(track: Track) -> dict[str, Scalar]:
    """Return on how many assets the colour was found, and on how many it was not."""
    return {"readings": len(track.order), "gaps": len(track.assets) - len(track.order)}


def figures(track: Track, trend: Trend, p_value: float) -> dict[str, Scalar]:
    """Return the flat figures behind a trend."""
    low, high = trend.interval
    moved = movement(trend.fitted[0], trend.fitted[-1])
    offset = np.median(track.lab, axis=0)
    worst = {f"worst_{rank}": track.assets[place] for rank, place in enumerate(track.worst, 1)}
    return {
        **counts(track),
        "total_delta_e00": round(trend.total_delta_e00, 2),
        "interval_low": round(low, 2),
        "interval_high": round(high, 2),
        "p_value": round(p_value, 4),
        **moved,
        "offset_delta_e00": round(float(delta_e00(offset, track.reference)), 2),
        **{f"offset_{name}": figure for name, figure in movement(track.reference, offset).items()},
        **({"from_asset": track.assets[track.order[trend.at]]} if trend.is_step else {}),
        **worst,
    }


def movement(before: Float64, after: Float64) -> dict[str, float]:
    """Return ΔL, ΔC and, where both have a hue, Δh in degrees, with their signs."""
    chroma_before, chroma_after = (float(np.hypot(lab[1], lab[2])) for lab in (before, after))
    moved = {
        "delta_lightness": round(float(after[0] - before[0]), 2) + 0.0,
        "delta_chroma": round(chroma_after - chroma_before, 2) + 0.0,
    }
    if min(chroma_before, chroma_after) >= LEAST_CHROMA:
        turn = np.degrees(np.arctan2(after[2], after[1]) - np.arctan2(before[2], before[1]))
        moved["delta_hue_degrees"] = round(float((turn + 180) % 360 - 180), 2) + 0.0
    return moved


def words(track: Track, trend: Trend) -> str:
    """Return a trend in words: how it moves, over how many assets, which are worst."""
    moved = movement(trend.fitted[0], trend.fitted[-1])
    signs = {"delta_lightness": ("ΔL", ""), "delta_chroma": ("ΔC", ""), "delta_hue_degrees": ("Δh", "°")}
    parts = ", ".join(f"{signs[name][0]} {figure:+.2f}{signs[name][1]}" for name, figure in moved.items())
    where = f"from {track.assets[track.order[trend.at]]} on" if trend.is_step else f"over {readings(track)}"
    return f"{parts} {where}; furthest from the kit: {', '.join(track.assets[place] for place in track.worst)}"


def readings(track: Track) -> str:
    """Return in words on how many assets the colour was found, and on how many it was not."""
    gaps = len(track.assets) - len(track.order)
    return f"{len(track.order)} readings" + (f", {gaps} without the colour" if gaps else "")


def series_of(track: Track, trend: Trend) -> Series:
    """Return what is drawn: how far each asset is off in lightness, chroma and hue, each as its share of ΔE00."""
    readings = weighted_differences(track.lab, track.reference).round(2) + 0.0
    lines = weighted_differences(line_over(track, trend), track.reference).round(2) + 0.0
    values: dict[str, tuple[float | None, ...]] = {}
    for column, name in enumerate(FIGURES):
        known = dict(zip(track.order, readings[:, column].tolist(), strict=True))
        values[name] = tuple(known.get(place) for place in range(len(track.assets)))
    fits = {name: tuple(lines[:, column].tolist()) for column, name in enumerate(FIGURES)}
    return Series(track.assets, values, fits, "ΔE00", track.accept, track.worst)


def line_over(track: Track, trend: Trend) -> Float64:
    """Return the fitted line at every asset, gaps included: a drift goes on through them, a step holds."""
    places = np.arange(len(track.assets))
    if trend.is_step:
        return np.asarray(trend.fitted[np.where(places >= track.order[trend.at], -1, 0)], np.float64)
    first, last = track.order[0], track.order[-1]
    share = ((places - first) / (last - first))[:, None]
    return np.asarray(trend.fitted[0] + share * (trend.fitted[-1] - trend.fitted[0]), np.float64)
