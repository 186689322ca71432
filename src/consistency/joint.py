"""Several subjects on one picture: which face and which place is whose, each of them only once.

Faces are things that can be counted, so they are given out one to one. Places of a product are looks that overlap, so
each belongs to the subject that it is most like: a second look at one product then speaks for no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consistency.assignment import assigned
from consistency.errors import shorten
from consistency.facets import Seen
from consistency.region import Box
from consistency.template import FacetScore, Template

Templates = Mapping[str, Template]
"""Subject → its template of the facet in question."""

Floors = Mapping[str, float | None]
"""Subject → similarity from which a face or place may be its own; None where nothing is known of the model."""

NO_FACE = "no face is left: the one most like it, {similarity:.2f}, went to {owner}"
NO_PLACE = "the place most like it, {similarity:.2f}, is more like {owner}"


@dataclass(frozen=True)
class Stranger:
    """A face that is nobody's.

    Attributes:
        box: Where.
        like: The subject it is most like.
        similarity: How alike it is to that one.
        is_repeat: Whether it is as alike as that subject's own face may be: the same person twice.
    """

    box: Box
    like: str
    similarity: float
    is_repeat: bool


def face_places(templates: Templates, seen: Seen, floors: Floors) -> dict[str, int | None]:
    """Return subject → the place of its face, no face twice; None where there are fewer faces than subjects.

    The sum of what similarities have above the floors is made as large as it gets; subjects that are left take what
    faces are left, the most alike first, so that their similarity says how far off they are.

    Args:
        templates: Of the facet `face`.
        seen: The faces of the picture.
        floors: Where a similarity begins to speak for a subject; None counts as 0, what faces of others are around.
    """
    if seen.code:
        return dict.fromkeys(templates)
    table = _table(templates, seen)
    floor = np.array([floors.get(name) or 0.0 for name in templates])
    places = list(assigned(table - floor[:, None]))
    rows = [row for row, place in enumerate(places) if place is None]
    free = [column for column in range(table.shape[1]) if column not in places]
    # Cosines are at least -1: with 2 more, any face is better than none.
    rest = assigned(table[np.ix_(rows, free)] + 2.0)
    for row, place in zip(rows, rest, strict=True):
        places[row] = None if place is None else free[place]
    return dict(zip(templates, places, strict=True))


def score_faces(templates: Templates, seen: Seen, places: Mapping[str, int | None]) -> dict[str, FacetScore]:
    """Return subject → the score of its face; one for which no face is left is not evaluable, with the code "taken"."""
    owners = {place: name for name, place in places.items() if place is not None}
    own = {name: () if place is None else (place,) for name, place in places.items()}
    return {name: _at(template, seen, own[name], owners, NO_FACE) for name, template in templates.items()}


def score_places(templates: Templates, seen: Seen, floors: Floors) -> dict[str, FacetScore]:
    """Return subject → the score of the best of its own places.

    A place belongs to the subject that it is most like; where two are alike to the digit, to both. A subject without a
    place of its own that reaches its floor is not evaluable, with the code "taken", where another's place does, and
    else scored by whatever is most like it: so little that it does not matter whose it is.
    """
    if seen.code:
        return {name: template.score(seen) for name, template in templates.items()}
    table, names = _table(templates, seen), list(templates)
    owners = {place: names[row] for place, row in enumerate(table.argmax(axis=0))}
    own = table >= table.max(axis=0)
    return {
        name: _at(template, seen, _own(row, mine, floors.get(name)), owners, NO_PLACE)
        for (name, template), row, mine in zip(templates.items(), table, own, strict=True)
    }


def _own(similarities: NDArray[np.float64], is_own: NDArray[np.bool_], floor: float | None) -> list[int]:
    """Return the places that speak for a subject: its own; all if none reaches the floor; none if taken."""
    own, everywhere = np.flatnonzero(is_own).tolist(), list(range(len(similarities)))
    if floor is None:
        return own or everywhere
    if own and similarities[own].max() >= floor:
        return own
    return [] if similarities.max() >= floor else everywhere


def _at(template: Template, seen: Seen, places: Sequence[int], owners: Mapping[int, str], said: str) -> FacetScore:
    """Return the score of the best of a subject's own places, or whose the place most like it is."""
    if seen.code:
        return template.score(seen)
    if len(places):
        return template.score(seen.at(places))
    similarities = template.similarities(seen)
    nearest = int(similarities.argmax())
    reason = said.format(similarity=similarities[nearest], owner=shorten(owners[nearest]))
    return FacetScore(None, status="not_evaluable", reason=reason, code="taken")


def strangers_among(
    templates: Templates, seen: Seen, places: Mapping[str, int | None], floors: Floors
) -> tuple[Stranger, ...]:
    """Return the faces that are nobody's, in their order: given to nobody, or to one whose floor they do not reach.

    Where nothing is known of the model, only those that are given to nobody are known to be strangers.
    """
    if seen.code:
        return ()
    names = list(templates)
    table = _table(templates, seen)
    owner = {place: name for name, place in places.items() if place is not None}
    found = []
    for place, box in enumerate(seen.boxes):
        name = owner.get(place)
        if box is not None and (name is None or is_below(table[names.index(name), place], floors.get(name))):
            found.append(_stranger(names, table[:, place], box, floors))
    return tuple(found)


def _stranger(names: list[str], column: NDArray[np.float64], box: Box, floors: Floors) -> Stranger:
    nearest = int(column.argmax())
    similarity, floor = float(column[nearest]), floors.get(names[nearest])
    return Stranger(box, names[nearest], similarity, floor is not None and similarity >= floor)


def _table(templates: Templates, seen: Seen) -> NDArray[np.float64]:
    return np.stack([template.similarities(seen) for template in templates.values()])


def is_below(similarity: float, floor: float | None) -> bool:
    """Whether a similarity is known to be too low."""
    return floor is not None and similarity < floor
