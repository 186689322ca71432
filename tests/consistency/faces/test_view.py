"""Pose and quality of a face from its landmarks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consistency.faces.alignment import TEMPLATE
from consistency.faces.finder import Face
from consistency.faces.view import view_of
from consistency.region import Box


def seen(points, score=0.91234):
    return view_of(Face(Box(0, 0, 80, 100), score, np.asarray(points, np.float32), None))


def turned(points, degrees, scale=1.0):
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return scale * points @ turn.T


def test_a_face_that_looks_straight_ahead():
    view = seen(TEMPLATE)
    assert (view.detection, view.pixels, view.nod) == (0.912, 80, 0.0)
    assert abs(view.roll_degrees) < 1
    assert abs(view.turn) < 0.05


@given(st.floats(-170, 170), st.floats(0.5, 9))
def test_rolling_and_size_leave_turn_and_nod_as_they_are(degrees, scale):
    straight, view = seen(TEMPLATE), seen(turned(TEMPLATE, degrees, scale))
    assert view.roll_degrees == pytest.approx(straight.roll_degrees + degrees, abs=0.11)
    assert view.turn == pytest.approx(straight.turn, abs=0.011)
    assert view.nod == pytest.approx(straight.nod, abs=0.011)


def test_a_nose_below_the_right_eye_is_a_turn_of_one_and_a_low_one_a_nod():
    points = TEMPLATE.copy()
    points[2, 0] = points[1, 0]
    assert seen(points).turn == pytest.approx(1, abs=0.02)
    points[2, 1] += 10
    assert seen(points).nod > 0.1


def test_landmarks_that_fall_together_say_nothing_of_a_turn():
    view = seen(np.zeros((5, 2)))
    assert (view.turn, view.nod, view.roll_degrees) == (None, None, 0.0)
