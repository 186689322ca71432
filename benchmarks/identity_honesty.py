"""What cannot be scored must say so: never 0.0, never 1.0, always a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial

import cv2
import numpy as np
import skimage.data
from identity_looks import SHARED, Looks, Pixels
from photo_collections import people
from stylisations import DRAWN

from consistency import Anchor
from consistency.embedders.embedder import EmbedderSpec, Features
from consistency.errors import AnchorError, MissingBackend
from consistency.faces.finder import FaceFinder, load_face_finder
from consistency.runtime.sessions import open_session

MODELS = SHARED.parent / "models"
PACK = MODELS / "insightface_root/models/small"
SPEC = EmbedderSpec("broken", "0" * 64, "last", "mean", "none")
SIDE = 400

SITTERS = ("lecun", "hinton", "scarletthead_woman", "yangmi_woman", "penny", "raj")
FAMILIES = ("oil", "old_master", "watercolour", "comic", "few_colours", "pencil_grey", "dodged", "anime")
"""Of drawing: painted, posterised, sketched."""

PAINTED = "newton_man"
FACE = 160
"""Pixels of a drawn face's shorter side, at most."""


def honesty(looks: Looks) -> dict[str, object]:
    """Return what every case answers, and how many answered with a bare 0 or 1."""
    cases: dict[str, Callable[[], tuple[float | None, str]]] = {
        "empty picture": lambda: score(subject_anchor(looks), np.full((SIDE, SIDE, 3), 255, np.uint8), "subject"),
        "one reference, another picture": lambda: score(subject_anchor(looks), skimage.data.chelsea(), "subject"),
        "collapsed encoder": lambda: refused(
            lambda: Anchor.from_references("cup", [skimage.data.coffee()], embedder=BrokenEncoder())
        ),
        "references of one colour": lambda: refused(
            lambda: Anchor.from_references("x", [np.zeros((99, 99, 3), np.uint8)], embedder=looks.embedder)
        ),
        "no face": lambda: score(face_anchor(), skimage.data.coffee(), "face"),
        "tiny face": lambda: score(face_anchor(), tiny(portraits()[1]), "face"),
        "drawing of a face": lambda: score(face_anchor(), drawing(), "face"),
        "painting of a face": lambda: score(face_anchor(), portraits(PAINTED)[1], "face"),
        "only painted references": lambda: refused(lambda: anchor_of(portraits(PAINTED)[1])),
        "only a drawn reference": lambda: refused(lambda: anchor_of(drawn_as("comic", portraits()[0]))),
    }
    for family in FAMILIES:
        for sitter in SITTERS:
            cases[f"{family}, {sitter}"] = partial(drawn_score, family, sitter)
    answers = {name: answered(case) for name, case in cases.items()}
    bare = [name for name, each in answers.items() if each["similarity"] in (0.0, 1.0)]
    scored = [name for name, each in answers.items() if name.split(",")[0] in FAMILIES and each["similarity"]]
    return {"cases": answers, "bare_0_or_1": bare, "drawings": len(FAMILIES) * len(SITTERS), "drawings_scored": scored}


def answered(case: Callable[[], tuple[float | None, str]]) -> dict[str, object]:
    """Return a case's similarity and reason."""
    try:
        similarity, reason = case()
    except MissingBackend as error:
        return {"similarity": None, "reason": f"skipped: {error}"}
    return {"similarity": similarity, "reason": reason}


def score(anchor: Anchor, pixels: Pixels, facet: str) -> tuple[float | None, str]:
    """Return the similarity of one facet and why there is none."""
    found = anchor.score(np.ascontiguousarray(pixels)).facets[facet]
    return found.similarity, found.reason


def refused(make: Callable[[], Anchor]) -> tuple[float | None, str]:
    """Return why an anchor was refused; one that was not has a similarity of 1 here, so that it counts."""
    try:
        make()
    except AnchorError as error:
        return None, str(error)
    return 1.0, "not refused"


def subject_anchor(looks: Looks) -> Anchor:
    """Return an anchor of one reference."""
    return Anchor.from_references("cup", [skimage.data.coffee()], embedder=looks.embedder)


def face_anchor(sitter: str = "lecun") -> Anchor:
    """Return an anchor of one face."""
    return anchor_of(portraits(sitter)[0])


def anchor_of(reference: Pixels) -> Anchor:
    """Return an anchor of the face on one picture."""
    return Anchor.from_references("person", [reference], facets=("face",), face_finder=finder())


@cache
def finder() -> FaceFinder:
    """Return the real face models."""
    return load_face_finder(f"insightface:{PACK}")


@cache
def portraits(sitter: str = "lecun") -> list[Pixels]:
    """Return at most two portraits of one person."""
    return [photo.pixels for photo in people() if photo.subject == sitter][:2]


def drawn_score(family: str, sitter: str) -> tuple[float | None, str]:
    """Return what a person's last portrait, drawn, measures against the first photograph."""
    return score(face_anchor(sitter), drawn_as(family, portraits(sitter)[-1]), "face")


def drawn_as(family: str, pixels: Pixels) -> Pixels:
    """Return a portrait drawn, its face as large as on most assets."""
    (face, *_) = finder().find([pixels])[0]
    side = min(face.box.width, face.box.height)
    scale = min(1.0, FACE / side)
    small = np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    return DRAWN[family](small, round(side * scale), np.random.default_rng(0))


def tiny(pixels: Pixels) -> Pixels:
    """Return a scene in which a portrait is 24 pixels wide."""
    scene = np.repeat(skimage.data.brick()[:, :, None], 3, axis=2).copy()
    scene[200:224, 200:224] = cv2.resize(pixels, (24, 24), interpolation=cv2.INTER_AREA)
    return scene


def drawing() -> Pixels:
    """Return a face of a few strokes."""
    page = np.full((SIDE, SIDE, 3), 250, np.uint8)
    cv2.ellipse(page, (200, 200), (110, 140), 0, 0, 360, (30, 30, 30), 4)
    for across in (155, 245):
        cv2.circle(page, (across, 170), 14, (30, 30, 30), 4)
    cv2.line(page, (200, 190), (190, 235), (30, 30, 30), 4)
    cv2.ellipse(page, (200, 265), (45, 20), 0, 0, 180, (30, 30, 30), 4)
    return page


class BrokenEncoder:
    """A real network whose quantisation is broken: every picture is one class."""

    engine, device, spec = "openvino", "cpu", SPEC

    def __init__(self) -> None:
        self._session = open_session(MODELS / "broken_encoder/mobilenetv2_int8.onnx")

    def embed(self, images: Sequence[Pixels]) -> Features:
        """Embed uint8 H×W×3 pictures."""
        batch = [np.resize(each[:224, :224] / 255.0, (224, 224, 3)).transpose(2, 0, 1)[None] for each in images]
        rows = [self._session.run({"input": ((each - 0.45) / 0.22).astype(np.float32)})["output"] for each in batch]
        return Features(np.concatenate(rows), None, SPEC)
