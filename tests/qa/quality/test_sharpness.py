"""Sharpness: it falls with blur, whatever the contrast, and words laid over a picture do not count."""

import cv2
import numpy as np
import pytest
from skimage import data

from qa.checks.sharpness import DEFAULT_DETAIL
from qa.quality.sharpness import measure_sharpness

PHOTOGRAPHS = {
    name: np.ascontiguousarray(getattr(data, name)()) for name in ("astronaut", "coffee", "chelsea", "rocket")
}


def blurred(pixels: np.ndarray, sigma: float) -> np.ndarray:
    return cv2.GaussianBlur(pixels, (0, 0), sigma)


def with_banner(pixels: np.ndarray) -> np.ndarray:
    banner = pixels.copy()
    banner[: banner.shape[0] // 4] = (27, 75, 143)
    cv2.putText(banner, "SUMMER SALE", (20, banner.shape[0] // 6), cv2.FONT_HERSHEY_DUPLEX, 1.5, (255, 255, 255), 3)
    return banner


@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_unedited_photographs_are_sharp(name):
    assert measure_sharpness(PHOTOGRAPHS[name]).detail > DEFAULT_DETAIL


@pytest.mark.parametrize("sigma", [3, 5, 8])
@pytest.mark.parametrize("name", PHOTOGRAPHS)
def test_photographs_blurred_overall_are_not_sharp(name, sigma):
    assert measure_sharpness(blurred(PHOTOGRAPHS[name], sigma)).detail < DEFAULT_DETAIL


def test_detail_falls_as_blur_grows():
    details = [measure_sharpness(blurred(PHOTOGRAPHS["astronaut"], sigma)).detail for sigma in (0.5, 1, 2, 3, 5, 8)]
    assert details == sorted(details, reverse=True)


def test_contrast_does_not_count():
    pixels = PHOTOGRAPHS["astronaut"]
    faint = (64 + pixels / 2).astype(np.uint8)
    assert measure_sharpness(faint).detail == pytest.approx(measure_sharpness(pixels).detail, rel=0.15)


def test_a_sharp_subject_before_a_blurred_background_is_sharp():
    pixels = PHOTOGRAPHS["astronaut"]
    shallow = blurred(pixels, 6)
    shallow[128:384, 128:384] = pixels[128:384, 128:384]
    assert measure_sharpness(shallow).detail > DEFAULT_DETAIL


def test_sharp_words_over_a_blurred_picture_do_not_make_it_sharp():
    pixels = cv2.resize(PHOTOGRAPHS["astronaut"], (1024, 1024), interpolation=cv2.INTER_AREA)
    assert measure_sharpness(with_banner(blurred(pixels, 5))).detail < DEFAULT_DETAIL


@pytest.mark.parametrize("pixels", [np.full((256, 256, 3), 90, np.uint8), np.zeros((1, 1, 3), np.uint8)])
def test_nothing_with_texture_has_no_sharpness(pixels):
    assert measure_sharpness(pixels).detail is None
