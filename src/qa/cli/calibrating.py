"""The work of `qa calibrate`: a kit and labels in, a file of thresholds with a guarantee out."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import typer

from consistency.changes import KINDS
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
from qa.cli.label_measuring import LabelMeasurer
from qa.cli.writable import check_writable
from qa.kit.kit import BrandKit
from qa.kit.patterns import is_glob, why_not_inside
from qa.kit.schema import check_sections
from qa.kit.starter import quoted

PLAIN_NAME = re.compile(r"[\w./-]*[A-Za-z_][\w./-]*")
"""What YAML takes for text without quotes."""

SHARE = re.compile(r"([0-9]+(?:\.[0-9]+)?|\.[0-9]+) ?(%?)")


def calibrate(options: CalibrateOptions) -> int:
    """Learn from the labels, write what was learnt, say it."""
    promise = Promise(read_share(options.alpha, "--alpha"), read_share(options.delta, "--delta"))
    out = options.out or options.labels.parent / f"{options.labels.stem}.calibration.json"
    check_new(out)
    kit = BrandKit.load(options.kit)
    bindings = IdentityCheck.bindings(kit)
    measurer = LabelMeasurer(kit, options.labels.parent)
    others = frozenset((*CHECKS, *BATCH_CHECKS, *check_sections()))
    is_other = partial(has_no_similarity, checks=others)
    labels = read_labels(options.labels, bindings, is_other, measure=measurer)
    calibration = learn(kit, labels, bindings, promise, days_of(options))
    write_calibration(out, calibration)
    for line in sentences(calibration, labels):
        typer.echo(line)
    typer.echo(f"{out}: {until(calibration)}")
    typer.echo(how_to_use(calibration, kit, options.kit, out))
    return ACCEPTED if calibration.is_complete else NOT_MEASURED


def has_no_similarity(rule: str, checks: Collection[str]) -> bool:
    """Whether a rule is known and nothing can be learnt for it: on a change, an unknown subject, of another check."""
    check, *rest = rule.split(".")
    if check != IdentityCheck.name:
        return check in checks
    return len(rest) == 1 or rest[-1] in KINDS


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
    if not set(kits) <= known_states(kit, {rule: bindings[rule] for rule in by_rule}):
        warn_of_other_kit()
    rules = {
        rule: calibrate_rule(bindings[rule], found, promise, unanswered=labels.unanswered.get(rule, 0))
        for rule, found in by_rule.items()
    }
    return Calibration(kit.name, kit.hash, kits, labels.sha256, promise, *days, rules)


def known_states(kit: BrandKit, bindings: Mapping[str, Binding]) -> set[str]:
    """Return the hashes of the kit's states under which the same was measured as now.

    Its own, and those from before it named its calibration, as long as what that is bound to is what it was.

    Args:
        kit: As it is now.
        bindings: Of the rules that were labelled.
    """
    known = kit.calibration
    if known is None or not all(is_bound(known, binding) for binding in bindings.values()):
        return {kit.hash}
    return {kit.hash, known.kit_hash, *known.label_kits}


def is_bound(calibration: Calibration, binding: Binding) -> bool:
    """Whether a calibration was made for a binding, whatever the model."""
    learnt = calibration.rules.get(binding.rule)
    return learnt is not None and replace(learnt.binding, model="") == binding


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
    if is_glob(file.name) or why_not_inside(file.name):
        raise InputError("a name that a kit can hold", shorten(repr(file.name)), "name another with --out")
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


def how_to_use(calibration: Calibration, kit: BrandKit, path: Path, out: Path) -> str:
    """Return what to write into the kit, or what to do first."""
    if all(rule.threshold.value is None for rule in calibration.rules.values()):
        return "no rule has a threshold: label more, and calibrate again before the kit names it"
    folder = path if path.is_dir() else path.parent
    is_inside = out.resolve().is_relative_to(folder.resolve())
    name = out.resolve().relative_to(folder.resolve()).as_posix() if is_inside else out.name
    named = kit.resolved.keys.calibration
    instead = f", in place of {named[0]}" if named else ""
    first = "" if is_inside else f"copy it to {folder}, then "
    return f"{first}write into the kit{instead}:  calibration: {name if PLAIN_NAME.fullmatch(name) else quoted(name)}"
