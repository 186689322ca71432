import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from consistency.image import load_image
from qa.demo.files import FileForm, encode, from_p3, p3_profile, p3_to_xyz, to_p3


@pytest.fixture
def pixels():
    return np.random.default_rng(0).uniform(0.1, 0.9, (32, 40, 3)).astype(np.float32)


def test_the_profile_has_the_published_colorants_of_display_p3():
    profile = ImageCms.ImageCmsProfile(io.BytesIO(p3_profile())).profile
    assert profile.profile_description == "Display P3"
    assert profile.red_colorant[0] == pytest.approx((0.51512, 0.24120, -0.00105), abs=2e-4)
    assert profile.green_colorant[0] == pytest.approx((0.29198, 0.69225, 0.04189), abs=2e-4)
    assert profile.blue_colorant[0] == pytest.approx((0.15710, 0.06657, 0.78407), abs=2e-4)


def test_p3_primaries_give_the_published_matrix():
    published = [[0.486571, 0.265668, 0.198217], [0.228975, 0.691739, 0.079287], [0.0, 0.045113, 1.043944]]
    assert p3_to_xyz() == pytest.approx(np.array(published), abs=5e-4)


def test_converting_to_p3_and_back_changes_nothing(pixels):
    assert from_p3(to_p3(pixels)) == pytest.approx(pixels, abs=1e-5)


def test_a_right_p3_file_comes_in_as_the_picture_it_was(pixels):
    image = load_image(encode(pixels, FileForm("PNG", profile="p3")))
    assert np.abs(image.pixels / 255 - pixels).max() < 4 / 255


def test_a_mislabelled_p3_file_comes_in_as_other_colors(pixels):
    image = load_image(encode(pixels, FileForm("PNG", profile="p3_mislabelled")))
    assert np.abs(image.pixels / 255 - pixels).max() > 10 / 255


@pytest.mark.parametrize("form", [FileForm("PNG"), FileForm("JPEG", 92), FileForm("WEBP", 90)])
def test_a_file_is_of_its_format_and_shows_the_picture(form):
    smooth = np.linspace(0.2, 0.8, 64, dtype=np.float32)[None, :, None] * np.ones((48, 1, 3), np.float32)
    with Image.open(io.BytesIO(encode(smooth, form))) as file:
        assert file.format == form.format
        assert np.abs(np.asarray(file.convert("RGB")) / 255 - smooth).max() < 0.03


def test_a_truncated_file_is_shorter(pixels):
    whole = encode(pixels, FileForm("PNG"))
    assert len(encode(pixels, FileForm("PNG", kept_fraction=0.5))) == len(whole) // 2
