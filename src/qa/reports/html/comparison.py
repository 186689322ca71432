"""Expected against observed, ready to be drawn: colours as swatches, texts with their differing characters marked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from qa.reports.html.alignment import marked

HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
QUOTED = re.compile(r'[“"](?P<text>.*?)[”"](?: \((?P<note>.*)\))?', re.DOTALL)
"""How checks of text write what should be read and what was: quoted, perhaps with a note behind it."""


def comparison(finding: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return how to show expected against observed: kind "color", "text" or "words"; None where there is neither."""
    expected, observed = str(finding["expected"]), str(finding["observed"])
    if colors := swatches(finding):
        return {"kind": "color", "swatches": colors}
    wanted, read = QUOTED.fullmatch(expected), QUOTED.fullmatch(observed)
    if wanted and read and finding["status"] != "pass":
        left, right = marked(wanted["text"], read["text"])
        return {"kind": "text", "expected": left, "observed": right, "note": read["note"] or ""}
    if expected or observed:
        return {"kind": "words", "expected": expected, "observed": observed}
    return None


def swatches(finding: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return words and "#rrggbb" of the colours a finding is about: expected and found, or text and background."""
    expected, observed = HEX.findall(finding["expected"]), HEX.findall(finding["observed"])
    if finding["check"] == "color" and expected and observed:
        return [("expected", expected[0].lower()), ("found", observed[0].lower())]
    if finding["check"] == "contrast" and len(observed) > 1:
        return [("text", observed[0].lower()), ("background", observed[1].lower())]
    return []


def gauge(finding: Mapping[str, Any]) -> dict[str, float] | None:
    """Return where value and limit stand on a scale from 0 to 100, and the part of it that passes.

    None where there is no figure, no limit, or a limit that is no bound.
    """
    value, limit = finding["value"], finding["limit"]
    if value is None or limit is None or limit["value"] is None or limit["op"][0] not in "<>≤≥":
        return None
    bound, is_upper = limit["value"], limit["op"][0] in "<≤"
    whole = 1.0 if finding["unit"] == "similarity" else max(2 * bound if is_upper else 1.6 * bound, 1.15 * value, 1e-9)
    at, mark = (100 * min(1.0, max(0.0, figure / whole)) for figure in (value, bound))
    start, end = (0.0, mark) if is_upper else (mark, 100.0)
    return {"value": round(at, 1), "limit": round(mark, 1), "start": round(start, 1), "width": round(end - start, 1)}
