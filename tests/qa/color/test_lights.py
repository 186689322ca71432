"""Lab under lights other than D50 and D65: colormath's whites and adaptation agree with colour-science's."""

import subprocess
import sys

import colour
import numpy as np
import pytest

from consistency.errors import InputError
from qa.color import parse_color
from qa.color.difference import delta_e00
from qa.color.lights import LARGE_FIELD, LIGHTS

OBSERVERS = {"2": "CIE 1931 2 Degree Standard Observer", "10": "CIE 1964 10 Degree Standard Observer"}
CASES = [(light, "2") for light in LIGHTS] + [(light, "10") for light in LARGE_FIELD]
D65 = colour.CCS_ILLUMINANTS[OBSERVERS["2"]]["D65"]


def by_colour_science(lab, light, observer):
    """L*a*b* under D65, 2°, by another library's tables and code."""
    name = light.upper() if light[0] != "f" else f"FL{light[1:]}"
    white = colour.CCS_ILLUMINANTS[OBSERVERS[observer]][name]
    before, after = colour.xy_to_XYZ(white), colour.xy_to_XYZ(D65)
    seen = colour.adaptation.chromatic_adaptation_VonKries(colour.Lab_to_XYZ(lab, white), before, after, "Bradford")
    return colour.XYZ_to_Lab(seen, D65)


@pytest.mark.parametrize(("light", "observer"), CASES)
def test_a_colour_under_another_light_is_what_colour_science_makes_of_it(light, observer):
    suffix = "" if observer == "2" else "-10"
    for lab in ([36.7, 12.6, -51.4], [52, 70, 40], [90, -5, 60], [20, 0, 0]):
        color = parse_color(f"lab-{light}{suffix}({lab[0]} {lab[1]} {lab[2]})")
        assert delta_e00(color.lab, by_colour_science(lab, light, observer)) < 0.05
        assert light.upper() in color.assumptions[0]
        assert f"{observer}°" in color.assumptions[0]


@pytest.mark.parametrize(("light", "observer"), CASES)
def test_white_and_grey_stay_what_they_are_under_any_light(light, observer):
    suffix = "" if observer == "2" else "-10"
    for lightness in (0, 50, 100):
        assert np.allclose(parse_color(f"lab-{light}{suffix}({lightness} 0 0)").lab, [lightness, 0, 0], atol=0.01)


def test_lch_is_the_same_colour_in_other_coordinates():
    first, second = parse_color("lab-c(50 0 -40)"), parse_color("lch-c(50 40 270)")
    assert np.allclose(first.lab, second.lab, atol=1e-9)


@pytest.mark.parametrize(
    "text", ["lab-c(50 0)", "lab-c(150 0 0)", "lab-c(50 0 0 / 50%)", "lab-f4(50 0 0)", "lab-c-10(1 2 3)"]
)
def test_slips_are_refused(text):
    with pytest.raises(InputError):
        parse_color(text)


def test_colormath_is_imported_only_for_such_a_colour():
    code = "import sys; from qa.color import parse_color; parse_color('lab(50 0 0)'); a = 'colormath' in sys.modules; "
    code += "parse_color('lab-c(50 0 0)'); print(a, 'colormath' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["False", "True"]
