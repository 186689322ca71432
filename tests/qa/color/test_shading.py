"""Shade: one factor on L* + 16, a*, b*."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from consistency.colorspace import linear_to_xyz, srgb_to_linear, xyz_to_lab
from qa.color.difference import delta_e00
from qa.color.shading import is_same_chromaticity, shaded_distances, without_shading

PAINTS = st.tuples(st.integers(70, 255), st.integers(70, 255), st.integers(70, 255))


def lab_under(paint: tuple[int, int, int], light: float) -> np.ndarray:
    return xyz_to_lab(linear_to_xyz(light * srgb_to_linear(np.array(paint) / 255)))


@given(PAINTS, st.floats(0.4, 1.0))
def test_paint_under_less_light_is_the_paint_again_without_its_shade(paint, light):
    assert shaded_distances(lab_under(paint, light), lab_under(paint, 1.0)) < 0.5


@given(PAINTS, st.floats(0.4, 1.0))
def test_paint_keeps_its_chromaticity_under_less_light(paint, light):
    reference = lab_under(paint, 1.0)
    if np.hypot(reference[1], reference[2]) > 15:
        assert is_same_chromaticity(lab_under(paint, light), reference)


def test_another_hue_stays_another_hue_without_its_shade():
    blue, purple = lab_under((0, 85, 170), 1.0), lab_under((90, 60, 170), 0.7)
    assert shaded_distances(purple, blue) > 5
    assert not is_same_chromaticity(purple, blue)


def test_greys_are_never_shades_of_each_other():
    assert not is_same_chromaticity(lab_under((128, 128, 128), 0.5), lab_under((128, 128, 128), 1.0))


def test_taking_shade_away_only_sets_lightness_where_there_is_none():
    paint = lab_under((200, 90, 80), 1.0)
    np.testing.assert_allclose(delta_e00(without_shading(paint, paint), paint), 0, atol=1e-9)
