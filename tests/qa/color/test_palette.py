"""The palette map: exact per pixel, and its quick coarse form."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consistency.colorspace import to_lab
from consistency.errors import InputError
from qa.color.difference import delta_e00
from qa.color.palette import CUT_OFF, Palette, distinct_colors

COLORS = {"blue": (0, 85, 170), "red": (200, 16, 46), "green": (11, 122, 94)}
CHANNEL = st.integers(0, 255)


def random_picture(seed: int, side: int = 64) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)


def test_every_pixel_gets_its_nearest_colour_exactly():
    palette, picture = Palette(COLORS), random_picture(1)
    index, delta_e = palette.nearest(picture)
    expected = delta_e00(to_lab(picture)[:, :, None], palette.lab)
    np.testing.assert_array_equal(index, expected.argmin(axis=2))
    np.testing.assert_allclose(delta_e, expected.min(axis=2), atol=1e-4)


@given(st.tuples(CHANNEL, CHANNEL, CHANNEL))
def test_a_colour_of_the_palette_is_its_own_nearest(color):
    palette = Palette({"first": color, "second": tuple((channel + 128) % 256 for channel in color)})
    index, delta_e = palette.nearest(np.array([[color]], np.uint8))
    assert index.item() == 0
    assert delta_e.item() < 1e-3


def test_owners_agree_with_the_exact_map_away_from_the_cut_off():
    palette, picture = Palette({"grey": (128, 128, 128)}), random_picture(2, 256)
    _, delta_e = palette.nearest(picture)
    owners = palette.owners(picture)
    assert (owners[delta_e < CUT_OFF - 4] == 1).all()
    assert (owners[delta_e > CUT_OFF + 4] == 0).all()


def test_a_colour_in_shade_still_belongs_to_it():
    palette = Palette(COLORS)
    in_shade = (np.array([11, 122, 94]) * 0.65).astype(np.uint8)
    assert palette.owners(in_shade[None, None]).item() == 3


def test_distinct_colours_put_back_in_place_are_the_picture():
    picture = random_picture(3) // 64
    colors, place = distinct_colors(picture)
    np.testing.assert_array_equal(colors[place], picture)
    assert len(np.unique(colors, axis=0)) == len(colors)


@pytest.mark.parametrize(
    "colors", [{}, {"a": (1, 2, 3), "b": (1, 2, 3)}, {"a": (0, 0, 256)}], ids=["none", "two equal ones", "out of range"]
)
def test_palettes_that_make_no_sense_are_refused(colors):
    with pytest.raises(InputError):
        Palette(colors)


@pytest.mark.parametrize("picture", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((3, 4, 4), np.uint8)])
def test_arrays_that_are_no_picture_are_refused(picture):
    with pytest.raises(InputError):
        Palette(COLORS).nearest(picture)
