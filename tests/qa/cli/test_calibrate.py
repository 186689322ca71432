"""The command `qa calibrate`: labels in, thresholds with a guarantee out, in words and in a file."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from campaign_folder import picture, write_kit
from qa.calibration.reading import read_calibration
from qa.cli.app import app
from qa.cli.labels import write_labels
from qa.kit.kit import BrandKit
from qa.reports.records import verdict_record
from sample_run import UNSURE, WRONG_SUBJECT, verdict

RULE = "identity.tonic.subject"


def calibrate(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["calibrate", *map(str, arguments)])


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    picture(tmp_path / "acme" / "refs" / "1.png")
    return write_kit(tmp_path / "acme", "subjects:\n  tonic: {references: [refs/1.png]}\n")


def labels_of(file: Path, kit: Path, count: int, *, bad: int = 0, audit: bool = True) -> Path:
    """Write what the gate would for as many assets, and fill it in: the `bad` least alike are bad."""
    records = []
    for number in range(count):
        finding = replace(UNSURE, value=round(0.5 + 0.4 * number / count, 4))
        record = verdict_record(verdict(f"{number}.png", [finding], audit=audit))
        brief = {**record["brief"], "id": f"{number}.png"}
        records.append({**record, "brief": brief, "kit_hash": BrandKit.load(kit).hash})
    write_labels(file, records)
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = [f"{number}.png" for number in range(bad)]
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows({**row, "ok_or_bad": "bad" if row["asset"] in names else "ok"} for row in rows)
    return file


def test_what_the_gate_wrote_and_a_person_filled_in_becomes_a_threshold(tmp_path: Path, kit: Path) -> None:
    file = labels_of(tmp_path / "look.csv", kit, 100, bad=20)
    result = calibrate(kit, file, "--as-of", "2026-03-01", "--expires", "2026-09-01")
    assert result.exit_code == 0, result.stderr
    said = f"{RULE}: at most 5 % bad among accepted with 90 % confidence: similarity ≥ 0.5"
    assert said in result.stdout
    assert "from 100 labels" in result.stdout
    assert "100 rows about an asset as a whole: left out" in result.stdout
    found = read_calibration((tmp_path / "look.calibration.json").read_bytes())
    rule = found.rules[RULE]
    assert rule.threshold.value is not None
    assert f"≥ {rule.threshold.value:.4f}" in result.stdout
    assert rule.binding.model == UNSURE.backend
    assert str(found.expires) == "2026-09-01"
    assert found.label_kits == (found.kit_hash,)


def test_answers_about_changes_and_unknown_subjects_are_left_out(tmp_path: Path, kit: Path) -> None:
    file = labels_of(tmp_path / "look.csv", kit, 100)
    lines = file.read_text(encoding="utf-8").splitlines()
    some = next(line for line in lines if line.startswith("7.png,") and f",{RULE}," in line)
    more = (some.replace(RULE, rule) for rule in ("identity.tonic.mirrored", "identity.nobody"))
    file.write_text("\n".join([*lines, *more]) + "\n", encoding="utf-8")
    result = calibrate(kit, file)
    assert result.exit_code == 0, result.stderr
    assert "2 rows of a rule that has no similarity" in result.stdout


def test_too_few_labels_are_said_with_how_many_are_missing(tmp_path: Path, kit: Path) -> None:
    result = calibrate(kit, labels_of(tmp_path / "look.csv", kit, 8), "--out", tmp_path / "c.json")
    assert result.exit_code == 4
    assert "no threshold keeps this promise" in result.stdout
    assert "37 random labels more would be needed, if none of them is bad" in result.stdout
    assert "no curve: all labels are ok" in result.stdout
    assert read_calibration((tmp_path / "c.json").read_bytes()).rules[RULE].threshold.value is None


def test_labels_of_the_queue_promise_nothing(tmp_path: Path, kit: Path) -> None:
    result = calibrate(kit, labels_of(tmp_path / "look.csv", kit, 90, audit=False))
    assert result.exit_code == 4
    assert "45 random labels more" in result.stdout
    assert "90 labels of the queue: for the curve, not for the promise" in result.stdout


def test_labels_of_one_brief_count_once_and_it_is_said(tmp_path: Path, kit: Path) -> None:
    file = labels_of(tmp_path / "look.csv", kit, 60)
    names = [f",{number}.png," for number in range(60)]
    text = file.read_text(encoding="utf-8")
    for name in names:
        text = text.replace(f",random{name}", ",random,one,")
    file.write_text(text, encoding="utf-8")
    assert "60 random labels, 1 independent" in calibrate(kit, file).stdout


def test_labels_from_another_state_of_the_kit_are_noted(tmp_path: Path, kit: Path) -> None:
    file = labels_of(tmp_path / "look.csv", kit, 50)
    kit.write_text(kit.read_text(encoding="utf-8").replace("Tiny", "Other"), encoding="utf-8")
    result = calibrate(kit, file)
    assert result.exit_code == 0
    assert "another state of this kit" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--alpha", "5"], "write 5% or 0.05"),
        (["--alpha", "-5%"], "write 5% or 0.05"),
        (["--delta", "60%"], "delta from 0.1% to 50%"),
        (["--out", "{kit}"], "a new file"),
        (["--as-of", "2026-03-01", "--expires", "2026-02-01"], "expires"),
    ],
)
def test_what_cannot_be_promised_is_refused_and_nothing_written(
    tmp_path: Path, kit: Path, arguments: list[str], said: str
) -> None:
    file = labels_of(tmp_path / "look.csv", kit, 50)
    result = calibrate(kit, file, *(argument.format(kit=kit) for argument in arguments))
    assert result.exit_code == 2
    assert said in result.stderr
    assert not (tmp_path / "look.calibration.json").exists()


def test_labels_that_nobody_filled_in_are_refused(tmp_path: Path, kit: Path) -> None:
    file = tmp_path / "look.csv"
    write_labels(file, [verdict_record(verdict("a.png", [WRONG_SUBJECT], audit=True))])
    result = calibrate(kit, file)
    assert result.exit_code == 2
    assert "1 row not filled in" in result.stderr
    assert "1 row drawn at random and not filled in" in result.stderr


def test_everything_wrong_in_a_file_is_said_at_once(tmp_path: Path, kit: Path) -> None:
    file = labels_of(tmp_path / "look.csv", kit, 3)
    text = file.read_text(encoding="utf-8").replace(",ok,random", ",fine,random").replace("tonic", "tonik")
    file.write_text(text.replace("tonik", "tonic", 1), encoding="utf-8")
    result = calibrate(kit, file)
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 3
    assert "look.csv:" in result.stderr


def test_it_ends_with_what_to_write_into_the_kit(tmp_path: Path, kit: Path) -> None:
    file = labels_of(tmp_path / "look.csv", kit, 50)
    beside = calibrate(kit, file)
    assert beside.stdout.splitlines()[-1] == (
        f"copy it to {kit.parent}, then write into the kit:  calibration: look.calibration.json"
    )
    inside = calibrate(kit.parent, file, "--out", kit.parent / "made" / "5 %.json")
    assert inside.stdout.splitlines()[-1] == 'write into the kit:  calibration: "made/5 %.json"'
    kit.write_text(kit.read_text(encoding="utf-8") + 'calibration: "made/5 %.json"\n', encoding="utf-8")
    again = calibrate(kit, file, "--out", kit.parent / "next.json")
    assert again.stdout.endswith("write into the kit, in place of made/5 %.json:  calibration: next.json\n")


def test_without_a_threshold_there_is_nothing_to_name(tmp_path: Path, kit: Path) -> None:
    said = calibrate(kit, labels_of(tmp_path / "look.csv", kit, 8)).stdout.splitlines()[-1]
    assert said == "no rule has a threshold: label more, and calibrate again before the kit names it"


def test_a_name_that_no_kit_can_hold_is_refused(tmp_path: Path, kit: Path) -> None:
    result = calibrate(kit, labels_of(tmp_path / "look.csv", kit, 50), "--out", tmp_path / "[5].json")
    assert result.exit_code == 2
    assert "a name that a kit can hold" in result.stderr


def test_labels_from_before_the_kit_named_its_calibration_are_as_good_as_ever(tmp_path: Path, kit: Path) -> None:
    file = labels_of(tmp_path / "look.csv", kit, 50)
    calibrate(kit, file, "--out", kit.parent / "first.json")
    kit.write_text(kit.read_text(encoding="utf-8") + "calibration: first.json\n", encoding="utf-8")
    assert calibrate(kit, file, "--out", kit.parent / "second.json").stderr == ""
    picture(kit.parent / "refs" / "1.png", seed=7)
    assert "another state of this kit" in calibrate(kit, file, "--out", kit.parent / "third.json").stderr
