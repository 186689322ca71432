"""Rules on how a subject may depart from its references: mirrored, stretched, recoloured, reprinted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from consistency.changes import Change, Kind, changes_of
from consistency.errors import shorten
from consistency.views import View
from qa.checks.check import Rule
from qa.checks.identity_findings import unmeasured
from qa.checks.identity_options import ChangeOptions, SubjectOptions
from qa.checks.identity_rules import rule_id
from qa.evidence import Evidence
from qa.verdict import Finding, Level, Limit, Status

DEMANDS: Mapping[Kind, str] = {
    "mirrored": "{} the way round that its references show it",
    "stretched": "{} as wide and high as on its references",
    "recoloured": "{} in the colours of its references",
    "reprinted": "{} with the print of its references",
}
UNITS: Mapping[Kind, str] = {"recoloured": "distance"}
DEFAULT = "uncalibrated: limit from photographs, 16 subjects"


def change_rules(name: str, options: SubjectOptions) -> Iterator[Rule]:
    """Yield the rules on changes of one subject."""
    for kind, stated in options.changes.items():
        if level_of(stated, options) is not Level.OFF:
            yield Rule(rule_id(name, kind), level_of(stated, options), DEMANDS[kind].format(shorten(name)))


def change_findings(
    name: str, options: SubjectOptions, subject: Finding, views: Sequence[View], evidence: Evidence
) -> Iterator[Finding]:
    """Yield one finding per rule of `change_rules`: of the part of the picture in which the subject was found.

    Args:
        name: The subject.
        options: What the kit says of it.
        subject: The finding of its facet `subject`; of what failed it no change is told.
        views: What its references show.
        evidence: Of the asset.
    """
    changes: Mapping[str, Change] = {}
    if is_there(subject):
        box = None if subject.where is None else subject.where.box
        changes = evidence.recall(("changes", name, box), lambda: changes_of(evidence.image.pixels, box, views))
    for kind, stated in options.changes.items():
        level = level_of(stated, options)
        plain = Finding(
            rule_id(name, kind), subject.check, "met", level, Status.PASS,
            unit=UNITS.get(kind, "share"), expected=DEMANDS[kind].format(shorten(name)), where=subject.where,
        )  # fmt: skip
        if level is not Level.OFF:
            yield judged(plain, kind, changes.get(kind), stated)


def judged(plain: Finding, kind: Kind, change: Change | None, stated: ChangeOptions) -> Finding:
    """Return the finding of a rule; None is the change of a subject that is not there."""
    if change is None or change.value is None:
        reason = "the subject was not found" if change is None else change.reason
        return unmeasured(plain, "identity.change_untold", reason)
    limit = change.limit if stated.limit is None else stated.limit
    found = replace(
        plain,
        value=change.value,
        limit=Limit("<", limit, "default" if stated.limit is None else "kit"),
        assumptions=(DEFAULT,) if stated.limit is None else (),
    )
    return found if change.value < limit else replace(found, code=f"identity.{kind}", status=Status.FAIL)


def is_there(subject: Finding) -> bool:
    """Whether the subject was measured and did not fail: what stands there may be it."""
    return subject.value is not None and subject.status is not Status.FAIL


def level_of(stated: ChangeOptions, options: SubjectOptions) -> Level:
    """Return how hard a rule on a change is: as stated, else as the subject's own."""
    return options.level if stated.level is None else stated.level
