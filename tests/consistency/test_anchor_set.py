"""Several anchors on one picture: found, missing, strangers; what users get wrong."""

from dataclasses import replace

import numpy as np
import pytest
import skimage.data

from consistency import Anchor, AnchorSet
from consistency.embedders.embedder import load_embedder
from consistency.errors import ImageError, InputError, SpecMismatch, UnknownName
from consistency.faces.finder import load_face_finder
from consistency.image import load_image
from consistency.region import Box
from shared_data import shared_path
from tiny_models import face_pack

CUP, CAT, ROCKET = skimage.data.coffee()[:300, 100:400], skimage.data.chelsea()[:, :300], skimage.data.rocket()
WARM, COOL = (170, 170, 30), (30, 170, 170)


@pytest.fixture(scope="module")
def embedder():
    return load_embedder("efficientnet")


@pytest.fixture(scope="module")
def cup(embedder):
    return Anchor.from_references("cup", [np.ascontiguousarray(CUP)], embedder=embedder)


@pytest.fixture(scope="module")
def cat(embedder):
    return Anchor.from_references("cat", [np.ascontiguousarray(CAT)], embedder=embedder)


def beside(*parts):
    return np.ascontiguousarray(np.concatenate([part[:300, :300] for part in parts], axis=1))


FLOORS = {"subject": 0.6}


def test_two_subjects_side_by_side_are_found_each_in_its_place(cup, cat):
    score = AnchorSet([cup, cat], floors=FLOORS).score(beside(CAT, CUP))
    assert (score.found, score.missing, score.strangers) == (("cup", "cat"), (), ())
    boxes = {name: each.box for name, each in score.presence.items()}
    assert boxes["cat"].left < 150 <= boxes["cup"].left
    assert score.scores["cup"].facets["subject"].where.shape == (300, 600)


def test_a_subject_that_is_not_there_is_missing(cup, cat):
    score = AnchorSet([cup, cat], floors=FLOORS).score(beside(ROCKET, CUP))
    assert (score.found, score.missing) == (("cup",), ("cat",))
    assert "cat: missing (subject: " in str(score)
    assert score.scores["cat"].facets["subject"].where is None


def test_a_set_of_one_scores_as_its_anchor_does(cup):
    picture = beside(CAT, CUP)
    assert AnchorSet([cup]).score(picture).scores["cup"].facets == cup.score(picture).facets


def test_where_no_floor_is_known_nobody_is_found_or_missing(cup, cat):
    unknown = replace(cup, templates={"subject": replace(cup.templates["subject"], spec="other")})
    with pytest.raises(SpecMismatch):
        AnchorSet([unknown]).score(CUP)
    style = Anchor.from_references(
        "look", [np.ascontiguousarray(CAT)], facets=("style",), embedder=cat.models.embedder()
    )
    score = AnchorSet([style]).score(np.ascontiguousarray(CAT))
    assert (score.found, score.missing) == ((), ())
    assert score.presence["look"].status == "not_evaluable"
    assert score.scores["look"].facets["style"].is_measured


def test_an_empty_picture_tells_nothing(cup, cat):
    score = AnchorSet([cup, cat]).score(np.full((300, 300, 3), 200, np.uint8))
    assert {each.status for each in score.presence.values()} == {"not_evaluable"}


@pytest.mark.parametrize(
    ("anchors", "said"),
    [
        ((), "one or more anchors, got none"),
        (("cup.png",), "one or more anchors, got str"),
        ("cup.png", "a list of anchors, got str"),
        (None, "a list of anchors, got NoneType"),
    ],
)
def test_what_is_no_list_of_anchors_is_refused(anchors, said):
    with pytest.raises(InputError, match=said):
        AnchorSet(anchors)


def test_one_anchor_without_brackets_and_two_of_one_name_are_refused(cup, cat):
    with pytest.raises(InputError, match="put it into brackets"):
        AnchorSet(cup)
    with pytest.raises(InputError, match="different names, got cup twice"):
        AnchorSet([cup, replace(cat, name="cup")])


def test_anchors_of_two_models_are_refused_by_name(cup, embedder):
    other = load_embedder("efficientnet", precision="bfloat16")
    cat = Anchor.from_references("cat", [np.ascontiguousarray(CAT)], embedder=other)
    with pytest.raises(SpecMismatch, match=r"whose subject one model has seen, got cup by .*, cat by .*bfloat16"):
        AnchorSet([cup, cat])


@pytest.mark.parametrize(
    ("floors", "error"),
    [
        ({"style": 0.5}, UnknownName),
        ({"face": 1}, InputError),
        ({"face": "0.5"}, InputError),
        ({"face": True}, InputError),
    ],
)
def test_floors_are_cosines_of_facets_that_say_who_is_there(cup, floors, error):
    with pytest.raises(error):
        AnchorSet([cup], floors=floors)


def test_an_unreadable_picture_is_an_error(cup):
    with pytest.raises(ImageError):
        AnchorSet([cup]).score(b"no picture")


def test_a_set_says_itself_and_can_be_walked(cup, cat):
    both = AnchorSet([cup, cat])
    assert (repr(both), len(both), [each.name for each in both]) == ("<AnchorSet cup, cat>", 2, ["cup", "cat"])


@pytest.fixture(scope="module")
def people(tmp_path_factory, squares_are_photographed):
    """Two subjects by a pack whose faces are white squares, compared by the colours around them."""
    pytest.importorskip("insightface", reason="the faces extra is not installed")
    finder = load_face_finder(f"insightface:{face_pack(tmp_path_factory.mktemp('packs') / 'tiny')}")
    return [
        Anchor.from_references(name, [squares((192, color))], facets=("face",), face_finder=finder)
        for name, color in (("maya", WARM), ("tom", COOL))
    ]


def test_each_face_is_one_subject_s_and_the_rest_are_strangers(people):
    score = AnchorSet(people, floors={"face": 0.98}).score(squares((64, COOL), (256, WARM), (448, WARM)))
    assert score.found == ("maya", "tom")
    left = {name: each.box.left for name, each in score.presence.items()}
    assert left["tom"] < 200 < left["maya"]
    assert {(each.like, each.is_repeat) for each in score.strangers} >= {("maya", True)}
    assert score.scores["maya"].facets["face"].view.detection > 0.5


def test_a_set_speaks_in_lines(people):
    score = AnchorSet(people, floors={"face": 0.98}).score(squares((192, WARM)))
    lines = str(score).splitlines()
    assert lines[0].startswith("maya: found at ")
    assert (score.missing, lines[1][:12]) == (("tom",), "tom: missing")


def test_an_anchor_without_the_facet_is_compared_by_its_own(people, cup):
    score = AnchorSet([cup, people[0]], floors={"face": 0.98, **FLOORS}).score(squares((192, WARM)))
    assert list(score.scores["cup"].facets) == ["subject"]
    assert score.found == ("maya",)


def test_of_unknown_models_it_cannot_be_told(people):
    score = AnchorSet(people).score(squares((192, WARM)))
    assert score.presence["maya"].status == "not_evaluable"
    assert "pass floors" in score.presence["maya"].reason


def squares(*placed):
    """Return a dark picture with squares of 128 pixels (left, colour), each around one face: a white cell."""
    picture = np.zeros((640, 640, 3), np.uint8)
    for left, color in placed:
        picture[256:384, left : left + 128] = color
        picture[320:352, left + 64 : left + 96] = 255
    return picture


def test_real_faces_side_by_side_are_told_apart():
    pytest.importorskip("insightface", reason="the faces extra is not installed")
    finder = load_face_finder(f"insightface:{shared_path('models/insightface_root/models/small')}")
    folder = shared_path("data/faces/bbt")
    raj, amy, penny = (
        Anchor.from_references(
            person,
            [folder / f"{person}/{person}{index}.png" for index in (1, 2, 3)],
            facets=("face",),
            face_finder=finder,
        )
        for person in ("raj", "amy", "penny")
    )
    stills = [load_image(folder / file).pixels for file in ("amy/amy4.png", "howard/howard1.png", "raj/raj4.png")]
    score = AnchorSet([raj, amy, penny]).score(np.concatenate(stills, axis=1))
    assert (score.found, score.missing) == (("raj", "amy"), ("penny",))
    assert score.presence["amy"].box.right <= 150
    (stranger,) = score.strangers
    assert 150 <= stranger.box.left < stranger.box.right <= 300
    assert isinstance(stranger.box, Box)
    assert not stranger.is_repeat
