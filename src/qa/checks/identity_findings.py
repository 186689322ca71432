"""What an identity finding says: what was measured and where, by which thresholds, or why a person has to look."""

from __future__ import annotations

from dataclasses import asdict, replace

from consistency.errors import ConsistencyError, MissingBackend, shorten
from consistency.faces.view import FaceView
from consistency.region import Region
from consistency.template import FacetScore, Template
from qa.checks.identity_thresholds import Thresholds
from qa.verdict import Finding, Fix, FixKind, Limit, Status

REVIEW = (Fix(FixKind.HUMAN_REVIEW),)
NOT_LOCALISED = "this model does not say where it sees the subject: the whole picture and parts of it were compared"


def reason_code(error: ConsistencyError) -> str:
    """Return why there is nothing to compare with: a model that is missing, or references that make no template."""
    return error.code if isinstance(error, MissingBackend) else "identity.not_evaluable"


def demand(name: str, facet: str) -> str:
    """Return what a rule demands, in words."""
    whose = shorten(name)
    return whose if facet == "subject" else f"the {facet} of {whose}"


def measured(finding: Finding, score: FacetScore, template: Template) -> Finding:
    """Return the finding with what was measured and where, and which references were left out."""
    evidence: dict[str, float | int] = {"references": len(template.references)}
    left_out = tuple(f"reference {each.index + 1} left out: {each.reason}" for each in template.dropped)
    if score.nearest_similarity is not None:
        evidence["nearest_similarity"] = score.nearest_similarity
    if score.not_like_similarity is not None:
        evidence["not_like_similarity"] = score.not_like_similarity
    evidence |= view_evidence(score.view)
    where = None if score.box is None else Region(score.box)
    assumptions = (*finding.assumptions, *left_out)
    return replace(finding, value=score.similarity, where=where, evidence=evidence, assumptions=assumptions)


def view_evidence(view: FaceView | None) -> dict[str, float | int]:
    """Return how the face was seen, for those who wonder at its similarity."""
    known = {} if view is None else {f"face_{name}": value for name, value in asdict(view).items()}
    return {name: value for name, value in known.items() if value is not None}


def limited(finding: Finding, thresholds: Thresholds) -> Finding:
    """Return the finding with both thresholds and, where nobody confirmed them, what they come from."""
    evidence = {**finding.evidence, "accept": thresholds.accept, "reject": thresholds.reject}
    which = {"default": "", "calibration": "reject threshold "}.get(thresholds.source)
    is_from_photographs = which is not None and thresholds.reject_source == "default"
    words = (f"{which}uncalibrated: from photographs, {thresholds.subjects} subjects",) if is_from_photographs else ()
    return replace(finding, evidence=evidence, assumptions=(*finding.assumptions, *words))


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
