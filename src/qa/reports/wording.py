"""Findings in words and figures, the same in every report."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from consistency.display import visible
from qa.calibration.standing import LAPSED
from qa.codes import CODES
from qa.reports.summary import UNMEASURED, is_blocking

SYMBOLS = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}
BOX = re.compile(r"(\d{1,6}),(\d{1,6}) (\d{1,6})×(\d{1,6})")
STATUS_WORDS = {
    "pass": "met",
    "warn": "warning",
    "fail": "failed",
    "not_evaluable": "not measured",
    "error": "error of ours",
    "not_run": "not run",
}
FIX_WORDS = {
    "recolor": "recolour",
    "retext": "set the text again",
    "erase": "erase",
    "inpaint": "inpaint",
    "crop_resize": "crop and resize",
    "convert_profile": "convert the colour profile",
    "human_review": "a person has to look",
}
UNSAID = ("boxes", "count", "quads", "read", "set", "align", "font_fit")
"""Parameters of a fix that say where, or what stands elsewhere in a report."""


def figure(value: float) -> str:
    """Return a measured figure without needless zeros."""
    return f"{value:.6g}"


def limit_words(limit: Mapping[str, Any]) -> str:
    """Return a limit: "≤ 5"."""
    return f"{SYMBOLS.get(limit['op'], limit['op'])} {figure(limit['value'])}"


def measure_words(finding: Mapping[str, Any]) -> str:
    """Return what was measured against its limit: "ΔE00 9.12, limit ≤ 5"; "" where nothing was."""
    if finding["value"] is None:
        return ""
    value = f"{finding['unit']} {figure(finding['value'])}".strip()
    return value if finding["limit"] is None else f"{value}, limit {limit_words(finding['limit'])}"


def where_words(where: Mapping[str, Any] | None) -> str:
    """Return where something is: "at 412,220 310×96"; "" where it is nowhere in particular."""
    parts = []
    if where is not None and where["box"]:
        left, top, width, height = where["box"]
        parts.append(f"at {left},{top} {width}×{height}")
    if where is not None and where["span_seconds"]:
        parts.append("from {:.2f} to {:.2f} s".format(*where["span_seconds"]))
    return " ".join(parts)


def code_words(code: str) -> str:
    """Return what a reason code means, or the code itself where a plugin brought it."""
    return CODES.get(code, code)


def finding_words(finding: Mapping[str, Any]) -> str:
    """Return a finding on one line, texts made visible."""
    code = finding["code"] if finding["code"] != finding["rule"] and finding["status"] != "pass" else ""
    parts = [visible(finding["rule"]), "not measured" if finding["status"] in UNMEASURED else ""]
    parts.append(measure_words(finding) or visible(code))
    if finding["expected"] and finding["status"] != "pass":
        parts.append(f"expected {visible(finding['expected'])}")
    if finding["observed"]:
        parts.append(" ".join(part for part in (observed_label(finding), visible(finding["observed"])) if part))
    parts.append(where_words(finding["where"]))
    return "; ".join(part for part in parts if part)


def observed_label(finding: Mapping[str, Any]) -> str:
    """Return what introduces the observation: "found"; "" where it is a sentence on why nothing was measured."""
    is_sentence = finding["status"] in UNMEASURED and finding["observed"].startswith("Expected ")
    return "" if is_sentence else "found"


def fix_words(fix: Mapping[str, Any]) -> str:
    """Return a proposed repair in words."""
    kind = FIX_WORDS.get(fix["kind"], fix["kind"])
    said = {name: value for name, value in fix["parameters"].items() if name not in UNSAID}
    parameters = ", ".join(f"{visible(name)} {visible(value)}" for name, value in said.items())
    boxes = boxes_in(fix)
    place = f"in {len(boxes)} places" if len(boxes) > 1 else where_words(fix["where"])
    return " ".join(part for part in (kind, f"({parameters})" if parameters else "", place) if part)


def boxes_in(fix: Mapping[str, Any]) -> list[list[int]]:
    """Return the boxes [left, top, width, height] of a repair in several places, () where it is in one."""
    return [[int(n) for n in found] for found in BOX.findall(str(fix["parameters"].get("boxes", "")))]


def reasons(verdict: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the findings that made a decision, fails before what was not measured."""
    blocking = [finding for finding in verdict["findings"] if is_blocking(finding)]
    return sorted(blocking, key=lambda finding: finding["status"] != "fail")


def warnings(verdict: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the findings worth a look that changed nothing."""
    return [f for f in verdict["findings"] if not is_blocking(f) and f["status"] not in ("pass", "not_run")]


def not_run(verdict: Mapping[str, Any]) -> list[str]:
    """Return the rules that were not run: for another finding had settled the matter, which says so."""
    return [f["rule"] for f in verdict["findings"] if f["status"] == "not_run"]


def batch_troubles(batch: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """Return the findings about the batch that are no pass; none where the run did not get that far."""
    return [] if batch is None else [finding for finding in batch["findings"] if finding["status"] != "pass"]


def batch_passes(batch: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """Return the findings about the batch that are met."""
    return [] if batch is None else [finding for finding in batch["findings"] if finding["status"] == "pass"]


def notices(
    run: Mapping[str, Any], verdicts: Sequence[Mapping[str, Any]], batch: Mapping[str, Any] | None, is_torn: bool
) -> list[str]:
    """Return what a reader must know before the figures: a run cut short, a line lost, a calibration that lapsed."""
    said = []
    if batch is None or not batch["complete"]:
        planned, done = run["options"].get("assets"), len(verdicts)
        of = f" of {planned}" if planned else ""
        said.append(f"This run was cut short: {done}{of} assets judged, and nothing about the batch as a whole.")
    if is_torn:
        said.append("The last line of the stored run was cut off; the asset it was about is left out.")
    return said + lapsed_calibrations(verdicts)


def lapsed_calibrations(verdicts: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return for which rules the kit's calibration did not hold, why, and how many findings went without it."""
    findings = [finding for verdict in verdicts for finding in verdict["findings"] if LAPSED in finding["evidence"]]
    counts = Counter((finding["rule"], str(finding["evidence"][LAPSED])) for finding in findings)
    return [
        f"The calibration of {visible(rule)} did not hold for {count} of {len(verdicts)} assets: {visible(why)}."
        for (rule, why), count in sorted(counts.items())
    ]
