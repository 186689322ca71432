"""Colours of a subject: far from another hue, near under another light, the background hardly counts."""

import colorsys

import numpy as np
import pytest
import skimage.data
from hypothesis import given
from hypothesis import strategies as st

from consistency.colouring import LENGTH, colour_distance, colouring
from consistency.region import Box

CUP = np.ascontiguousarray(skimage.data.coffee()[:, 100:500])
PLAIN = st.tuples(*[st.integers(0, 255)] * 3).map(lambda colour: np.full((32, 32, 3), colour, np.uint8))


def of_hue(hue):
    colour = np.round(255 * np.array(colorsys.hsv_to_rgb(hue, 0.7, 0.7))).astype(np.uint8)
    return np.broadcast_to(colour, (40, 40, 3)).copy()


@given(PLAIN, PLAIN)
def test_a_distance_is_between_0_and_1_and_the_same_either_way(one, other):
    a, b = colouring(one, None), colouring(other, None)
    assert a.shape == (LENGTH,)
    assert colour_distance(a, a) == pytest.approx(0, abs=1e-6)
    assert colour_distance(a, b) == colour_distance(b, a)
    assert 0 <= colour_distance(a, b) <= 1


def test_the_farther_a_hue_the_larger_the_distance():
    red = colouring(of_hue(0.0), None)
    distances = [colour_distance(red, colouring(of_hue(turn), None)) for turn in (0.02, 0.06, 0.12, 0.5)]
    assert distances == sorted(distances)
    assert distances[-1] > 0.9 > 0.1 > distances[0]


def test_a_darker_picture_is_nearer_than_another_hue():
    seen = colouring(CUP, None)
    darker, turned = (CUP * 0.8).astype(np.uint8), np.ascontiguousarray(CUP[..., ::-1])
    assert colour_distance(seen, colouring(darker, None)) < 0.05 < colour_distance(seen, colouring(turned, None))


def test_what_lies_at_the_edge_of_the_box_hardly_counts():
    product = of_hue(0.6)
    scene = np.full((60, 60, 3), (200, 40, 40), np.uint8)
    scene[10:50, 10:50] = product
    seen = colouring(scene, Box(5, 5, 50, 50))
    assert colour_distance(seen, colouring(product, None)) < 0.05


def test_grey_has_no_hue_and_is_far_from_nothing_but_colour():
    light, dark, red = (colouring(np.full((9, 9, 3), colour, np.uint8), None) for colour in (230, 60, (220, 30, 30)))
    assert colour_distance(light, dark) < 0.4 < colour_distance(light, red)
