"""What is worn: where it is looked for, and what is said where it cannot be seen."""

from dataclasses import replace

import numpy as np
import pytest
import skimage.data
from hypothesis import given
from hypothesis import strategies as st

from consistency import Anchor, AnchorSet
from consistency.clothing import clothing_box, see_clothing
from consistency.embedders.embedder import load_embedder
from consistency.errors import AnchorError
from consistency.faces.finder import load_face_finder
from consistency.references import build_template
from consistency.region import Box
from shared_data import shared_path

EMBED = load_embedder("efficientnet").embed
FACE = Box(400, 100, 80, 100)


@given(st.integers(0, 900), st.integers(0, 900), st.integers(10, 200))
def test_clothes_are_below_the_face_and_inside_the_picture(left, top, side):
    box = clothing_box(Box(left, top, side, side), (), 1000, 1000)
    if box is not None:
        assert box.clipped(1000, 1000) == box
        assert box.top >= top + side
        assert box.left <= left + side / 2 <= box.right


def test_a_torso_is_as_wide_and_high_as_people_are():
    box = clothing_box(FACE, (), 2000, 1000)
    assert box == Box(315, 200, 250, 327)


def test_a_face_beside_cuts_half_way_and_one_far_behind_does_not():
    beside, behind = Box(500, 100, 80, 100), Box(500, 100, 30, 40)
    assert clothing_box(FACE, (beside,), 2000, 1000).right == 490
    assert clothing_box(FACE, (behind,), 2000, 1000) == clothing_box(FACE, (), 2000, 1000)
    assert clothing_box(beside, (FACE,), 2000, 1000).left == 490


def test_a_picture_that_ends_at_the_chin_shows_no_clothes():
    assert clothing_box(FACE, (), 260, 1000) is None
    seen = see_clothing(np.zeros((260, 1000, 3), np.uint8), FACE, (), EMBED, "spec")
    assert (seen.code, len(seen.vectors)) == ("not_evaluable", 0)
    assert "too close below the face" in seen.reason


def dressed(pattern):
    picture = np.full((640, 800, 3), 128, np.uint8)
    picture[200:640, 300:600] = pattern[:440, :300]
    return picture


def test_the_same_clothes_are_more_alike_than_others_in_shape_and_in_colour():
    coffee, cat = (
        np.kron(pattern[:220, :150], np.ones((2, 2, 1), np.uint8))
        for pattern in (skimage.data.coffee(), skimage.data.chelsea())
    )
    recoloured = np.ascontiguousarray(coffee[:, :, ::-1])
    looks = [
        see_clothing(dressed(each), FACE, (), EMBED, "spec").vectors[0]
        for each in (coffee, coffee // 8 * 8, recoloured, cat)
    ]
    same, other_colour, other = (float(looks[0] @ each) for each in looks[1:])
    assert same > 0.95 > same - 0.1 > other_colour > other


def test_a_subject_of_two_outfits_may_wear_either():
    coffee, cat, rocket = (
        np.kron(pattern[:220, :150], np.ones((2, 2, 1), np.uint8))
        for pattern in (skimage.data.coffee(), skimage.data.chelsea(), skimage.data.rocket())
    )
    outfits = [see_clothing(dressed(each), FACE, (), EMBED, "spec") for each in (coffee, coffee // 8 * 8, cat)]
    template = build_template("maya", "clothing", outfits)
    known, new = (
        template.score(see_clothing(dressed(each), FACE, (), EMBED, "spec")) for each in (cat // 8 * 8, rocket)
    )
    assert known.similarity == known.nearest_similarity > 0.95
    assert new.similarity < known.similarity - 0.1
    assert known.similarity > replace(template, has_looks=False).score(outfits[2]).similarity + 0.1
    assert template.own_similarities[0] > 0.95 > template.own_similarities[2]


def test_plain_pixels_below_a_face_say_nothing():
    assert see_clothing(np.full((640, 800, 3), 9, np.uint8), FACE, (), EMBED, "spec").code == "not_evaluable"


def test_clothes_without_a_face_are_refused_when_the_anchor_is_made():
    with pytest.raises(AnchorError, match="face beside clothing"):
        Anchor.from_references("maya", [skimage.data.astronaut()], facets=("clothing",), embedder="efficientnet")


def test_real_clothes_are_compared_below_the_subject_s_own_face(tmp_path):
    pytest.importorskip("insightface", reason="the faces extra is not installed")
    finder = load_face_finder(f"insightface:{shared_path('models/insightface_root/models/small')}")
    eileen = skimage.data.astronaut()
    anchor = Anchor.from_references(
        "eileen", [eileen], facets=("face", "clothing"), embedder="efficientnet", face_finder=finder
    )
    worn = anchor.score(np.ascontiguousarray(eileen[:, 10:])).facets["clothing"]
    assert worn.similarity > 0.9
    assert worn.box.top > 100
    assert anchor.score(np.ascontiguousarray(eileen[:200])).facets["clothing"].reason.startswith("the picture ends")
    nobody = anchor.score(skimage.data.coffee()).facets["clothing"]
    assert (nobody.similarity, nobody.code, nobody.reason) == (None, "no_face", "no face was found")
    somebody = AnchorSet([anchor]).score(shared_path("data/faces/bbt/bbt1.jpg")).scores["eileen"].facets["clothing"]
    assert (somebody.similarity, somebody.code) == (None, "not_evaluable")
    assert somebody.reason.startswith("the face above is somebody else's")
    anchor.save(tmp_path)
    again = Anchor.load(tmp_path, face_finder=finder)
    assert again.score(eileen).facets == anchor.score(eileen).facets
