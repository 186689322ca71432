"""What is no picture, mask, palette or colour is refused, with what was expected and what came; nothing is guessed."""

import cv2
import numpy as np
import pytest

from consistency.errors import ConsistencyError, InputError
from qa.checks.color import ColorCheck
from qa.color import Palette, delta_e00, extract, parse_color, to_lab
from qa.color.claims import fitted_mask
from qa.kit.kit import BrandKit
from qa.kit.problems import KitError

PALETTE = Palette({"blue": "#0055aa"})
GOOD = np.zeros((4, 4, 3), np.uint8)
TAKERS = {"to_lab": to_lab, "nearest": PALETTE.nearest, "extract": extract}

PICTURES = {
    "one channel": np.zeros((4, 4, 1), np.uint8),
    "no channel": np.zeros((4, 4), np.uint8),
    "four channels": np.zeros((4, 4, 4), np.uint8),
    "floats above 1": np.full((4, 4, 3), 1.5),
    "floats under 0": np.full((4, 4, 3), -0.1),
    "floats of 0..255": np.full((4, 4, 3), 85.0, np.float32),
    "NaN": np.full((4, 4, 3), np.nan),
    "infinity": np.full((4, 4, 3), np.inf),
    "whole numbers": np.zeros((4, 4, 3), np.int64),
    "complex numbers": np.zeros((4, 4, 3), np.complex128),
    "a list": [[[0, 85, 170]]],
    "a path": "picture.png",
    "nothing": None,
}


@pytest.mark.parametrize("take", TAKERS.values(), ids=TAKERS)
@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_what_is_no_picture_is_refused_by_name(take, picture):
    with pytest.raises(InputError, match=r"Expected .*, got "):
        take(picture)


PALETTES = {
    "no colour": {},
    "two equal colours": {"a": "#0055aa", "b": (0, 85, 170)},
    "equal under two names of CSS": {"a": "grey", "b": "gray"},
    "33 colours": {f"c{index}": (index, 0, 0) for index in range(33)},
    "a list": ["#0055aa"],
    "a text": "#0055aa",
    "nothing": None,
    "floats": {"a": (0.0, 0.3, 0.7)},
    "truth values": {"a": (True, False, True)},
    "a spot colour": {"a": "PANTONE 286 C"},
    "CMYK without a profile": {"a": "cmyk(100%, 50%, 0%, 10%)"},
}


@pytest.mark.parametrize("colors", PALETTES.values(), ids=PALETTES)
def test_what_is_no_palette_is_refused_by_name(colors):
    with pytest.raises(InputError, match=r"Expected .*, got "):
        Palette(colors)
    if colors is not None:  # without one, extract looks at the picture alone
        with pytest.raises(InputError, match=r"Expected .*, got "):
            extract(GOOD, 2, colors)


def test_extract_takes_a_palette_as_well_as_names_and_colours():
    assert extract(GOOD, 2, PALETTE) == extract(GOOD, 2, {"blue": "#0055aa"})


@pytest.mark.parametrize(
    "lab", [[np.nan, 0, 0], [np.inf, 0, 0], [50, 0], 50, "blue", None, np.array([1j, 0, 0]), [True, False, True]]
)
def test_what_is_no_lab_is_refused_by_name(lab):
    with pytest.raises(InputError, match=r"Expected .*, got "):
        delta_e00(lab, [50, 0, 0])


def test_cmyk_without_a_profile_says_what_to_name():
    with pytest.raises(InputError, match=r"ICC profile.*cmyk_profile"):
        parse_color("cmyk(100%, 50%, 0%, 10%)")


def test_an_empty_mask_is_refused_when_the_kit_is_read(tmp_path):
    cv2.imwrite(str(tmp_path / "panel.png"), np.zeros((20, 20), np.uint8))
    kit = BrandKit.from_text('kit: 1\ncolors: {a: {value: "#0055aa", where: {mask: panel.png}}}\n', folder=tmp_path)
    with pytest.raises(KitError, match=r"white"):
        ColorCheck.from_kit(kit)


def test_a_mask_of_another_shape_says_both():
    with pytest.raises(ConsistencyError, match=r"40×20.*20×20"):
        fitted_mask(np.ones((20, 20), np.bool_), 20, 40)


def test_a_kit_of_too_many_colours_says_how_many():
    colors = "".join(f'  c{index}: {{value: "#0000{index:02x}"}}\n' for index in range(33))
    with pytest.raises(KitError, match=r"at most 32 colours.*33"):
        BrandKit.from_text(f"kit: 1\ncolors:\n{colors}")
