"""Shares of colours as vectors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from skimage import data

from consistency.colours import colour_vector
from consistency.errors import InputError

COLORS = st.tuples(*[st.integers(0, 255)] * 3)


def of(*colors):
    return colour_vector(np.array(colors, np.uint8))


@given(st.lists(COLORS, min_size=1, max_size=20))
def test_a_vector_has_unit_length_and_forgets_places_and_repeats(colors):
    vector = of(*colors)
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert of(*colors[::-1]) == pytest.approx(vector, abs=1e-6)
    assert of(*colors, *colors) == pytest.approx(vector, abs=1e-6)


def test_a_small_shift_of_colour_costs_little_and_another_colour_all():
    red, redder, blue = of((180, 40, 40)), of((188, 44, 42)), of((30, 60, 190))
    assert red @ red == pytest.approx(1)
    assert red @ redder > 0.9
    assert red @ blue < 0.05


def test_a_picture_under_another_exposure_stays_nearer_than_another_picture():
    cat, cup = (getattr(data, name)().reshape(-1, 3) for name in ("chelsea", "coffee"))
    darker = (cat * 0.9).astype(np.uint8)
    assert colour_vector(cat) @ colour_vector(darker) > colour_vector(cat) @ colour_vector(cup) + 0.2


@pytest.mark.parametrize("pixels", [np.zeros((0, 3), np.uint8), np.zeros((4, 4, 3), np.uint8), np.zeros(3, np.uint8)])
def test_no_pixels_and_other_shapes_are_refused(pixels):
    with pytest.raises(InputError):
        colour_vector(pixels)
