"""Colour spaces agree with scikit-image and colour-science, and convert back to where they came from."""

import colour
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage.color import rgb2lab

from consistency import load_image
from consistency.colorspace import (
    SRGB_TO_XYZ,
    WHITE,
    lab_to_srgb,
    lab_to_xyz,
    linear_to_srgb,
    linear_to_xyz,
    oklab_to_srgb,
    srgb_to_linear,
    srgb_to_oklab,
    to_lab,
    xyz_to_lab,
    xyz_to_linear,
)
from consistency.errors import InputError
from picture_files import noise

GRID = np.stack(np.meshgrid(*[np.arange(0, 256, 15)] * 3, indexing="ij"), axis=-1).reshape(-1, 3).astype(np.uint8)
unit_colours = arrays(np.float64, (5, 3), elements=st.floats(0, 1))
wide_colours = arrays(np.float64, (5, 3), elements=st.floats(-0.6, 1.6))


def test_lab_is_within_a_hundredth_of_scikit_image():
    assert np.abs(to_lab(GRID) - rgb2lab(GRID.reshape(1, -1, 3))[0]).max() < 0.01
    assert np.abs(to_lab(GRID / 255) - rgb2lab(GRID.reshape(1, -1, 3))[0]).max() < 0.01


def test_lab_is_within_three_hundredths_of_colour_science():
    # Its matrix follows IEC 61966-2-1, rounded to four digits; ours is scikit-image's with six.
    white = colour.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["D65"]
    theirs = colour.XYZ_to_Lab(colour.sRGB_to_XYZ(GRID / 255), white)
    assert np.abs(to_lab(GRID) - theirs).max() < 0.03


@given(wide_colours)
def test_the_quick_way_agrees_with_the_exact_one_beyond_srgb_too(srgb):
    exact = xyz_to_lab(linear_to_xyz(srgb_to_linear(srgb)))
    assert np.abs(to_lab(srgb) - exact).max() < 0.002
    assert np.abs(to_lab(srgb.astype(np.float32)) - exact).max() < 0.002


def test_lab_does_not_depend_on_where_a_pixel_stands():
    pixels = np.tile(noise(7, 5), (60, 90, 1))
    lab = to_lab(pixels)
    assert np.array_equal(lab, np.tile(to_lab(pixels[:7, :5]), (60, 90, 1)))


def test_greys_have_no_chroma():
    greys = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    lab = to_lab(greys)
    assert np.abs(lab[:, 1:]).max() < 1e-3
    assert (np.diff(lab[:, 0]) > 0).all()
    assert lab[0, 0] == pytest.approx(0, abs=1e-4)
    assert lab[255, 0] == pytest.approx(100, abs=1e-4)


def test_lab_reads_the_extended_colours_of_a_picture():
    deep = np.random.default_rng(1).random((6, 5, 3))
    assert np.abs(to_lab(load_image(deep)) - rgb2lab(deep)).max() < 0.01
    pixels = noise()
    assert np.array_equal(to_lab(load_image(pixels)), to_lab(pixels))


@pytest.mark.parametrize("shape", [(3,), (4, 3), (2, 4, 3), (2, 2, 2, 3)])
def test_lab_takes_any_shape_of_colours(shape):
    assert to_lab(np.zeros(shape, np.uint8)).shape == shape
    assert to_lab(np.zeros(shape)).dtype == np.float32


@pytest.mark.parametrize("wrong", [np.zeros((4, 4), np.uint8), np.zeros((3, 4, 3), np.int32), np.array(1.0)])
def test_lab_refuses_what_is_no_srgb(wrong):
    with pytest.raises(InputError):
        to_lab(wrong)


@given(wide_colours)
def test_transfer_curve_is_undone_by_its_inverse_and_mirrored(srgb):
    assert np.allclose(linear_to_srgb(srgb_to_linear(srgb)), srgb, atol=1e-7)
    assert np.allclose(srgb_to_linear(-srgb), -srgb_to_linear(srgb))


@given(unit_colours)
def test_transfer_curve_agrees_with_colour_science(srgb):
    assert np.allclose(srgb_to_linear(srgb), colour.models.eotf_sRGB(srgb), atol=1e-7)
    assert np.allclose(linear_to_srgb(srgb), colour.models.eotf_inverse_sRGB(srgb), atol=1e-7)


@given(wide_colours)
def test_every_space_converts_back(srgb):
    linear = srgb_to_linear(srgb)
    assert np.allclose(xyz_to_linear(linear_to_xyz(linear)), linear, atol=1e-9)
    assert np.allclose(lab_to_xyz(xyz_to_lab(linear_to_xyz(linear))), linear_to_xyz(linear), atol=1e-9)
    assert np.allclose(lab_to_srgb(xyz_to_lab(linear_to_xyz(linear))), srgb, atol=1e-6)


@given(unit_colours)
def test_oklab_agrees_with_colour_science_and_converts_back(srgb):
    theirs = colour.XYZ_to_Oklab(colour.sRGB_to_XYZ(srgb))
    assert np.abs(srgb_to_oklab(srgb) - theirs).max() < 0.002
    assert np.allclose(oklab_to_srgb(srgb_to_oklab(srgb)), srgb, atol=1e-5)


# Ottosson 2020, table of XYZ and Oklab pairs: white has L = 1 and no chroma.
def test_oklab_of_white_is_one():
    assert srgb_to_oklab((1, 1, 1)) == pytest.approx((1, 0, 0), abs=1e-6)


def test_white_is_the_sum_of_the_primaries():
    assert np.allclose(SRGB_TO_XYZ.sum(axis=1), WHITE)


def test_conversions_refuse_other_than_three_channels():
    with pytest.raises(InputError):
        linear_to_xyz(np.zeros((4, 4)))
