"""One picture against the templates of one or several subjects: the mechanism behind an anchor and a set of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from consistency.facets import Seen, nothing
from consistency.joint import (
    Floors,
    Stranger,
    Templates,
    face_places,
    is_below,
    score_faces,
    score_places,
    strangers_among,
)
from consistency.template import FacetScore


class Sight(Protocol):
    """What models see of one picture."""

    def see(self, facet: str) -> Seen:
        """Return what the picture shows of a facet."""
        ...

    def clothing(self, place: int) -> Seen:
        """Return what is worn below one of the faces, by its place among them."""
        ...

    def clothing_spec(self) -> str:
        """Return the spec id of what is worn."""
        ...


Subjects = Mapping[str, Templates]
"""Subject → facet → template."""


JOINT = frozenset({"subject", "face", "clothing"})
"""Facets of which a picture may show several subjects' at once."""


@dataclass(frozen=True)
class Scored:
    """What a picture shows of several subjects.

    Attributes:
        facets: Subject → facet → score, in the subject's own order of facets.
        strangers: Faces that are nobody's.
        hidden: Faces that were found and cannot be compared.
    """

    facets: Mapping[str, Mapping[str, FacetScore]]
    strangers: tuple[Stranger, ...] = ()
    hidden: int = 0


def scored(subjects: Subjects, sight: Sight, floors: Mapping[str, Floors]) -> Scored:
    """Score all subjects together: faces one to one, each place for the subject it is most like, the rest apart.

    Args:
        subjects: Subject → facet → template, one model per facet.
        sight: What is seen of the picture.
        floors: Facet → subject → similarity from which a face may be its own.

    Raises:
        SpecMismatch: The picture was seen by another model than the templates.
    """
    by_facet = {facet: _having(facet, subjects) for facets in subjects.values() for facet in facets}
    floor = floors.get("face", {})
    found = {facet: _apart(facet, templates, sight) for facet, templates in by_facet.items() if facet not in JOINT}
    scene = Scored({})
    if "subject" in by_facet:
        found["subject"] = score_places(by_facet["subject"], sight.see("subject"), floors.get("subject", {}))
    if "face" in by_facet:
        templates, faces = by_facet["face"], sight.see("face")
        places = face_places(templates, faces, floor)
        found["face"] = score_faces(templates, faces, places)
        scene = Scored({}, strangers_among(templates, faces, places, floor), faces.hidden)
        found["clothing"] = {
            name: template.score(worn(found["face"][name], places[name], floor.get(name), sight))
            for name, template in by_facet.get("clothing", {}).items()
        }
    return replace(scene, facets={name: {facet: found[facet][name] for facet in own} for name, own in subjects.items()})


def _apart(facet: str, templates: Templates, sight: Sight) -> dict[str, FacetScore]:
    return {name: template.score(sight.see(facet)) for name, template in templates.items()}


def worn(face: FacetScore, place: int | None, floor: float | None, sight: Sight) -> Seen:
    """Return what is worn below the face that is a subject's own; nothing where none is."""
    if place is not None and not is_below(face.similarity or 0.0, floor):
        return sight.clothing(place)
    why = face.reason if place is None else f"the face above is somebody else's, {face.similarity:.2f}"
    return nothing(sight.clothing_spec(), face.code or "not_evaluable", why)


def _having(facet: str, subjects: Subjects) -> Templates:
    return {name: facets[facet] for name, facets in subjects.items() if facet in facets}
