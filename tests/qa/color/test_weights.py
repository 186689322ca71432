"""Signed differences are ΔE00 near their reference."""

import numpy as np
import pytest

from qa.color.difference import delta_e00
from qa.color.weights import even_differences, weighted_differences

REFERENCES = [(37, 10, -50), (53, 80, 67), (60, -40, 30), (50, 0, 0), (92, 1, -1), (30, 40, -60)]


@pytest.mark.parametrize("reference", REFERENCES, ids=str)
def test_even_differences_are_as_long_as_delta_e00(reference):
    near = np.asarray(reference) + np.random.default_rng(0).normal(size=(200, 3)) * 0.05
    lengths = np.linalg.norm(even_differences(near, reference), axis=1)
    assert lengths == pytest.approx(delta_e00(near, reference), rel=0.02)


@pytest.mark.parametrize("reference", REFERENCES[:3], ids=str)
def test_lighter_more_vivid_and_further_round_in_hue_are_positive(reference):
    lightness, a, b = reference
    angle = 0.01
    turned = (lightness, a * np.cos(angle) - b * np.sin(angle), a * np.sin(angle) + b * np.cos(angle))
    for axis, other in enumerate([(lightness + 1, a, b), (lightness, a * 1.01, b * 1.01), turned]):
        difference = weighted_differences(other, reference)
        assert difference[axis] == pytest.approx(delta_e00(other, reference), rel=0.05)
        assert np.abs(np.delete(difference, axis)).max() < 0.02


def test_the_kits_colour_is_no_difference():
    assert not weighted_differences((37, 10, -50), (37, 10, -50)).any()
