"""The default reader on rendered text: what stands there, as it stands there."""

import hashlib
import subprocess
import sys

import numpy as np
import onnx
import pytest
from PIL import Image, ImageDraw, ImageFont

from consistency.errors import InputError, MissingBackend, WeightsError
from consistency.runtime import weights
from qa.text import recognisers
from qa.text.reader import load_reader
from qa.text.recogniser_downloads import downloads


def rendered(*lines: tuple[str, int, tuple[int, int]], size=(640, 420), turn=0) -> np.ndarray:
    """A grey picture with lines (text, font size, place)."""
    image = Image.new("RGB", size, (205, 212, 218))
    draw = ImageDraw.Draw(image)
    for text, height, place in lines:
        draw.text(place, text, font=ImageFont.load_default(height), fill=(12, 24, 60))
    return np.array(image.rotate(turn, expand=True, fillcolor=(205, 212, 218)))


@pytest.fixture(scope="module")
def reader():
    return load_reader("rapidocr", threads=1)


def texts(reader, image):
    return [line.text for line in reader.read(image)]


def test_misspelt_text_is_read_as_it_stands(reader):
    image = rendered(("SUMER SALE", 60, (40, 40)), ("FRONNITIER", 40, (40, 180)))
    assert texts(reader, image) == ["SUMER SALE", "FRONNITIER"]


def test_small_print_is_found(reader):
    assert texts(reader, rendered(("Terms and conditions apply", 13, (40, 380)))) == ["Terms and conditions apply"]


def test_nothing_is_read_on_an_empty_picture(reader):
    assert texts(reader, rendered()) == []


@pytest.mark.parametrize("turn", [90, -90, 15, -15])
def test_turned_lines_are_read(reader, turn):
    assert texts(reader, rendered(("Only this week", 40, (60, 180)), turn=turn)) == ["Only this week"]


def test_the_corners_of_a_turned_line_begin_at_its_own_top_left(reader):
    (line,) = reader.read(rendered(("Only this week", 40, (60, 180)), turn=90))
    (left, bottom), (_, top) = line.quad[0], line.quad[1]
    assert bottom > top
    assert left == min(x for x, _ in line.quad)


def test_prices_keep_every_sign(reader):
    image = rendered(("$ 1,249.90", 40, (40, 40)), ("Save 15% & more!", 40, (40, 180)))
    assert texts(reader, image) == ["$ 1,249.90", "Save 15% & more!"]


def test_symbols_of_other_scripts_are_outside_the_charset(reader):
    assert {"A", "ß", "あ", "漢", " "} <= reader.charset
    assert not {"Я", "한", "ก", "ا"} & reader.charset
    assert len(reader.charset) == 18_709


def test_a_changed_weight_file_is_refused(monkeypatch):
    changed = dict(weights.WEIGHTS)
    pinned = changed["ppocrv6_rec_small"]
    changed["ppocrv6_rec_small"] = type(pinned)(**{**pinned.__dict__, "sha256": "0" * 64})
    monkeypatch.setattr("qa.text.rapidocr.WEIGHTS", changed)
    with pytest.raises(WeightsError, match="PP-OCRv6_rec_small"):
        load_reader("rapidocr")


def test_an_unknown_script_lists_the_known_ones():
    with pytest.raises(InputError, match="korean"):
        load_reader("rapidocr:klingon")


@pytest.mark.parametrize("name", ["rapidocr:korean", "rapidocr:korean:/nowhere"])
def test_korean_names_the_command_that_fetches_it_and_opens_no_connection(name, monkeypatch):
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a connection was opened"))
    with pytest.raises(MissingBackend, match="qa models pull rapidocr:korean"):
        load_reader(name)


@pytest.fixture
def korean(tmp_path, monkeypatch):
    """A folder with a small recogniser of three symbols, made here, in the place of the Korean one."""
    flat = onnx.helper.make_node("ReduceMean", ["x"], ["m"], axes=[1, 2], keepdims=0)
    steps = onnx.helper.make_node("Unsqueeze", ["m", "axis"], ["t"])
    spread = onnx.helper.make_node("MatMul", ["t", "w"], ["y"])
    x = onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, ["n", 3, 48, "w"])
    y = onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, ["n", "t", 5])
    axis = onnx.numpy_helper.from_array(np.array([2]), "axis")
    weights = onnx.numpy_helper.from_array(np.array([[0, 1, 0, 0, 0]], np.float32), "w")
    graph = onnx.helper.make_graph([flat, steps, spread], "g", [x], [y], [axis, weights])
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 13)])
    model.ir_version = 8
    onnx.helper.set_model_props(model, {"character": "한\n국\n어"})
    path = tmp_path / recognisers.file_name("korean")
    path.write_bytes(model.SerializeToString())
    monkeypatch.setitem(recognisers.RECOGNISERS, "korean", hashlib.sha256(path.read_bytes()).hexdigest())
    return tmp_path


def test_a_recogniser_of_another_script_loads_from_its_folder(korean):
    other = load_reader(f"rapidocr:korean:{korean}", threads=1)
    assert other.charset == {"한", "국", "어", " "}
    assert other.spec.name == "rapidocr-korean"
    assert other.spec.id != load_reader("rapidocr").spec.id
    assert {letter for line in other.read(rendered(("SUMER", 60, (40, 40)))) for letter in line.text} <= {"한"}


def test_a_changed_recogniser_of_another_script_is_refused(korean):
    file = korean / recognisers.file_name("korean")
    file.write_bytes(file.read_bytes() + b"x")
    with pytest.raises(WeightsError, match="korean_PP-OCRv5"):
        load_reader(f"rapidocr:korean:{korean}")


@pytest.mark.parametrize("script", sorted(recognisers.RECOGNISERS))
def test_every_recogniser_is_listed_by_the_package_with_the_pinned_hash(script):
    (download,) = downloads(script)
    assert download.url.startswith("https://")
    assert download.url.endswith(download.file)


def test_reading_imports_neither_torch_nor_the_rapidocr_package():
    code = (
        "import sys, numpy as np; from qa.text.reader import load_reader; "
        "load_reader('rapidocr').read(np.zeros((64, 64, 3), np.uint8)); "
        "sys.exit(bool({'torch', 'rapidocr', 'easyocr'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("threads", [2, 3])
def test_pictures_read_before_in_and_after_a_batch_are_read_alike(threads):
    several = load_reader("rapidocr", threads=threads)
    images = [rendered((text, 40, (40, 40))) for text in ("SUMMER SALE", "Only $49.90", "100% organic")]
    before = [several.read(image) for image in images]
    assert several.read_batch(images) == before
    assert [several.read(image) for image in images] == before
    asked = (images[0], before[0][0].quad)
    fresh = load_reader("rapidocr", threads=threads)
    assert (several.emissions(*asked).probabilities == fresh.emissions(*asked).probabilities).all()
