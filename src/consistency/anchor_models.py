"""The embedder and face finder behind anchors, and what they see of one picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from consistency.clothing import see_clothing
from consistency.difference import difference_map, look_at, spread_over
from consistency.embedders.embedder import (
    Embedder,
    EmbedderSpec,
    Features,
    Pixels,
    best_on_machine,
    load_embedder,
    require_same_spec,
)
from consistency.errors import ConsistencyError
from consistency.faces.drawn import DrawingTest, drawing_test, known_odds
from consistency.faces.finder import FaceFinder, load_face_finder
from consistency.facets import (
    Seen,
    face_of,
    face_of_reference,
    joined,
    nothing,
    see_closely,
    see_in_windows,
    style_of,
    windows,
)
from consistency.image import Image, ImageSource, load_image
from consistency.references import WHITE
from consistency.region import Box
from consistency.surroundings import background_of
from consistency.template import Template
from consistency.windows import overlapping

T = TypeVar("T")

NO_MAPS = np.zeros((0, 1, 1, 1), np.float16)


class Seers(Protocol):
    """Whatever has an embedder and a face finder, each loaded when first asked."""

    def embedder(self) -> Embedder:
        """Return the embedder."""
        ...

    def finder(self) -> FaceFinder:
        """Return the face finder."""
        ...

    def drawing_test(self) -> DrawingTest:
        """Return what tells drawn faces."""
        ...


class Models:
    """The models of one anchor.

    Args:
        embedder: A name, "auto" for the best on this machine, or an embedder; "" where none was named.
        face_finder: A name or a face finder; None takes "insightface".
    """

    def __init__(self, embedder: str | Embedder = "", face_finder: str | FaceFinder | None = None) -> None:
        self._embedder = best_on_machine() if embedder == "auto" else embedder
        self._finder: str | FaceFinder = "insightface" if face_finder is None else face_finder
        self.names = tuple(part if isinstance(part, str) else "" for part in (self._embedder, self._finder))
        self.spec: EmbedderSpec | None = None

    def embedder(self) -> Embedder:
        """Return the embedder, loaded at the first call."""
        if isinstance(self._embedder, str):
            self._embedder = load_embedder(_named(self._embedder, "embedder"))
        self.spec = self._embedder.spec
        return self._embedder

    def finder(self) -> FaceFinder:
        """Return the face finder, loaded at the first call."""
        if isinstance(self._finder, str):
            self._finder = load_face_finder(_named(self._finder, "face_finder"))
        return self._finder

    def drawing_test(self) -> DrawingTest:
        """Return what tells drawn faces, by the anchor's own embedder where that is loaded and the one it needs."""
        loaded = self._embedder
        if isinstance(loaded, str) or loaded.spec.id != known_odds().spec:
            return drawing_test()
        return DrawingTest(loaded)

    def maps(self, pictures: Sequence[Image], seen: Sequence[Seen], template: Template) -> NDArray[np.float16]:
        """Return the features of the subject on those references that are part of the template."""
        left_out = {each.index for each in template.dropped}
        kept = [index for index in range(len(pictures)) if index not in left_out]
        embed = self.embedder().embed
        found = [look_at(pictures[index].pixels, seen[index].boxes[0], embed) for index in kept]
        known = [each.astype(np.float16) for each in found if each is not None]
        return np.stack(known) if known else NO_MAPS


class SharedModels:
    """The embedder of one anchor and the face finder of another, so that a set of anchors loads each once."""

    def __init__(self, embedding: Models, finding: Models) -> None:
        self._embedding, self._finding = embedding, finding

    def embedder(self) -> Embedder:
        """Return the embedder of the one."""
        return self._embedding.embedder()

    def finder(self) -> FaceFinder:
        """Return the face finder of the other."""
        return self._finding.finder()

    def drawing_test(self) -> DrawingTest:
        """Return what tells drawn faces."""
        return self._embedding.drawing_test()


class Sight:
    """What models see of one picture; each thing measured once, however many subjects ask.

    Args:
        pixels: H×W×3 uint8 sRGB.
        models: What sees.
        is_reference: Whether the picture shows one subject large: one face, no windows.
        is_crowded: Whether several subjects are looked for, each on a part of the picture: through smaller windows too.
    """

    def __init__(self, pixels: Pixels, models: Seers, *, is_reference: bool = False, is_crowded: bool = False) -> None:
        self.pixels, self.models = pixels, models
        self._is_reference, self._is_crowded = is_reference, is_crowded
        self._known: dict[object, object] = {}

    def see(self, facet: str) -> Seen:
        """Return what the picture shows of a facet; of clothing, that below the largest face."""
        if facet == "clothing":
            return self.clothing(0)
        look = {"face": self._faces, "style": self._style, "background": self._background}.get(facet, self._subject)
        return self._once(facet, look)

    def clothing(self, place: int) -> Seen:
        """Return what is worn below one of the faces, by its place among them."""
        faces, spec = self.see("face"), self.clothing_spec()
        if faces.code:
            return nothing(spec, faces.code, faces.reason)
        boxes = [box for box in faces.boxes if box is not None]
        others = [box for index, box in enumerate(boxes) if index != place]
        embed = self.models.embedder().embed
        return self._once(("clothing", place), lambda: see_clothing(self.pixels, boxes[place], others, embed, spec))

    def difference(self, box: Box | None, maps: NDArray[np.float16]) -> NDArray[np.float32] | None:
        """Return where the subject in a box differs from every reference, as large as the picture."""
        seen = look_at(self.pixels, box, self.models.embedder().embed)
        if seen is None:
            return None
        return spread_over(difference_map(seen, list(maps)), box, *self.pixels.shape[:2])

    def clothing_spec(self) -> str:
        """Return the spec id of what is worn."""
        return clothing_spec(self.models.embedder().spec.id, self.models.finder().spec.id)

    def _faces(self) -> Seen:
        finder = self.models.finder()
        look = face_of_reference if self._is_reference else face_of
        faces = finder.find([self.pixels])[0]
        return look(faces, finder.spec.id, lambda each: self.models.drawing_test().are_drawn(self.pixels, each))

    def _whole(self) -> Features:
        return self._once("whole", lambda: self.models.embedder().embed([self.pixels]))

    def _style(self) -> Seen:
        return style_of(self.pixels, self._whole())

    def _background(self) -> Seen:
        return background_of(self.pixels, self._whole())

    def _subject(self) -> Seen:
        embed = self.models.embedder().embed
        closely = see_closely(self.pixels, self._whole(), embed)
        if closely.code or self._is_reference:
            return closely
        size = self.pixels.shape[:2]
        boxes = (*windows(*size), *overlapping(*size)) if self._is_crowded else ()
        return joined(closely, see_in_windows(self.pixels, embed, boxes))

    def _once(self, key: object, look: Callable[[], T]) -> T:
        if key not in self._known:
            self._known[key] = look()
        return self._known[key]  # type: ignore[return-value]


def sight_of(image: ImageSource, models: Seers, spec: EmbedderSpec | None, *, is_crowded: bool = False) -> Sight:
    """Return what models see of a picture, transparent pixels as white.

    Args:
        image: Anything that `load_image` reads.
        models: What sees.
        spec: The embedder that it has to be; None where none is needed.
        is_crowded: Whether several subjects are looked for.

    Raises:
        ImageError: The picture cannot be read.
        SpecMismatch: The embedder at hand is another one.
    """
    pixels = load_image(image).on_background(WHITE).pixels
    if spec is not None:
        require_same_spec(spec, models.embedder().spec)
    return Sight(pixels, models, is_crowded=is_crowded)


def clothing_spec(embedder: str, finder: str) -> str:
    """Return the spec id of what is worn: where it is hangs on the face finder, what it is on the embedder."""
    return f"{embedder} below {finder}"


def _named(name: str, kind: str) -> str:
    if not name:
        raise ConsistencyError(f"the {kind} the anchor was made with", "none", f"pass {kind}=… to Anchor.load()")
    return name
