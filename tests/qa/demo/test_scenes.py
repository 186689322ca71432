from dataclasses import replace

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from qa.demo.backdrops import BACKDROPS
from qa.demo.photos import PRINTS, TEXTURES, photo, print_of, texture
from qa.demo.scenes import BADGE, LABEL, LAYOUTS, PANEL, Scene, draw

SMALL = Scene(width=320, height=320)


@pytest.mark.parametrize("backdrop", BACKDROPS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_place_and_layout_is_drawn_the_same_twice(backdrop, layout):
    scene = replace(SMALL, backdrop=backdrop, layout=layout)
    first, second = draw(scene), draw(scene)
    assert first.shape == (320, 320, 3)
    assert first.min() >= 0
    assert first.max() <= 1
    np.testing.assert_array_equal(first, second)


def test_another_seed_draws_another_place():
    assert np.abs(draw(SMALL) - draw(replace(SMALL, seed=1))).mean() > 0.001


def share_near(pixels, color):
    distance = deltaE_ciede2000(rgb2lab(pixels), rgb2lab(np.array([[color]]) / 255))
    return (distance < 1.0).mean()


@pytest.mark.parametrize("shade", [0.0, 0.35, 0.8])
def test_each_brand_color_covers_its_area_even_in_shade(shade):
    pixels = draw(replace(SMALL, width=640, height=640, shade=shade))
    assert share_near(pixels, PANEL) > 0.05
    assert share_near(pixels, BADGE) > 0.01
    assert share_near(pixels, LABEL) > 0.008


def test_a_shaded_label_is_darker_on_the_far_side_only():
    lit, shaded = draw(replace(SMALL, shade=0.0)), draw(replace(SMALL, shade=0.8))
    change = np.abs(lit - shaded).max(axis=2)
    columns = np.flatnonzero(change.max(axis=0) > 0.05)
    assert columns.min() > 150


def test_leaving_the_legal_line_out_changes_the_foot_only():
    change = np.abs(draw(SMALL) - draw(replace(SMALL, legal=""))).max(axis=(1, 2))
    assert np.flatnonzero(change > 0).min() > 0.9 * 320


@pytest.mark.parametrize("product", ["mug", "pouch"])
def test_an_impostor_has_the_label_color_too(product):
    assert share_near(draw(replace(SMALL, product=product)), LABEL) > 0.008


@pytest.mark.parametrize("name", PRINTS)
def test_a_print_is_never_enlarged(name):
    assert print_of(name, 5000).shape == photo(name).shape
    assert print_of(name, 100).shape[1] == 100


@pytest.mark.parametrize("name", TEXTURES)
def test_a_texture_keeps_the_mean_light(name):
    surface = texture(name, 300, 900)
    assert surface.shape == (300, 900)
    assert surface.mean() == pytest.approx(1, abs=1e-3)
