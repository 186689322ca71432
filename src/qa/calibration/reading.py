"""A stored calibration read back: it is somebody's file, so each of its figures is checked."""

from __future__ import annotations

from datetime import date

from consistency.calibration.guarantee import Threshold
from consistency.calibration.stored_curves import finite, read_curve
from consistency.errors import StoredFormatError
from consistency.runtime.stored import Record, read_format
from qa.calibration.binding import read_binding
from qa.calibration.calibration_file import FORMAT, VERSION, Calibration
from qa.calibration.learnt import Counts, Promise, RuleCalibration

LARGEST_BYTES = 20_000_000
"""A rule takes a kilobyte, its free curve some 20 bytes a label."""


def read_calibration(text: str | bytes) -> Calibration:
    """Read a stored calibration.

    Raises:
        StoredFormatError: Damaged, too large, with a binding or a figure that cannot be, of another format or newer.
    """
    record = read_format(text, FORMAT, VERSION, max_bytes=LARGEST_BYTES)
    try:
        return _calibration(record)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise StoredFormatError(f"a whole {FORMAT} record", repr(error), "calibrate again") from error


def _calibration(record: Record) -> Calibration:
    promise = Promise(finite(record["promise"]["alpha"]), finite(record["promise"]["delta"]))
    rules = [_rule(each, promise) for each in record["rules"]]
    by_rule = {rule.binding.rule: rule for rule in rules}
    if not rules or len(by_rule) != len(rules):
        raise ValueError("no rule, or one that stands twice")
    return Calibration(
        _text(record["kit"]["name"]),
        _text(record["kit"]["hash"]),
        tuple(_text(each) for each in record["labels"]["kits"]),
        _text(record["labels"]["sha256"]),
        promise,
        date.fromisoformat(record["created"]),
        None if record["expires"] is None else date.fromisoformat(record["expires"]),
        by_rule,
    )


def _rule(record: Record, promise: Promise) -> RuleCalibration:
    curve = None if record["curve"] is None else read_curve(record["curve"])
    threshold, is_weighted = _threshold(record["threshold"], promise), record["threshold"]["weighted"]
    if not isinstance(is_weighted, bool):
        raise TypeError(f"{is_weighted!r} is neither true nor false")
    return RuleCalibration(read_binding(record["binding"]), threshold, _counts(record["counts"]), curve, is_weighted)


def _threshold(record: Record, promise: Promise) -> Threshold:
    value = None if record["value"] is None else _similarity(record["value"])
    accepted, bad, labels = (_count(record[name]) for name in ("accepted", "bad_among_accepted", "labels"))
    needed = None if record["labels_needed"] is None else _count(record["labels_needed"])
    if not bad <= accepted <= labels or (value is None) != (accepted == 0):
        raise ValueError(f"{bad} bad of {accepted} accepted of {labels} labels")
    return Threshold(value, promise.alpha, promise.delta, accepted, bad, labels, needed)


def _counts(record: Record) -> Counts:
    good, bad, random, queue = (_count(record[name]) for name in ("good", "bad", "random", "queue"))
    return Counts(good, bad, random, queue, _similarity(record["lowest"]), _similarity(record["highest"]))


def _similarity(value: object) -> float:
    number = finite(value)
    if not -1 <= number <= 1:
        raise ValueError(f"{number} is no similarity")
    return number


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{value!r} is no count")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value
