"""Rules on how a subject may depart from its references: mirrored, stretched, recoloured, reprinted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from consistency.changes import Change, Kind, changes_of
from consistency.errors import shorten
from qa.checks.check import Rule
from qa.checks.identity_findings import unmeasured
from qa.checks.identity_looks import References
from qa.checks.identity_options import ChangeOptions, SubjectOptions
from qa.checks.identity_rules import rule_id
from qa.evidence import Evidence
from qa.verdict import Finding, Level, Limit, Status

UNTOLD = "identity.change_untold"
UNCALIBRATED = "uncalibrated: limit from photographs, 16 subjects"

DEMANDS: Mapping[Kind, str] = {
    "mirrored": "{}, not mirrored",
    "stretched": "{} in the proportions of its references",
    "recoloured": "{} in the colours of its references",
    "reprinted": "{} with the print of its references",
}
UNITS: Mapping[Kind, str] = {"recoloured": "distance"}


@dataclass(frozen=True)
class ChangeRules:
    """The rules that a kit states on changes of one subject.

    Attributes:
        name: The subject.
        options: What the kit says of it.
        is_reviewed: Whether a limit that the kit does not state itself may decide nothing.
    """

    name: str
    options: SubjectOptions
    is_reviewed: bool = False

    def rules(self) -> dict[Kind, Rule]:
        """Return the kinds of changes that are judged, with their rules."""
        levels = {kind: each.level or self.options.level for kind, each in self.options.changes.items()}
        return {
            kind: Rule(rule_id(self.name, kind), level, DEMANDS[kind].format(shorten(self.name)))
            for kind, level in levels.items()
            if level is not Level.OFF
        }

    def findings(self, subject: Finding, references: References, evidence: Evidence) -> Iterator[Finding]:
        """Yield one finding per rule, in their order: of the part of the picture in which the subject was found.

        Args:
            subject: The finding of its facet `subject`. Of what failed it no change is told, and of what it could not
                measure none either, for the same reason.
            references: Of the subject.
            evidence: Of the asset.
        """
        rules = self.rules()
        changes = self._changes(subject, references, evidence) if rules and _is_there(subject) else {}
        for kind, rule in rules.items():
            plain = Finding(
                rule.id, subject.check, "met", rule.level, Status.PASS,
                unit=UNITS.get(kind, "share"), expected=rule.description, where=subject.where,
            )  # fmt: skip
            if kind in changes:
                yield self._judged(plain, changes[kind], self.options.changes[kind], f"identity.{kind}")
            elif subject.status is Status.FAIL:
                yield replace(
                    plain, code=UNTOLD, status=Status.NOT_RUN, observed="what stands there is not the subject"
                )
            else:
                yield unmeasured(plain, subject.code, subject.observed)

    def _changes(self, subject: Finding, references: References, evidence: Evidence) -> Mapping[str, Change]:
        box = None if subject.where is None else subject.where.box
        views = references.views(evidence.engines)
        return evidence.recall(("changes", self.name), lambda: changes_of(evidence.image.pixels, box, views))

    def _judged(self, plain: Finding, change: Change, stated: ChangeOptions, code: str) -> Finding:
        if change.value is None:
            return unmeasured(plain, UNTOLD, change.reason)
        is_default = stated.limit is None
        limit = Limit("<", stated.limit or change.limit, "default" if is_default else "kit")
        found = replace(plain, value=change.value, limit=limit, assumptions=(UNCALIBRATED,) if is_default else ())
        if is_default and self.is_reviewed:
            return unmeasured(found, "identity.uncalibrated_band", "a limit that nobody confirmed may not decide")
        return found if change.value < limit.value else replace(found, code=code, status=Status.FAIL)


def _is_there(subject: Finding) -> bool:
    """Whether the subject was measured and did not fail: what stands there may be it."""
    return subject.value is not None and subject.status is not Status.FAIL
