"""One suite over every reader: the same bytes whatever the order, the batch, the thread."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw, ImageFont

from consistency.errors import InputError, MissingBackend, UnknownName
from consistency.runtime.sessions import open_session
from consistency.runtime.weights import WEIGHTS, verify
from qa.text.charset import recogniser_symbols
from qa.text.rapidocr import RapidOcrReader
from qa.text.reader import READERS, Reader, ReaderSpec, Scorer, load_reader
from tiny_models import easyocr_networks

WITH_PUBLISHED_WEIGHTS = {"rapidocr"}
WITH_WEIGHTS_OF_THE_TEST = {"easyocr"}
"""Random ones: what they read means nothing, and still has to obey every law."""


def picture(seed: int) -> np.ndarray:
    """A picture with two lines of text, of its own size."""
    rng = np.random.default_rng(seed)
    height, width = int(rng.integers(180, 340)), int(rng.integers(260, 480))
    image = Image.fromarray(rng.integers(180, 220, (height, width, 3), np.uint8))
    draw = ImageDraw.Draw(image)
    draw.text((12, 20), f"Line {seed} of 49,90", font=ImageFont.load_default(14 + seed % 5), fill=(10, 20, 60))
    draw.text(
        (20, 90), "A MUCH LONGER LINE BESIDE IT"[: 8 + 4 * seed], font=ImageFont.load_default(24), fill=(60, 0, 0)
    )
    return np.array(image)


PICTURES = [picture(seed) for seed in range(4)]


@pytest.fixture(scope="module", params=sorted(WITH_PUBLISHED_WEIGHTS | WITH_WEIGHTS_OF_THE_TEST))
def name(request, tmp_path_factory):
    """What loads the reader."""
    if request.param in WITH_PUBLISHED_WEIGHTS:
        yield request.param
        return
    pytest.importorskip("easyocr", reason="the extra easyocr is not installed")
    with pytest.MonkeyPatch.context() as patch:
        yield f"easyocr:en:{easyocr_networks(tmp_path_factory.mktemp('easyocr'), patch)}"


@pytest.fixture(scope="module")
def reader(name) -> Reader:
    return load_reader(name, threads=1)


@pytest.fixture(scope="module")
def alone(reader):
    return [reader.read(image) for image in PICTURES]


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_on_cuda_it_reads_the_same(name, alone):
    reader = load_reader(name, device="cuda")
    read = [[line.text for line in reader.read(image)] for image in PICTURES]
    assert read == [[line.text for line in lines] for lines in alone]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_without_cuda_it_does_not_fall_back_on_the_cpu(name):
    with pytest.raises(MissingBackend, match="CUDA"):
        load_reader(name, device="cuda")


def test_an_unknown_device_is_refused(name):
    with pytest.raises(InputError, match="cpu, cuda"):
        load_reader(name, device="tpu")


def same(one, other) -> bool:
    """Whether emissions are equal to the last bit."""
    kept = (one.symbols, one.filled) == (other.symbols, other.filled)
    return kept and np.array_equal(one.probabilities, other.probabilities)


def test_every_reader_of_the_table_is_tested():
    assert set(READERS) == WITH_PUBLISHED_WEIGHTS | WITH_WEIGHTS_OF_THE_TEST


def test_it_fits_the_protocol(reader):
    assert isinstance(reader, Reader)
    assert reader.spec.id.startswith(reader.spec.name)
    assert reader.spec.precision == "float32"


def test_text_is_read(name, alone):
    assert all(len(lines) >= 2 for lines in alone)
    if name in WITH_PUBLISHED_WEIGHTS:
        assert all("49,90" in " ".join(line.text for line in lines) for lines in alone)


def test_every_character_read_is_in_the_charset(reader, alone):
    assert all(set(line.text) <= reader.charset for lines in alone for line in lines)


def test_every_line_lies_in_its_picture(alone):
    for image, lines in zip(PICTURES, alone, strict=True):
        for line in lines:
            assert line.box.clipped(*image.shape[:2]) == line.box
            assert 0 <= line.confidence <= 1


def test_positions_grow_along_the_line(alone):
    for line in (line for lines in alone for line in lines):
        assert len(line.positions) in (0, len(line.text))
        assert list(line.positions) == sorted(line.positions)
        assert all(0 <= position <= 1 for position in line.positions)


def test_emissions_are_probabilities_of_known_symbols(reader, alone):
    assert isinstance(reader, Scorer)
    for seen in (line.emissions for lines in alone for line in lines):
        assert seen.symbols[0] == ""
        assert set(seen.symbols[1:]) <= reader.charset
        assert len(set(seen.symbols)) == len(seen.symbols)
        assert 0 < seen.filled <= 1
        assert seen.probabilities.min() >= 0
        assert seen.probabilities.sum(axis=1).max() <= 1 + 1e-5


def test_a_line_seen_again_says_what_it_said(reader, alone):
    for image, lines in zip(PICTURES, alone, strict=True):
        assert all(
            same(reader.emissions(image, line.quad), line.emissions) for line in lines if line.shape == "straight"
        )


def test_batches_change_no_emissions(reader, alone):
    again = reader.read_batch(PICTURES[::-1])[::-1]
    for lines, others in zip(alone, again, strict=True):
        assert all(same(line.emissions, other.emissions) for line, other in zip(lines, others, strict=True))


def test_what_stands_elsewhere_in_the_picture_changes_no_emissions(reader, alone):
    for image, lines in zip(PICTURES, alone, strict=True):
        line, painted = lines[0], image.copy()
        painted[line.box.bottom + 2 :] = 77
        painted[: max(0, line.box.top - 2)] = 11
        assert same(reader.emissions(painted, line.quad), line.emissions)


def test_another_scale_is_another_look(reader, alone):
    line = alone[0][0]
    wider = reader.emissions(PICTURES[0], line.quad, scale=2.0)
    assert len(wider.probabilities) * wider.filled > 1.5 * len(line.emissions.probabilities) * line.emissions.filled
    assert same(wider, reader.emissions(PICTURES[0], line.quad, scale=2.0))


@pytest.mark.parametrize("quad", [((-900, -900), (-800, -900), (-800, -890), (-900, -890)), ((5, 5),) * 4])
def test_a_quadrilateral_without_pixels_is_no_crash(reader, quad):
    assert np.isfinite(reader.emissions(PICTURES[0], quad).probabilities).all()


def test_batches_and_order_change_nothing(reader, alone):
    assert reader.read_batch(PICTURES) == alone
    assert reader.read_batch(PICTURES[::-1]) == alone[::-1]
    assert reader.read_batch([PICTURES[2], PICTURES[0], PICTURES[2]]) == [alone[2], alone[0], alone[2]]


def test_several_threads_read_the_same(reader, alone):
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(reader.read, PICTURES * 2)) == alone * 2


@pytest.mark.parametrize("threads", [2, 3])
def test_the_number_of_inference_threads_changes_nothing(name, reader, alone, threads):
    other = load_reader(name, threads=threads)
    # EasyOCR's threads are torch's, which is one setting for the whole process: one picture is enough.
    pictures = PICTURES if name in WITH_PUBLISHED_WEIGHTS else PICTURES[:1]
    assert [other.read(image) for image in pictures] == alone[: len(pictures)]
    assert other.read_batch(pictures) == alone[: len(pictures)]
    assert other.spec == reader.spec


def test_pictures_are_not_changed(reader):
    before = PICTURES[0].copy()
    before.setflags(write=False)
    reader.read(before)
    assert (before == PICTURES[0]).all()


@pytest.mark.parametrize("shape", [(1, 1, 3), (8, 200, 3), (400, 6, 3), (16, 4000, 3)])
def test_odd_sizes_are_read_without_error(reader, shape):
    assert reader.read(np.full(shape, 255, np.uint8)) == ()


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((4, 4)), np.zeros((4, 4, 4), np.uint8), np.zeros((0, 4, 3), np.uint8), np.zeros((4, 4, 3)), "a.png"],
)
def test_what_is_no_picture_is_refused(reader, wrong):
    with pytest.raises(InputError):
        reader.read(wrong)


def test_an_unknown_reader_lists_the_known_ones():
    with pytest.raises(UnknownName, match="rapidocr"):
        load_reader("rapidorc")


def default_reader(engine: str) -> RapidOcrReader:
    """The default reader with an engine named, or a skip where that engine is not installed."""
    pytest.importorskip(engine, reason=f"{engine} is not installed")
    models = [verify(WEIGHTS[name]).read_bytes() for name in ("ppocrv6_det_small", "ppocrv6_rec_small")]
    detector, recogniser = (open_session(model, engine=engine, threads=1) for model in models)
    return RapidOcrReader(detector, recogniser, recogniser_symbols(models[1]), ReaderSpec(engine, (), ""))


def test_the_default_reader_reads_the_same_on_either_engine():
    one, other = default_reader("openvino"), default_reader("onnxruntime")
    assert (one.engine, other.engine) == ("openvino", "onnxruntime")
    for image in PICTURES:
        lines = one.read(image)
        assert [line.text for line in other.read(image)] == [line.text for line in lines]
        for line in lines:
            again = other.emissions(image, line.quad)
            assert (again.symbols, again.filled) == (line.emissions.symbols, line.emissions.filled)
            assert np.allclose(again.probabilities, line.emissions.probabilities, rtol=0, atol=1e-3)
