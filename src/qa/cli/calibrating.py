"""The work of `qa calibrate`: a kit and labels in, a file of thresholds with a guarantee out."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import typer

from consistency.errors import InputError, shorten
from qa.calibration.binding import Binding
from qa.calibration.calibration_file import Calibration, write_calibration
from qa.calibration.label_rows import Label
from qa.calibration.labels_file import LabelsFile, read_labels
from qa.calibration.learnt import Promise
from qa.calibration.rule import calibrate_rule
from qa.calibration.wording import counted, sentences
from qa.checks.identity import IdentityCheck
from qa.checks.tables import BATCH_CHECKS, CHECKS
from qa.cli.calibrate import CalibrateOptions
from qa.cli.exit_codes import ACCEPTED, NOT_MEASURED
from qa.cli.writable import check_writable
from qa.kit.kit import BrandKit
from qa.kit.schema import check_sections

SHARE = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+) ?(%?)")


def calibrate(options: CalibrateOptions) -> int:
    """Learn from the labels, write what was learnt, say it."""
    promise = Promise(read_share(options.alpha, "--alpha"), read_share(options.delta, "--delta"))
    out = options.out or options.labels.parent / f"{options.labels.stem}.calibration.json"
    check_new(out)
    kit = BrandKit.load(options.kit)
    bindings = IdentityCheck.bindings(kit)
    others = {*CHECKS, *BATCH_CHECKS, *check_sections()} - {IdentityCheck.name}
    labels = read_labels(options.labels, bindings, others)
    calibration = learn(kit, labels, bindings, promise, days_of(options))
    write_calibration(out, calibration)
    for line in sentences(calibration, labels):
        typer.echo(line)
    typer.echo(f"{out}: {until(calibration)}")
    return ACCEPTED if calibration.is_complete else NOT_MEASURED


def learn(
    kit: BrandKit,
    labels: LabelsFile,
    bindings: Mapping[str, Binding],
    promise: Promise,
    days: tuple[date, date | None],
) -> Calibration:
    """Return the calibration of every rule that has a label.

    Raises:
        InputError: None has.
    """
    by_rule: dict[str, list[Label]] = {}
    for label in labels.labels:
        by_rule.setdefault(label.rule, []).append(label)
    if not by_rule:
        left = "; ".join(f"{counted(count, 'row')} {why}" for why, count in labels.left_out.items())
        raise InputError("labels of a rule with a similarity", left or "no row", "write ok or bad in ok_or_bad")
    kits = tuple(sorted({label.kit for label in labels.labels} - {""}))
    if kits and kits != (kit.hash,):
        warn_of_other_kit()
    rules = {
        rule: calibrate_rule(bindings[rule], found, promise, unanswered=labels.unanswered.get(rule, 0))
        for rule, found in by_rule.items()
    }
    return Calibration(kit.name, kit.hash, kits, labels.sha256, promise, *days, rules)


def warn_of_other_kit() -> None:
    """Say that the labelled values may not be those of this kit."""
    said = "the labelled assets were judged by another state of this kit"
    typer.echo(f"note: {said}; if references or models have changed since, run the gate again", err=True)


def days_of(options: CalibrateOptions) -> tuple[date, date | None]:
    """Return the day it is made, and the day from which it no longer holds."""
    created = options.as_of.date() if options.as_of else date.today()
    return created, options.expires.date() if options.expires else None


def check_new(file: Path) -> None:
    """Refuse a file that exists: a kit may rest on it.

    Raises:
        InputError: It exists, or cannot be written.
    """
    if os.path.lexists(file):
        raise InputError("a new file for the calibration", str(file), "a kit may rest on it; name another with --out")
    check_writable(file.parent)


def read_share(text: str, option: str) -> float:
    """Read "5%" or "0.05".

    Raises:
        InputError: Anything else, and numbers from 1 on without a %: 5 may mean either.
    """
    match = SHARE.fullmatch(text.strip())
    if match is None or (not match[2] and float(match[1]) >= 1):
        raise InputError(f"a share for {option}", shorten(repr(text), 40), "write 5% or 0.05")
    return float(match[1]) / (100 if match[2] else 1)


def until(calibration: Calibration) -> str:
    """Return in words how long a calibration holds."""
    ends = f"until {calibration.expires}" if calibration.expires else "without a last day"
    return f"made {calibration.created}, {ends}; it holds for these references and this model only"
