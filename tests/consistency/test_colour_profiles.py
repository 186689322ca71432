"""Pictures with a colour profile come in as the colours they stand for."""

import io
import struct
import zlib

import colour
import cv2
import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageCms

import icc_profiles as icc
from consistency import load_image
from consistency.colorspace import to_lab
from picture_files import encode, with_chunk

SRGB_CURVE = icc.parametric(3, *icc.SRGB_PARAMETERS)
P3 = icc.rgb_profile("Display P3", SRGB_CURVE)
ADOBE = icc.rgb_profile("Adobe RGB (1998)", icc.gamma(563 / 256))
BUILT_IN_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
D65 = colour.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["D65"]
COLOURS = {"red": (255, 0, 0), "orange": (255, 128, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "grey": (90, 90, 90)}


def plain(rgb, mode="RGB") -> Pillow.Image:
    return Pillow.new(mode, (2, 2), rgb)


def lab_of(data: bytes) -> np.ndarray:
    return to_lab(load_image(data))[0, 0]


def true_lab(rgb, space: str) -> np.ndarray:
    known = colour.RGB_COLOURSPACES[space]
    xyz = colour.RGB_to_XYZ(np.array(rgb) / 255, known, apply_cctf_decoding=True)
    return colour.XYZ_to_Lab(xyz, D65)


def delta(lab_a, lab_b) -> float:
    return float(colour.delta_E(lab_a, lab_b, method="CIE 2000"))


@pytest.mark.parametrize("rgb", COLOURS.values(), ids=COLOURS)
@pytest.mark.parametrize(("profile", "space"), [(P3, "Display P3"), (ADOBE, "Adobe RGB (1998)")])
def test_wide_colours_are_the_ones_colour_science_computes(profile, space, rgb):
    assert delta(lab_of(encode(plain(rgb), icc_profile=profile)), true_lab(rgb, space)) < 0.05


# Display-P3 primaries in extended sRGB: the sample values of CSS Color 4, color(srgb …) of color(display-p3 …).
PRIMARIES = {
    (255, 0, 0): (1.0930, -0.2267, -0.1501),
    (0, 255, 0): (-0.5116, 1.0183, -0.3107),
    (0, 0, 255): (0.0000, 0.0000, 1.0420),
}


@pytest.mark.parametrize(("rgb", "extended"), PRIMARIES.items())
def test_display_p3_primaries_have_their_published_extended_values(rgb, extended):
    image = load_image(encode(plain(rgb), icc_profile=P3))
    assert image.extended[0, 0] == pytest.approx(extended, abs=0.002)


@pytest.mark.parametrize("name", ["red", "orange", "green"])
def test_ignoring_display_p3_would_miss_a_brand_colour(name):
    rgb = COLOURS[name]
    cost = delta(true_lab(rgb, "Display P3"), true_lab(rgb, "sRGB"))
    tagged, untagged = lab_of(encode(plain(rgb), icc_profile=P3)), lab_of(encode(plain(rgb)))
    assert cost > 5
    assert delta(tagged, untagged) == pytest.approx(cost, abs=0.1)


def test_colours_beyond_srgb_are_kept_in_extended_and_counted():
    picture = plain((255, 0, 0))
    picture.putpixel((0, 0), (90, 90, 90))
    image = load_image(encode(picture, icc_profile=P3))
    assert image.extended.dtype == np.float32
    assert image.extended[1, 1, 0] > 1
    assert image.extended[1, 1, 1] < 0
    assert image.pixels[1, 1].tolist() == [255, 0, 0]
    assert image.clipped_fraction == 0.75
    assert image.source.profile == "Display P3"
    assert image.assumptions == ()


@pytest.mark.parametrize("profile", [P3, ADOBE], ids=["p3", "adobe"])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF", "TIFF"])
def test_every_format_carries_its_profile(kind, profile):
    options = {"lossless": True} if kind == "WEBP" else {"quality": 100}
    lab = lab_of(encode(plain((200, 80, 40)), kind, icc_profile=profile, **options))
    space = "Display P3" if profile is P3 else "Adobe RGB (1998)"
    assert delta(lab, true_lab((200, 80, 40), space)) < 0.8  # JPEG and AVIF round


@pytest.mark.parametrize("profile", [P3, ADOBE], ids=["p3", "adobe"])
def test_inside_srgb_the_float_conversion_agrees_with_littlecms(profile):
    random = np.random.default_rng(5)
    pixels = random.integers(70, 180, (40, 40, 3), dtype=np.uint8)
    ours = load_image(encode(Pillow.fromarray(pixels), icc_profile=profile)).pixels
    theirs = ImageCms.profileToProfile(
        Pillow.fromarray(pixels), ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
    )  # fmt: skip
    assert np.abs(ours.astype(int) - np.asarray(theirs)).max() <= 1


@pytest.mark.parametrize(
    "curve",
    [
        SRGB_CURVE,
        icc.parametric(4, *icc.SRGB_PARAMETERS, 0, 0),
        icc.points(colour.models.eotf_sRGB(np.linspace(0, 1, 1024))),
    ],
)
def test_an_srgb_profile_is_known_as_srgb_and_changes_nothing(curve):
    pixels = np.random.default_rng(1).integers(0, 256, (20, 20, 3), dtype=np.uint8)
    image = load_image(encode(Pillow.fromarray(pixels), icc_profile=icc.rgb_profile("sRGB", curve)))
    assert image.extended is None
    assert np.array_equal(image.pixels, pixels)
    assert image.assumptions == ()


def test_the_srgb_profile_of_littlecms_is_known_as_srgb():
    image = load_image(encode(plain((1, 2, 3)), icc_profile=BUILT_IN_SRGB))
    assert image.extended is None
    assert image.source.profile == "sRGB built-in"


@pytest.mark.parametrize("curve", [icc.gamma(2.2), icc.parametric(0, 2.2), icc.parametric(1, 2.2, 1, 0)])
def test_curves_of_one_gamma_agree_however_they_are_written(curve):
    lab = lab_of(encode(plain((120, 30, 200)), icc_profile=icc.rgb_profile("Adobe RGB (1998)", curve)))
    reference = lab_of(encode(plain((120, 30, 200)), icc_profile=ADOBE))
    assert delta(lab, reference) < 0.1


def test_a_grey_profile_is_applied_to_grey_pictures():
    image = load_image(encode(plain(128, "L"), icc_profile=icc.grey_profile(icc.gamma(1.0))))
    assert image.extended[0, 0] == pytest.approx(colour.models.eotf_inverse_sRGB(128 / 255), abs=1e-5)
    assert image.source.mode == "L"


def test_a_grey_picture_may_carry_an_rgb_profile():
    image = load_image(encode(plain(128, "L"), "JPEG", icc_profile=P3))
    assert np.abs(image.extended - 128 / 255).max() < 0.003


def test_grey_with_alpha_keeps_both_profile_and_alpha():
    image = load_image(encode(plain((128, 40), "LA"), icc_profile=icc.grey_profile(icc.gamma(1.0))))
    assert image.alpha.tolist() == [[40, 40], [40, 40]]
    assert image.pixels[0, 0].tolist() == [188, 188, 188]


def test_converting_keeps_alpha():
    image = load_image(encode(plain((255, 0, 0, 77), "RGBA"), icc_profile=P3))
    assert (image.alpha == 77).all()
    assert image.extended[0, 0, 0] > 1


def test_a_palette_is_converted_too():
    picture = plain((255, 0, 0)).convert("P", palette=Pillow.Palette.ADAPTIVE)
    assert delta(lab_of(encode(picture, icc_profile=P3)), true_lab((255, 0, 0), "Display P3")) < 0.05


CMYK_TABLE = icc.table_profile(
    "CMYK",
    {
        (c, m, y, k): ((100 - 25 * (c + m + y)) * (1 - 0.9 * k), 40.0 * (m - c) * (1 - k), 40.0 * (y - c) * (1 - k))
        for c in (0, 1) for m in (0, 1) for y in (0, 1) for k in (0, 1)
    },
)  # fmt: skip
RGB_TABLE = icc.table_profile(
    "RGB ",
    {
        (r, g, b): (30.0 * (r + g + b) + 5, 60.0 * (r - g), 60.0 * (g - b))
        for r in (0, 1) for g in (0, 1) for b in (0, 1)
    },
)  # fmt: skip


def test_cmyk_goes_through_its_profile_and_says_so():
    image = load_image(encode(plain((0, 0, 0, 0), "CMYK"), "JPEG", quality=100, icc_profile=CMYK_TABLE))
    assert (image.pixels >= 254).all()
    magenta = load_image(encode(plain((0, 255, 0, 0), "CMYK"), "TIFF", icc_profile=CMYK_TABLE))
    assert delta(to_lab(magenta)[0, 0], (75, 40, 0)) < 0.7
    assert "LittleCMS" in " ".join(magenta.assumptions)
    assert magenta.source.mode == "CMYK"


def test_cmyk_without_a_profile_is_read_approximately_and_says_so():
    image = load_image(encode(plain((0, 255, 255, 0), "CMYK"), "TIFF"))
    assert image.pixels[0, 0].tolist() == [255, 0, 0]
    assert len(image.assumptions) == 1
    assert "CMYK without a profile" in image.assumptions[0]


def test_a_table_profile_goes_through_littlecms_and_says_so():
    image = load_image(encode(plain((255, 0, 0)), icc_profile=RGB_TABLE))
    assert delta(to_lab(image)[0, 0], (35, 60, 0)) < 1
    assert "LittleCMS" in image.assumptions[0]


def test_a_profile_for_other_channels_is_left_out_and_says_so():
    image = load_image(encode(plain((10, 20, 30)), icc_profile=CMYK_TABLE))
    assert image.pixels[0, 0].tolist() == [10, 20, 30]
    assert "is for CMYK, the picture is RGB" in image.assumptions[0]


@pytest.mark.parametrize("damaged", [b"nonsense" * 40, P3[:200], P3[:128] + b"\xff" * 400])
def test_a_damaged_profile_is_left_out_and_says_so(damaged):
    image = load_image(encode(plain((10, 20, 30)), icc_profile=damaged))
    assert image.pixels[0, 0].tolist() == [10, 20, 30]
    assert "damaged colour profile" in image.assumptions[0]


def test_sixteen_bit_pictures_are_converted_at_full_depth():
    deep = np.random.default_rng(2).integers(0, 65536, (6, 5, 3), dtype=np.uint16)
    data = cv2.imencode(".png", deep[..., ::-1])[1].tobytes()
    data = with_chunk(data, b"iCCP", b"p3\0\0" + zlib.compress(P3))
    image = load_image(data)
    space = colour.RGB_COLOURSPACES["Display P3"]
    xyz = colour.RGB_to_XYZ(deep / 65535, space, apply_cctf_decoding=True)
    assert delta_max(to_lab(image), colour.XYZ_to_Lab(xyz, D65)) < 0.05
    assert image.source.bits == 16


def delta_max(lab_a, lab_b) -> float:
    return float(colour.delta_E(lab_a, lab_b, method="CIE 2000").max())


def test_code_points_of_png_name_display_p3():
    data = with_chunk(encode(plain((255, 0, 0))), b"cICP", bytes((12, 13, 0, 1)))
    assert delta(lab_of(data), true_lab((255, 0, 0), "Display P3")) < 0.05
    assert load_image(data).source.profile == "Display P3"


def test_high_dynamic_range_is_not_passed_off_as_converted():
    data = with_chunk(encode(plain((255, 0, 0))), b"cICP", bytes((9, 16, 0, 1)))
    assert "PQ" in load_image(data).assumptions[0]


def test_a_png_that_says_srgb_needs_no_assumption():
    data = with_chunk(encode(plain((9, 9, 9))), b"sRGB", b"\0")
    assert load_image(data).assumptions == ()
    assert load_image(data).source.profile == "sRGB"


def test_a_png_gamma_without_profile_is_told():
    data = with_chunk(encode(plain((9, 9, 9))), b"gAMA", struct.pack(">I", 100000))
    assert "gamma" in load_image(data).assumptions[0]


def test_exif_may_name_adobe_rgb():
    exif = Pillow.Exif()
    exif[0x8769] = {0xA001: 2}
    data = encode(plain((0, 255, 0)), exif=exif)
    assert delta(lab_of(data), true_lab((0, 255, 0), "Adobe RGB (1998)")) < 0.05
    assert "EXIF" in load_image(data).assumptions[0]


def test_exif_may_name_srgb():
    exif = Pillow.Exif()
    exif[0x8769] = {0xA001: 1}
    assert load_image(encode(plain((0, 255, 0)), "JPEG", exif=exif)).assumptions == ()


def test_a_pil_image_is_converted_from_the_profile_it_carries():
    picture = Pillow.open(io.BytesIO(encode(plain((255, 0, 0)), icc_profile=P3)))
    assert delta(to_lab(load_image(picture))[0, 0], true_lab((255, 0, 0), "Display P3")) < 0.05
    assert load_image(picture).key != load_image(plain((255, 0, 0))).key
