"""One door: everything people hand in becomes the same picture."""

import hashlib
import io
import os
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
import tifffile
import torch
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow
from PIL import ImageOps

import consistency
from consistency import Image, load_image
from consistency.errors import InputError
from consistency.image import Source
from consistency.intake.sources import UNTAGGED
from picture_files import encode, noise

LOSSLESS = {"PNG": {}, "TIFF": {}, "BMP": {}, "WEBP": {"lossless": True}}
PIXELS = noise()


@pytest.mark.parametrize("kind", LOSSLESS)
def test_lossless_formats_come_in_pixel_for_pixel(kind):
    image = load_image(encode(PIXELS, kind, **LOSSLESS[kind]))
    assert np.array_equal(image.pixels, PIXELS)
    assert image.source.format == kind
    assert image.source.bits == 8
    assert image.assumptions == (UNTAGGED,)


@pytest.mark.parametrize("kind", ["JPEG", "AVIF"])
def test_lossy_formats_come_in_as_pillow_decodes_them(kind):
    data = encode(PIXELS, kind)
    assert np.array_equal(load_image(data).pixels, np.asarray(Pillow.open(io.BytesIO(data)).convert("RGB")))


def test_every_way_of_handing_in_gives_the_same_pixels(tmp_path):
    data = encode(PIXELS)
    path = tmp_path / "ä picture.png"
    path.write_bytes(data)
    sources = [path, str(path), data, bytearray(data), memoryview(data), Pillow.fromarray(PIXELS)]
    sources += [PIXELS, PIXELS / 255, (PIXELS / 255).astype(np.float32), torch.from_numpy(PIXELS), Pillow.open(path)]
    for source in sources:
        image = load_image(source)
        assert np.array_equal(image.pixels, PIXELS)
        assert image.extended is None


def test_an_image_comes_back_as_itself():
    image = load_image(PIXELS)
    assert load_image(image) is image


def test_the_key_is_the_hash_of_the_file(tmp_path):
    data = encode(PIXELS)
    (tmp_path / "a.png").write_bytes(data)
    assert load_image(data).key == hashlib.sha256(data).hexdigest() == load_image(tmp_path / "a.png").key
    assert load_image(data).source.byte_count == len(data)


def test_the_key_of_an_array_depends_on_type_shape_and_content_alone():
    key = load_image(PIXELS).key
    assert load_image(np.asfortranarray(PIXELS)).key == key
    assert load_image(np.concatenate([PIXELS, PIXELS])[: len(PIXELS)]).key == key
    assert load_image(torch.from_numpy(PIXELS)).key == key
    assert load_image(Pillow.fromarray(PIXELS)).key == key
    assert load_image(PIXELS / 255).key != key
    assert load_image(PIXELS[::-1]).key != key
    assert load_image(PIXELS.reshape(18, 24, 3)).key != key


def test_a_picture_is_read_only_and_apart_from_what_was_handed_in():
    mine = PIXELS.copy()
    image = load_image(mine)
    mine[:] = 0
    assert np.array_equal(image.pixels, PIXELS)
    with pytest.raises(ValueError, match="read-only"):
        image.pixels[0, 0] = 0


def test_grey_arrays_become_three_alike_channels():
    grey = noise(channels=1)
    image = load_image(grey)
    assert np.array_equal(image.pixels, np.repeat(grey[..., None], 3, axis=2))
    assert image.source.mode == "L"


def test_alpha_of_arrays_is_kept_apart():
    rgba = noise(channels=4)
    for source in (rgba, rgba / 255, encode(rgba), Pillow.fromarray(rgba)):
        image = load_image(source)
        assert np.array_equal(image.pixels, rgba[..., :3])
        assert np.array_equal(image.alpha, rgba[..., 3])
        assert image.source.has_alpha


def test_floats_between_the_8_bit_steps_are_kept_in_extended():
    deep = np.random.default_rng(3).random((5, 4, 3))
    image = load_image(deep)
    assert np.abs(image.extended - deep).max() < 1e-6
    assert np.abs(image.pixels / 255 - deep).max() <= 0.5 / 255 + 1e-9
    assert image.clipped_fraction == 0


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_tensors_of_every_float_type_come_in(dtype):
    tensor = torch.full((3, 2, 3), 0.5, dtype=dtype, requires_grad=True)
    assert load_image(tensor).pixels[0, 0, 0] == 128


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF", "TIFF"])
def test_pictures_are_turned_upright(kind, orientation):
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    data = encode(PIXELS, kind, exif=exif)
    upright = ImageOps.exif_transpose(Pillow.open(io.BytesIO(data))).convert("RGB")
    image = load_image(data)
    assert np.array_equal(image.pixels, np.asarray(upright))
    assert (image.width, image.height) == upright.size


def test_alpha_and_depth_turn_with_the_picture():
    rgba = np.random.default_rng(0).integers(0, 65536, (4, 6, 4), dtype=np.uint16)
    exif = Pillow.Exif()
    exif[0x0112] = 6
    from_cv2 = cv2.imencode(".png", rgba[..., [2, 1, 0, 3]])[1].tobytes()
    tag = encode(noise(2, 2), exif=exif)
    start = tag.index(b"eXIf") - 4
    chunk = tag[start : start + 12 + int.from_bytes(tag[start : start + 4], "big")]
    image = load_image(from_cv2[:33] + chunk + from_cv2[33:])
    turned = np.rot90(rgba, -1)
    assert np.abs(image.extended - turned[..., :3] / 65535).max() < 1e-6
    assert np.abs(image.alpha / 255 - turned[..., 3] / 65535).max() < 1 / 255


@pytest.mark.parametrize("orientation", [0, 9])
def test_an_unknown_orientation_is_taken_as_upright_and_told(orientation):
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    image = load_image(encode(PIXELS, exif=exif))
    assert np.array_equal(image.pixels, PIXELS)
    assert "orientation" in image.assumptions[0]


@pytest.mark.parametrize("suffix", [".png", ".tiff"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_sixteen_bits_are_kept(suffix, channels):
    deep = np.random.default_rng(7).integers(0, 65536, (9, 7, channels), dtype=np.uint16)
    swapped = deep[..., [2, 1, 0, 3][:channels]] if channels > 1 else deep
    image = load_image(cv2.imencode(suffix, swapped)[1].tobytes())
    assert image.source.bits == 16
    assert image.extended is not None
    if not (suffix == ".tiff" and channels == 4):
        expected = np.broadcast_to(deep[..., :3], (9, 7, 3)) / 65535
        assert np.abs(image.extended - expected).max() < 1e-6
        assert np.abs(image.pixels / 255 - expected).max() <= 0.5 / 255 + 1e-6


def test_sixteen_bits_that_only_repeat_eight_are_eight():
    image = load_image(cv2.imencode(".png", PIXELS[..., ::-1].astype(np.uint16) * 257)[1].tobytes())
    assert image.extended is None
    assert np.array_equal(image.pixels, PIXELS)


def test_a_chunk_that_claims_gigabytes_reserves_none():
    deep = np.random.default_rng(7).integers(0, 65536, (9, 7, 3), dtype=np.uint16)
    data = bytearray(cv2.imencode(".png", deep)[1].tobytes())
    data[data.index(b"IDAT") - 4] = 0xFF
    image = load_image(bytes(data))
    assert image.assumptions[-1] == "16 bits per channel read as 8"
    assert image.extended is None


def test_inverted_deep_grey_is_turned_round():
    deep = np.array([[0, 65535, 1000]], np.uint16)
    file = io.BytesIO()
    tifffile.imwrite(file, deep, photometric="miniswhite")
    assert load_image(file.getvalue()).extended[0, :, 0] == pytest.approx([1, 0, 1 - 1000 / 65535])


@pytest.mark.parametrize(
    "mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBX", "RGBa", "La", "CMYK", "YCbCr", "HSV"]
)
def test_every_mode_of_pillow_comes_in(mode):
    through = {"PA": ["P"], "La": ["LA"], "RGBa": ["RGBA"]}.get(mode, [])
    picture = Pillow.fromarray(noise(channels=4 if mode in ("RGBa", "PA", "La") else 3))
    for step in [*through, mode]:
        picture = picture.convert(step)
    image = load_image(picture)
    assert image.pixels.shape == (24, 18, 3)
    assert image.source.mode == mode
    assert (image.alpha is not None) == (mode in ("LA", "PA", "RGBA", "RGBa", "La"))


def test_a_transparent_palette_entry_becomes_alpha():
    picture = Pillow.fromarray(np.array([[0, 1]], np.uint8), "L").convert("P")
    picture.putpalette([255, 0, 0, 0, 255, 0])
    for transparency in (1, b"\xff\x00"):
        image = load_image(encode(picture, transparency=transparency))
        assert image.alpha.tolist() == [[255, 0]]
        assert image.pixels.tolist() == [[[255, 0, 0], [0, 255, 0]]]


def test_a_transparent_colour_becomes_alpha():
    picture = Pillow.fromarray(np.array([[[1, 2, 3], [9, 9, 9]]], np.uint8))
    assert load_image(encode(picture, transparency=(9, 9, 9))).alpha.tolist() == [[255, 0]]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_of_an_animation_the_first_frame_is_read_and_told(kind):
    frames = [Pillow.fromarray(np.full((16, 16, 3), level, np.uint8)) for level in (10, 200, 90)]
    image = load_image(encode(frames[0], kind, save_all=True, append_images=frames[1:]))
    assert abs(int(image.pixels[5, 5, 0]) - 10) <= 2
    assert image.source.frames == 3
    assert "only frame 1 of 3 is read" in image.assumptions


def test_a_wrong_extension_is_read_by_content_and_told(tmp_path):
    path = tmp_path / "photo.PNG"
    path.write_bytes(encode(PIXELS, "JPEG"))
    image = load_image(path)
    assert image.source.format == "JPEG"
    assert "named as PNG, read as the JPEG that it is" in image.assumptions


def test_a_single_pixel_is_a_picture():
    for source in (np.zeros((1, 1, 3), np.uint8), encode(np.zeros((1, 1, 3), np.uint8)), encode(noise(1, 1), "JPEG")):
        image = load_image(source)
        assert (image.height, image.width) == (1, 1)


def test_a_background_shows_where_the_picture_is_transparent():
    rgba = np.array([[[200, 100, 0, 255], [200, 100, 0, 0], [200, 100, 0, 51]]], np.uint8)
    image = load_image(rgba).on_background((0, 200, 100))
    assert image.pixels.tolist() == [[[200, 100, 0], [0, 200, 100], [40, 180, 80]]]
    assert image.alpha is None
    assert image.assumptions[-1] == "transparent pixels composited on #00c864"
    assert image.key == load_image(rgba).key


def test_a_background_shows_in_extended_too():
    deep = np.random.default_rng(4).random((3, 3, 4)).astype(np.float32)
    image = load_image(deep).on_background((255, 255, 255))
    opacity = load_image(deep).alpha[..., None] / 255
    assert np.abs(image.extended - (deep[..., :3] * opacity + 1 - opacity)).max() < 1e-5


def test_an_opaque_picture_needs_no_background():
    image = load_image(PIXELS)
    assert image.on_background((1, 2, 3)) is image


@pytest.mark.parametrize("rgb", [(0, 0), (0, 0, 256), (-1, 0, 0)])
def test_a_background_must_be_a_colour(rgb):
    with pytest.raises(InputError):
        load_image(noise(channels=4)).on_background(rgb)


def test_an_image_refuses_planes_that_do_not_fit():
    source = Source("", None, 8, 1, "", "RGB", False)
    with pytest.raises(InputError, match="alpha"):
        Image(PIXELS.copy(), None, np.zeros((2, 2), np.uint8), "", source)
    with pytest.raises(InputError, match="extended"):
        Image(PIXELS.copy(), np.zeros((2, 2, 3), np.float32), None, "", source)
    with pytest.raises(InputError, match="H×W×3"):
        Image(np.zeros((2, 2), np.uint8), None, None, "", source)


@given(st.integers(1, 9), st.integers(1, 9), st.sampled_from([1, 3, 4]), st.integers(0, 99))
def test_lossless_files_and_arrays_agree(height, width, channels, seed):
    pixels = noise(height, width, channels, seed)
    from_array, from_file = load_image(pixels), load_image(encode(pixels))
    assert np.array_equal(from_array.pixels, from_file.pixels)
    assert (from_array.alpha is None) == (from_file.alpha is None) == (channels != 4)


def test_threads_decode_the_same_and_leave_warnings_as_they_were():
    import warnings

    data = [encode(noise(40, 40, seed=seed), "JPEG") for seed in range(20)]
    before = list(warnings.filters)
    with ThreadPoolExecutor(8) as pool:
        parallel = list(pool.map(load_image, data * 5))
    assert warnings.filters == before
    assert all(
        np.array_equal(image.pixels, load_image(item).pixels) for image, item in zip(parallel, data * 5, strict=True)
    )


def test_importing_loads_nothing_heavy():
    heavy = [
        "torch",
        "cv2",
        "onnxruntime",
        "openvino",
        "open_clip",
        "insightface",
        "easyocr",
        "skimage",
        "PIL",
        "numpy",
        "pydantic",
    ]
    code = f"import sys, consistency; dir(consistency); print([m for m in {heavy} if m in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": str(pathlib.Path(consistency.__file__).parents[1])}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert ran.stdout.strip() == "[]"


def test_reading_a_picture_loads_neither_torch_nor_opencv():
    code = (
        "import sys, consistency, numpy; from consistency.colorspace import to_lab\n"
        "to_lab(consistency.load_image(numpy.zeros((2, 2, 3), 'uint8')))\n"
        "print([m for m in ('torch', 'cv2', 'skimage') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_every_public_name_has_a_home():
    assert all(getattr(consistency, name).__name__ == name for name in consistency.__all__)


def test_names_load_when_used_and_others_do_not_exist():
    assert "load_image" in dir(consistency)
    assert consistency.load_image is load_image
    with pytest.raises(AttributeError, match="load_imag"):
        _ = consistency.load_imag
