"""Exposure: what is burnt out fades in; white paper and white backgrounds are white."""

import numpy as np
import pytest
from skimage import data

from qa.quality.exposure import measure_exposure

ASTRONAUT = np.ascontiguousarray(data.astronaut())


def spot(radius: float, side: int = 512, ground: int = 120) -> np.ndarray:
    """A round light that grows beyond white on a grey ground."""
    y, x = np.mgrid[:side, :side] - side / 2
    light = ground + np.clip(radius * 2 - np.hypot(x, y), 0, None) * 255 / radius
    return np.repeat(np.clip(light, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def test_unedited_photograph_is_not_clipped():
    seen = measure_exposure(ASTRONAUT)
    assert seen.highlights < 0.02
    assert seen.shadows < 0.02


@pytest.mark.parametrize("sign", [1, -1])
def test_clipping_grows_with_the_light(sign):
    shares = []
    for radius in (40, 80, 120):
        pixels = spot(radius) if sign > 0 else 255 - spot(radius)
        seen = measure_exposure(pixels)
        shares.append(seen.highlights if sign > 0 else seen.shadows)
    assert 0.02 < shares[0] < shares[1] < shares[2]


def test_where_says_which_pixels_are_burnt():
    seen = measure_exposure(spot(80, side=2000))
    assert seen.burnt.box.left == pytest.approx(1000 - seen.burnt.box.width / 2, abs=8)
    assert seen.burnt.mask.height == 2000


def test_white_background_up_to_the_border_is_no_fault():
    pixels = np.full((512, 512, 3), 255, np.uint8)
    pixels[128:384, 128:384] = ASTRONAUT[128:384, 128:384]
    assert measure_exposure(pixels).highlights < 0.02


@pytest.mark.parametrize(("ground", "ink"), [((255, 102, 0), 255), ((0, 85, 170), 255), ((200, 200, 200), 0)])
def test_white_and_black_artwork_is_no_fault(ground, ink):
    pixels = np.full((512, 512, 3), ground, np.uint8)
    pixels[100:400, 100:400] = ink
    seen = measure_exposure(pixels)
    assert seen.highlights == 0
    assert seen.shadows == 0


def test_a_single_pixel_can_be_measured():
    assert measure_exposure(np.full((1, 1, 3), 255, np.uint8)).highlights == 0
