"""How alike a picture is to an anchor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from consistency.changes import Change
from consistency.template import DIGITS, FacetScore

COLOURS = 0.3
"""Of the distance of colours, what is taken off a similarity: whichever kind of subject is left out, weights of 0.25 to
0.4 have the least equal error on pairs of photographs of the others (`benchmarks/identity.py --only pairs`)."""


@dataclass(frozen=True)
class Score:
    """How alike a picture is to an anchor, facet by facet.

    Attributes:
        facets: Facet → its score.
        copy_of: Place, from 0, of the reference whose pixels the picture repeats, in whatever size or compression; such
            a picture shows nothing new, however alike it is. None for every other picture.
        changes: "mirrored", "stretched", "recoloured", "reprinted" → how far the subject departs from its references in
            that, or why it cannot be told. Empty where the facet "subject" is not compared or was not measured.
    """

    facets: Mapping[str, FacetScore]
    copy_of: int | None = None
    changes: Mapping[str, Change] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def likeness(self) -> float | None:
        """The subject's similarity less a share of how far its colours lie from the nearest reference's.

        With one reference it tells subjects apart better than the similarity alone; with three no better, and a small
        subject in a busy scene, whose colours it sees too, a little worse. For comparing pictures by: no threshold is
        known for it, and the gate decides by the similarity. None where either is not measured.
        """
        subject, recoloured = self.facets.get("subject"), self.changes.get("recoloured")
        if subject is None or subject.similarity is None or recoloured is None or recoloured.value is None:
            return None
        return round(subject.similarity - COLOURS * recoloured.value, DIGITS) + 0.0
