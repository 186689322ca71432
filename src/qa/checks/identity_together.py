"""The subjects of a brief, scored on one asset together: no face is two people's, and no place two products'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from consistency.joint import score_places
from consistency.scoring import scored
from consistency.template import FacetScore, Template
from qa.calibration.standing import Standing
from qa.checks.identity_looks import AssetSight, see_at_a_glance
from qa.checks.identity_thresholds import Thresholds
from qa.evidence import Evidence

Pair = tuple[str, str]
"""Subject and facet: one rule."""

FACELESS = FacetScore(
    None,
    status="not_evaluable",
    reason="clothes are looked for below the face, which is unknown",
    code="not_evaluable",
)


@dataclass(frozen=True, eq=False)
class Compared:
    """What one rule compares an asset with.

    Attributes:
        template: Of the references.
        known: Thresholds of kit or package; None where neither has any.
        standing: What the kit's calibration says of the rule.
        thresholds: Those that decide.
        needs_place: Whether it matters where the subject is, so that it is looked at closely in any case.
    """

    template: Template
    known: Thresholds | None
    standing: Standing
    thresholds: Thresholds | None
    needs_place: bool = False


def scores_together(rules: Mapping[Pair, Compared], evidence: Evidence) -> dict[Pair, FacetScore]:
    """Return the score of every rule of an asset."""
    places = {name: each for (name, facet), each in rules.items() if facet == "subject"}
    found = {(name, "subject"): score for name, score in subject_scores(places, evidence).items()}
    subjects: dict[str, dict[str, Template]] = {}
    for (name, facet), each in rules.items():
        if facet == "clothing" and (name, "face") not in rules:
            found[name, facet] = FACELESS
        elif facet != "subject":
            subjects.setdefault(name, {})[facet] = each.template
    floors = {name: floor(each.thresholds) for (name, facet), each in rules.items() if facet == "face"}
    rest = scored(subjects, AssetSight(evidence), {"face": floors})
    for name, facets in rest.facets.items():
        found |= {(name, facet): unsure(score, rest.hidden) for facet, score in facets.items()}
    return found


def unsure(score: FacetScore, hidden: int) -> FacetScore:
    """Return the score; of a subject for whom no face is left, that it cannot be told, if others are too small."""
    if score.code != "taken" or not hidden:
        return score
    return replace(score, code="not_evaluable", reason=f"{score.reason}; {hidden} more too small to compare")


def floor(thresholds: Thresholds | None) -> float | None:
    """Return the similarity below which a face or place is not a subject's; None where nothing says so."""
    if thresholds is None:
        return None
    return thresholds.reject if thresholds.reject > -1 else thresholds.accept


def subject_scores(rules: Mapping[str, Compared], evidence: Evidence) -> dict[str, FacetScore]:
    """Return subject → score: by the whole picture where that settles it, else by closer looks as well.

    More looks can only raise a similarity, so what passes at a glance passes; only what it must not look like could
    still show in a window. What is drawn for an audit is looked at closely in any case: its value may become a label,
    and a threshold learnt from labels has to mean the same for what it decides. So is a subject of which changes are
    told: they are those of its place.
    """
    if not rules:
        return {}
    templates = {name: each.template for name, each in rules.items()}
    floors = {name: floor(each.thresholds) for name, each in rules.items()}
    may_settle = [name for name, each in rules.items() if not (len(each.template.not_like) or each.needs_place)]
    may_settle = [] if evidence.is_audited else may_settle
    settled: dict[str, FacetScore] = {}
    if any(rules[name].thresholds is not None for name in may_settle):
        glance = score_places(templates, see_at_a_glance(evidence), floors)
        settled = {name: glance[name] for name in may_settle if passes(glance[name], rules[name].thresholds)}
    if len(settled) == len(rules):
        return settled
    return {**score_places(templates, AssetSight(evidence).see("subject"), floors), **settled}


def passes(score: FacetScore, thresholds: Thresholds | None) -> bool:
    """Whether a score is high enough to be accepted."""
    return thresholds is not None and score.similarity is not None and score.similarity >= thresholds.accept
