"""The record form keeps everything a verdict says, in plain JSON."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from consistency.errors import StoredFormatError
from consistency.region import Box, Mask, Region
from qa.reports.parts import finding_from_record, finding_record
from qa.reports.records import Run, batch_record, run_record, verdict_from_record, verdict_record
from qa.reports.shape import check_shape
from qa.reports.summary import summarise
from qa.verdict import AssetRef, BriefRef, Decision, Finding, Fix, FixKind, Level, Limit, Series, Status, Verdict

REGION = Region(Box(4, 5, 6, 7), Mask(2, 3, (1, 2, 3)), (0.5, 1.25))
FIX = Fix(FixKind.RECOLOR, REGION, {"to": "#0055aa", "amount": 0.5}, is_deterministic=False)
FINDING = Finding(
    rule="color.acme_blue",
    check="color",
    code="color.out_of_tolerance",
    level=Level.BLOCK,
    status=Status.FAIL,
    value=9.12,
    unit="ΔE00",
    limit=Limit("≤", 5.0),
    expected="#0055aa",
    observed="#11<b>\n",
    where=REGION,
    evidence={"area_fraction": 0.1, "n": 3, "tagged": True},
    assumptions=("untagged: read as sRGB",),
    backend="spec",
    fixes=(FIX,),
    waived_by="brand: night scene",
    asset="other.png",
    series=Series(("a.png", "b.png"), {"lightness": (0.5, None)}, {"lightness": (0.5, 0.5)}, "ΔE00", 2.0, (0,)),
)
VERDICT = Verdict(
    asset=AssetRef("a\n<script>.png", "0" * 64, "image", 640, 480),
    decision=Decision.FIX,
    findings=(FINDING,),
    kit_hash="k" * 64,
    brief=BriefRef("b", "h"),
    next="",
    needs_review=True,
    final=False,
    plan=(FIX,),
    attempt=2,
    parent="p",
    engines={"reader": "spec"},
    audit=True,
    not_checked=("anatomy",),
    as_of=date(2026, 1, 31),
    timings={"decode": 0.25},
    preview=b"jpeg",
)


def test_a_verdict_survives_the_trip_through_json() -> None:
    record = json.loads(json.dumps(verdict_record(VERDICT), allow_nan=False))
    back = verdict_from_record(record)
    assert back == VERDICT
    assert back.timings == VERDICT.timings
    assert back.preview is None
    assert verdict_record(back) == record


def test_every_field_of_a_verdict_and_a_finding_is_recorded() -> None:
    assert set(finding_record(FINDING)) == set(Finding.__dataclass_fields__)
    assert set(verdict_record(VERDICT)) == set(Verdict.__dataclass_fields__) - {"preview", "closeups"} | {
        "format",
        "version",
    }


def test_numpy_and_non_finite_figures_become_plain_json() -> None:
    finding = replace(
        FINDING, value=float("nan"), evidence={"a": np.float32(0.5), "b": float("inf"), "c": np.bool_(True)}
    )
    record = finding_record(finding)
    json.dumps(record, allow_nan=False)
    assert record["value"] is None
    assert record["evidence"] == {"a": 0.5, "b": "inf", "c": True}


@pytest.mark.parametrize("change", [{"version": 2}, {"format": "qa.run"}, {"decision": "maybe"}, {"findings": [{}]}])
def test_a_record_that_is_not_a_whole_verdict_of_this_version_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(StoredFormatError):
        verdict_from_record({**verdict_record(VERDICT), **change})


def test_time_stands_apart_in_run_and_batch() -> None:
    run = run_record(Run("Acme", "k", as_of=date(2026, 1, 31), started="2026-01-31T10:00:00", versions={"python": "3"}))
    assert "2026-01-31T10" not in json.dumps({**run, "timings": None})
    batch = batch_record(
        (FINDING,), {"assets": 1}, is_complete=False, timings={"seconds": 3.5}, agreement={"decisions": 1.0}
    )
    assert batch["complete"] is False
    assert batch["timings"] == {"seconds": 3.5}
    assert batch["findings"][0]["asset"] == "other.png"


def test_a_finding_without_a_series_is_recorded_as_before_there_were_any():
    record = finding_record(replace(FINDING, series=None))
    assert "series" not in record
    assert finding_from_record(record).series is None


def test_a_series_with_values_of_another_type_is_refused():
    batch = json.loads(json.dumps(batch_record([FINDING], summarise([]))))
    batch["findings"][0]["series"]["values"]["lightness"] = ["high"]
    with pytest.raises(StoredFormatError, match="series"):
        check_shape(batch, 1)
