"""How EasyOCR's recogniser is shown a line: the crops that EasyOCR itself makes, and bounds where it has none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("easyocr", reason="the extra easyocr is not installed")

from easyocr.utils import get_image_list

from qa.text.easyocr_recognition import certainty, cropped, fitted, prepared, within
from qa.text.recognition import LONGEST

PICTURE = np.random.default_rng(3).integers(0, 256, (120, 260), np.uint8)


def corners(left, top, right, bottom):
    return (left, top), (right, top), (right, bottom), (left, bottom)


@pytest.mark.parametrize(("left", "top", "right", "bottom"), [(10, 20, 200, 50), (4, 3, 30, 110), (-9, 60, 300, 90)])
def test_an_upright_box_is_shown_as_easyocr_shows_it(left, top, right, bottom):
    ((_, theirs),), width = get_image_list([[left, right, top, bottom]], [], PICTURE, model_height=64)
    crop = cropped(PICTURE, corners(left, top, right, bottom))
    ours, filled = prepared(crop, 64)
    assert ours.shape == (1, 1, 64, width)
    assert (prepared(theirs, 64)[0] == ours).all()
    assert 0 < filled <= 1


def test_a_tilted_box_is_shown_as_easyocr_shows_it():
    quad = ((20.0, 30.0), (200.0, 60.0), (196.0, 84.0), (16.0, 54.0))
    ((_, theirs),), width = get_image_list([], [[list(point) for point in quad]], PICTURE, model_height=64)
    ours, _ = prepared(cropped(PICTURE, quad), 64)
    assert ours.shape[3] == width
    assert (prepared(theirs, 64)[0] == ours).all()


number = st.floats(-500, 500)


@settings(max_examples=200, deadline=None)
@given(st.tuples(*[st.tuples(number, number)] * 4))
def test_any_quadrilateral_has_a_crop_of_bounded_size(quad):
    crop = cropped(PICTURE, quad)
    assert crop.size > 0
    assert max(crop.shape) <= 2 * sum(PICTURE.shape)
    assert all(0 <= x <= 260 and 0 <= y <= 120 for x, y in within(quad, *PICTURE.shape))


@pytest.mark.parametrize("shape", [(1, 30_000), (30_000, 1), (3, 9000)])
def test_however_long_a_crop_is_its_input_is_bounded(shape):
    tensor, _ = prepared(fitted(np.zeros(shape, np.uint8), 64, 1.0), 64)
    assert tensor.shape[3] <= LONGEST


@pytest.mark.parametrize("scale", [0.5, 1.25, 2.0])
def test_a_scale_widens_what_is_picture(scale):
    crop = np.zeros((30, 300), np.uint8)
    columns = [tensor.shape[3] * filled for tensor, filled in (prepared(fitted(crop, 64, s), 64) for s in (1.0, scale))]
    assert columns[1] / columns[0] == pytest.approx(scale, rel=0.01)


def test_contrast_is_stretched_only_where_it_is_low():
    pale, strong = (np.tile(np.array([[low, 150]], np.uint8), (30, 60)) for low in (110, 5))
    assert (prepared(strong, 64)[0] == prepared(strong, 64, 0.5)[0]).all()
    assert float(prepared(pale, 64, 0.5)[0].std()) > 2 * float(prepared(pale, 64)[0].std())


def test_a_reading_of_blanks_is_no_certainty():
    blank = np.zeros((5, 3), np.float32)
    blank[:, 0] = 1
    assert certainty(blank) == 0
    assert certainty(blank[:, ::-1]) == 1
