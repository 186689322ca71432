"""What a subject looks like, from 1 to 10 references, and how alike another picture is, facet by facet."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from consistency.anchor_display import description, page_piece
from consistency.anchor_file import StoredAnchor, read_anchor, write_anchor
from consistency.anchor_models import NO_MAPS, Models, Sight, sight_of
from consistency.calibration.curves import Curve
from consistency.changes import Change, changes_of
from consistency.collapse import refuse_collapsed
from consistency.embedders.embedder import Embedder, EmbedderSpec
from consistency.errors import AnchorError, InputError, unknown_name
from consistency.faces.finder import FaceFinder
from consistency.facets import FACETS, OF_EMBEDDER
from consistency.image import ImageSource
from consistency.presence import presence_floor
from consistency.references import build_template, kept_views, read_references, refuse_doubles
from consistency.score import Score
from consistency.scoring import scored
from consistency.template import Dropped, FacetScore, Template, with_probability
from consistency.thumbnails import copied, squeezed
from consistency.views import View


@dataclass(frozen=True, eq=False)
class Anchor:
    """A named subject as templates, one per facet. `Anchor.from_references` makes it.

    Use it to compare pictures of one subject; `qa.Gate` judges them by a kit.

    Attributes:
        name: The subject's name.
        templates: Facet → template.
        references: Sha256 of each reference's file.
        not_like: Sha256 of each picture it must not look like.
        thumbnails: n×64×64×3 uint8, the references squeezed into squares, in their order.
        maps: m×h×w×d float16, features of the subject of those references that are part of the template; m = 0 where
            the embedder has none or the facet is not compared.
        spec: Spec of the embedder, or None where only faces are compared.
        embedder_name: Name that loads the embedder again, "" where an object was handed in.
        finder_name: The same for the face finder.
        models: What sees pictures for it, loaded when first needed.
        views: What changes are told by, of those references whose subject is part of the template; none where an older
            release saved the anchor or the facet is not compared.
        curves: Facet → curve from similarity to probability; `calibrated` sets them.
    """

    name: str
    templates: Mapping[str, Template]
    references: tuple[str, ...]
    thumbnails: NDArray[np.uint8] = field(repr=False)
    maps: NDArray[np.float16] = field(repr=False)
    not_like: tuple[str, ...] = ()
    spec: EmbedderSpec | None = None
    embedder_name: str = ""
    finder_name: str = ""
    models: Models = field(default_factory=lambda: Models(), repr=False)
    views: tuple[View, ...] = field(default=(), repr=False)
    curves: Mapping[str, Curve] = field(default_factory=lambda: MappingProxyType({}), repr=False)

    def __repr__(self) -> str:
        facets = ", ".join(self.templates)
        model = self.finder_name if self.spec is None else self.embedder_name
        return f"<Anchor {self.name!r}: {facets} from {len(self.references)} references, {model or 'own model'}>"

    @classmethod
    def from_references(
        cls,
        name: str,
        references: Sequence[ImageSource],
        *,
        facets: Sequence[str] = ("subject",),
        embedder: str | Embedder = "auto",
        face_finder: str | FaceFinder | None = None,
        not_like: Sequence[ImageSource] = (),
    ) -> Anchor:
        """Make an anchor from pictures that show the subject large.

        Args:
            name: The subject's name.
            references: 1 to 10 pictures. Of three or more, those unlike the others are left out: see `dropped`.
            facets: Of FACETS; `clothing` needs `face`, below which it is looked for.
            embedder: A name or an embedder; "auto" takes the best one on this machine and says which.
            face_finder: A name or a face finder, for `face` and `clothing`; None takes "insightface".
            not_like: Pictures of what it must not be taken for: old packaging, sibling products.

        Raises:
            AnchorError: No or too many references, the same file twice, one that is unreadable or too small, none that
                shows a facet, no majority that shows one subject, or an encoder that finds every picture alike.
            InputError: `name` is no string, or `references` is one path instead of a list of them.
            UnknownName: An unknown facet or model.
            MissingBackend: A model that is not on this machine.
        """
        if not isinstance(name, str):
            raise InputError("the subject's name first", type(name).__name__, 'write from_references("sneaker", [...])')
        if isinstance(references, str | bytes | os.PathLike):
            raise InputError("a list of references", type(references).__name__, "put it into brackets: [reference]")
        check_facets(facets)
        models = Models(embedder, face_finder)
        if OF_EMBEDDER & set(facets):
            refuse_collapsed(models.embedder())
        pictures, others = read_references(references), read_references(not_like, is_needed=False)
        if len(pictures) < len(references):
            refuse_doubles(references)
        shown, unlike = (
            [Sight(image.pixels, models, is_reference=True) for image in images.values()]
            for images in (pictures, others)
        )
        templates, maps = {}, NO_MAPS
        views: tuple[View, ...] = ()
        for facet in facets:
            seen, against = ([sight.see(facet) for sight in sights] for sights in (shown, unlike))
            templates[facet] = build_template(name, facet, seen, against)
            if facet == "subject":
                maps = models.maps(tuple(pictures.values()), seen, templates[facet])
                views = kept_views(tuple(pictures.values()), seen, templates[facet])
        embedder_name, finder_name = models.names
        return cls(
            name,
            MappingProxyType(templates),
            tuple(pictures),
            np.stack([squeezed(image.pixels) for image in pictures.values()]),
            maps,
            tuple(others),
            models.spec,
            embedder_name,
            finder_name,
            models,
            views,
        )

    @property
    def facets(self) -> tuple[str, ...]:
        """The facets it compares."""
        return tuple(self.templates)

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """The references that a facet leaves out, with the reason: wrong ones, and those that do not show it."""
        return tuple(each for template in self.templates.values() for each in template.dropped)

    def describe(self) -> str:
        """Return what the anchor is made of, in lines: references, what was left out and why, how far they lie apart.

        The spread, cosines of each reference to the others, is the anchor's own tolerance: what a new picture of the
        subject may be expected to reach at least.
        """
        return description(self.name, self.templates, self.references)

    def _repr_html_(self) -> str:
        return page_piece(self.name, self.templates, self.references, self.thumbnails)

    def score(self, image: ImageSource) -> Score:
        """Compare a picture with the references; a facet that cannot be seen is not evaluable, never 0 or 1.

        Transparent pixels count as white.

        Raises:
            ImageError: The picture cannot be read.
            SpecMismatch: The embedder at hand is not the anchor's.
        """
        sight = sight_of(image, self.models, self.spec)
        floors = {facet: {self.name: presence_floor(each, facet)} for facet, each in self.templates.items()}
        return self.completed(scored({self.name: self.templates}, sight, floors).facets[self.name], sight)

    def calibrated(self, curves: Mapping[str, Curve]) -> Anchor:
        """Return the anchor with curves from labels, so that its scores have probabilities; `save` keeps them.

        A curve holds for this anchor's similarities only: fit it to those, and again where references change.

        Args:
            curves: Facet → what `consistency.calibration.fit_curve` returns.

        Raises:
            UnknownName: A facet that the anchor does not compare.
            InputError: Something else than a curve.

        Example:
            >>> anchor = anchor.calibrated({"subject": fit_curve(similarities, is_bad)})  # doctest: +SKIP
        """
        for facet, curve in curves.items():
            if facet not in self.templates:
                raise unknown_name("facet of the anchor", facet, self.templates)
            if not isinstance(curve, Curve):
                raise InputError("a curve of consistency.calibration.fit_curve", type(curve).__name__)
        return replace(self, curves=MappingProxyType(dict(curves)))

    def completed(self, facets: Mapping[str, FacetScore], sight: Sight, *, is_mapped: bool = True) -> Score:
        """Return the score of a picture from those of its facets, with probabilities, map, changes, what it copies.

        Args:
            facets: Facet → score.
            sight: What was seen of the picture.
            is_mapped: Whether the map and changes are wanted, two further looks at the picture.
        """
        scores = {facet: with_probability(score, self.curves.get(facet)) for facet, score in facets.items()}
        changes: Mapping[str, Change] = MappingProxyType({})
        if is_mapped and "subject" in scores and scores["subject"].is_measured:
            box = scores["subject"].box
            changes = changes_of(sight.pixels, box, self.views)
            if len(self.maps):
                scores["subject"] = replace(scores["subject"], where=sight.difference(box, self.maps))
        return Score(MappingProxyType(scores), copied(squeezed(sight.pixels), self.thumbnails), changes)

    def save(self, folder: str | os.PathLike[str]) -> Path:
        """Write `anchor.json` and `anchor.safetensors` into a folder, made if need be; returns the folder."""
        stored = StoredAnchor(
            self.name,
            self.templates,
            self.references,
            self.thumbnails,
            self.maps,
            self.not_like,
            self.spec,
            self.embedder_name,
            self.finder_name,
            self.views,
            self.curves,
        )
        return write_anchor(Path(folder), stored)

    @classmethod
    def load(
        cls,
        folder: str | os.PathLike[str],
        *,
        embedder: str | Embedder | None = None,
        face_finder: str | FaceFinder | None = None,
    ) -> Anchor:
        """Read an anchor that `save` wrote; its models load when a picture is scored.

        Args:
            folder: Where it was saved.
            embedder: The embedder to use; None takes the one it was made with, by name.
            face_finder: The same for faces.

        Raises:
            StoredFormatError: Missing, truncated, tampered with, or of a newer version.
        """
        stored = read_anchor(Path(folder))
        models = Models(embedder or stored.embedder_name, face_finder or stored.finder_name)
        return cls(
            stored.name,
            MappingProxyType(dict(stored.templates)),
            stored.references,
            stored.thumbnails,
            stored.maps,
            stored.not_like,
            stored.spec,
            stored.embedder_name,
            stored.finder_name,
            models,
            stored.views,
            MappingProxyType(dict(stored.curves)),
        )


def check_facets(facets: Sequence[str]) -> None:
    """Refuse facets that are unknown, doubled or none.

    Raises:
        UnknownName: An unknown facet.
        AnchorError: None, one twice, or `clothing` without `face`.
    """
    if isinstance(facets, str):
        raise AnchorError("facets in brackets", repr(facets), f"write ({facets!r},)")
    for facet in facets:
        if facet not in FACETS:
            raise unknown_name("facet", facet, FACETS)
    if not facets or len(set(facets)) != len(facets):
        raise AnchorError("facets, each once", list(facets))
    if "clothing" in facets and "face" not in facets:
        raise AnchorError("face beside clothing", list(facets), "clothes are looked for below the subject's own face")
