"""Bad input: a clear error that says what was expected, what came and what to do; never a crash, never a pass."""

import errno
import hashlib
import os
import time

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageFile

from consistency import ConsistencyError, ImageError, load_image
from consistency.errors import InputError
from picture_files import encode, noise, png_header

FORMATS = ["PNG", "JPEG", "WEBP", "AVIF", "TIFF", "BMP"]
PIXELS = noise(64, 48)


def refused(source, **options) -> ImageError:
    with pytest.raises(ImageError) as caught:
        load_image(source, **options)
    assert str(caught.value).startswith("Expected ")
    return caught.value


def test_a_missing_file_is_named(tmp_path):
    error = refused(tmp_path / "no such.png")
    assert "'no such.png', which does not exist" in str(error)
    assert str(tmp_path) not in str(error)
    assert error.key == ""


def test_a_folder_is_not_a_picture(tmp_path):
    assert "no plain file" in str(refused(tmp_path))


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.png")
    assert "no plain file" in str(refused(tmp_path / "pipe.png"))


@pytest.mark.parametrize("path", ["a\0b.png", "x" * 5000])
def test_impossible_paths_are_refused(path):
    refused(path)


def test_failures_of_the_machine_are_not_the_pictures_fault(tmp_path, monkeypatch):
    def exhausted(*_arguments, **_options):
        raise OSError(errno.EMFILE, "Too many open files")

    (tmp_path / "a.png").write_bytes(encode(PIXELS))
    monkeypatch.setattr("builtins.open", exhausted)
    with pytest.raises(OSError, match="Too many"):
        load_image(tmp_path / "a.png")


def test_running_out_of_memory_is_not_the_pictures_fault(monkeypatch):
    def exhausted(_self):
        raise MemoryError

    data = encode(PIXELS)
    monkeypatch.setattr(ImageFile.ImageFile, "load", exhausted)
    with pytest.raises(MemoryError):
        load_image(data)


def test_an_empty_file_is_refused_with_its_key(tmp_path):
    (tmp_path / "empty.png").write_bytes(b"")
    error = refused(tmp_path / "empty.png")
    assert error.got == "an empty file"
    assert error.key == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize(
    ("data", "got"),
    [
        (b"hello, I am text", "bytes starting b'hello, I am '"),
        (b"GIF89a\1\0\1\0", "a GIF"),
        (b"%PDF-1.7 ...", "a PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "bytes starting"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG"),
    ],
)
def test_other_files_named_png_are_refused(tmp_path, data, got):
    (tmp_path / "picture.png").write_bytes(data)
    error = refused(tmp_path / "picture.png")
    assert error.got.startswith(got)
    assert error.key == hashlib.sha256(data).hexdigest()
    assert "export it" in error.hint


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
@pytest.mark.parametrize("kind", FORMATS)
def test_truncated_files_are_refused_with_their_key(kind, share):
    data = encode(PIXELS, kind)
    cut = data[: max(13, int(len(data) * share))]
    error = refused(cut)
    assert error.key == hashlib.sha256(cut).hexdigest()
    assert error.code == "image.unreadable"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "BMP"])
def test_truncated_files_are_refused_even_where_pillow_was_told_to_let_them_pass(kind, monkeypatch):
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    data = encode(PIXELS, kind)
    refused(data[: len(data) // 2])
    assert load_image(data).height == 64


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(FORMATS), st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=8))
def test_damaged_bytes_are_read_or_refused_never_anything_else(kind, changes):
    data = bytearray(encode(PIXELS[:16, :16], kind))
    for position, value in changes:
        data[position % len(data)] = value
    key = ""
    try:
        key = load_image(bytes(data), max_pixels=1_000_000).key
    except ImageError as error:
        key = error.key
    assert key == hashlib.sha256(data).hexdigest()


def test_an_enormous_header_is_refused_before_decoding():
    begin = time.perf_counter()
    error = refused(png_header(50_000, 50_000))
    assert time.perf_counter() - begin < 1
    assert error.got == "50000×50000"
    assert error.key


@pytest.mark.parametrize("kind", FORMATS)
def test_the_pixel_limit_holds_for_every_format(kind):
    data = encode(PIXELS, kind)
    assert "at most 3071 pixels" in str(refused(data, max_pixels=64 * 48 - 1))
    assert load_image(data, max_pixels=64 * 48).height == 64


def test_the_pixel_limit_holds_for_arrays_and_pil_images():
    refused(PIXELS, max_pixels=100)
    refused(Pillow.fromarray(PIXELS), max_pixels=100)


def test_between_pillows_limit_and_ours_nothing_is_warned():
    image = load_image(encode(Pillow.new("1", (9500, 9500))))
    assert image.pixels.shape == (9500, 9500, 3)


def test_damaged_exif_is_told_and_not_warned():
    data = encode(PIXELS, "JPEG", exif=b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x12\x01\x03\0\xff\xff\xff\xff" * 9)
    assert load_image(data).height == 64


@pytest.mark.parametrize("shape", [(0, 5, 3), (5, 0, 3), (0, 0), (0, 4, 4)])
def test_pictures_without_pixels_are_refused(shape):
    assert "at least one pixel" in str(refused(np.zeros(shape, np.uint8)))


def test_a_png_of_zero_width_is_refused():
    refused(png_header(0, 5))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_floats_that_are_no_numbers_are_refused(value):
    array = np.full((4, 4, 3), 0.5)
    array[1, 2, 0] = value
    assert "finite" in str(refused(array))
    assert refused(array).key


@pytest.mark.parametrize(
    ("array", "hint"),
    [
        (np.zeros((3, 8, 9), np.uint8), "x.transpose(1, 2, 0)"),
        (np.zeros((1, 8, 9), np.uint8), "x[0]"),
        (np.zeros((8, 9, 1), np.uint8), "x[..., 0]"),
        (np.zeros((2, 3, 8, 9), np.uint8), "x[0].transpose(1, 2, 0)"),
        (np.zeros((2, 8, 9, 3), np.uint8), "x[0]"),
        (np.full((4, 4, 3), -1.0), "(x + 1) / 2"),
        (np.full((3, 8, 9), -0.5), "(x.transpose(1, 2, 0) + 1) / 2"),
        (np.full((4, 4, 3), 200.0), "x.astype('uint8')"),
        (np.full((4, 4, 3), 200, np.int64), "x.astype('uint8')"),
        (np.full((4, 4, 3), 2000, np.uint16), "x / 65535"),
        (np.ones((4, 4), np.bool_), "x * 1.0"),
        (torch.zeros(3, 8, 9), "x.permute(1, 2, 0)"),
        (torch.full((3, 8, 9), -1.0), "(x.permute(1, 2, 0) + 1) / 2"),
        (torch.zeros(2, 3, 8, 9), "x[0].permute(1, 2, 0)"),
        (torch.full((8, 9, 3), -1.0), "(x + 1) / 2"),
    ],
)
def test_the_hint_for_a_wrong_layout_is_the_line_that_mends_it(array, hint):
    error = refused(array)
    assert error.hint == f"pass {hint}"
    assert error.key
    mended = eval(hint, {"x": array})
    assert load_image(mended).pixels.shape[2] == 3


@pytest.mark.parametrize(
    "array", [np.zeros(5), np.zeros((2, 2, 2)), np.zeros((4, 4, 3), complex), np.zeros((4, 4, 3), object), np.array(3)]
)
def test_arrays_that_are_no_pictures_are_refused(array):
    refused(array)


@pytest.mark.parametrize("source", [None, 5, [1, 2, 3], object()])
def test_things_that_are_no_pictures_at_all_are_a_callers_mistake(source):
    with pytest.raises(InputError):
        load_image(source)


def test_a_pil_image_of_32_bit_integers_is_refused():
    assert "32-bit integers" in str(refused(Pillow.new("I", (4, 4))))


def test_a_pil_image_opened_from_a_truncated_file_is_refused(tmp_path):
    (tmp_path / "cut.png").write_bytes(encode(PIXELS)[:2000])
    with Pillow.open(tmp_path / "cut.png") as picture:
        refused(picture)


def test_a_grey_float_picture_outside_its_range_is_refused():
    for value in (2.0, np.nan):
        refused(Pillow.fromarray(np.full((3, 3), value, np.float32)))


def test_every_error_is_the_librarys_own():
    assert issubclass(ImageError, ConsistencyError)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "source",
    [
        np.full((3, 8, 8), np.nan),
        np.zeros((8, 8, 3), "datetime64[s]"),
        np.ma.masked_all((8, 8, 3)),
        torch.zeros(8, 8, 3).to_sparse(),
        torch.zeros(8, 8, 3, device="meta"),
    ],
    ids=["NaN CHW", "dates", "masked", "sparse", "meta"],
)
def test_arrays_without_plain_figures_are_refused(source):
    refused(source)


@pytest.mark.parametrize("lost", [1, 4, 12, 15])
def test_a_png_that_lost_its_last_bytes_is_cut_short(lost):
    data = encode(PIXELS, "PNG")
    assert "cut short" in str(refused(data[:-lost]))


@pytest.mark.parametrize(("top", "hint"), [(1.4, r"x\.clip\(0, 1\)"), (255.0, r"x\.astype\('uint8'\)")])
def test_the_hint_for_floats_out_of_range_keeps_the_picture(top, hint):
    with pytest.raises(ImageError, match=hint):
        load_image(np.linspace(0, top, 48).reshape(4, 4, 3))
