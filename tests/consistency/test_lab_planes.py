"""Table profiles through LittleCMS at 16 bits: nothing clipped, nothing rounded to 8."""

import numpy as np
import pytest
from PIL import Image as Pillow

from consistency.colorspace import to_lab
from consistency.image import load_image
from consistency.intake.conversion import lab_profile
from consistency.intake.lab_planes import extended_through_littlecms, lab_through_littlecms
from icc_profiles import table_profile

INKS = [(c, m, y, k) for c in (0, 255) for m in (0, 255) for y in (0, 255) for k in (0, 255)]


def press():
    """An 8-bit table whose corners are as far apart as prints go; cyan lies outside sRGB."""
    return table_profile(
        "CMYK", {ink: (100.0 if not any(ink) else 55.0, -40.0 * (ink[0] > 0), -50.0 * (ink[0] > 0)) for ink in INKS}
    )


def test_a_colour_outside_srgb_is_kept_in_extended():
    picture = Pillow.new("CMYK", (3, 2), (255, 0, 0, 0))
    lab = lab_through_littlecms(picture, press())
    assert lab.shape == (2, 3, 3)
    assert lab[0, 0] == pytest.approx([55, -40, -50], abs=0.5)
    extended = extended_through_littlecms(picture, press())
    assert extended.dtype == np.float32
    assert extended.min() < -0.05


def test_lab_pictures_come_back_as_they_were_but_for_the_white():
    picture = Pillow.new("LAB", (1, 1), (128, 128, 128))
    lab = to_lab(extended_through_littlecms(picture, lab_profile()))
    assert lab[0, 0] == pytest.approx([128 / 2.55, 0, 0], abs=0.3)


def test_a_tall_picture_is_converted_in_parts_that_fit_together():
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 256, (150, 7, 4), np.uint8)
    picture = Pillow.frombytes("CMYK", (7, 150), pixels.tobytes())
    picture.info["icc_profile"] = press()
    image = load_image(picture)
    one = extended_through_littlecms(picture.crop((0, 149, 7, 150)), press())
    assert np.array_equal(image.extended[149:], one)
