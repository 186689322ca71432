"""Whether a subject is on a picture: what its similarity has to reach before it counts as found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from consistency.joint import is_below
from consistency.region import Box
from consistency.runtime.stored import read_format
from consistency.template import FacetScore, Template

FILE = "presence.json"
FORMAT, VERSION = "consistency.presence", 1

TELLING = ("face", "subject")
"""Facets that say who is there, the first that can be seen decides; clothes, style and background can be anyone's."""


@dataclass(frozen=True)
class Presence:
    """Whether a subject is on a picture.

    Attributes:
        status: "found", "missing" or "not_evaluable".
        reason: What it rests on, in words.
        box: Where it was found; None elsewhere, and where it fills the picture.
    """

    status: str
    reason: str
    box: Box | None = None


def presence_of(scores: Mapping[str, FacetScore], floors: Mapping[str, float | None], hidden: int) -> Presence:
    """Return whether a subject is there, by its face where one can be compared, else by the subject as a whole.

    Args:
        scores: Facet → score.
        floors: Facet → similarity from which it counts as found, None where unknown.
        hidden: Faces on the picture that could not be compared: one of them may be the missing one.
    """
    reasons = []
    for facet in TELLING:
        if facet not in scores:
            continue
        score, floor = scores[facet], floors.get(facet)
        if not score.is_measured and score.code != "taken":
            reasons.append(f"{facet}: {score.reason}")
        elif score.similarity is not None and floor is None:
            reasons.append(f"{facet} {score.similarity:.2f}, and no floor is known for this model: pass floors=…")
        elif score.similarity is not None and not is_below(score.similarity, floor):
            return Presence("found", f"{facet} {score.similarity:.2f}", score.box)
        elif facet == "face" and hidden:
            reasons.append(f"face: {hidden} more cannot be compared, and one may be the subject's")
        else:
            said = score.reason or f"{score.similarity:.2f}, found from {floor:.2f}"
            return Presence("missing", f"{facet}: {said}")
    return Presence("not_evaluable", "; ".join(reasons) or "none of its facets says who is there: add face or subject")


def presence_floor(template: Template, facet: str) -> float | None:
    """Return from which similarity a subject counts as found: as many of its own pictures lie below as others' above.

    None where nothing was derived for the model. Figures of few references hold for more of them.
    """
    known = known_floors().get((template.spec, facet), {})
    return known.get(max((count for count in known if count <= len(template.references)), default=0))


@cache
def known_floors() -> Mapping[tuple[str, str], Mapping[int, float]]:
    """Return (spec id, facet) → references → floor, as `tools/derive_presence.py` wrote them into the package."""
    record = read_format(files(__package__).joinpath(FILE).read_text("utf-8"), FORMAT, VERSION)
    found: dict[tuple[str, str], dict[int, float]] = {}
    for entry in record["floors"]:
        found.setdefault((entry["spec"], entry["facet"]), {})[int(entry["references"])] = float(entry["floor"])
    return found
