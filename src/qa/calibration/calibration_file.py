"""The stored form of a calibration: what was promised, what it rests on, what it holds for, and until when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from consistency.calibration.stored_curves import curve_record
from consistency.errors import InputError
from consistency.runtime.stored import Record, canonical_json
from qa.calibration.binding import binding_record, digest
from qa.calibration.learnt import Promise, RuleCalibration

FORMAT, VERSION = "qa.calibration", 1


@dataclass(frozen=True)
class Calibration:
    """The calibration of a kit's rules by one file of labels.

    Attributes:
        kit_name: The kit's name.
        kit_hash: Hash of the kit as it was when the calibration was made.
        label_kits: Hashes of the kits by which the labelled assets were judged, as far as the labels say.
        labels_sha256: Of the file of labels.
        promise: What each threshold keeps, one by one.
        created: The day.
        expires: First day on which it no longer holds; None without a date.
        rules: Rule → what was learnt.

    Raises:
        InputError: It expires before it is made.
    """

    kit_name: str
    kit_hash: str
    label_kits: tuple[str, ...]
    labels_sha256: str
    promise: Promise
    created: date
    expires: date | None
    rules: Mapping[str, RuleCalibration]

    def __post_init__(self) -> None:
        if self.expires is not None and self.expires <= self.created:
            raise InputError(f"a day after {self.created} on which it expires", self.expires)

    @cached_property
    def id(self) -> str:
        """Sha256 of what it says: part of what a finding that it decided may be filed under."""
        return digest(calibration_record(self))

    @property
    def is_complete(self) -> bool:
        """Whether every rule has a threshold that keeps the promise."""
        return all(rule.threshold.value is not None for rule in self.rules.values())


def write_calibration(file: Path, calibration: Calibration) -> None:
    """Write a calibration as canonical JSON to a new file.

    Raises:
        FileExistsError: There is one: a kit may rest on it.
    """
    text = canonical_json(calibration_record(calibration)) + "\n"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def calibration_record(calibration: Calibration) -> Record:
    """Return a calibration as it is stored."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "kit": {"name": calibration.kit_name, "hash": calibration.kit_hash},
        "labels": {"sha256": calibration.labels_sha256, "kits": list(calibration.label_kits)},
        "promise": asdict(calibration.promise),
        "created": calibration.created.isoformat(),
        "expires": None if calibration.expires is None else calibration.expires.isoformat(),
        "rules": [_rule_record(rule) for _, rule in sorted(calibration.rules.items())],
    }


def _rule_record(rule: RuleCalibration) -> Record:
    learnt = rule.threshold
    return {
        "binding": binding_record(rule.binding),
        "threshold": {
            "value": learnt.value,
            "accepted": learnt.accepted,
            "bad_among_accepted": learnt.bad_among_accepted,
            "labels": learnt.labels,
            "labels_needed": learnt.labels_needed,
            "weighted": rule.is_weighted,
        },
        "counts": asdict(rule.counts),
        "curve": None if rule.curve is None else curve_record(rule.curve),
    }
