"""Is this the brand's product, character, look? Each subject that must appear, compared with its references."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import ClassVar, Self

from consistency.errors import AnchorError, ConsistencyError, MissingBackend, shorten
from consistency.facets import OF_EMBEDDER, OF_FACES, Facet
from consistency.localisation import says_where
from consistency.template import FacetScore
from qa.asset import Asset, Brief
from qa.calibration.binding import Binding
from qa.checks.check import Rule
from qa.checks.identity_binding import identity_bindings
from qa.checks.identity_calibrated import Learnt, calibrated, said, with_probability
from qa.checks.identity_changes import ChangeRules
from qa.checks.identity_findings import (
    NOT_LOCALISED,
    demand,
    is_more_like_others,
    limited,
    measured,
    other_subject,
    reason_code,
    unmeasured,
)
from qa.checks.identity_looks import References
from qa.checks.identity_options import SubjectOptions, SubjectsOptions
from qa.checks.identity_rules import files_of, refuse_same_files, rule_id
from qa.checks.identity_thresholds import Thresholds, thresholds_for
from qa.checks.identity_together import Compared, scores_together
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.verdict import Finding, Level, Limit, Status


class IdentityCheck:
    """Compares an asset with the references of every subject that must be on it, facet by facet.

    Which subjects: those the brief names, else the kit's `always: true` ones; never one whose level is off.
    """

    name: ClassVar[str] = "identity"
    version: ClassVar[int] = 4
    section: ClassVar[str] = "subjects"
    Options: ClassVar[type[SubjectsOptions]] = SubjectsOptions

    def __init__(
        self,
        subjects: Mapping[str, SubjectOptions],
        references: Mapping[str, References],
        *,
        off: Collection[str] = (),
        is_reviewed: bool = False,
        learnt: Learnt | None = None,
    ) -> None:
        self._subjects = dict(subjects)
        self._off = frozenset(off)
        self._references = dict(references)
        self._is_reviewed = is_reviewed
        self._changes = {name: ChangeRules(name, options, is_reviewed) for name, options in subjects.items()}
        self._learnt = learnt or Learnt()
        facets: set[Facet] = {facet for options in subjects.values() for facet in options.facets}
        wanted = {Need.FACES: bool(facets & OF_FACES), Need.FEATURES: bool(facets & OF_EMBEDDER - {"clothing"})}
        self.needs: frozenset[Need] = frozenset(need for need, is_wanted in wanted.items() if is_wanted)

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit knows no subjects.

        Raises:
            AnchorError: Two references of a subject are the same file to the byte: one would count twice.
        """
        stated = kit.section(cls.section, SubjectsOptions).root
        subjects = {name: options for name, options in stated.items() if options.level is not Level.OFF}
        if not subjects:
            return None
        for name, options in subjects.items():
            refuse_same_files(name, files_of(kit, options.references))
        references = {
            name: References(name, files_of(kit, options.references), files_of(kit, options.not_like), kit.background)
            for name, options in subjects.items()
        }
        return cls(
            subjects,
            references,
            off=stated.keys() - subjects.keys(),
            is_reviewed=kit.policy.uncalibrated == "review",
            learnt=Learnt(kit.calibration, cls.bindings(kit)),
        )

    @classmethod
    def bindings(cls, kit: BrandKit) -> dict[str, Binding]:
        """Return rule → what a calibration of it is bound to, the model left open."""
        return identity_bindings(kit, kit.section(cls.section, SubjectsOptions), cls.name, cls.version)

    def rules(self, brief: Brief) -> Sequence[Rule]:
        """Return a rule per subject and facet, its rules on changes, and one per subject that the kit does not know."""
        wanted = self._wanted(brief)
        return [
            *(
                Rule(rule_id(name, facet), options.level, demand(name, facet))
                for name, options in wanted.items()
                for facet in options.facets
            ),
            *(rule for name in wanted for rule in self._changes[name].rules().values()),
            *(
                Rule(rule_id(name), Level.BLOCK, f"{shorten(name)} as a subject of the kit")
                for name in self._unknown(brief)
            ),
        ]

    def judge(self, asset: Asset, evidence: Evidence) -> Sequence[Finding]:
        """Return one finding per rule."""
        wanted = self._wanted(asset.brief)
        rules = {
            (name, facet): self._compared(name, facet, evidence)
            for name, options in wanted.items()
            for facet in options.facets
        }
        scores = scores_together({pair: each for pair, each in rules.items() if isinstance(each, Compared)}, evidence)
        findings = [
            unmeasured(self._plain(*pair), reason_code(each), each)
            if not isinstance(each, Compared)
            else self._finding(pair, each, scores[pair], evidence)
            for pair, each in rules.items()
        ]
        of_subjects = {
            name: finding for (name, facet), finding in zip(rules, findings, strict=True) if facet == "subject"
        }
        for name, subject in of_subjects.items():
            findings.extend(self._changes[name].findings(subject, self._references[name], evidence))
        return findings + [self._unknown_subject(name) for name in self._unknown(asset.brief)]

    def _wanted(self, brief: Brief) -> dict[str, SubjectOptions]:
        named = brief.subjects
        return {
            name: options
            for name, options in self._subjects.items()
            if (options.always if named is None else name in named) and options.when.applies(brief)
        }

    def _unknown(self, brief: Brief) -> list[str]:
        return sorted(set(brief.subjects or ()) - set(self._subjects) - self._off)

    def _compared(self, name: str, facet: str, evidence: Evidence) -> Compared | ConsistencyError:
        """Return what a rule compares an asset with, or why there is nothing."""
        try:
            template = self._references[name].template(facet, evidence.engines)
        except (MissingBackend, AnchorError) as error:
            return error
        known = stated(self._subjects[name]) or thresholds_for(template.spec, facet, len(template.references))
        standing = self._learnt.standing(rule_id(name, facet), template.spec, evidence)
        needs_place = facet == "subject" and bool(self._changes[name].rules())
        return Compared(template, known, standing, calibrated(standing, known), needs_place)

    def _plain(self, name: str, facet: str) -> Finding:
        level, expected = self._subjects[name].level, demand(name, facet)
        rule = rule_id(name, facet)
        return Finding(rule, self.name, "met", level, Status.PASS, unit="similarity", expected=expected)

    def _finding(self, pair: tuple[str, str], compared: Compared, score: FacetScore, evidence: Evidence) -> Finding:
        plain = replace(self._plain(*pair), backend=compared.template.spec)
        if score.code == "taken" and pair[1] == "face" and self._may_fail(compared.thresholds):
            return replace(plain, code="identity.taken", status=Status.FAIL, observed=shorten(score.reason))
        if not score.is_measured:
            return unmeasured(plain, f"identity.{score.code}", score.reason)
        if pair[1] == "subject" and not says_where(evidence.features()):
            plain = replace(plain, assumptions=(NOT_LOCALISED,))
        finding = measured(plain, score, compared.template)
        if is_more_like_others(score):
            return other_subject(finding, score)
        finding = said(finding, compared.standing, compared.known)
        return self._judged(with_probability(finding, compared.standing), compared.thresholds)

    def _may_fail(self, thresholds: Thresholds | None) -> bool:
        """Whether a face that is nobody's fails: only where a similarity too low would."""
        lowest = -1.0
        return (
            thresholds is not None
            and lowest < thresholds.reject
            and not (self._is_reviewed and thresholds.is_uncalibrated(lowest))
        )

    def _judged(self, finding: Finding, thresholds: Thresholds | None) -> Finding:
        if thresholds is None:
            return unmeasured(finding, "identity.no_threshold", "state `accept` in the kit, or calibrate")
        finding = limited(finding, thresholds)
        similarity = finding.value if finding.value is not None else -1.0
        is_undecided = thresholds.reject <= similarity < thresholds.accept
        if is_undecided or (self._is_reviewed and thresholds.is_uncalibrated(similarity)):
            limit = Limit(">=", thresholds.accept, thresholds.source)
            why = "too close to tell" if is_undecided else "limits that no labels confirmed may not decide"
            return unmeasured(replace(finding, limit=limit), "identity.uncalibrated_band", why)
        if similarity < thresholds.reject:
            limit = Limit(">=", thresholds.reject, thresholds.reject_source)
            return replace(finding, code="identity.below_threshold", status=Status.FAIL, limit=limit)
        return replace(finding, limit=Limit(">=", thresholds.accept, thresholds.source))

    def _unknown_subject(self, name: str) -> Finding:
        known = sorted(self._subjects)
        near = get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}?" if near else f"the kit knows {', '.join(known)}"
        plain = Finding(
            rule_id(name), self.name, "identity.unknown_subject", Level.BLOCK, Status.NOT_EVALUABLE,
            expected="a subject of the kit",
        )  # fmt: skip
        return unmeasured(plain, "identity.unknown_subject", f"{name}; {hint}")


def stated(options: SubjectOptions) -> Thresholds | None:
    """Return the thresholds that the kit states itself."""
    if options.accept is None:
        return None
    return Thresholds(options.accept, options.accept if options.reject is None else options.reject, "kit")
