"""The series of a batch finding as a drawing: a panel per figure, assets from left to right, with line and limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from consistency.display import visible
from qa.reports.wording import figure

View = dict[str, Any]

WIDTH, HEIGHT = 1000, 112
LEFT, RIGHT, TOP, BOTTOM = 56, 14, 12, 12
"""Room around a panel's data, in units of the drawing."""

HEADROOM = 1.3
MOST_POINTS = 1500
"""Assets drawn as points; of longer series every so many."""

LONGEST_NAME = 48


def plot_view(finding: Mapping[str, Any], anchors: Mapping[str, str]) -> View | None:
    """Return the drawing of a batch finding, None where it has no series.

    Args:
        finding: Its record.
        anchors: Name of an asset → anchor of its card.
    """
    series = finding.get("series")
    if series is None or not series["assets"] or not series["values"]:
        return None
    reach = reach_of(series)
    marked = [place for place in series["marked"] if place < len(series["assets"])]
    return {
        "rule": finding["rule"],
        "words": f"{finding['rule']}: {finding['observed']}",
        "unit": series["unit"],
        "limit": "" if series["limit"] is None else figure(series["limit"]),
        "panels": [panel(name, series, reach, marked) for name in series["values"]],
        "first": short(series["assets"][0]),
        "last": short(series["assets"][-1]),
        "marked": [
            {"number": number, "name": series["assets"][place], "anchor": anchors.get(series["assets"][place], "")}
            for number, place in enumerate(marked, 1)
        ],
    }


def reach_of(series: Mapping[str, Any]) -> float:
    """Return how far from 0 the panels show: one scale for all, so that what is drawn larger is larger.

    The furthest tenth of the values does not count, lest one wrong asset flattens the rest: it is drawn at the edge.
    """
    values = sorted(abs(value) for each in series["values"].values() for value in each if value is not None)
    lines = [abs(value) for each in series["fits"].values() for value in each]
    most = values[len(values) * 9 // 10] if values else 0.0
    return HEADROOM * float(max(most, *lines, series["limit"] or 0.0, 0.1))


def panel(name: str, series: Mapping[str, Any], reach: float, marked: Sequence[int]) -> View:
    """Return one figure along the assets: points, gaps left out, the line and the band within the limit."""
    assets, limit = series["assets"], series["limit"]
    known = {
        place: value
        for place, (_, value) in enumerate(zip(assets, series["values"][name], strict=False))
        if value is not None
    }
    line = enumerate(series["fits"].get(name, [])[: len(assets)])
    return {
        "name": name,
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
        "zero": down(0.0, reach),
        "band": None if limit is None else band(limit, reach),
        "ticks": ticks(limit, reach),
        "line": " ".join(f"{across(place, len(assets))},{down(value, reach)}" for place, value in line),
        "points": points(assets, known, reach),
        "rings": rings(assets, known, reach, marked),
    }


def points(assets: Sequence[str], known: Mapping[int, float], reach: float) -> list[View]:
    """Return a point per value, each with the asset's name."""
    every = -(-len(assets) // MOST_POINTS)
    return [
        {"x": across(place, len(assets)), "y": down(value, reach), "words": f"{short(assets[place])}: {value:+.2f}"}
        for place, value in known.items()
        if place % every == 0
    ]


def rings(assets: Sequence[str], known: Mapping[int, float], reach: float, marked: Sequence[int]) -> list[View]:
    """Return a numbered ring around each asset to look at first, its number where there is room for it."""
    shown = [(number, place, down(known[place], reach)) for number, place in enumerate(marked, 1) if place in known]
    return [
        {
            "x": across(place, len(assets)),
            "y": y,
            "number": number,
            "label": round(y - 10 if y > 2 * TOP else y + 19, 1),
        }
        for number, place, y in shown
    ]


def band(limit: float, reach: float) -> View:
    """Return the stripe within which one asset is as it should be."""
    top = down(limit, reach)
    return {"y": top, "height": round(down(-limit, reach) - top, 1)}


def ticks(limit: float | None, reach: float) -> list[View]:
    """Return the labelled heights: 0 and, on either side, the limit or else the end of the scale."""
    far = round(limit or reach / HEADROOM, 2)
    labels = ((far, f"+{figure(far)}"), (0.0, "0"), (-far, f"−{figure(far)}"))
    heights = [(down(value, reach), words) for value, words in labels]
    return [{"y": y, "label": round(y + 4, 1), "words": words} for y, words in heights]


def across(place: int, count: int) -> float:
    """Return the horizontal place of an asset."""
    share = place / (count - 1) if count > 1 else 0.5
    return round(LEFT + 8 + share * (WIDTH - LEFT - RIGHT - 16), 1)


def down(value: float, reach: float) -> float:
    """Return the vertical place of a value; beyond the scale, its edge."""
    half = (HEIGHT - TOP - BOTTOM) / 2
    return round(TOP + half - max(-1.0, min(1.0, value / reach)) * half, 1)


def short(name: str) -> str:
    """Return an asset's name, its middle left out where it is long; what cannot be seen is escaped."""
    shown = visible(name)
    return shown if len(shown) <= LONGEST_NAME else f"{shown[: LONGEST_NAME // 2]}…{shown[-LONGEST_NAME // 2 :]}"
