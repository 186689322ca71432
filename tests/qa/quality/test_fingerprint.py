"""Fingerprints: saving again is the same picture, another price is not."""

import io
import json

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage import data

from qa.quality.fingerprint import SIZE, Fingerprint, Index

LIMIT = 7.0

PHOTOGRAPHS = [np.ascontiguousarray(picture()) for picture in (data.astronaut, data.coffee, data.chelsea, data.rocket)]


def resaved(pixels: np.ndarray, quality: int) -> np.ndarray:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    return np.array(Image.open(file))


def priced(pixels: np.ndarray, price: str) -> np.ndarray:
    poster = cv2.resize(pixels, (1024, 1024), interpolation=cv2.INTER_AREA)
    poster[800:960, 100:620] = (240, 234, 220)
    cv2.putText(poster, price, (130, 930), cv2.FONT_HERSHEY_DUPLEX, 4, (20, 20, 20), 10)
    return poster


def are_same(first: np.ndarray, second: np.ndarray) -> bool:
    index = Index(1)
    index.add(Fingerprint.of(first))
    return index.nearest(Fingerprint.of(second), LIMIT) is not None


@pytest.mark.parametrize("pixels", PHOTOGRAPHS)
@pytest.mark.parametrize("quality", [50, 75, 95])
def test_a_picture_saved_again_is_the_same(pixels, quality):
    assert are_same(pixels, resaved(pixels, quality))


@pytest.mark.parametrize("pixels", PHOTOGRAPHS)
def test_a_picture_at_another_size_is_the_same(pixels):
    assert are_same(pixels, cv2.resize(pixels, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA))


@pytest.mark.parametrize("pixels", PHOTOGRAPHS)
def test_red_and_blue_swapped_is_another_picture(pixels):
    assert not are_same(pixels, np.ascontiguousarray(pixels[..., ::-1]))


@pytest.mark.parametrize("pixels", PHOTOGRAPHS)
@pytest.mark.parametrize("price", ["$5.90", "$4.50", "$7.90"])
def test_another_price_on_the_same_scene_is_another_picture(pixels, price):
    assert not are_same(priced(pixels, "$4.90"), priced(pixels, price))


def test_different_photographs_differ():
    assert not any(are_same(a, b) for i, a in enumerate(PHOTOGRAPHS) for b in PHOTOGRAPHS[i + 1 :])


def test_the_index_finds_what_comparing_with_every_one_finds():
    rng = np.random.default_rng(5)
    base = rng.integers(0, 256, (6, SIZE), np.uint8)
    prints = [
        Fingerprint(np.clip(base[i % 6].astype(int) + rng.integers(-4, 5, SIZE), 0, 255).astype(np.uint8))
        for i in range(60)
    ]
    index = Index(len(prints))
    for one in prints:
        index.add(one)
    everything = np.stack([one.cells for one in prints])
    for one in prints:
        within = np.flatnonzero(one.difference_to(everything) <= LIMIT)
        assert index.nearest(one, LIMIT)[0] == within[0]


def test_a_fingerprint_survives_json():
    one = Fingerprint.of(PHOTOGRAPHS[0])
    text = json.loads(json.dumps(one.to_text()))
    np.testing.assert_array_equal(Fingerprint.from_text(text).cells, one.cells)
    assert len(text) < 6500


@pytest.mark.parametrize("text", ["", "AAAA", "not base64"])
def test_a_damaged_record_is_refused(text):
    with pytest.raises(ValueError, match=r"fingerprint|base64|padding"):
        Fingerprint.from_text(text)
