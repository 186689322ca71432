"""What the kit's references and an asset show of each facet, seen by the gate's models."""

from __future__ import annotations

from collections.abc import Mapping
from threading import RLock

import numpy as np

from consistency import facets
from consistency.collapse import refuse_collapsed
from consistency.errors import AnchorError
from consistency.facets import VERSION, Seen, face_of, joined, see_closely, see_in_windows, style_of
from consistency.image import Image
from consistency.references import build_template, read_references
from consistency.runtime.cache import default_cache
from consistency.template import Template
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
        self._lock = RLock()

    def template(self, facet: str, engines: Engines) -> Template:
        """Return the template of a facet.

        Raises:
            AnchorError: The references do not make one, said again each time.
            MissingBackend: The model is not on this machine.
        """
        spec = (engines.face_finder() if facet == "face" else engines.embedder()).spec.id
        with self._lock:
            known = self._known.get((facet, spec))
            if known is None:
                known = self._known[facet, spec] = self._make(facet, spec, engines)
        if isinstance(known, AnchorError):
            raise known
        return known

    def _make(self, facet: str, spec: str, engines: Engines) -> Template | AnchorError:
        try:
            if facet != "face":
                refuse_collapsed(engines.embedder())
            shown = read_references(list(self._files.values()), background=self._background)
            others = read_references(list(self._not_like.values()), background=self._background, is_needed=False)
            seen, against = (
                [remembered(facet, spec, image, engines) for image in images.values()] for images in (shown, others)
            )
            return build_template(self._name, facet, seen, against)
        except AnchorError as error:
            return error


def remembered(facet: str, spec: str, image: Image, engines: Engines) -> Seen:
    """Return what a reference shows of a facet, from the cache on disk where it is there."""
    cache = default_cache()
    key = f"{VERSION}|{facet}|{spec}|{image.key}|{image.assumptions}"
    stored = cache.get_bytes(KIND, key)
    if stored is not None:
        return Seen(np.frombuffer(stored, "<f4").astype(np.float32).reshape(1, -1), (None,), spec)
    seen = see_reference(facet, image, engines)
    if not seen.code:
        cache.put_bytes(KIND, key, seen.vectors[:1].astype("<f4").tobytes())
    return seen


def see_reference(facet: str, image: Image, engines: Engines) -> Seen:
    """Return what a reference shows of a facet: a subject fills it, its face is the largest."""
    if facet == "face":
        finder = engines.face_finder()
        return face_of(finder.find([image.pixels])[0][:1], finder.spec.id)
    embedder = engines.embedder()
    if facet == "style":
        return style_of(image.pixels, embedder.embed([image.pixels]))
    return facets.see_reference(image.pixels, embedder.embed)


def see_at_a_glance(evidence: Evidence) -> Seen:
    """Return what an asset shows of a subject where the whole picture says it is, without its windows."""
    embed = evidence.engines.embedder().embed
    return evidence.recall(
        ("seen", "at a glance"), lambda: see_closely(evidence.image.pixels, evidence.features(), embed)
    )


def see_asset(facet: str, evidence: Evidence) -> Seen:
    """Return what an asset shows of a facet; measured once, whoever asks first."""
    return evidence.recall(("seen", facet), lambda: _see_asset(facet, evidence))


def _see_asset(facet: str, evidence: Evidence) -> Seen:
    pixels = evidence.image.pixels
    if facet == "face":
        return face_of(evidence.faces(), evidence.engines.face_finder().spec.id)
    if facet == "style":
        return style_of(pixels, evidence.features())
    glance = see_at_a_glance(evidence)
    return glance if glance.code else joined(glance, see_in_windows(pixels, evidence.engines.embedder().embed))
