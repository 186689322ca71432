"""The stored calibration comes back as it was, and nothing else passes for one."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from consistency.errors import InputError, StoredFormatError
from consistency.runtime.stored import canonical_json
from qa.calibration.binding import Binding
from qa.calibration.calibration_file import Calibration, calibration_record, write_calibration
from qa.calibration.label_rows import Label
from qa.calibration.learnt import Promise
from qa.calibration.reading import read_calibration
from qa.calibration.rule import calibrate_rule


def made(count: int = 80) -> Calibration:
    binding = Binding("identity.tonic.subject", "identity", 1, "0" * 64)
    labels = [
        Label(binding.rule, n < count // 4, round(n / count, 4), "random", str(n), "m", "k", n + 2)
        for n in range(count)
    ]  # fmt: skip
    learnt = {binding.rule: calibrate_rule(binding, labels, Promise())}
    return Calibration("Acme", "f" * 64, ("f" * 64,), "e" * 64, Promise(), date(2026, 3, 1), date(2026, 9, 1), learnt)


@pytest.mark.parametrize("count", [80, 600])
def test_what_is_written_is_read_back(tmp_path: Path, count: int) -> None:
    calibration = made(count)
    write_calibration(tmp_path / "new" / "c.json", calibration)
    text = (tmp_path / "new" / "c.json").read_text(encoding="utf-8")
    found = read_calibration(text)
    assert canonical_json(calibration_record(found)) + "\n" == text
    rule, again = calibration.rules["identity.tonic.subject"], found.rules["identity.tonic.subject"]
    assert (again.binding, again.counts) == (rule.binding, rule.counts)
    assert again.threshold == rule.threshold
    assert rule.curve is not None
    assert again.curve is not None
    assert np.allclose(again.curve.probability([0.2, 0.8]), rule.curve.probability([0.2, 0.8]), atol=1e-5)


def test_equal_calibrations_make_equal_files() -> None:
    assert canonical_json(calibration_record(made())) == canonical_json(calibration_record(made()))


def test_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    write_calibration(tmp_path / "c.json", made())
    with pytest.raises(FileExistsError):
        write_calibration(tmp_path / "c.json", made())


def damaged(**changes: object) -> str:
    return canonical_json({**calibration_record(made()), **changes})


@pytest.mark.parametrize(
    "text",
    [
        "",
        damaged(format="qa.verdict"),
        damaged(version=2),
        damaged(created="yesterday"),
        damaged(expires="2026-01-01"),
        damaged(promise={"alpha": 2, "delta": 0.1}),
        damaged(rules=[{}]),
        damaged(rules=None),
    ],
)
def test_what_is_no_calibration_is_refused(text: str) -> None:
    with pytest.raises(StoredFormatError):
        read_calibration(text)


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [("binding", "model", "another"), ("threshold", "accepted", "many"), ("threshold", "value", "high"),
     ("threshold", "value", float("1e999")), ("threshold", "value", 1.01), ("threshold", "value", None),
     ("threshold", "accepted", 81), ("threshold", "bad_among_accepted", 81), ("threshold", "value", 10**400),
     ("counts", "good", None), ("counts", "lowest", -2), ("curve", "kind", "spline"), ("curve", "slope", -1),
     ("curve", "slope", True)],
)  # fmt: skip
def test_a_rule_that_was_changed_by_hand_is_refused(part: str, name: str, value: object) -> None:
    record = json.loads(damaged())
    record["rules"][0][part][name] = value
    with pytest.raises(StoredFormatError):
        read_calibration(json.dumps(record).replace("Infinity", "1e999"))


@pytest.mark.parametrize(("name", "value"), [("scores", [1, 0]), ("scores", []), ("probabilities", [-0.1] * 600)])
def test_a_free_curve_that_was_changed_by_hand_is_refused(name: str, value: object) -> None:
    record = json.loads(canonical_json(calibration_record(made(600))))
    record["rules"][0]["curve"][name] = value
    with pytest.raises(StoredFormatError):
        read_calibration(json.dumps(record))


def test_a_rule_that_stands_twice_is_refused() -> None:
    record = json.loads(damaged())
    with pytest.raises(StoredFormatError, match="stands twice"):
        read_calibration(json.dumps({**record, "rules": record["rules"] * 2}))
    with pytest.raises(StoredFormatError, match="no rule"):
        read_calibration(json.dumps({**record, "rules": []}))


def test_its_id_changes_with_what_it_says() -> None:
    assert made().id == made().id != replace(made(), expires=None).id


def test_it_cannot_expire_before_it_is_made() -> None:
    with pytest.raises(InputError, match="expires"):
        replace(made(), expires=date(2026, 3, 1))
