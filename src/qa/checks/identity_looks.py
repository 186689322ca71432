"""What the kit's references and an asset show of each facet, seen by the gate's models."""

from __future__ import annotations

from collections.abc import Mapping
from threading import RLock

import numpy as np

from consistency.anchor_models import Sight, clothing_spec
from consistency.clothing import see_clothing
from consistency.collapse import refuse_collapsed
from consistency.errors import AnchorError
from consistency.facets import (
    OF_EMBEDDER,
    OF_FACES,
    VERSION,
    Seen,
    face_of,
    joined,
    see_closely,
    see_in_windows,
    style_of,
)
from consistency.image import Image
from consistency.references import build_template, kept_views, read_references
from consistency.runtime.cache import default_cache
from consistency.surroundings import background_of
from consistency.template import Template
from consistency.views import View
from qa.engines import Engines
from qa.evidence import Evidence

KIND = "embeddings"


class References:
    """The references of one subject, and its templates, made when first asked; safe from several threads.

    Args:
        name: The subject.
        files: Name → bytes of its references.
        not_like: The same of what it must not be taken for.
        background: sRGB colour under transparent pixels.
    """

    def __init__(
        self, name: str, files: Mapping[str, bytes], not_like: Mapping[str, bytes], background: tuple[int, int, int]
    ) -> None:
        self._name = name
        self._files, self._not_like = dict(files), dict(not_like)
        self._background = background
        self._known: dict[tuple[str, str], Template | AnchorError] = {}
        self._views: dict[str, tuple[View, ...]] = {}
        self._lock = RLock()

    def template(self, facet: str, engines: Engines) -> Template:
        """Return the template of a facet.

        Raises:
            AnchorError: The references do not make one, said again each time.
            MissingBackend: The model is not on this machine.
        """
        spec = spec_of(facet, engines)
        with self._lock:
            known = self._known.get((facet, spec))
            if known is None:
                known = self._known[facet, spec] = self._make(facet, spec, engines)
        if isinstance(known, AnchorError):
            raise known
        return known

    def views(self, engines: Engines) -> tuple[View, ...]:
        """Return what changes are told by, of the references that are part of the template of the facet `subject`.

        Raises:
            AnchorError: They make none.
            MissingBackend: The model is not on this machine.
        """
        spec = spec_of("subject", engines)
        with self._lock:
            if spec not in self._views:
                pictures = self._pictures()
                seen = [
                    Sight(image.pixels, EngineModels(engines), is_reference=True).see("subject") for image in pictures
                ]
                self._views[spec] = kept_views(pictures, seen, self.template("subject", engines))
            return self._views[spec]

    def _pictures(self) -> list[Image]:
        return list(read_references(list(self._files.values()), background=self._background).values())

    def _make(self, facet: str, spec: str, engines: Engines) -> Template | AnchorError:
        try:
            if facet in OF_EMBEDDER:
                refuse_collapsed(engines.embedder())
            others = read_references(list(self._not_like.values()), background=self._background, is_needed=False)
            seen, against = (
                [remembered(facet, spec, image, engines) for image in images]
                for images in (self._pictures(), others.values())
            )
            return build_template(self._name, facet, seen, against)
        except AnchorError as error:
            return error


def spec_of(facet: str, engines: Engines) -> str:
    """Return the spec id of what a facet is seen by.

    Raises:
        MissingBackend: A model it needs is not on this machine.
    """
    finder = engines.face_finder().spec.id if facet in OF_FACES else ""
    embedder = engines.embedder().spec.id if facet in OF_EMBEDDER else ""
    return clothing_spec(embedder, finder) if facet == "clothing" else finder or embedder


class EngineModels:
    """The gate's models as those that see a picture."""

    def __init__(self, engines: Engines) -> None:
        self.embedder, self.finder, self.drawing_test = engines.embedder, engines.face_finder, engines.drawing_test


def remembered(facet: str, spec: str, image: Image, engines: Engines) -> Seen:
    """Return what a reference shows of a facet, from the cache on disk where it is there."""
    cache = default_cache()
    key = f"{VERSION}|{facet}|{spec}|{image.key}|{image.assumptions}"
    stored = cache.get_bytes(KIND, key)
    if stored is not None:
        return Seen(np.frombuffer(stored, "<f4").astype(np.float32).reshape(1, -1), (None,), spec)
    seen = Sight(image.pixels, EngineModels(engines), is_reference=True).see(facet)
    if not seen.code:
        cache.put_bytes(KIND, key, seen.vectors[:1].astype("<f4").tobytes())
    return seen


def see_at_a_glance(evidence: Evidence) -> Seen:
    """Return what an asset shows of a subject where the whole picture says it is, without its windows."""
    embed = evidence.engines.embedder().embed
    return evidence.recall(
        ("seen", "at a glance"), lambda: see_closely(evidence.image.pixels, evidence.features(), embed)
    )


def see_asset(facet: str, evidence: Evidence) -> Seen:
    """Return what an asset shows of a facet."""
    return AssetSight(evidence).see(facet)


class AssetSight:
    """What an asset shows of each facet; measured once, whoever asks first."""

    def __init__(self, evidence: Evidence) -> None:
        self._evidence = evidence

    def see(self, facet: str) -> Seen:
        """Return what the asset shows of a facet."""
        return self._evidence.recall(("seen", facet), lambda: self._see(facet))

    def clothing(self, place: int) -> Seen:
        """Return what is worn below one of the faces that can be compared, by its place among them."""
        evidence = self._evidence
        evidence.roles.add("embedder")
        boxes = [box for box in self.see("face").boxes if box is not None]
        others = [box for index, box in enumerate(boxes) if index != place]
        embed = evidence.engines.embedder().embed
        return evidence.recall(
            ("seen", "clothing", place),
            lambda: see_clothing(evidence.image.pixels, boxes[place], others, embed, self.clothing_spec()),
        )

    def clothing_spec(self) -> str:
        """Return the spec id of what is worn."""
        return spec_of("clothing", self._evidence.engines)

    def _see(self, facet: str) -> Seen:
        evidence, pixels = self._evidence, self._evidence.image.pixels
        if facet == "face":
            engines = evidence.engines
            faces, spec = evidence.faces(), engines.face_finder().spec.id
            return face_of(faces, spec, lambda each: engines.drawing_test().are_drawn(pixels, each))
        if facet == "style":
            return style_of(pixels, evidence.features())
        if facet == "background":
            return background_of(pixels, evidence.features())
        glance = see_at_a_glance(evidence)
        return glance if glance.code else joined(glance, see_in_windows(pixels, evidence.engines.embedder().embed))
