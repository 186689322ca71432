"""A run made by hand: every decision, status, fix and a hostile name, with pictures. For tests of reports."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from consistency.display import jpeg_bytes
from consistency.region import Box, Region
from qa.reports.jsonl import PICTURES, StoredRun
from qa.reports.records import Run, batch_record, run_record, verdict_record
from qa.reports.summary import summarise
from qa.verdict import AssetRef, BriefRef, Decision, Finding, Fix, FixKind, Level, Limit, Series, Status, Verdict

AS_OF = date(2026, 3, 1)
HOSTILE = 'we<script>alert(1)</script>ird\n"&\u202egpj.\u0007png'
NOT_CHECKED = ("anatomy (hands, limbs, eyes)", "composition and taste")
BOX = Region(Box(380, 80, 520, 120))

MET = [
    Finding("image.size", "layout", "met", Level.BLOCK, Status.PASS, 1.05, "megapixels", Limit(">=", 0.9)),
    Finding("color.acme_blue", "color", "met", Level.BLOCK, Status.PASS, 1.12, "ΔE00", Limit("<=", 2.0), where=BOX),
    Finding(
        "identity.tonic.subject", "identity", "met", Level.BLOCK, Status.PASS, 0.9132, "similarity", Limit(">=", 0.71)
    ),
    Finding(
        "text.headline",
        "text",
        "met",
        Level.BLOCK,
        Status.PASS,
        0,
        "edits",
        Limit("<=", 0),
        "SUMMER SALE",
        "SUMMER SALE",
    ),
    Finding("sharpness", "sharpness", "met", Level.WARN, Status.PASS, 0.41, "", Limit(">=", 0.2)),
]
WRONG_COLOR = Finding(
    "color.acme_blue",
    "color",
    "color.out_of_tolerance",
    Level.BLOCK,
    Status.FAIL,
    4.12,
    "ΔE00",
    Limit("<=", 2.0),
    "#0055aa",
    "#1a63b4",
    BOX,
    {"area_fraction": 0.051, "pixels": 53821},
    ("untagged: read as sRGB",),
    fixes=(Fix(FixKind.RECOLOR, BOX, {"to": "#0055aa"}),),
)
TYPO = Finding(
    "text.headline",
    "text",
    "text.mismatch",
    Level.BLOCK,
    Status.FAIL,
    2,
    "edits",
    Limit("<=", 0),
    '"SUMMER SALE"',
    '"SUMMER SLAE" (A and L swapped)',
    Region(Box(120, 700, 600, 110)),
    fixes=(Fix(FixKind.RETEXT, Region(Box(120, 700, 600, 110)), {"text": "SUMMER SALE"}),),
)
WRONG_SUBJECT = Finding(
    "identity.tonic.subject",
    "identity",
    "identity.below_threshold",
    Level.BLOCK,
    Status.FAIL,
    0.4417,
    "similarity",
    Limit(">=", 0.58, "uncalibrated"),
    "tonic, as on its 3 references",
    "another subject",
    assumptions=("uncalibrated: from photographs, 48 subjects",),
    backend="efficientnet_lite0:579344248a93",
)
UNSURE = replace(
    WRONG_SUBJECT,
    code="identity.uncalibrated_band",
    status=Status.NOT_EVALUABLE,
    value=0.6421,
    observed="",
    limit=Limit(">=", 0.71),
)
DARK = Finding(
    "exposure", "exposure", "exposure.shadows_clipped", Level.WARN, Status.FAIL, 0.081, "fraction", Limit("<=", 0.02)
)
RAISED = Finding(
    "sharpness", "sharpness", "check.raised", Level.BLOCK, Status.ERROR, observed="ValueError: <b>no</b>\nreally"
)
UNREADABLE = Finding(
    "image.unreadable",
    "image",
    "image.unreadable",
    Level.BLOCK,
    Status.FAIL,
    expected="a whole picture file",
    observed="image file is truncated (3 bytes not processed)",
)
DRIFT = Series(
    ("can/hero 01.png", "can/typo.png", HOSTILE, "can/other.png", "can/early.png"),
    {"lightness": (0.1, 0.5, None, 1.2, 1.6), "chroma": (0.0, -0.1, None, -0.4, -0.3)},
    {"lightness": (0.1, 0.5, 0.9, 1.2, 1.6), "chroma": (0.0, -0.1, -0.2, -0.3, -0.4)},
    "ΔE00",
    2.0,
    (4, 3),
)
SKIPPED = Finding("text.headline", "text", "check.not_run", Level.BLOCK, Status.NOT_RUN)


def verdict(name: str, changed: Sequence[Finding] = (), **changes: object) -> Verdict:
    """Return a verdict: the met rules with some of them replaced, decided as the gate would."""
    rules = {finding.rule: finding for finding in (*MET, *changed)}
    fails = [f for f in changed if f.is_blocking and f.status is Status.FAIL]
    unmeasured = [f for f in changed if f.is_blocking and f.status is not Status.FAIL]
    fixes = tuple(f.fixes[0] for f in fails if f.fixes)
    decision = Decision.ACCEPT if not fails + unmeasured else Decision.FIX
    decision = Decision.REJECT if len(fixes) < len(fails) else decision
    key = f"{abs(hash_of(name)):064x}"
    made = Verdict(
        AssetRef(name, key, "image", 1024, 1024),
        decision,
        tuple(sorted(rules.values(), key=lambda f: f.rule)),
        "c0ffee" * 10 + "beef",
        BriefRef("summer", "b" * 64),
        next="reroll" if decision is Decision.REJECT else "",
        needs_review=bool(unmeasured),
        plan=fixes if decision is Decision.FIX else (),
        engines={"embedder": "efficientnet_lite0:579344248a93", "reader": "rapidocr:0f3c"},
        not_checked=NOT_CHECKED,
        as_of=AS_OF,
        timings={"decode": 0.03, "checks": 0.2},
    )
    return replace(made, **changes)


def hash_of(name: str) -> int:
    """Return a number for a name, the same in every process."""
    return int.from_bytes(name.encode("utf-8", "surrogatepass")[-24:].rjust(24, b"q"), "big")


def verdicts() -> list[Verdict]:
    """Return the verdicts of the sample run, in input order."""
    return [
        verdict("can/hero 01.png"),
        verdict("can/hero 02.png", [WRONG_COLOR]),
        verdict("can/typo.png", [TYPO, WRONG_COLOR]),
        verdict("can/other.png", [WRONG_SUBJECT, DARK]),
        verdict("can/unsure.png", [UNSURE]),
        verdict("can/night.png", [replace(WRONG_COLOR, waived_by="brand: night scene"), DARK], audit=True),
        verdict("can/crash.png", [RAISED]),
        replace(
            verdict("broken.png", [UNREADABLE]),
            findings=(UNREADABLE,),
            asset=AssetRef("broken.png", "e" * 64, "image"),
            engines={},
        ),
        verdict(HOSTILE, [replace(TYPO, observed='"<img src=x onerror=alert(1)>\u202e"')]),
        verdict("can/early.png", [WRONG_SUBJECT, SKIPPED]),
    ]


def batch_findings() -> list[Finding]:
    """Return what the sample run says about the batch."""
    return [
        Finding(
            "duplicates",
            "duplicates",
            "duplicates.of_asset",
            Level.WARN,
            Status.FAIL,
            3,
            "bits",
            Limit(">", 6),
            observed="nearly identical to can/hero 01.png",
            evidence={"twin": "can/hero 01.png"},
            asset="can/early.png",
        ),
        Finding(
            "trend.acme_blue",
            "trend",
            "trend.drift",
            Level.WARN,
            Status.FAIL,
            1.62,
            "ΔE00",
            Limit("<=", 1.0),
            "a move of ΔE00 1 at most along the batch",
            "ΔL +1.50, ΔC -0.40 over 4 readings, 1 without the colour; furthest from the kit: can/early.png",
            evidence={"readings": 4, "gaps": 1},
            series=DRIFT,
        ),
        Finding(
            "trend.acme_red",
            "trend",
            "met",
            Level.WARN,
            Status.PASS,
            unit="ΔE00",
            limit=Limit("<=", 1.0),
            observed="no trend over 4 readings, 1 without the colour",
            series=replace(DRIFT, fits={}, limit=None, marked=()),
        ),
    ]


def sample_run(folder: Path | None = None, made: Sequence[Verdict] | None = None) -> StoredRun:
    """Return the sample run as reports read it, its pictures in `folder` where one is given."""
    records = tuple(verdict_record(one) for one in (verdicts() if made is None else made))
    started = Run(
        "Acme <summer>",
        "c0ffee" * 10 + "beef",
        AS_OF,
        {"embedder": "efficientnet", "reader": "rapidocr"},
        {"assets": len(records)},
        NOT_CHECKED,
        {"python": "3.11.7", "consistency-qa": "0.1.0"},
        "2026-03-01T10:00:00",
    )
    batch = batch_record(batch_findings(), summarise(records), timings={"seconds": 3.2, "assets_per_second": 3.1})
    if folder is not None:
        write_pictures(folder / PICTURES, [record["asset"]["key"] for record in records if record["asset"]["width"]])
    return StoredRun(run_record(started), records, batch, pictures=None if folder is None else folder / PICTURES)


def write_pictures(folder: Path, keys: Sequence[str]) -> None:
    """Write a small picture for each key."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, key in enumerate(keys):
        pixels = np.full((96, 96, 3), (90 + 9 * number % 160, 140, 200), np.uint8)
        pixels[8:20, 36:84] = (0, 85, 170)
        (folder / f"{key}.jpg").write_bytes(jpeg_bytes(pixels))
