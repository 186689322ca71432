"""Detection, recognition and charset without any model: arrays in, quadrilaterals and text out."""

import contextlib

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consistency.errors import WeightsError
from qa.text.charset import onnx_metadata, recogniser_symbols
from qa.text.detection import DetectionOptions, clockwise, regions_of, shown_size
from qa.text.recognition import crop_quad, decode, prepare

OPTIONS = DetectionOptions()


def onnx_model(**metadata: str) -> bytes:
    """A small real ONNX file with metadata."""
    x = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [1])
    graph = onnx.helper.make_graph([onnx.helper.make_node("Identity", ["x"], ["y"])], "g", [x], [x])
    model = onnx.helper.make_model(graph)
    onnx.helper.set_model_props(model, metadata)
    return model.SerializeToString()


def test_metadata_is_what_onnx_itself_wrote():
    assert onnx_metadata(onnx_model(character="a\nß\n漢", other="1")) == {"character": "a\nß\n漢", "other": "1"}


def test_symbols_begin_with_the_blank_and_end_with_the_space():
    assert recogniser_symbols(onnx_model(character="a\nb")) == ("", "a", "b", " ")


@pytest.mark.parametrize("data", [b"", b"\xff" * 40, onnx_model(character="a")[:-3], onnx_model()])
def test_a_file_without_characters_is_refused(data):
    with pytest.raises(WeightsError):
        recogniser_symbols(data)


@given(st.binary(max_size=200))
def test_any_bytes_are_metadata_or_a_clear_error(data):
    with contextlib.suppress(WeightsError):
        assert isinstance(onnx_metadata(data), dict)


@given(st.integers(1, 30_000), st.integers(1, 30_000))
def test_the_detector_never_sees_too_much_nor_an_enlarged_picture(height, width):
    rows, columns = shown_size(height, width, OPTIONS)
    assert rows % 32 == columns % 32 == 0
    assert rows <= max(32, height + 16)
    assert columns <= max(32, width + 16)
    assert rows * columns <= 1.3 * OPTIONS.max_area + 32 * max(rows, columns)


def test_a_1024_square_is_shown_at_512():
    assert shown_size(1024, 1024, OPTIONS) == (512, 512)


def test_a_bar_of_probability_becomes_a_box_around_it():
    probability = np.zeros((64, 128), np.float32)
    probability[20:30, 30:90] = 0.9
    (region,) = regions_of(probability, OPTIONS)
    quad = region.quad
    (left, top), (right, bottom) = quad.min(axis=0), quad.max(axis=0)
    # The offset of a rectangle by area times ratio over perimeter, on every side.
    growth = 60 * 10 * 1.6 / (2 * (60 + 10))
    assert left == pytest.approx(30 - growth, abs=1.5)
    assert right == pytest.approx(90 + growth, abs=1.5)
    assert top == pytest.approx(20 - growth, abs=1.5)
    assert bottom == pytest.approx(30 + growth, abs=1.5)


def test_faint_or_tiny_regions_are_no_text():
    probability = np.zeros((64, 128), np.float32)
    probability[20:30, 30:90] = 0.35
    probability[50:52, 100:102] = 0.9
    assert regions_of(probability, OPTIONS) == []


@given(st.floats(-44, 44), st.integers(0, 3))
def test_corners_run_clockwise_from_the_top_left(angle, start):
    radians = np.radians(angle)
    turn = np.array([[np.cos(radians), np.sin(radians)], [-np.sin(radians), np.cos(radians)]])
    rectangle = np.array([[-40, -10], [40, -10], [40, 10], [-40, 10]]) @ turn + 100
    assert clockwise(np.roll(rectangle, start, axis=0)[::-1]) == pytest.approx(rectangle, abs=1e-3)


def test_decoding_merges_repeats_and_drops_blanks():
    symbols = ("", "a", "b", " ")
    best = [0, 1, 1, 0, 1, 2, 2, 3, 0, 2]
    probabilities = np.full((len(best), 4), 0.1, np.float32)
    probabilities[np.arange(len(best)), best] = 0.7
    reading = decode(probabilities, symbols)
    assert reading.text == "aab b"
    assert reading.confidence == pytest.approx(0.7)
    assert reading.positions == pytest.approx([0.15, 0.45, 0.55, 0.75, 0.95])


def test_only_blanks_read_as_nothing():
    probabilities = np.zeros((6, 3), np.float32)
    probabilities[:, 0] = 1
    assert decode(probabilities, ("", "a", " ")).text == ""


@given(st.integers(1, 200), st.integers(1, 3000))
def test_a_crop_is_padded_to_a_bucket_of_its_own(height, width):
    prepared, wide = prepare(np.full((height, width, 3), 255, np.uint8))
    assert prepared.shape[:3] == (1, 3, 48)
    assert prepared.shape[3] % 32 == 0
    assert 160 <= prepared.shape[3] <= 32_000
    assert (prepared[..., :wide] == 1).all()
    assert (prepared[..., wide:] == 0).all()


def test_a_straight_crop_is_the_part_of_the_picture():
    image = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    quad = np.array([[10, 5], [50, 5], [50, 25], [10, 25]], np.float32)
    assert (crop_quad(image, quad) == image[5:25, 10:50]).all()
