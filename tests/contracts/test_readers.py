"""One suite over every reader: the same bytes whatever the order, the batch, the thread."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from consistency.errors import InputError, UnknownName
from qa.text.reader import READERS, Reader, load_reader

TESTED_HERE = {"rapidocr"}
TESTED_WITH_WEIGHTS_OF_THE_TEST = {"easyocr"}


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


@pytest.fixture(scope="module", params=sorted(TESTED_HERE))
def reader(request) -> Reader:
    return load_reader(request.param, threads=1)


@pytest.fixture(scope="module")
def alone(reader):
    return [reader.read(image) for image in PICTURES]


def test_every_reader_of_the_table_is_tested():
    assert set(READERS) == TESTED_HERE | TESTED_WITH_WEIGHTS_OF_THE_TEST


def test_it_fits_the_protocol(reader):
    assert isinstance(reader, Reader)
    assert reader.spec.id.startswith(reader.spec.name)
    assert reader.spec.precision == "float32"


def test_text_is_read(alone):
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


def test_batches_and_order_change_nothing(reader, alone):
    assert reader.read_batch(PICTURES) == alone
    assert reader.read_batch(PICTURES[::-1]) == alone[::-1]
    assert reader.read_batch([PICTURES[2], PICTURES[0], PICTURES[2]]) == [alone[2], alone[0], alone[2]]


def test_several_threads_read_the_same(reader, alone):
    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(reader.read, PICTURES * 2)) == alone * 2


@pytest.mark.parametrize("threads", [2, 3])
def test_the_number_of_inference_threads_changes_nothing(reader, alone, threads):
    other = load_reader(reader.spec.name, threads=threads)
    assert [other.read(image) for image in PICTURES] == alone
    assert other.read_batch(PICTURES) == alone
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
