"""Faces one to one, places to whom they are most like, strangers, and who is there."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consistency.faces.view import FaceView
from consistency.facets import Seen, nothing
from consistency.joint import face_places, score_faces, score_places, strangers_among
from consistency.presence import presence_of
from consistency.region import Box
from consistency.template import FacetScore, Template

SPEC = "spec"
VIEW = FaceView(0.9, 40, 0.0, 0.0, 0.0)


def template(*vector):
    direction = np.array([vector], np.float32)
    return Template(SPEC, direction / np.linalg.norm(direction), np.zeros((0, direction.shape[1]), np.float32))


def seen(*vectors, hidden=0):
    rows = np.array(vectors, np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    boxes = tuple(Box(100 * place, 0, 50, 50) for place in range(len(rows)))
    return Seen(rows, boxes, SPEC, views=(VIEW,) * len(rows), hidden=hidden)


PEOPLE = {"maya": template(1, 0, 0, 0), "tom": template(0, 1, 0, 0)}
FLOORS = {"maya": 0.4, "tom": 0.4}


def test_each_face_goes_to_its_own_subject_whatever_the_order():
    for faces, places in (((0, 1), (0, 1)), ((1, 0), (1, 0))):
        look = seen(*np.eye(4)[list(faces)])
        assert tuple(face_places(PEOPLE, look, FLOORS).values()) == places


def test_a_face_that_two_are_like_goes_where_it_adds_most():
    both, only_maya = (0.75, 0.66, 0, 0), (0.6, 0, 0.8, 0)
    assert face_places(PEOPLE, seen(both, only_maya), FLOORS) == {"maya": 1, "tom": 0}


def test_a_clear_face_is_not_given_up_for_two_doubtful_ones():
    clear, doubtful = (0.9, 0.43, 0, 0), (0.5, 0.05, 0.86, 0)
    assert face_places(PEOPLE, seen(clear, doubtful), FLOORS)["maya"] == 0


def test_of_two_faces_equally_alike_the_larger_one_is_the_subject_s_and_the_other_is_a_repeat():
    look = seen((1, 0, 0, 0), (1, 0, 0, 0))
    one = {"maya": PEOPLE["maya"]}
    places = face_places(one, look, FLOORS)
    (stranger,) = strangers_among(one, look, places, FLOORS)
    assert places == {"maya": 0}
    assert (stranger.box, stranger.like, stranger.is_repeat) == (look.boxes[1], "maya", True)


def test_a_missing_subject_keeps_the_nearest_face_that_is_left_and_that_face_is_a_stranger():
    look = seen((1, 0, 0, 0), (0, 0.1, 1, 0))
    places = face_places(PEOPLE, look, FLOORS)
    scores = score_faces(PEOPLE, look, places)
    (stranger,) = strangers_among(PEOPLE, look, places, FLOORS)
    assert places == {"maya": 0, "tom": 1}
    assert scores["tom"].similarity == pytest.approx(0.0995)
    assert scores["maya"].view == VIEW
    assert (stranger.box, stranger.like, stranger.is_repeat) == (look.boxes[1], "tom", False)


def test_a_subject_for_whom_no_face_is_left_has_no_similarity_and_is_told_whose_it_is():
    look = seen((1, 0.2, 0, 0))
    score = score_faces(PEOPLE, look, face_places(PEOPLE, look, FLOORS))["tom"]
    assert (score.similarity, score.code, score.box) == (None, "taken", None)
    assert score.reason == "no face is left: the one most like it, 0.20, went to maya"


def test_without_a_face_nobody_is_scored():
    look = nothing(SPEC, "no_face", "no face was found")
    places = face_places(PEOPLE, look, FLOORS)
    assert {score.code for score in score_faces(PEOPLE, look, places).values()} == {"no_face"}
    assert strangers_among(PEOPLE, look, places, FLOORS) == ()


def test_without_a_floor_faces_are_given_out_and_only_those_left_are_strangers():
    look = seen((1, 0, 0, 0), (0, 0.1, 1, 0), (0, 0, 0, 1))
    places = face_places(PEOPLE, look, {})
    assert places == {"maya": 0, "tom": 1}
    assert [each.box for each in strangers_among(PEOPLE, look, places, {})] == [look.boxes[2]]


def test_a_place_speaks_only_for_whom_it_is_most_like():
    siblings = {"corgi": template(1, 0.8, 0, 0), "other corgi": template(0.8, 1, 0, 0)}
    floors = dict.fromkeys(siblings, 0.8)
    scores = score_places(siblings, seen((1, 0.7, 0.1, 0), (1, 0.75, 0, 0)), floors)
    assert scores["corgi"].similarity > 0.99
    assert (scores["other corgi"].similarity, scores["other corgi"].code) == (None, "taken")
    both = score_places(siblings, seen((1, 0.7, 0.1, 0), (0.7, 1, 0, 0)), floors)
    assert min(score.similarity for score in both.values()) > 0.98


def test_a_subject_that_nothing_is_like_is_scored_by_the_nearest_place_whosever_it_is():
    scores = score_places(PEOPLE, seen((1, 0.2, 0, 0), (0, 0, 0, 1)), FLOORS)
    assert scores["tom"].similarity == pytest.approx(0.1961)
    assert score_places(PEOPLE, seen((1, 0.2, 0, 0)), {})["tom"].similarity == pytest.approx(0.1961)


def test_without_a_floor_a_subject_keeps_to_its_own_places():
    assert score_places(PEOPLE, seen((1, 0.9, 0, 0), (0, 0.3, 0, 1)), {})["tom"].similarity == pytest.approx(0.2873)


def test_a_place_that_is_alike_to_both_to_the_digit_speaks_for_both():
    scores = score_places(PEOPLE, seen((1, 1, 0, 0)), FLOORS)
    assert scores["maya"].similarity == scores["tom"].similarity == pytest.approx(0.7071)


@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 5))
def test_no_face_is_given_twice_and_every_face_is_somebody_s_or_nobody_s(seed, people, faces):
    rng = np.random.default_rng(seed)
    templates = {str(name): template(*rng.normal(size=8)) for name in range(people)}
    floors = dict.fromkeys(templates, 0.3)
    look = seen(*rng.normal(size=(faces, 8)))
    places = face_places(templates, look, floors)
    given_out = [place for place in places.values() if place is not None]
    assert len(set(given_out)) == len(given_out) == min(people, faces)
    strangers = strangers_among(templates, look, places, floors)
    own = [score for score in score_faces(templates, look, places).values() if (score.similarity or -1) >= 0.3]
    assert len(strangers) + len(own) == faces


def measured(similarity, **others):
    return FacetScore(similarity, **others)


UNSEEN = FacetScore(None, status="not_evaluable", code="no_face", reason="no face was found")
TAKEN = FacetScore(None, status="not_evaluable", code="taken", reason="it is that of tom")


@pytest.mark.parametrize(
    ("scores", "floors", "hidden", "status", "said"),
    [
        ({"face": measured(0.7)}, {"face": 0.4}, 0, "found", "face 0.70"),
        ({"face": measured(0.3)}, {"face": 0.4}, 0, "missing", "face: 0.30, found from 0.40"),
        ({"face": measured(0.3)}, {"face": 0.4}, 2, "not_evaluable", "2 more cannot be compared"),
        ({"face": TAKEN}, {"face": 0.4}, 0, "missing", "it is that of tom"),
        ({"face": TAKEN}, {}, 0, "missing", "it is that of tom"),
        ({"face": UNSEEN}, {"face": 0.4}, 0, "not_evaluable", "no face was found"),
        ({"face": measured(0.7)}, {}, 0, "not_evaluable", "no floor is known"),
        ({"face": UNSEEN, "subject": measured(0.8)}, {"face": 0.4, "subject": 0.6}, 0, "found", "subject 0.80"),
        ({"face": measured(0.1), "subject": measured(0.8)}, {"face": 0.4, "subject": 0.6}, 0, "missing", "0.10"),
        ({"style": measured(0.9)}, {}, 0, "not_evaluable", "add face or subject"),
    ],
)
def test_who_is_there(scores, floors, hidden, status, said):
    found = presence_of(scores, floors, hidden)
    assert found.status == status
    assert said in found.reason
