"""The record form of a run: JSON-native mappings, the contract between the gate and every report.

A run is stored as one `qa.run` record, a `qa.verdict` record per asset in input order, and a `qa.batch` record at
the end. Everything but `timings` is the same to the byte for the same input, kit, brief, versions and date.
"""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from consistency.errors import StoredFormatError
from qa.reports.parts import Record, finding_from_record, finding_record, fix_from_record, fix_record, scalars
from qa.verdict import AssetRef, BriefRef, Decision, Finding, Scalar, Verdict

RUN, VERDICT, BATCH = "qa.run", "qa.verdict", "qa.batch"
VERSION = 1
RECORDED_PACKAGES = (
    "consistency-qa",
    "numpy",
    "pillow",
    "opencv-python-headless",
    "rapidocr",
    "openvino",
    "onnxruntime",
)


@dataclass(frozen=True)
class Run:
    """What a run was started with.

    Attributes:
        kit_name: The kit's `name`.
        kit_hash: Hash of the resolved kit.
        engines: Role → name of the model the kit asks for; the verdicts carry the spec ids.
        as_of: The date that decisions depend on.
        options: Options of the command or call that may change findings or decisions.
        not_checked: What this run does not look at, in words.
        versions: Package → version; default those of `installed_versions`.
        started: ISO 8601 time, kept with the timings.
    """

    kit_name: str
    kit_hash: str
    as_of: date | None = None
    engines: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Scalar] = field(default_factory=dict)
    not_checked: tuple[str, ...] = ()
    versions: Mapping[str, str] | None = None
    started: str = ""


def installed_versions() -> dict[str, str]:
    """Return the versions that findings depend on: Python and the packages behind the measurements."""
    found = {"python": platform.python_version()}
    for name in RECORDED_PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def run_record(run: Run) -> Record:
    """Return the first record of a run."""
    return {
        "format": RUN,
        "version": VERSION,
        "kit": {"name": run.kit_name, "hash": run.kit_hash},
        "engines": dict(run.engines),
        "as_of": date_text(run.as_of),
        "options": scalars(run.options),
        "not_checked": list(run.not_checked),
        "versions": dict(installed_versions() if run.versions is None else run.versions),
        "timings": {"started": run.started} if run.started else {},
    }


def verdict_record(verdict: Verdict) -> Record:
    """Return the record of a verdict; its preview is left out, its timings stand apart."""
    asset = verdict.asset
    return {
        "format": VERDICT,
        "version": VERSION,
        "asset": {
            "name": asset.name,
            "key": asset.key,
            "kind": asset.kind,
            "width": asset.width,
            "height": asset.height,
        },
        "decision": verdict.decision.value,
        "next": verdict.next,
        "needs_review": verdict.needs_review,
        "final": verdict.final,
        "findings": [finding_record(finding) for finding in verdict.findings],
        "plan": [fix_record(fix) for fix in verdict.plan],
        "attempt": verdict.attempt,
        "parent": verdict.parent,
        "brief": {"id": verdict.brief.id, "hash": verdict.brief.hash},
        "engines": dict(verdict.engines),
        "audit": verdict.audit,
        "not_checked": list(verdict.not_checked),
        "as_of": date_text(verdict.as_of),
        "kit_hash": verdict.kit_hash,
        "timings": scalars(verdict.timings),
    }


def batch_record(
    findings: Sequence[Finding],
    summary: Mapping[str, Any],
    *,
    is_complete: bool = True,
    timings: Mapping[str, float] | None = None,
    agreement: Mapping[str, float] | None = None,
) -> Record:
    """Return the last record of a run.

    Args:
        findings: Batch findings, each naming its asset or none.
        summary: Counts, as `qa.reports.summary.summarise` makes them.
        is_complete: False where the run was interrupted before the last asset.
        timings: Seconds and rates, kept apart.
        agreement: In a demo, fractions in [0, 1] of verdicts that agree with the planted truth.
    """
    return {
        "format": BATCH,
        "version": VERSION,
        "complete": is_complete,
        "findings": [finding_record(finding) for finding in findings],
        "summary": dict(summary),
        "agreement": None if agreement is None else scalars(agreement),
        "timings": scalars(timings or {}),
    }


def verdict_from_record(record: Mapping[str, Any]) -> Verdict:
    """Return the verdict of a record; without its preview.

    Raises:
        StoredFormatError: Not a verdict record of this version, or one with a part missing or misspelt.
    """
    if record.get("format") != VERDICT or record.get("version") != VERSION:
        got = f"{record.get('format')} version {record.get('version')}"
        raise StoredFormatError(f"a {VERDICT} record of version {VERSION}", got)
    try:
        return read_verdict(record)
    except (KeyError, ValueError, TypeError) as error:
        raise StoredFormatError(
            f"a whole {VERDICT} record", repr(error), "the file is damaged; run the gate again"
        ) from error


def read_verdict(record: Mapping[str, Any]) -> Verdict:
    """Return the verdict of a record that is known to be of this version."""
    asset, brief = record["asset"], record["brief"]
    return Verdict(
        asset=AssetRef(asset["name"], asset["key"], asset["kind"], asset["width"], asset["height"]),
        decision=Decision(record["decision"]),
        findings=tuple(finding_from_record(finding) for finding in record["findings"]),
        kit_hash=record["kit_hash"],
        brief=BriefRef(brief["id"], brief["hash"]),
        next=record["next"],
        needs_review=record["needs_review"],
        final=record["final"],
        plan=tuple(fix_from_record(fix) for fix in record["plan"]),
        attempt=record["attempt"],
        parent=record["parent"],
        engines=dict(record["engines"]),
        audit=record["audit"],
        not_checked=tuple(record["not_checked"]),
        as_of=None if record["as_of"] is None else date.fromisoformat(record["as_of"]),
        timings=dict(record["timings"]),
    )


def date_text(day: date | None) -> str | None:
    """Return a date as ISO 8601."""
    return None if day is None else day.isoformat()
