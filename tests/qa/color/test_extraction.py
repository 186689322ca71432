import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from consistency.errors import InputError
from consistency.image import load_image
from qa.color.difference import delta_e00
from qa.color.extraction import Swatches, extract
from qa.color.notation import parse_color

RED, BLUE, WHITE = (200, 16, 46), (0, 85, 170), (255, 255, 255)


def red_photograph(seed: int = 1000) -> NDArray[np.uint8]:
    """A red wall in uneven light with sensor noise, a highlight in one corner."""
    random = np.random.default_rng(seed)
    light = np.linspace(0.5, 1.1, 200)[:, None, None] * np.linspace(0.9, 1.1, 240)[None, :, None]
    picture = np.array(RED) * light + random.normal(0, 8, (200, 240, 3))
    picture[:24, :24] = 252
    return np.clip(picture, 0, 255).astype(np.uint8)


def test_the_colours_of_flat_artwork_come_back_exactly_with_their_areas() -> None:
    artwork = np.zeros((10, 20, 3), np.uint8)
    artwork[:], artwork[:4], artwork[:2, :5] = WHITE, RED, BLUE
    found = extract(artwork, 8)
    assert [(one.color.rgb, one.area_fraction) for one in found] == [(WHITE, 0.6), (RED, 0.35), (BLUE, 0.05)]


def test_a_red_photograph_is_red_and_not_white() -> None:
    found = extract(red_photograph(), 4)
    red, green, blue = found[0].color.rgb
    assert red > 2.5 * max(green, blue)
    assert sum(one.area_fraction for one in found) == pytest.approx(1, abs=1e-5)
    assert sum(one.area_fraction for one in found if min(one.color.rgb) > 200) < 0.02


@pytest.mark.parametrize("seed", range(1000, 1010))
def test_a_small_saturated_patch_has_a_swatch_of_its_own(seed: int) -> None:
    picture = red_photograph(seed)
    picture[100:118, 100:127] = BLUE  # 1 % of the picture
    found = extract(picture, 8, {"blue": BLUE})
    near = min(found, key=lambda one: one.delta_e00 or 0.0)
    assert near.delta_e00 is not None
    assert near.delta_e00 < 2
    assert near.area_fraction == pytest.approx(0.01, rel=0.2)


def test_the_distance_to_a_palette_is_that_of_the_nearest_colour() -> None:
    palette = {"blue": "#0055aa", "red": "color(display-p3 0.73 0.16 0.2)"}
    for one in extract(red_photograph(), 5, palette):
        all_of_them = {
            name: float(delta_e00(np.array(parse_color(value).lab), np.array(one.color.lab)))
            for name, value in palette.items()
        }
        assert one.nearest == min(all_of_them, key=lambda name: all_of_them[name])
        assert one.delta_e00 == pytest.approx(all_of_them[one.nearest], abs=0.0051)


@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_areas_fall_and_sum_to_one_and_turning_the_picture_changes_nothing(seed: int, k: int) -> None:
    picture = np.random.default_rng(seed).integers(0, 256, (7, 9, 3), dtype=np.uint8)
    found = extract(picture, k)
    areas = [one.area_fraction for one in found]
    assert 1 <= len(found) <= k
    assert areas == sorted(areas, reverse=True)
    assert sum(areas) == pytest.approx(1, abs=1e-4)
    assert extract(picture[::-1, ::-1], k) == found


def test_an_image_is_read_as_its_pixels() -> None:
    assert extract(load_image(red_photograph()), 3) == extract(red_photograph(), 3)


def test_notebooks_see_swatches_and_nothing_is_run() -> None:
    shown = extract(red_photograph(), 3, {"<script>alert(1)</script>": RED})._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert shown.count('class="swatch"') == 3


def test_text_names_colour_share_and_distance() -> None:
    assert str(extract(np.full((2, 2, 3), RED, np.uint8), 3, {"red": RED})) == "#c8102e 100.0 % red 0.00"
    assert isinstance(extract(np.full((2, 2, 3), RED, np.uint8)), Swatches)


@pytest.mark.parametrize("k", [0, -1, 65, 2.0, "8", True, None])
def test_a_number_of_colours_out_of_range_is_refused(k: object) -> None:
    with pytest.raises(InputError, match=r"a number of colours in 1\.\.64"):
        extract(red_photograph(), k)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 1), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((0, 4, 3), np.uint8),
        np.full((4, 4, 3), np.nan),
        np.zeros((4, 4, 3), np.float32),
        np.zeros((4, 4, 3), np.uint16),
        "picture.png",
        None,
    ],
)
def test_what_is_no_picture_is_refused(picture: object) -> None:
    with pytest.raises(InputError, match="an H×W×3 uint8 picture"):
        extract(picture)  # type: ignore[arg-type]


def test_a_palette_without_colours_or_with_a_slip_is_refused() -> None:
    with pytest.raises(InputError, match="1 to 32 colours"):
        extract(red_photograph(), 3, {})
    with pytest.raises(InputError, match="did you mean"):
        extract(red_photograph(), 3, {"red": "redd"})
