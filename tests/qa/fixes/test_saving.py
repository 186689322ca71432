"""What a repaired file keeps: format, profile, orientation, metadata, samples outside the mask."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo

from consistency.image import load_image
from consistency.intake.rendering import upright
from qa.demo.files import p3_profile
from qa.fixes.canvas import open_canvas
from qa.fixes.png_chunks import chunks
from qa.fixes.saving import encode, laid, srgb_profile

RNG = np.random.default_rng(0)
PIXELS = np.ascontiguousarray(np.kron(RNG.integers(0, 256, (6, 8, 3), np.uint8), np.ones((8, 8, 1), np.uint8)))
ROWS, COLUMNS = np.mgrid[0:48, 0:64].astype(np.uint8)
SMOOTH = np.dstack([ROWS * 4, COLUMNS * 3, ROWS + COLUMNS])
ALPHA = RNG.integers(0, 256, PIXELS.shape[:2], np.uint8)
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>'


def saved(picture: np.ndarray, kind: str, **options) -> bytes:
    stream = io.BytesIO()
    Pillow.fromarray(picture).save(stream, kind, **options)
    return stream.getvalue()


def exif(orientation: int) -> Pillow.Exif:
    tags = Pillow.Exif()
    tags[274], tags[271] = orientation, "Maker"
    return tags


def again(data: bytes) -> bytes:
    return encode(open_canvas(load_image(data), data))


LOSSLESS = {
    "png": ("PNG", PIXELS, {}),
    "png with alpha": ("PNG", np.dstack([PIXELS, ALPHA]), {}),
    "png p3": ("PNG", PIXELS, {"icc_profile": p3_profile()}),
    "webp lossless": ("WEBP", np.dstack([PIXELS, ALPHA]), {"lossless": True, "exact": True}),
    "tiff": ("TIFF", PIXELS, {"compression": "tiff_lzw"}),
    "tiff p3 with alpha": ("TIFF", np.dstack([PIXELS, ALPHA]), {"icc_profile": p3_profile()}),
    "bmp": ("BMP", PIXELS, {}),
}


@pytest.mark.parametrize("name", LOSSLESS)
def test_a_lossless_file_comes_back_with_every_sample(name):
    kind, pixels, options = LOSSLESS[name]
    data = saved(pixels, kind, **options)
    written = again(data)
    with Pillow.open(io.BytesIO(written)) as picture:
        assert picture.format == kind
        assert np.array_equal(np.asarray(picture), pixels)
        assert picture.info.get("icc_profile") == options.get("icc_profile")


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
def test_orientation_is_not_applied_twice(kind, orientation):
    options = {"lossless": True} if kind == "WEBP" else {}
    data = saved(SMOOTH, kind, exif=exif(orientation), **options)
    before, after = load_image(data), load_image(again(data))
    assert after.pixels.shape == before.pixels.shape
    assert np.abs(after.pixels.astype(int) - before.pixels).mean() < 4


@pytest.mark.parametrize("orientation", range(1, 9))
def test_laying_undoes_turning_upright(orientation):
    assert np.array_equal(laid(upright(PIXELS, orientation), orientation), PIXELS)


def test_a_png_keeps_all_chunks_but_its_pixels():
    info = PngInfo()
    info.add_text("Author", "me")
    info.add_itxt("XML:com.adobe.xmp", XMP.decode())
    data = saved(PIXELS, "PNG", pnginfo=info, dpi=(300, 300), exif=exif(6), icc_profile=p3_profile())
    kept = [whole for name, whole in chunks(data) if name != b"IDAT"]
    assert [whole for name, whole in chunks(again(data)) if name != b"IDAT"] == kept


def test_a_jpeg_keeps_tables_sampling_and_metadata():
    data = saved(PIXELS, "JPEG", quality=71, subsampling=2, dpi=(300, 300), exif=exif(6), icc_profile=p3_profile(),
                 comment=b"hello", xmp=XMP)  # fmt: skip
    with Pillow.open(io.BytesIO(data)) as before, Pillow.open(io.BytesIO(again(data))) as after:
        assert after.quantization == before.quantization
        assert after.layer == before.layer
        for name in ("icc_profile", "dpi", "comment", "xmp", "exif"):
            assert after.info[name] == before.info[name], name


def test_webp_and_tiff_keep_profile_xmp_and_resolution():
    webp = saved(PIXELS, "WEBP", icc_profile=p3_profile(), xmp=XMP, exif=exif(3))
    with Pillow.open(io.BytesIO(again(webp))) as after:
        assert after.info["xmp"].strip() == XMP
        assert after.info["icc_profile"] == p3_profile()
        assert after.getexif()[271] == "Maker"
    tiff = saved(PIXELS, "TIFF", dpi=(300, 300), icc_profile=p3_profile(), software="Painter")
    with Pillow.open(io.BytesIO(again(tiff))) as after:
        assert tuple(map(round, after.info["dpi"])) == (300, 300)
        assert after.tag_v2[305] == "Painter"


def test_sixteen_bits_stay_sixteen_bits_in_png():
    deep = RNG.integers(0, 65536, (10, 12, 4), np.uint16)
    data = bytes(cv2.imencode(".png", deep)[1])
    assert np.array_equal(cv2.imdecode(np.frombuffer(again(data), np.uint8), cv2.IMREAD_UNCHANGED), deep)


def test_cmyk_comes_out_as_srgb_with_its_profile_and_a_note():
    stream = io.BytesIO()
    Pillow.fromarray(SMOOTH).convert("CMYK").save(stream, "JPEG", quality=95)
    data = stream.getvalue()
    canvas = open_canvas(load_image(data), data)
    assert "come out as sRGB" in canvas.notes[0]
    with Pillow.open(io.BytesIO(encode(canvas))) as after:
        assert after.mode == "RGB"
        assert after.info["icc_profile"] == srgb_profile()
        assert np.abs(np.asarray(after).astype(int) - load_image(data).pixels).mean() < 4


@pytest.mark.parametrize("mode", ["P", "L", "LA", "1"])
def test_indexed_and_grey_files_become_rgb_and_say_so(mode):
    picture = Pillow.fromarray(PIXELS).convert(mode)
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    data = stream.getvalue()
    canvas = open_canvas(load_image(data), data)
    assert canvas.notes == (f"written as RGB, not as {mode}",)
    assert np.array_equal(load_image(encode(canvas)).pixels, load_image(data).pixels)
