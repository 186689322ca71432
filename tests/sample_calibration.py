"""Calibrations made by hand, for tests of what reads them."""

from datetime import date
from pathlib import Path

from consistency.calibration.guarantee import Threshold
from consistency.calibration.platt import PlattCurve
from qa.calibration.binding import Binding
from qa.calibration.calibration_file import Calibration, write_calibration
from qa.calibration.learnt import Counts, Promise, RuleCalibration

BINDING = Binding("identity.tonic.subject", "identity", 3, "0" * 64, "m")
COUNTS = Counts(60, 20, 70, 10, 0.2, 0.95)
CURVE = PlattCurve(20.0, -13.0)


def calibration(
    *bindings: Binding, value: float | None = 0.7, needed: int | None = 0, expires: date | None = None
) -> Calibration:
    """Return a calibration of rules that have all learnt the same: accept from `value`."""
    accepted = 50 if value is not None else 0
    threshold = Threshold(value, 0.05, 0.10, accepted, 0, 70, needed)
    rules = {each.rule: RuleCalibration(each, threshold, COUNTS, CURVE) for each in bindings or (BINDING,)}
    return Calibration("Tiny", "f" * 64, (), "e" * 64, Promise(), date(2026, 3, 1), expires, rules)


def write(folder: Path, made: Calibration, name: str = "look.calibration.json") -> str:
    """Write a calibration into a kit's folder and return its name."""
    (folder / name).unlink(missing_ok=True)
    write_calibration(folder / name, made)
    return name
