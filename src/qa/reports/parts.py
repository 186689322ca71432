"""Records of a verdict's parts: findings, limits, fixes, regions, to plain JSON and back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from consistency.region import Box, Mask, Region
from qa.verdict import Finding, Fix, FixKind, Level, Limit, Scalar, Series, Status

Record = dict[str, Any]
"""A JSON-native mapping."""


def finding_record(finding: Finding) -> Record:
    """Return the record of a finding: every field, in plain types; `series` only where there is one."""
    return {
        "rule": finding.rule,
        "check": finding.check,
        "code": finding.code,
        "level": finding.level.value,
        "status": finding.status.value,
        "value": finite(finding.value),
        "unit": finding.unit,
        "limit": None if finding.limit is None else limit_record(finding.limit),
        "expected": finding.expected,
        "observed": finding.observed,
        "where": region_record(finding.where),
        "evidence": scalars(finding.evidence),
        "assumptions": list(finding.assumptions),
        "backend": finding.backend,
        "fixes": [fix_record(fix) for fix in finding.fixes],
        "waived_by": finding.waived_by,
        "asset": finding.asset,
        **({} if finding.series is None else {"series": series_record(finding.series)}),
    }


def series_record(series: Series) -> Record:
    """Return the record of the figures behind a batch finding."""
    return {
        "assets": list(series.assets),
        "values": {name: [finite(value) for value in values] for name, values in series.values.items()},
        "fits": {name: [finite(value) for value in values] for name, values in series.fits.items()},
        "unit": series.unit,
        "limit": finite(series.limit),
        "marked": list(series.marked),
    }


def limit_record(limit: Limit) -> Record:
    """Return the record of a limit."""
    return {"op": limit.op, "value": finite(limit.value), "source": limit.source}


def fix_record(fix: Fix) -> Record:
    """Return the record of a proposed repair."""
    return {
        "kind": fix.kind.value,
        "where": region_record(fix.where),
        "parameters": scalars(fix.parameters),
        "is_deterministic": fix.is_deterministic,
    }


def region_record(region: Region | None) -> Record | None:
    """Return the record of a region: box as [left, top, width, height], mask as runs, span in seconds."""
    if region is None:
        return None
    box, mask = region.box, region.mask
    return {
        "box": None if box is None else [int(n) for n in (box.left, box.top, box.width, box.height)],
        "mask": None if mask is None else {"height": mask.height, "width": mask.width, "runs": list(mask.runs)},
        "span_seconds": None if region.span_seconds is None else [float(s) for s in region.span_seconds],
    }


def finding_from_record(record: Mapping[str, Any]) -> Finding:
    """Return the finding of a record."""
    limit = record["limit"]
    return Finding(
        rule=record["rule"],
        check=record["check"],
        code=record["code"],
        level=Level(record["level"]),
        status=Status(record["status"]),
        value=record["value"],
        unit=record["unit"],
        limit=None if limit is None else Limit(limit["op"], limit["value"], limit["source"]),
        expected=record["expected"],
        observed=record["observed"],
        where=region_from_record(record["where"]),
        evidence=dict(record["evidence"]),
        assumptions=tuple(record["assumptions"]),
        backend=record["backend"],
        fixes=tuple(fix_from_record(fix) for fix in record["fixes"]),
        waived_by=record["waived_by"],
        asset=record["asset"],
        series=series_from_record(record["series"]) if "series" in record else None,
    )


def series_from_record(record: Mapping[str, Any]) -> Series:
    """Return the figures of a record."""
    return Series(
        tuple(record["assets"]),
        {name: tuple(values) for name, values in record["values"].items()},
        {name: tuple(values) for name, values in record["fits"].items()},
        record["unit"],
        record["limit"],
        tuple(record["marked"]),
    )


def fix_from_record(record: Mapping[str, Any]) -> Fix:
    """Return the repair of a record."""
    where = region_from_record(record["where"])
    return Fix(FixKind(record["kind"]), where, dict(record["parameters"]), record["is_deterministic"])


def region_from_record(record: Mapping[str, Any] | None) -> Region | None:
    """Return the region of a record."""
    if record is None:
        return None
    box, mask, span = record["box"], record["mask"], record["span_seconds"]
    return Region(
        None if box is None else Box(*box),
        None if mask is None else Mask(mask["height"], mask["width"], tuple(mask["runs"])),
        None if span is None else (span[0], span[1]),
    )


def scalars(values: Mapping[str, Any]) -> Record:
    """Return a flat mapping of JSON scalars: numpy numbers become Python's, a non-finite figure its name."""
    return {str(name): scalar(value) for name, value in values.items()}


def scalar(value: Any) -> Scalar:
    """Return one JSON scalar."""
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, float) and not math.isfinite(plain):
        return str(plain)
    return plain if plain is None or isinstance(plain, (bool, int, float, str)) else str(plain)


def finite(value: float | None) -> float | None:
    """Return a figure as a Python number, None where it is not finite: JSON has no NaN."""
    plain = scalar(value)
    return plain if isinstance(plain, (int, float)) else None
