"""Whether a calibration holds for what is measured today; where it does not, why, in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase

from consistency.errors import shorten
from qa.calibration.binding import Binding
from qa.calibration.calibration_file import Calibration
from qa.calibration.learnt import Promise, RuleCalibration

LAPSED = "calibration_lapsed"
"""Name under which a finding's evidence says why a calibration did not decide it."""


@dataclass(frozen=True)
class Standing:
    """What a calibration says of one rule on one day.

    Attributes:
        learnt: What holds; None where nothing does.
        promise: What its threshold keeps.
        id: Of the calibration, where it holds; else "".
        created: The day it was made.
        lapsed: Why it does not hold, in words; "" where it does, or where the kit names none.
    """

    learnt: RuleCalibration | None = None
    promise: Promise = field(default_factory=Promise)
    id: str = ""
    created: date | None = None
    lapsed: str = ""


UNCALIBRATED = Standing()
"""Of a rule of a kit that names no calibration."""


def standing_of(calibration: Calibration, binding: Binding, as_of: date, alarms: Collection[str] = ()) -> Standing:
    """Return what a calibration says of what a binding measures.

    Args:
        calibration: The one that the kit names.
        binding: What is measured now; its model is "" where that is not known yet, and then not compared.
        as_of: The day.
        alarms: Rules, or patterns as "identity.*", for which drift was seen since the labels were drawn.
    """
    learnt = calibration.rules.get(binding.rule)
    if learnt is None:
        return Standing(lapsed="it has no label of this rule")
    lapsed = why_not(calibration, learnt.binding, binding, as_of) or alarmed(binding.rule, alarms)
    if lapsed:
        return Standing(lapsed=lapsed)
    return Standing(learnt, calibration.promise, calibration.id, calibration.created)


def why_not(calibration: Calibration, made: Binding, now: Binding, as_of: date) -> str:
    """Return why what was learnt does not hold for what is measured now; "" where it does."""
    if calibration.expires is not None and as_of >= calibration.expires:
        return f"it expired on {calibration.expires}"
    if (made.check, made.version) != (now.check, now.version):
        was, has = f"{made.check} version {made.version}", f"{now.check} version {now.version}"
        return f"the check measures otherwise since: {shorten(was, 60)} then, {has} now"
    if made.options != now.options:
        return "references, not_like, background or how they are looked at have changed since"
    if now.model and made.model != now.model:
        return f"the labels were measured by {shorten(made.model, 60)}, not by {now.model}"
    return ""


def alarmed(rule: str, alarms: Collection[str]) -> str:
    """Return that a drift alarm covers a rule; "" where none does."""
    return "a drift alarm was raised" if any(is_named(rule, pattern) for pattern in alarms) else ""


def is_named(rule: str, pattern: str) -> bool:
    """Whether a rule is the one that is named, or matches as a pattern."""
    return rule == pattern or fnmatchcase(rule, pattern)
