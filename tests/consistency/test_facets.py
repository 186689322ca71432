"""Which pixels speak for which facet."""

import numpy as np
import pytest
import skimage.data
from hypothesis import given
from hypothesis import strategies as st

from consistency.collapse import mean_cosine, probes, refuse_collapsed
from consistency.embedders.embedder import EmbedderSpec, Features, load_embedder
from consistency.errors import AnchorError, InputError
from consistency.faces.finder import Face
from consistency.facets import (
    Seen,
    face_of,
    face_of_reference,
    is_plain,
    joined,
    see_reference,
    see_subject,
    style_of,
    windows,
)
from consistency.region import Box
from consistency.runtime.sessions import open_session
from shared_data import shared_path

SPEC = EmbedderSpec("constant", "0" * 64, "last", "mean", "none")
NOISE = np.random.default_rng(0).integers(0, 256, (80, 100, 3), np.uint8)


def embed_as(value):
    return lambda images: Features(np.full((len(images), 4), value, np.float32), None, SPEC)


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_windows_lie_inside_and_are_square(height, width):
    boxes = windows(height, width)
    assert 1 <= len(boxes) <= 5
    assert all(box.clipped(height, width) == box and box.width == box.height for box in boxes)


def test_windows_reach_every_corner():
    boxes = windows(600, 1000)
    assert {(0, 0), (600, 1000)} <= {(box.top, box.left) for box in boxes} | {(box.bottom, box.right) for box in boxes}


def test_features_that_do_not_say_where_they_come_from_are_of_the_whole_and_of_its_windows():
    seen = see_subject(NOISE, embed_as(1.0))
    assert seen.boxes == (None, *windows(80, 100))
    assert np.linalg.norm(seen.vectors, axis=1) == pytest.approx(1)
    assert see_reference(NOISE, embed_as(1.0)).boxes == (None,)


def test_features_that_say_where_they_come_from_are_looked_up_there():
    embed = load_embedder("efficientnet").embed
    scene = np.full((600, 900, 3), 235, np.uint8)
    scene[250:550, 520:820] = skimage.data.astronaut()[:300, 100:400]
    seen = see_subject(scene, embed)
    assert len(seen.boxes) == 6
    assert all(box.clipped(600, 900) == box for box in seen.boxes)
    assert seen.boxes[0].intersection_over_union(Box(520, 250, 300, 300)) > 0.25
    alone = see_reference(np.ascontiguousarray(scene[250:550, 520:820]), embed).vectors[0]
    whole = embed([scene]).pooled[0]
    assert seen.vectors[0] @ alone > whole @ alone / np.linalg.norm(whole) + 0.05


def test_looks_that_show_nothing_do_not_hide_those_that_do():
    shown, hidden = see_reference(NOISE, embed_as(1.0)), face_of((), "spec")
    assert joined(hidden, shown) is shown
    assert joined(hidden, hidden).code == "no_face"
    assert joined(shown, shown).boxes == (None, None)


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_an_embedding_without_direction_is_not_evaluable(value):
    seen = see_subject(NOISE, embed_as(value))
    assert (seen.code, len(seen.vectors)) == ("not_evaluable", 0)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_empty_picture_is_not_evaluable(level):
    plain = np.full((64, 64, 3), level, np.uint8)
    assert is_plain(plain)
    assert see_subject(plain, embed_as(1.0)).code == "not_evaluable"


def test_two_plain_colours_are_not_an_empty_picture():
    halves = np.zeros((64, 64, 3), np.uint8)
    halves[:, 32:] = (0, 20, 0)
    assert not is_plain(halves)


def test_style_forgets_places_and_needs_dense_features():
    dense = np.random.default_rng(1).random((1, 3, 3, 5)).astype(np.float32)
    turned = np.ascontiguousarray(dense[:, ::-1, ::-1])
    pooled = np.ones((1, 5), np.float32)
    one, other = (style_of(NOISE, Features(pooled, each, SPEC)) for each in (dense, turned))
    np.testing.assert_allclose(one.vectors, other.vectors, atol=1e-6)
    assert style_of(NOISE, Features(pooled, None, SPEC)).code == "not_evaluable"


def test_style_is_half_of_features_and_half_of_colours():
    dense = np.random.default_rng(1).random((1, 5, 6, 4), np.float32)
    features = Features(dense.mean(axis=(1, 2)), dense, SPEC)
    pictures = [np.uint8(NOISE // each) for each in ((4, 4, 1), (4, 4, 1), (1, 4, 4))]
    blue, same, red = (style_of(each, features).vectors[0] for each in pictures)
    assert blue @ same == pytest.approx(1)
    assert 0.5 <= blue @ red < 0.8


def test_no_face_and_a_face_without_vector_say_so():
    face = Face(Box(0, 0, 50, 50), 0.9, np.zeros((5, 2), np.float32), None)
    assert face_of((), "spec").code == "no_face"
    assert face_of((face,), "spec").code == "not_evaluable"


def test_a_face_of_few_pixels_is_not_compared():
    vector = np.eye(1, 4, dtype=np.float32)[0]
    small, large = (Face(Box(0, 0, side, 40), 0.9, np.zeros((5, 2), np.float32), vector) for side in (31, 32))
    assert face_of((small,), "spec").reason == "the largest face is 31×40 pixels, fewer than 32"
    assert face_of((small, large), "spec").boxes == (large.box,)


def test_drawn_faces_are_hidden_and_only_those_that_could_be_compared_are_asked_about():
    vector = np.eye(1, 4, dtype=np.float32)[0]
    small, *others = (Face(Box(0, 0, side, 40), 0.9, np.zeros((5, 2), np.float32), vector) for side in (31, 33, 34))
    asked = []

    def are_drawn(faces):
        asked.extend(faces)
        return [face is others[0] for face in faces]

    seen = face_of((*others, small), "spec", are_drawn)
    assert (seen.boxes, seen.hidden, asked) == ((others[1].box,), 2, others)
    assert face_of(others, "spec", lambda faces: [True] * len(faces)).reason.startswith("all faces are drawn, not")
    (code,) = {face_of_reference(others[:1], "spec", lambda faces: [True]).code}
    assert code == "not_evaluable"


def test_of_a_reference_the_one_face_counts_before_those_that_stand_behind_it():
    vector = np.eye(1, 4, dtype=np.float32)[0]
    largest, behind, beside = (Face(Box(0, 0, 60, h), 0.9, np.zeros((5, 2), np.float32), vector) for h in (99, 49, 50))
    assert face_of_reference((largest, behind, behind), "spec").boxes == (largest.box,)
    assert face_of_reference((largest, beside, behind), "spec").reason.startswith("it shows 2 people of like size")
    assert face_of_reference((), "spec").code == "no_face"


def test_a_look_has_vectors_or_a_reason():
    with pytest.raises(InputError):
        Seen(np.zeros((0, 3), np.float32), (), "spec")
    with pytest.raises(InputError):
        Seen(np.ones((1, 3), np.float32), (None,), "spec", "no_face")


class BrokenEncoder:
    """A real network whose quantisation is broken: every picture is one class."""

    engine, device, spec = "openvino", "cpu", SPEC

    def __init__(self):
        self.session = open_session(shared_path("models/broken_encoder/mobilenetv2_int8.onnx"))

    def embed(self, images):
        batch = [np.resize(each[:224, :224] / 255.0, (224, 224, 3)).transpose(2, 0, 1)[None] for each in images]
        rows = [self.session.run({"input": ((each - 0.45) / 0.22).astype(np.float32)})["output"] for each in batch]
        return Features(np.concatenate(rows), None, SPEC)


def test_a_collapsed_encoder_is_refused():
    with pytest.raises(AnchorError, match="tells pictures apart"):
        refuse_collapsed(BrokenEncoder())


@pytest.mark.parametrize("value", [0.0, 1.0, np.nan])
def test_an_encoder_with_one_answer_is_refused(value):
    encoder = type("Constant", (), {"spec": SPEC, "embed": staticmethod(embed_as(value))})()
    with pytest.raises(AnchorError):
        refuse_collapsed(encoder)


def test_probes_differ_and_orthogonal_vectors_have_no_cosine():
    assert len({each.tobytes() for each in probes()}) == len(probes())
    assert mean_cosine(np.eye(4)) == 0
