"""The palette map: the same from every path, against scikit-image and in its own exact mode."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from skimage.color import deltaE_ciede2000, rgb2lab

from consistency.errors import InputError, UnknownName
from consistency.image import Image, load_image
from consistency.runtime import cache
from qa.color import palette_table
from qa.color.palette import Palette
from qa.color.palette_table import ColorTable, keep_table, stored_table
from qa.color.palette_torch import look_up, resident_entries

COLORS = {"blue": (0, 85, 170), "red": "#c8102e", "green": (11, 122, 94)}
CHANNEL = st.integers(0, 255)
NEEDS_CUDA = pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv(cache.VARIABLE, str(tmp_path))
    palette_table.shared_table.cache_clear()


@pytest.fixture(scope="module")
def complete() -> ColorTable:
    table = ColorTable(Palette(COLORS).lab)
    table.complete(threads=1)
    return table


def random_picture(seed: int, height: int = 64, width: int = 64) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def assert_same(ours: tuple, other: tuple) -> None:
    for plane, expected in zip(ours, other, strict=True):
        np.testing.assert_array_equal(np.asarray(plane), np.asarray(expected))


def test_every_pixel_gets_the_colour_that_scikit_image_finds_nearest():
    picture = random_picture(1)
    index, delta_e = Palette(COLORS).nearest(picture)
    references = rgb2lab(np.array([[(0, 85, 170)], [(200, 16, 46)], [(11, 122, 94)]], np.uint8))[:, None]
    expected = np.stack([deltaE_ciede2000(rgb2lab(picture), reference) for reference in references], axis=-1)
    assert index.dtype == np.uint8
    assert delta_e.dtype == np.float32
    np.testing.assert_array_equal(index, expected.argmin(axis=2))
    # Its D65 is the tables' 0.95047, 1, 1.08883; ours is the white of the matrix, so that greys are neutral.
    np.testing.assert_allclose(delta_e, expected.min(axis=2), atol=5e-3)


@pytest.mark.parametrize("count", [1, 2, 8, 32])
def test_auto_has_the_index_of_exact_and_its_difference_to_four_parts_in_a_million(count):
    rng = np.random.default_rng(count)
    palette = Palette({str(i): tuple(map(int, rgb)) for i, rgb in enumerate(rng.integers(0, 256, (count, 3)))})
    picture = random_picture(2, 160, 160)
    (index, delta_e), (true_index, true_delta) = palette.nearest(picture), palette.nearest(picture, mode="exact")
    np.testing.assert_array_equal(index, true_index)
    np.testing.assert_allclose(delta_e, true_delta, rtol=4e-6)


def test_a_filled_a_complete_and_a_stored_table_give_the_same_bytes(complete, tmp_path):
    palette, picture = Palette(COLORS), random_picture(3, 300, 300)
    keep_table(complete, palette.key, cache.default_cache())
    stored = stored_table(palette.lab, palette.key, cache.default_cache())
    filled = ColorTable(palette.lab)
    expected = filled.look_up(picture.reshape(-1, 3), threads=1)
    assert_same(complete.look_up(picture.reshape(-1, 3), threads=1), expected)
    assert_same(stored.look_up(picture.reshape(-1, 3), threads=2), expected)


def test_the_order_of_pictures_and_the_threads_change_nothing():
    first, second = random_picture(4), random_picture(5)
    one, other = ColorTable(Palette(COLORS).lab), ColorTable(Palette(COLORS).lab)
    one.look_up(first.reshape(-1, 3), threads=1)
    expected = one.look_up(second.reshape(-1, 3), threads=1)
    assert_same(other.look_up(second.reshape(-1, 3), threads=3), expected)


def test_a_complete_table_is_exact_on_a_sample_of_all_colours(complete):
    sample = np.random.default_rng(6).integers(0, 256, (1, 60_000, 3), np.uint8)
    index, delta_e = complete.look_up(sample[0], threads=1)
    true_index, true_delta = Palette(COLORS).nearest(sample, mode="exact")
    np.testing.assert_array_equal(index, true_index[0])
    np.testing.assert_allclose(delta_e, true_delta[0], rtol=4e-6)


def test_prepare_keeps_the_table_and_a_damaged_one_is_made_again(complete, tmp_path, monkeypatch):
    built = []
    monkeypatch.setattr(ColorTable, "fill", lambda self, codes, threads: built.append(codes))
    palette = Palette(COLORS)
    keep_table(complete, palette.key, cache.default_cache())
    assert palette.prepare().is_complete
    assert not built
    (entry,) = (path for path in tmp_path.rglob("*") if path.is_file())
    entry.write_bytes(entry.read_bytes()[:-1] + b"!")
    palette_table.shared_table.cache_clear()
    palette.prepare(threads=1)
    assert built == [None]  # all colours


def test_names_and_notation_do_not_change_the_key_and_order_does():
    key = Palette({"a": "#0055aa", "b": "#c8102e"}).key
    assert Palette({"x": (0, 85, 170), "y": (200, 16, 46)}).key == key
    assert Palette({"b": "#c8102e", "a": "#0055aa"}).key != key


@given(st.tuples(CHANNEL, CHANNEL, CHANNEL))
def test_a_colour_of_the_palette_is_its_own_nearest(color):
    palette = Palette({"first": color, "second": tuple((channel + 128) % 256 for channel in color)})
    index, delta_e = palette.nearest(np.array([[color]], np.uint8), mode="exact")
    assert index.item() == 0
    assert delta_e.item() < 1e-6


def test_floats_are_computed_without_rounding_and_agree_with_bytes():
    palette, picture = Palette(COLORS), random_picture(7)
    index, delta_e = palette.nearest(picture / 255)
    true_index, true_delta = palette.nearest(picture, mode="exact")
    np.testing.assert_array_equal(index, true_index)
    np.testing.assert_allclose(delta_e, true_delta, atol=1e-5)


def test_a_wide_gamut_picture_is_compared_before_it_is_cut_to_srgb():
    extended = np.full((2, 2, 3), [1.2, -0.1, 0.0], np.float32)
    wide = load_image(np.full((2, 2, 3), [255, 0, 0], np.uint8))
    wide = Image(wide.pixels, extended, None, wide.key, wide.source)
    _, delta_e = Palette({"red": (255, 0, 0)}).nearest(wide)
    assert delta_e.min() > 2


def test_a_picture_cut_from_another_gives_the_cut_of_its_map():
    palette, picture = Palette(COLORS), random_picture(8)
    whole, cut = palette.nearest(picture), palette.nearest(picture[3:40, 5:50])
    assert_same(cut, tuple(plane[3:40, 5:50] for plane in whole))


def test_an_image_of_8_bits_is_read_from_its_pixels():
    palette, picture = Palette(COLORS), random_picture(9)
    assert_same(palette.nearest(load_image(picture)), palette.nearest(picture))


def test_a_palette_of_one_finds_its_colour_everywhere():
    index, _ = Palette({"only": "#808080"}).nearest(random_picture(10))
    assert not index.any()


@pytest.mark.parametrize("mode", ["auto", "exact"])
@pytest.mark.parametrize("device", ["cpu", pytest.param("cuda", marks=NEEDS_CUDA)])
def test_tensors_give_what_arrays_give_on_their_device(mode, device):
    palette, picture = Palette(COLORS), random_picture(11)
    ours = palette.nearest(torch.from_numpy(picture).to(device), mode=mode)
    assert {plane.device.type for plane in ours} == {device}
    assert_same(tuple(plane.cpu() for plane in ours), palette.nearest(picture, mode=mode))


def test_a_resident_table_gives_what_the_table_gives(complete):
    batch = torch.from_numpy(random_picture(12)).reshape(2, 32, 64, 3)
    ours = look_up(batch, resident_entries(complete, "cpu"))
    expected = complete.look_up(batch.reshape(-1, 3).numpy(), threads=1)
    assert ours[0].shape == (2, 32, 64)
    assert_same(tuple(plane.reshape(-1) for plane in ours), expected)


@pytest.mark.parametrize(
    "colors",
    [
        {},
        {"a": (1, 2, 3), "b": "#010203"},
        {"a": (0, 0, 256)},
        {str(i): (i, 0, 0) for i in range(33)},
        {"a": "PANTONE 300 C"},
    ],
    ids=["none", "two equal ones", "out of range", "33", "spot"],
)
def test_palettes_that_make_no_sense_are_refused(colors):
    with pytest.raises(InputError):
        Palette(colors)


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 1), np.uint8),
        np.zeros((3, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.int32),
        np.full((4, 4, 3), 1.01),
        np.full((4, 4, 3), -0.01),
        np.full((4, 4, 3), np.nan),
        torch.zeros((4, 4, 3)),
        torch.zeros((3, 4, 5), dtype=torch.uint8),
        [[[0, 0, 0]]],
    ],
    ids=["grey", "one channel", "channels first", "int32", "over 1", "negative", "nan", "float tensor", "chw", "list"],
)
def test_what_is_no_picture_is_refused(picture):
    with pytest.raises(InputError):
        Palette(COLORS).nearest(picture)


def test_floats_have_no_table_and_modes_and_threads_are_checked():
    palette = Palette(COLORS)
    with pytest.raises(InputError, match="8 bits"):
        palette.nearest(np.zeros((2, 2, 3)), mode="table")
    with pytest.raises(UnknownName, match="exact"):
        palette.nearest(random_picture(13), mode="exakt")
    with pytest.raises(InputError, match="one thread"):
        palette.nearest(random_picture(13), threads=0)
