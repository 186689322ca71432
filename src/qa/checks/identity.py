"""Is this the brand's product, character, look? Each subject that must appear, compared with its references."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import ClassVar, Self

from consistency.errors import AnchorError, ConsistencyError, MissingBackend, shorten
from consistency.localisation import says_where
from consistency.region import Region
from consistency.template import FacetScore, Template
from qa.asset import Asset, Brief
from qa.checks.check import Rule
from qa.checks.identity_looks import References, see_asset, see_at_a_glance
from qa.checks.identity_options import SubjectOptions, SubjectsOptions
from qa.checks.identity_thresholds import Thresholds, thresholds_for
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.verdict import Finding, Fix, FixKind, Level, Limit, Status

REVIEW = (Fix(FixKind.HUMAN_REVIEW),)
NOT_LOCALISED = "this model does not say where it sees the subject: the whole picture and parts of it were compared"


class IdentityCheck:
    """Compares an asset with the references of every subject that must be on it, facet by facet.

    Which subjects: those the brief names, else the kit's `always: true` ones; never one whose level is off.
    """

    name: ClassVar[str] = "identity"
    version: ClassVar[int] = 2
    section: ClassVar[str] = "subjects"
    Options: ClassVar[type[SubjectsOptions]] = SubjectsOptions

    def __init__(
        self,
        subjects: Mapping[str, SubjectOptions],
        references: Mapping[str, References],
        *,
        off: Collection[str] = (),
        is_reviewed: bool = False,
    ) -> None:
        self._subjects = dict(subjects)
        self._off = frozenset(off)
        self._references = dict(references)
        self._is_reviewed = is_reviewed
        facets = {facet for options in subjects.values() for facet in options.facets}
        wanted = {Need.FACES: "face" in facets, Need.FEATURES: bool(facets - {"face"})}
        self.needs: frozenset[Need] = frozenset(need for need, is_wanted in wanted.items() if is_wanted)

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit knows no subjects."""
        stated = kit.section(cls.section, SubjectsOptions).root
        subjects = {name: options for name, options in stated.items() if options.level is not Level.OFF}
        if not subjects:
            return None
        references = {
            name: References(name, files_of(kit, options.references), files_of(kit, options.not_like), kit.background)
            for name, options in subjects.items()
        }
        return cls(
            subjects, references, off=stated.keys() - subjects.keys(), is_reviewed=kit.policy.uncalibrated == "review"
        )

    def rules(self, brief: Brief) -> Sequence[Rule]:
        """Return a rule per subject and facet, and one per subject of the brief that the kit does not know."""
        return [
            Rule(rule_id(name, facet), options.level, demand(name, facet))
            for name, options in self._wanted(brief).items()
            for facet in options.facets
        ] + [
            Rule(rule_id(name), Level.BLOCK, f"{shorten(name)} as a subject of the kit")
            for name in self._unknown(brief)
        ]

    def judge(self, asset: Asset, evidence: Evidence) -> Sequence[Finding]:
        """Return one finding per rule."""
        findings = [
            self._finding(name, facet, evidence)
            for name, options in self._wanted(asset.brief).items()
            for facet in options.facets
        ]
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

    def _finding(self, name: str, facet: str, evidence: Evidence) -> Finding:
        options = self._subjects[name]
        plain = Finding(
            rule_id(name, facet),
            self.name,
            "met",
            options.level,
            Status.PASS,
            unit="similarity",
            expected=demand(name, facet),
        )
        try:
            template = self._references[name].template(facet, evidence.engines)
            thresholds = stated(options) or thresholds_for(template.spec, facet, len(template.references))
            score = best_score(facet, template, thresholds, evidence)
        except MissingBackend as error:
            return unmeasured(plain, error.code, error)
        except AnchorError as error:
            return unmeasured(plain, "identity.not_evaluable", error)
        plain = replace(plain, backend=template.spec)
        if not score.is_measured:
            return unmeasured(plain, f"identity.{score.code}", score.reason)
        if facet == "subject" and not says_where(evidence.features()):
            plain = replace(plain, assumptions=(NOT_LOCALISED,))
        return self._judged(measured(plain, score, template), score, thresholds)

    def _judged(self, finding: Finding, score: FacetScore, thresholds: Thresholds | None) -> Finding:
        if is_more_like_others(score):
            return other_subject(finding, score)
        if thresholds is None:
            return unmeasured(finding, "identity.no_threshold", "state `accept` in the kit, or calibrate")
        finding = limited(finding, thresholds)
        similarity = finding.value if finding.value is not None else -1.0
        is_undecided = thresholds.reject <= similarity < thresholds.accept
        if is_undecided or (self._is_reviewed and thresholds.is_uncalibrated):
            limit = Limit(">=", thresholds.accept, thresholds.source)
            return unmeasured(replace(finding, limit=limit), "identity.uncalibrated_band", "too close to tell")
        if similarity < thresholds.reject:
            limit = Limit(">=", thresholds.reject, thresholds.source)
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


def best_score(facet: str, template: Template, thresholds: Thresholds | None, evidence: Evidence) -> FacetScore:
    """Return the score of an asset: by the whole picture where that settles it, else by closer looks as well.

    More looks can only raise a similarity, so what passes at a glance passes; only what it must not look like could
    still show in a window.
    """
    if facet == "subject" and thresholds is not None and not len(template.not_like):
        glance = template.score(see_at_a_glance(evidence))
        if glance.similarity is not None and glance.similarity >= thresholds.accept:
            return glance
    return template.score(see_asset(facet, evidence))


def files_of(kit: BrandKit, patterns: Sequence[str]) -> dict[str, bytes]:
    """Return name → bytes of the kit's files that the patterns name, each once."""
    names = dict.fromkeys(name for pattern in patterns for name in kit.expand(pattern))
    return {name: kit.files[name] for name in names}


def rule_id(name: str, facet: str = "") -> str:
    """Return `identity.<subject>.<facet>`, the subject on one line."""
    return ".".join(filter(None, ("identity", shorten(name), facet)))


def demand(name: str, facet: str) -> str:
    """Return what a rule demands, in words."""
    whose = shorten(name)
    return whose if facet == "subject" else f"the {facet} of {whose}"


def stated(options: SubjectOptions) -> Thresholds | None:
    """Return the thresholds that the kit states itself."""
    if options.accept is None:
        return None
    return Thresholds(options.accept, options.accept if options.reject is None else options.reject, "kit")


def measured(finding: Finding, score: FacetScore, template: Template) -> Finding:
    """Return the finding with what was measured and where, and which references were left out."""
    evidence: dict[str, float | int] = {"references": len(template.references)}
    left_out = tuple(f"reference {each.index + 1} left out: {each.reason}" for each in template.dropped)
    if score.nearest_similarity is not None:
        evidence["nearest_similarity"] = score.nearest_similarity
    if score.not_like_similarity is not None:
        evidence["not_like_similarity"] = score.not_like_similarity
    where = None if score.box is None else Region(score.box)
    assumptions = (*finding.assumptions, *left_out)
    return replace(finding, value=score.similarity, where=where, evidence=evidence, assumptions=assumptions)


def limited(finding: Finding, thresholds: Thresholds) -> Finding:
    """Return the finding with both thresholds and, where nobody confirmed them, what they come from."""
    evidence = {**finding.evidence, "accept": thresholds.accept, "reject": thresholds.reject}
    said = f"uncalibrated: from photographs, {thresholds.subjects} subjects"
    said_now = (said,) if thresholds.is_uncalibrated else ()
    return replace(finding, evidence=evidence, assumptions=(*finding.assumptions, *said_now))


def is_more_like_others(score: FacetScore) -> bool:
    """Whether a picture that it must not look like is at least as near as the nearest reference."""
    own, other = score.nearest_similarity, score.not_like_similarity
    return own is not None and other is not None and other >= own


def other_subject(finding: Finding, score: FacetScore) -> Finding:
    """Return the finding that the asset shows something else."""
    limit = Limit(">", score.not_like_similarity or 0.0)
    observed = "nearer to a picture it must not look like"
    return replace(
        finding,
        code="identity.not_like",
        status=Status.FAIL,
        value=score.nearest_similarity,
        limit=limit,
        observed=observed,
    )


def unmeasured(finding: Finding, code: str, reason: str | ConsistencyError) -> Finding:
    """Return the finding of a rule that a person has to judge."""
    return replace(finding, code=code, status=Status.NOT_EVALUABLE, observed=shorten(str(reason)), fixes=REVIEW)
