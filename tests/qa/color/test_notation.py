import time

import colour
import numpy as np
import pytest
from colormath.chromatic_adaptation import apply_chromatic_adaptation
from colormath.color_conversions import convert_color
from colormath.color_objects import HSLColor, LabColor, LCHabColor, XYZColor, sRGBColor
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageColor

from consistency.colorspace import to_lab
from consistency.errors import InputError
from qa.color.difference import delta_e00
from qa.color.notation import Color, parse_color

D65 = colour.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["D65"]
D50 = colour.CCS_ILLUMINANTS["CIE 1931 2 Degree Standard Observer"]["D50"]


def lab(text: str) -> tuple[float, float, float]:
    return parse_color(text).lab


@pytest.mark.parametrize(
    ("text", "rgb"),
    [
        ("#0055AA", (0, 85, 170)),
        (" #05a ", (0, 85, 170)),
        ("#05af", (0, 85, 170)),
        ("#0055aaff", (0, 85, 170)),
        ("RebeccaPurple", (102, 51, 153)),
        ("rgb(0, 85, 170)", (0, 85, 170)),
        ("RGB(0 85 170)", (0, 85, 170)),
        ("rgb(0 33.3333% 66.6667% / 100%)", (0, 85, 170)),
        ("rgba(0, 85, 170, 1.0)", (0, 85, 170)),
        ("rgb(none 85 170)", (0, 85, 170)),
        ("hsl(120deg 100% 25%)", (0, 128, 0)),
        ("hsl(-240, 100%, 25.098%)", (0, 128, 0)),
        ("hsl(0.5turn 60 70)", (133, 224, 224)),
        ("hwb(150 20% 10%)", (51, 230, 140)),
        ("hwb(45 40% 80%)", (85, 85, 85)),
        ("device-cmyk(0 81% .81 30%)", (178, 34, 34)),
        ("cmyk-naive(100%, 50%, 0%, 0%)", (0, 128, 255)),
    ],
)
def test_srgb_in_any_notation_is_that_colour(text: str, rgb: tuple[int, int, int]) -> None:
    assert parse_color(text).rgb == rgb


@pytest.mark.parametrize(
    ("text", "srgb"),
    [
        # Web Platform Tests, css/css-color: what browsers are held to.
        ("lab(29.2345% 39.3825 20.0664)", (125 / 2.55, 35 / 2.55, 41 / 2.55)),
        ("lab(52.2345% 40.1645 59.9971)", (198 / 2.55, 93 / 2.55, 7 / 2.55)),
        ("lab(67.5345% -8.6911 -41.6019)", (98 / 2.55, 172 / 2.55, 239 / 2.55)),
        ("lch(29.2345% 44.2 27)", (125 / 2.55, 35 / 2.55, 41 / 2.55)),
        ("oklab(55% 0 -0.2)", (27.888, 38.072, 89.414)),
        ("oklch(50% 0.2 270)", (23.056, 31.73, 82.628)),
    ],
)
def test_examples_that_browsers_are_held_to_have_their_srgb_values(text: str, srgb: tuple[float, float, float]) -> None:
    assert np.array(parse_color(text).srgb) * 100 == pytest.approx(srgb, abs=0.33)


@given(st.floats(0, 100), st.floats(-120, 120), st.floats(-120, 120))
def test_lab_under_d50_is_adapted_as_colour_science_adapts(lightness: float, a: float, b: float) -> None:
    xyz = colour.Lab_to_XYZ([lightness, a, b], D50)
    adapted = colour.adaptation.chromatic_adaptation_VonKries(
        xyz, colour.xy_to_XYZ(D50), colour.xy_to_XYZ(D65), transform="Bradford"
    )
    expected = colour.XYZ_to_Lab(adapted, D65)
    if not 0 <= expected[0] <= 100:
        return
    assert lab(f"lab({lightness:.9f} {a:.9f} {b:.9f})") == pytest.approx(tuple(expected), abs=1e-3)


@pytest.mark.parametrize(
    ("space", "name"),
    [
        ("srgb", "sRGB"),
        ("display-p3", "Display P3"),
        ("a98-rgb", "Adobe RGB (1998)"),
        ("prophoto-rgb", "ROMM RGB"),
    ],
)
def test_rgb_spaces_agree_with_colour_science(space: str, name: str) -> None:
    known = colour.RGB_COLOURSPACES[name]
    known.use_derived_transformation_matrices(True)
    for rgb in np.random.default_rng(3).random((40, 3)).round(6):
        xyz = colour.RGB_to_XYZ(rgb, known, D65, "Bradford", apply_cctf_decoding=True)
        expected = colour.XYZ_to_Lab(xyz, D65)
        found = lab(f"color({space} {' '.join(map(str, rgb))})")
        assert delta_e00(np.array(found), expected) < 0.01


def test_lch_hsl_and_xyz_agree_with_colormath() -> None:
    lch = convert_color(LCHabColor(52, 40, 210, illuminant="d65"), LabColor)
    assert lab("lch-d65(52 40 210)") == pytest.approx(lch.get_value_tuple(), abs=1e-6)
    rgb = convert_color(HSLColor(210, 0.5, 0.4), sRGBColor)
    assert parse_color("hsl(210 50% 40%)").srgb == pytest.approx(rgb.get_value_tuple(), abs=1e-6)
    adapted = apply_chromatic_adaptation(0.3, 0.25, 0.1, "d50", "d65", adaptation="bradford")
    expected = convert_color(XYZColor(*adapted, illuminant="d65"), LabColor)
    assert lab("color(xyz-d50 .3 .25 .1)") == pytest.approx(expected.get_value_tuple(), abs=0.02)


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_three_numbers_and_hex_are_one_colour_in_float64(rgb: tuple[int, int, int]) -> None:
    found = parse_color(rgb)
    assert found.rgb == rgb
    assert found.is_in_srgb
    assert found.canonical == found.hex == found.text
    assert found.lab == parse_color(found.hex).lab
    assert found.lab == pytest.approx(tuple(to_lab(np.array(rgb, np.uint8))), abs=0.01)


@settings(max_examples=200)
@given(
    st.one_of(
        st.tuples(st.just("lab"), st.floats(0, 100), st.floats(-120, 120), st.floats(-120, 120)),
        st.tuples(st.just("oklch"), st.floats(0, 1), st.floats(0, 0.35), st.floats(0, 360)),
        st.tuples(st.just("rgb"), st.floats(0, 255), st.floats(0, 255), st.floats(0, 255)),
    )
)
def test_the_canonical_notation_is_the_same_colour(parts: tuple[str, float, float, float]) -> None:
    try:
        first = parse_color(f"{parts[0]}({' '.join(f'{part:.7f}' for part in parts[1:])})")
    except InputError:
        return
    again = parse_color(first.canonical)
    assert delta_e00(np.array(first.lab), np.array(again.lab)) < 0.005
    assert again.canonical == first.canonical


def test_a_colour_that_srgb_cannot_show_keeps_its_lab_and_names_the_nearest_that_it_can() -> None:
    green = parse_color("color(display-p3 0 1 0)")
    assert not green.is_in_srgb
    assert min(green.srgb) < -0.4
    shown = np.array(parse_color(green.rgb).lab)
    clipped = np.array(parse_color((0, 255, 0)).lab)
    target = np.array(green.lab)
    assert delta_e00(shown, target) <= delta_e00(clipped, target)
    around = [np.clip(np.array(green.rgb) + step, 0, 255) for step in np.eye(3, dtype=int).tolist()]
    assert all(delta_e00(shown, target) <= delta_e00(np.array(parse_color(tuple(map(int, one))).lab), target)
               for one in around)  # fmt: skip


def test_every_name_of_css_is_known() -> None:
    assert len(ImageColor.colormap) == 148
    assert all(parse_color(name).rgb == ImageColor.getrgb(name) for name in ImageColor.colormap)


def test_a_colour_is_read_once_and_keeps_how_it_was_written() -> None:
    first = parse_color(" LAB(50% 0 0) ")
    assert parse_color(first) is first
    assert (str(first), first.assumptions) == ("LAB(50% 0 0)", ())
    assert first == Color(first.lab, "LAB(50% 0 0)")


@pytest.mark.parametrize(
    "name",
    [
        "PANTONE 286 C", "Pantone® 286 C", "PMS 286", "pms286", "HKS 43 K", "RAL 5010", "RAL 210 40 45", "TOYO 0123",
        "DIC 183", "NCS S 2060-R90B", "Munsell 5PB 3/12", "5PB 3/12", "286 C", "19-4052 TCX", "Reflex Blue C",
        "pantone(286 C)",
    ],
)  # fmt: skip
def test_spot_colours_are_refused_and_never_guessed(name: str) -> None:
    with pytest.raises(InputError, match="spot colour") as caught:
        parse_color(name)
    assert "ask the brand for its Lab value" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a colour such as"),
        ("   ", "got nothing"),
        ("x" * 201, "201 characters"),
        ("bleu", "did you mean blue?"),
        ("transparent", "a colour such as"),
        ("#12", "use #rrggbb or #rgb"),
        ("#0055az", "use #rrggbb or #rgb"),
        ("0055aa", "a colour such as"),
        ("#0055aa80", "an opaque colour"),
        ("#05a8", "an opaque colour"),
        ("rgb(0 85 170 / 50%)", "an opaque colour, got alpha 50%"),
        ("rgba(0, 85, 170, .5)", "an opaque colour"),
        ("rgb(0 85 256)", "blue between 0 and 255"),
        ("rgb(0 85)", "three components (red green blue) in rgb, got 2"),
        ("rgb(0,5 85 170)", "parted by commas or by spaces"),
        ("lab(54,2, 80, 69)", "decimals take a point"),
        ("lab(101 0 0)", "L between 0 and 100"),
        ("lab(1e999 0 0)", "L between"),
        ("lab(nan 0 0)", "a number for L, got 'nan'"),
        ("lab(50 0 0deg)", "leave out deg"),
        ("hsl(210% 50% 50%)", "a number for hue"),
        ("color(srgb 0 85 170)", "green between -1 and 2"),
        ("color(srgb 2 2 2)", "between black and white"),
        ("color(rec2020 1 0 0)", "convert it to xyz-d65"),
        ("color(displayp3 1 0 0)", "did you mean display-p3"),
        ("color()", "a known colour space"),
        ("xyz(.3 .3 .3)", "under which white"),
        ("labb(50 0 0)", "did you mean lab"),
        ("hsv(1 2 3)", "hsv is not read"),
        ("cmyk(1 0 0 0)", "ink in percent, got '1'"),
        ("cmyk(100% 0 0)", "four components"),
        ("cmyk(100% 0 0 101%)", "black between 0 and 1"),
        ("cmyk(100% 50% 0% 10%)", "cmyk-naive"),
        ("rgb(0 85 170", "a colour such as"),
        ("rgb((0) 85 170)", "a colour such as"),
        ("rgb(٣ 85 170)", "a number for red"),
    ],
)
def test_what_is_no_colour_is_refused_and_says_why(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_color(text)
    assert said in str(caught.value)


@pytest.mark.parametrize("value", [None, 7, 0.5, (1, 2), (1, 2, 256), (-1, 0, 0), (0.5, 0.5, 0.5), [], b"#fff"])
def test_what_is_neither_text_nor_three_bytes_is_refused(value: object) -> None:
    with pytest.raises(InputError):
        parse_color(value)  # type: ignore[arg-type]


@given(st.text(max_size=250))
def test_any_text_is_a_colour_or_an_input_error(text: str) -> None:
    try:
        assert np.isfinite(parse_color(text).lab).all()
    except InputError:
        return


def test_hostile_text_takes_no_time() -> None:
    start = time.perf_counter()
    for text in ("(" * 200, "rgb(" + "9" * 190 + ")", "a-" * 100, "rgb(" + " " * 190, "1" * 199 + "x", "5y" * 99):
        with pytest.raises(InputError):
            parse_color(text)
    assert time.perf_counter() - start < 2
