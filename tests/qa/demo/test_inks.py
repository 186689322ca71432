import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein
from skimage.color import deltaE_ciede2000, rgb2lab

from qa.demo.brand import COLORS
from qa.demo.inks import beyond_srgb, contrast, cut_off, difference, drifted, ink_of_contrast, misspelt


def peer_delta_e(first, second):
    labs = [rgb2lab(np.array([[color]]) / 255) for color in (first, second)]
    return float(deltaE_ciede2000(*labs)[0, 0])


@pytest.mark.parametrize("name", COLORS)
@pytest.mark.parametrize("size", [1.2, 3.0, 9.0])
def test_a_drifted_color_is_as_far_off_as_asked_by_another_implementation(name, size):
    painted = drifted(COLORS[name], size, np.random.default_rng(5))
    assert peer_delta_e(COLORS[name], painted) == pytest.approx(size, abs=0.35)
    assert difference(COLORS[name], painted) == pytest.approx(peer_delta_e(COLORS[name], painted), abs=0.02)


def test_a_color_beyond_srgb_looks_nearer_where_it_is_cut_off():
    red = COLORS["marlow_red"]
    painted = beyond_srgb(red, 7.0)
    assert difference(red, painted) == pytest.approx(7.0, abs=0.01)
    assert difference(red, cut_off(painted)) < 5.0


@given(st.floats(1.1, 8.0))
@settings(max_examples=20, deadline=None)
def test_an_ink_has_the_contrast_asked_for(ratio):
    panel = COLORS["marlow_blue"]
    assert contrast(ink_of_contrast(panel, ratio), panel) == pytest.approx(ratio, abs=0.01)


def test_black_on_white_has_contrast_21():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)


@pytest.mark.parametrize("edits", [1, 2, 3])
def test_a_misspelt_text_is_off_by_exactly_the_edits_asked_for(edits):
    wrong = misspelt("WAKE UP SLOW", edits, np.random.default_rng(1))
    assert Levenshtein.distance(wrong, "WAKE UP SLOW") == edits
