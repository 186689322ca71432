"""Several subjects on one picture: who is there, who is missing, who is a stranger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from consistency.anchor import Anchor
from consistency.anchor_models import SharedModels, sight_of
from consistency.errors import InputError, SpecMismatch, shorten, unknown_name
from consistency.facets import FACETS, OF_EMBEDDER, OF_FACES, Facet
from consistency.image import ImageSource
from consistency.joint import Stranger
from consistency.presence import TELLING, Presence, presence_floor, presence_of
from consistency.score import Score
from consistency.scoring import scored


@dataclass(frozen=True)
class SetScore:
    """What a picture shows of the subjects of a set. `print` says it in lines.

    Attributes:
        scores: Subject → its score, as `Anchor.score` gives it; its face is one that nobody else has, and there is no
            map of where a missing one differs.
        presence: Subject → whether it was found, is missing, or cannot be told, and why.
        strangers: Faces that are nobody's of the set, largest first. Of products that cannot be told: whatever is
            beside them looks like something.
    """

    scores: Mapping[str, Score]
    presence: Mapping[str, Presence]
    strangers: tuple[Stranger, ...]

    @property
    def found(self) -> tuple[str, ...]:
        """The subjects that are on the picture, in the set's order."""
        return self._with("found")

    @property
    def missing(self) -> tuple[str, ...]:
        """The subjects that are not; those of which it cannot be told are in neither."""
        return self._with("missing")

    def _with(self, status: str) -> tuple[str, ...]:
        return tuple(name for name, each in self.presence.items() if each.status == status)

    def __str__(self) -> str:
        return "\n".join([*_said_of_subjects(self.presence), *map(_said_of, self.strangers)])


class AnchorSet:
    """Anchors that are looked for on one picture together, each face and place for one of them only.

    Use it where several subjects are expected, or somebody else may be there; for one, `Anchor.score` is simpler. A
    picture is looked at once, however many anchors there are; for several products through smaller windows too, which
    takes seven times as long as for one.

    Args:
        anchors: Of different names, made with one embedder and one face finder; each is compared by its own facets. A
            face can be told from strangers only where anchors have the facet `face`.
        floors: Similarity from which a subject counts as found, by facet, `face` or `subject`; for models of which the
            package knows none, or in place of what it knows.

    Raises:
        InputError: No anchors, something else than anchors, two of one name, a floor that is no cosine.
        UnknownName: A floor for no facet.
        SpecMismatch: Anchors that were made with different models.
    """

    def __init__(self, anchors: Sequence[Anchor], *, floors: Mapping[str, float] | None = None) -> None:
        _check_anchors(anchors)
        self.anchors = tuple(anchors)
        self._floors = dict(floors or {})
        _check_floors(self._floors)
        _check_specs(self.anchors)
        self._models = SharedModels(self._first_with(OF_EMBEDDER).models, self._first_with(OF_FACES).models)

    def __repr__(self) -> str:
        return f"<AnchorSet {', '.join(anchor.name for anchor in self.anchors)}>"

    def __len__(self) -> int:
        return len(self.anchors)

    def __iter__(self) -> Iterator[Anchor]:
        return iter(self.anchors)

    def score(self, image: ImageSource) -> SetScore:
        """Compare a picture with all anchors together.

        Faces are given to subjects one to one, so that the similarities above what a stranger reaches add up to the
        most; of the places where a product may be, each counts for the subject it is most like. Transparent pixels
        count as white.

        Raises:
            ImageError: The picture cannot be read.
            SpecMismatch: The models at hand are not those that the anchors were made with.
        """
        is_crowded = sum("subject" in each.templates for each in self.anchors) > 1
        sight = sight_of(image, self._models, self._first_with(OF_EMBEDDER).spec, is_crowded=is_crowded)
        floors = {facet: {each.name: self._floor(each, facet) for each in self.anchors} for facet in TELLING}
        together = scored({each.name: each.templates for each in self.anchors}, sight, floors)
        scores, presence = {}, {}
        for anchor in self.anchors:
            facets = together.facets[anchor.name]
            own = {facet: floors[facet][anchor.name] for facet in TELLING}
            presence[anchor.name] = presence_of(facets, own, together.hidden)
            is_mapped = presence[anchor.name].status != "missing"
            scores[anchor.name] = anchor.completed(facets, sight, is_mapped=is_mapped)
        return SetScore(MappingProxyType(scores), MappingProxyType(presence), together.strangers)

    def _first_with(self, facets: frozenset[Facet]) -> Anchor:
        return next((each for each in self.anchors if facets & each.templates.keys()), self.anchors[0])

    def _floor(self, anchor: Anchor, facet: str) -> float | None:
        if facet not in anchor.templates:
            return None
        return self._floors.get(facet, presence_floor(anchor.templates[facet], facet))


def _check_anchors(anchors: object) -> None:
    if isinstance(anchors, Anchor) or not isinstance(anchors, Sequence) or isinstance(anchors, str | bytes):
        raise InputError("a list of anchors", type(anchors).__name__, "put it into brackets: AnchorSet([anchor])")
    wrong = next((each for each in anchors if not isinstance(each, Anchor)), None)
    if not anchors or wrong is not None:
        got = "none" if not anchors else type(wrong).__name__
        raise InputError("one or more anchors", got, "make each with Anchor.from_references() or Anchor.load()")
    names = [anchor.name for anchor in anchors]
    double = next((name for name in names if names.count(name) > 1), None)
    if double is not None:
        raise InputError("anchors of different names", f"{shorten(double)} twice", "a subject has one anchor")


def _check_floors(floors: Mapping[str, float]) -> None:
    for facet, floor in floors.items():
        if facet not in TELLING:
            raise unknown_name("facet that says who is there", facet, TELLING)
        if isinstance(floor, bool) or not isinstance(floor, int | float) or not -1 < floor < 1:
            raise InputError(f"a floor of {facet} in (-1, 1)", floor)


def _check_specs(anchors: Sequence[Anchor]) -> None:
    """Refuse anchors whose vectors cannot be compared with one look.

    Raises:
        SpecMismatch: Named by facet and anchors.
    """
    for facet in FACETS:
        made = {each.name: each.templates[facet].spec for each in anchors if facet in each.templates}
        if len(set(made.values())) > 1:
            (first, spec), *rest = made.items()
            other = next(name for name, each in rest if each != spec)
            got = f"{shorten(first)} by {spec}, {shorten(other)} by {made[other]}"
            raise SpecMismatch(f"anchors of one set whose {facet} one model has seen", got, "rebuild one of them")


def _said_of_subjects(presence: Mapping[str, Presence]) -> Iterator[str]:
    for name, each in presence.items():
        where = "" if each.box is None else f" at {each.box}"
        yield f"{shorten(name)}: {each.status.replace('_', ' ')}{where} ({shorten(each.reason)})"


def _said_of(stranger: Stranger) -> str:
    likeness = f"{shorten(stranger.like)}, {stranger.similarity:.2f}"
    said = f"{likeness}, once more" if stranger.is_repeat else f"most like {likeness}"
    return f"stranger at {stranger.box} ({said})"
