"""Drawn faces told from photographed ones: on a photograph that scikit-image carries, and with real face models."""

import cv2
import numpy as np
import pytest
import skimage.data

from consistency import Anchor, AnchorSet
from consistency.anchor_models import Models
from consistency.embedders.embedder import load_embedder
from consistency.errors import AnchorError, SpecMismatch
from consistency.faces.drawn import DrawingTest, drawing_test, known_odds, surrounded
from consistency.faces.finder import Face
from consistency.image import load_image
from consistency.region import Box
from shared_data import shared_path

ASTRONAUT = Face(Box(183, 69, 88, 105), 0.82, np.zeros((5, 2), np.float32), None)
REASON = "drawn, not photographed: face networks compare photographs only"


def astronaut():
    return skimage.data.astronaut()


def painted(pixels):
    """Return areas of one colour with soft edges."""
    return cv2.pyrMeanShiftFiltering(cv2.edgePreservingFilter(pixels, flags=1, sigma_s=60, sigma_r=0.4), 8, 30)


def posterised(pixels):
    """Return six levels a channel and black outlines."""
    calm = cv2.medianBlur(pixels, 5)
    grey = cv2.cvtColor(calm, cv2.COLOR_RGB2GRAY)
    outline = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 9, 5)
    return np.where(outline[:, :, None] > 0, calm // 43 * 43 + 21, 0).astype(np.uint8)


def sketched(pixels):
    """Return a pencil sketch."""
    grey, _ = cv2.pencilSketch(pixels, sigma_s=30, sigma_r=0.07, shade_factor=0.03)
    return np.repeat(grey[:, :, None], 3, axis=2)


DRAWINGS = {"painted": painted, "posterised": posterised, "sketched": sketched}


@pytest.mark.parametrize("way", list(DRAWINGS))
def test_a_photograph_made_a_drawing_is_drawn(way):
    assert drawing_test().are_drawn(DRAWINGS[way](astronaut()), [ASTRONAUT]) == (True,)


def test_a_photograph_stays_one_through_what_photographs_go_through():
    pixels = astronaut()
    grey = np.repeat(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[:, :, None], 3, axis=2)
    small = cv2.resize(pixels, (256, 256), interpolation=cv2.INTER_AREA)
    for each in (pixels, grey, cv2.GaussianBlur(pixels, (0, 0), 1.5), cv2.resize(small, (512, 512))):
        assert drawing_test().are_drawn(each, [ASTRONAUT]) == (False,)


def test_no_face_costs_nothing_and_says_nothing():
    test = DrawingTest(Unused())
    assert test.are_drawn(astronaut(), []) == ()


def test_the_answer_is_the_same_alone_and_beside_others():
    boxes = [Box(183, 69, 88, 105), Box(60, 200, 90, 90), Box(300, 20, 64, 80)]
    faces = [Face(box, 0.9, np.zeros((5, 2), np.float32), None) for box in boxes]
    together = drawing_test().log_odds(astronaut(), faces)
    for face, odds in zip(faces, together, strict=True):
        assert drawing_test().log_odds(astronaut(), [face]) == pytest.approx([odds], abs=1e-4)


def test_odds_are_those_of_a_logistic_regression():
    odds = known_odds()
    features = np.random.default_rng(0).random((2, len(odds.weights))).astype(np.float32)
    sums = [sum(float(x) * float(w) for x, w in zip(row, odds.weights, strict=True)) + odds.bias for row in features]
    assert odds.log_odds(features) == pytest.approx(sums, abs=1e-4)
    assert not odds.weights.flags.writeable


def test_the_odds_are_those_of_the_packaged_embedder():
    assert known_odds().spec == load_embedder("efficientnet").spec.id


def test_another_embedder_is_refused():
    with pytest.raises(SpecMismatch, match="efficientnet"):
        DrawingTest(load_embedder("efficientnet", precision="bfloat16"))


def test_an_embedder_that_is_there_is_used_and_another_left_alone():
    shared, other = load_embedder("efficientnet"), load_embedder("efficientnet", precision="bfloat16")
    assert Models(shared).drawing_test()._embedder is shared
    assert Models(other).drawing_test() is Models("").drawing_test() is drawing_test()


def test_room_ends_where_the_picture_does():
    pixels = astronaut()
    assert surrounded(pixels, Box(100, 100, 50, 100), 0.5).shape == (200, 150, 3)
    assert surrounded(pixels, Box(0, 0, 50, 100), 0.5).shape == (150, 100, 3)


class Unused:
    """An embedder that must not be asked."""

    class spec:  # noqa: N801
        id = known_odds().spec

    def embed(self, images):
        raise AssertionError("asked without a face")


@pytest.fixture(scope="module")
def finder():
    pytest.importorskip("insightface", reason="the faces extra is not installed")
    return f"insightface:{shared_path('models/insightface_root/models/small')}"


@pytest.fixture(scope="module")
def portraits():
    """Two photographs of one person, their faces of some 130 pixels."""
    folder = shared_path("data/faces/photomaker/scarletthead_woman")
    return [cv2.resize(load_image(folder / f"scarlett_{number}.jpg").pixels, (256, 256)) for number in (0, 1)]


@pytest.fixture(scope="module")
def anchor(finder, portraits):
    return Anchor.from_references(
        "her", portraits[:1], facets=("face", "subject"), embedder="efficientnet", face_finder=finder
    )


@pytest.mark.parametrize("way", list(DRAWINGS))
def test_a_drawn_face_is_not_compared_and_the_rest_of_the_picture_is(anchor, portraits, way):
    facets = anchor.score(DRAWINGS[way](portraits[1])).facets
    assert (facets["face"].similarity, facets["face"].code) == (None, "not_evaluable")
    assert facets["face"].reason == f"the face is {REASON}"
    assert facets["subject"].is_measured


def test_a_photographed_face_is_compared_as_before(anchor, portraits):
    assert anchor.score(portraits[1]).facets["face"].similarity > 0.4


def test_beside_a_drawing_the_photographed_face_is_compared_and_nobody_is_missing(anchor, finder, portraits):
    beside = np.concatenate([sketched(portraits[0]), portraits[1]], axis=1)
    face = anchor.score(beside).facets["face"]
    assert face.box.left > 256
    assert face.similarity > 0.4
    alone = Anchor.from_references("her", portraits[:1], facets=("face",), face_finder=finder)
    presence = AnchorSet([alone], floors={"face": 0.99}).score(beside).presence["her"]
    assert (presence.status, "1 more cannot be compared" in presence.reason) == ("not_evaluable", True)


def test_drawn_references_are_left_out_with_the_reason(finder, portraits):
    anchor = Anchor.from_references("her", [portraits[0], painted(portraits[1])], facets=("face",), face_finder=finder)
    assert [(each.index, each.reason) for each in anchor.dropped] == [(1, f"the face is {REASON}")]


def test_an_anchor_of_drawings_alone_is_refused_for_the_face_and_made_for_the_subject(finder, portraits):
    drawings = [sketched(each) for each in portraits]
    with pytest.raises(AnchorError, match=REASON):
        Anchor.from_references("her", drawings, facets=("face",), face_finder=finder)
    assert Anchor.from_references("her", drawings, embedder="efficientnet").facets == ("subject",)


def test_real_paintings_and_cartoons_are_drawn(finder):
    mona_lisa = shared_path("data/faces/instantid/examples/poses/pose_MonaLisa.png")
    with pytest.raises(AnchorError, match=REASON):
        Anchor.from_references("mona", [mona_lisa], facets=("face",), face_finder=finder)
