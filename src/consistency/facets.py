"""Which pixels speak for which facet of a subject, and as what vector."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from consistency.colours import colour_vector
from consistency.embedders.embedder import Features, Pixels
from consistency.errors import InputError
from consistency.faces.finder import Face
from consistency.faces.view import FaceView, view_of
from consistency.localisation import subject_box
from consistency.region import Box

Embed = Callable[[Sequence[Pixels]], Features]

AreDrawn = Callable[[Sequence[Face]], Sequence[bool]]
"""Whether each of some faces of one picture is drawn, not photographed."""

Facet = Literal["subject", "face", "clothing", "style", "background"]

FACETS: tuple[Facet, ...] = get_args(Facet)
"""Facets that can be anchored: the product or character as a whole, its face, what is worn below that face, how
pictures are made, what is behind the subject."""

OF_FACES: frozenset[Facet] = frozenset({"face", "clothing"})
"""Facets that need a face finder."""

OF_LOOKS: frozenset[Facet] = frozenset({"clothing"})
"""Facets of which a subject may have several looks: outfits."""

OF_EMBEDDER: frozenset[Facet] = frozenset(FACETS) - {"face"}
"""Facets that need an embedder."""

VERSION = 5
"""Raised when the same picture may be seen otherwise; part of what cached looks are filed under."""

MARGIN = 0.1
"""Room around the subject when it is looked at closely, over the longer side of where it was found. 0 to 0.15 measure
alike on pairs (`tools/compare_embeddings.py localise`); at 0.1 `tools/derive_thresholds.py` accepts most at 1 %."""

SMALLEST_FACE = 32
"""Pixels of a face's shorter side: below, a recogniser that looks at 112 sees mostly its own enlargement."""

DRAWN = "drawn, not photographed: face networks compare photographs only"
"""Why a drawing of a face has no similarity."""

BEHIND = 0.5
"""Of a face's height: faces of less belong to people who stand behind."""

WINDOW_FRACTION = 0.5
"""Side of a window over the geometric mean of the picture's sides (`tools/compare_embeddings.py windows`)."""

WINDOW_PLACES = ((0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0), (0.5, 0.5))
"""Where windows sit in the room they have, down and across: the corners and the centre."""

PLAIN_DEVIATION = 2.0
"""A picture whose channels all deviate by less, of 255, shows nothing; a plain colour stays 0 through JPEG."""


@dataclass(frozen=True, eq=False)
class Seen:
    """What one picture shows of one facet.

    Attributes:
        vectors: n×d float32 of unit length, one per place looked at; n = 0 where the facet cannot be seen.
        boxes: Where each vector was taken; None is the whole picture.
        spec: Spec id of the model that made them.
        code: Why nothing could be seen: "no_face", "not_evaluable"; else "".
        reason: The same in words.
        views: How each face is seen; none for what is no face.
        hidden: Faces that were found and cannot be compared: too small, drawn, or without a vector.
    """

    vectors: NDArray[np.float32]
    boxes: tuple[Box | None, ...]
    spec: str
    code: str = ""
    reason: str = ""
    views: tuple[FaceView, ...] = ()
    hidden: int = 0

    def __post_init__(self) -> None:
        if self.vectors.ndim != 2 or len(self.vectors) != len(self.boxes):
            raise InputError("one box per vector", f"{self.vectors.shape}, {len(self.boxes)} boxes")
        if (len(self.vectors) == 0) != bool(self.code):
            raise InputError("vectors, or a code why there are none", self.code)
        if self.views and len(self.views) != len(self.boxes):
            raise InputError("a view per face, or none", f"{len(self.views)} of {len(self.boxes)}")

    def at(self, places: Sequence[int]) -> Seen:
        """Return what is seen at some of the places, at least one."""
        boxes = tuple(self.boxes[place] for place in places)
        views = tuple(self.views[place] for place in places) if self.views else ()
        return Seen(self.vectors[list(places)], boxes, self.spec, views=views, hidden=self.hidden)


def windows(height: int, width: int) -> tuple[Box, ...]:
    """Return the square windows that are looked at beside the whole picture, so that a small product is found.

    Example:
        >>> [str(box) for box in windows(1000, 1000)][-1]
        '250,250 500×500'
    """
    side = max(1, min(height, width, round(WINDOW_FRACTION * float(height * width) ** 0.5)))
    places = [(round(down * (height - side)), round(across * (width - side))) for down, across in WINDOW_PLACES]
    return tuple(Box(left, top, side, side) for top, left in dict.fromkeys(places))


def see_subject(pixels: Pixels, embed: Embed) -> Seen:
    """Look at the subject wherever it is: found in the whole picture, and found in each of its windows.

    Args:
        pixels: H×W×3 uint8 sRGB.
        embed: What turns pictures into features.
    """
    closely = see_closely(pixels, embed([pixels]), embed)
    return closely if closely.code else joined(closely, see_in_windows(pixels, embed))


def see_closely(pixels: Pixels, whole: Features, embed: Embed) -> Seen:
    """Look at the subject where the whole picture's features say it is; at the whole where they do not say.

    Args:
        pixels: H×W×3 uint8 sRGB.
        whole: Its features (n = 1).
        embed: What turns pictures into features.
    """
    if is_plain(pixels):
        return nothing(whole.spec.id, "not_evaluable", "the picture is of one colour")
    box = subject_box(whole, *pixels.shape[:2], margin=MARGIN)
    return subject_of((box,), whole if box is None else embed([crop(pixels, box)]))


def see_in_windows(pixels: Pixels, embed: Embed, boxes: Sequence[Box] = ()) -> Seen:
    """Look at the subject where the features of each window say it is: a small product beside a busy background.

    Args:
        pixels: H×W×3 uint8 sRGB.
        embed: What turns pictures into features.
        boxes: The windows; none given, those of `windows`.
    """
    boxes = boxes or windows(*pixels.shape[:2])
    features = embed([crop(pixels, box) for box in boxes])
    found = []
    for box, each in zip(boxes, features.each(), strict=True):
        place = subject_box(each, box.height, box.width, margin=MARGIN)
        if place is None:
            return subject_of(boxes, features)
        found.append(place.moved(box.left, box.top))
    return subject_of(found, embed([crop(pixels, box) for box in found]))


def see_reference(pixels: Pixels, embed: Embed) -> Seen:
    """Look closely at a picture that shows its subject large: one vector.

    Further looks, with more room or mirrored, averaged with it, were no better (`benchmarks/identity.py --only looks`).
    """
    return see_closely(pixels, embed([pixels]), embed)


def joined(*parts: Seen) -> Seen:
    """Return several looks at one picture as one; those that show nothing are left out, unless all do."""
    shown = [each for each in parts if not each.code]
    if len(shown) < 2:
        return (*shown, *parts)[0]
    boxes = tuple(box for each in shown for box in each.boxes)
    return Seen(np.concatenate([each.vectors for each in shown]), boxes, shown[0].spec)


def subject_of(boxes: Sequence[Box | None], features: Features) -> Seen:
    """Return what features taken at `boxes` show of the subject."""
    return seen_at(tuple(boxes), features.pooled, features.spec.id)


def crop(pixels: Pixels, box: Box) -> Pixels:
    """Return the pixels inside a box."""
    return np.ascontiguousarray(pixels[box.slices])


def style_of(pixels: Pixels, features: Features) -> Seen:
    """Return how the picture is made, places forgotten: each channel of its features, and its colours, half each.

    Of a channel mean and deviation, of colours how much there is of each.

    Reference:
        Huang and Belongie 2017, eq. 8 (the statistics that style transfer matches); doi 10.1109/ICCV.2017.167.
    """
    if features.dense is None:
        return nothing(features.spec.id, "not_evaluable", "the embedder has no dense features")
    places = features.dense[0].reshape(-1, features.dense.shape[-1])
    if is_plain(pixels):
        return nothing(features.spec.id, "not_evaluable", "the picture is of one colour")
    moments = np.concatenate([unit(places.mean(axis=0)), unit(places.std(axis=0))])
    vector = np.concatenate([unit(moments), colour_vector(pixels.reshape(-1, 3))])
    return seen_at((None,), vector[None], features.spec.id)


def face_of(faces: Sequence[Face], spec: str, are_drawn: AreDrawn | None = None) -> Seen:
    """Return what the photographed faces of a picture show, largest first.

    Args:
        faces: All that were found.
        spec: Spec id of the face finder.
        are_drawn: Asked of those that are large enough; None takes all for photographed.
    """
    described = [face for face in faces if face.embedding is not None]
    if not described:
        reason = "no face was found" if not faces else "the pack has no recognition model"
        return nothing(spec, "no_face" if not faces else "not_evaluable", reason)
    clear = [face for face in described if min(face.box.width, face.box.height) >= SMALLEST_FACE]
    if not clear:
        box = described[0].box
        reason = f"the largest face is {box.width}×{box.height} pixels, fewer than {SMALLEST_FACE}"
        return nothing(spec, "not_evaluable", reason)
    drawn = are_drawn(clear) if are_drawn else [False] * len(clear)
    compared = [face for face, is_drawn in zip(clear, drawn, strict=True) if not is_drawn]
    if not compared:
        return nothing(spec, "not_evaluable", f"{'the face is' if len(clear) == 1 else 'all faces are'} {DRAWN}")
    vectors = np.stack([np.asarray(face.embedding, np.float32) for face in compared])
    boxes, views = tuple(face.box for face in compared), tuple(view_of(face) for face in compared)
    return Seen(vectors, boxes, spec, views=views, hidden=len(faces) - len(compared))


def face_of_reference(faces: Sequence[Face], spec: str, are_drawn: AreDrawn | None = None) -> Seen:
    """Return what the largest face of a reference shows; nothing where another is as large, for whose is meant?"""
    beside = sum(face.box.height >= BEHIND * faces[0].box.height for face in faces[1:])
    if beside:
        reason = f"it shows {1 + beside} people of like size, and nobody can say which is meant; crop it to one"
        return nothing(spec, "not_evaluable", reason)
    return face_of(faces[:1], spec, are_drawn)


def nothing(spec: str, code: str, reason: str) -> Seen:
    """Return the look at a facet that cannot be seen."""
    return Seen(np.zeros((0, 0), np.float32), (), spec, code, reason)


def seen_at(boxes: tuple[Box | None, ...], vectors: NDArray[np.float32], spec: str) -> Seen:
    """Return vectors n×d as a look of unit length, or why they are none."""
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
    if not np.isfinite(lengths).all() or not lengths.all():
        return nothing(spec, "not_evaluable", "the embedding is zero or not finite")
    return Seen((vectors / lengths[:, None]).astype(np.float32), boxes, spec)


def is_plain(pixels: Pixels) -> bool:
    """Whether a picture shows nothing: every channel nearly constant."""
    step = max(1, int((pixels.shape[0] * pixels.shape[1] / 65536) ** 0.5))
    return bool(pixels[::step, ::step].reshape(-1, 3).std(axis=0).max() < PLAIN_DEVIATION)


def unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a vector with unit length; zero stays zero."""
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length > 0 else vector
