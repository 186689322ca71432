"""From photographs to a calibrated gate, by the commands alone: init, gate, label, calibrate, name it, gate again."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skimage.data
from PIL import Image
from typer.testing import CliRunner, Result

from qa.calibration.reading import read_calibration
from qa.cli.app import app

CUP = skimage.data.coffee()
OTHERS = (skimage.data.chelsea(), skimage.data.rocket())
RULE = "identity.cup.subject"
PROMISE = ("--alpha", "30%", "--delta", "30%")
"""Kept by four labels without a bad one."""


def qa(*arguments: object) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments)])


def save(path: Path, pixels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.ascontiguousarray(pixels)).save(path)


def findings(stdout: str) -> dict[str, dict[str, Any]]:
    records = [json.loads(line) for line in stdout.splitlines()]
    verdicts = [record for record in records if record["format"] == "qa.verdict"]
    return {v["asset"]["name"]: f for v in verdicts for f in v["findings"] if f["rule"] == RULE}


@pytest.fixture(scope="module")
def calibrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Walk up to the kit that names its calibration; every step has to end well."""
    root = tmp_path_factory.mktemp("walk")
    for start in (0, 100, 200):
        save(root / f"shots/cup/{start}.png", CUP[:, start : start + 400])
    for number in range(6):
        save(root / f"out/right_{number}.png", CUP[10 * number : 10 * number + 320, 15 * number : 15 * number + 420])
    for number, pixels in enumerate(OTHERS):
        save(root / f"out/wrong_{number}.png", pixels)
    assert qa("init", root / "acme", "--references", root / "shots/cup").exit_code == 0
    kit = root / "acme/brand.yaml"
    kit.write_text(kit.read_text(encoding="utf-8").replace("audit: 2%", "audit: 100%"), encoding="utf-8")
    first = qa("gate", kit, root / "out", "--labels-out", root / "look.csv", "--format", "jsonl")
    assert {finding["limit"]["source"] for finding in findings(first.stdout).values()} == {"default"}
    label(root / "look.csv")
    made = qa(
        "calibrate", kit, root / "look.csv", *PROMISE, "--out", root / "acme/look.json", "--as-of", "2026-03-01",
        "--expires", "2026-09-01",
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    (line,) = [line for line in made.stdout.splitlines() if "calibration: " in line]
    kit.write_text(f"{kit.read_text(encoding='utf-8')}{line.partition(':  ')[2]}\n", encoding="utf-8")
    return root


def label(file: Path) -> None:
    """Fill in what a person sees."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {(row["source"], row["inclusion"]) for row in rows} == {("random", "1")}
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "ok_or_bad": "ok" if row["asset"].startswith("right") else "bad"} for row in rows)


def test_the_gate_decides_by_what_people_said(calibrated: Path) -> None:
    result = qa("gate", calibrated / "acme", calibrated / "out", "--format", "jsonl", "--as-of", "2026-04-01")
    found = findings(result.stdout)
    accepted = {name: finding for name, finding in found.items() if finding["status"] == "pass"}
    assert len(accepted) >= 4
    assert all(name.startswith("right") for name in accepted)
    for finding in accepted.values():
        assert finding["limit"]["source"] == "calibration"
        assert finding["value"] >= finding["limit"]["value"]
        assert 0.5 < finding["evidence"]["probability"] < 1
        assert finding["assumptions"][0].startswith("calibrated: at most 30 % bad among accepted")
    assert "does not hold" not in result.stderr


@pytest.mark.parametrize(
    ("day", "alarms", "why"),
    [
        ("2026-09-01", (), "it expired on 2026-09-01"),
        ("2026-04-01", ("--drift-alarm", "identity.*"), "a drift alarm was raised"),
    ],
)
def test_one_that_does_not_hold_is_said_before_and_in_the_report(
    calibrated: Path, day: str, alarms: tuple[str, ...], why: str
) -> None:
    result = qa("gate", calibrated / "acme", calibrated / "out/right_0.png", "--as-of", day, *alarms)
    assert f"the kit's calibration does not hold for {RULE}: {why}" in result.stderr
    assert f"The calibration of {RULE} did not hold for 1 of 1 assets: {why}." in " ".join(result.stdout.split())


def by_hand(root: Path, rows: str) -> Path:
    """Write labels as somebody would who never ran the gate: pictures by their paths, no values."""
    file = root / "by_hand.csv"
    file.write_text("asset,key,rule,ok_or_bad,source,group\n" + rows, encoding="utf-8")
    return file


def test_labels_that_name_pictures_are_measured_and_teach_the_same(calibrated: Path, tmp_path: Path) -> None:
    rows = [f"out/{path.name},,{RULE},{'ok' if 'right' in path.name else 'bad'},random,\n"
            for path in sorted((calibrated / "out").iterdir())]  # fmt: skip
    made = qa(
        "calibrate", calibrated / "acme", by_hand(calibrated, "".join(rows)), *PROMISE, "--out", tmp_path / "c.json"
    )
    assert made.exit_code == 0, made.output
    assert "measuring 8 pictures" in made.stderr
    ours, gates = (read_calibration(path.read_bytes()) for path in (tmp_path / "c.json", calibrated / "acme/look.json"))
    assert ours.rules == gates.rules


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("out/none.png,,{rule},ok,random,\n", "a picture that can be read"),
        (",,{rule},ok,random,\n", "the picture's path"),
        ("out/right_0.png,0123,{rule},ok,random,\n", "label the picture as it is now"),
        ("out/right_0.png,,{rule},ok,chance,\n", "random or queue"),
    ],
)
def test_pictures_that_cannot_be_measured_are_named_with_their_line(calibrated: Path, row: str, said: str) -> None:
    made = qa("calibrate", calibrated / "acme", by_hand(calibrated, row.format(rule=RULE)))
    assert made.exit_code == 2
    assert "by_hand.csv:2" in made.stderr
    assert said in made.stderr


def test_an_alarm_for_nothing_is_said(calibrated: Path) -> None:
    result = qa("gate", calibrated / "acme", calibrated / "out/right_0.png", "--drift-alarm", "identity.cap.*")
    assert "the drift alarm identity.cap.* names no calibrated rule" in result.stderr
