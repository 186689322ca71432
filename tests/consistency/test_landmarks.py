"""Landmarks: the same under mirroring and moving, the same at every call, nothing where there is nothing."""

import cv2
import numpy as np
import pytest
import skimage.data

from consistency.errors import InputError
from consistency.landmarks import Landmarks, alike, is_view, landmarks_of, matched, mirrored
from consistency.region import Box

CUP = np.ascontiguousarray(skimage.data.coffee()[:, 100:500])


@pytest.fixture(scope="module")
def cup():
    return landmarks_of(CUP, None)


def test_mirrored_landmarks_are_those_of_the_mirrored_picture(cup):
    turned, seen = mirrored(cup), landmarks_of(np.ascontiguousarray(CUP[:, ::-1]), None)
    pairs = alike(turned.descriptors, seen.descriptors)
    apart = np.abs(turned.points[pairs[:, 0]] - seen.points[pairs[:, 1]]).max(axis=1)
    assert (apart < 1.5).sum() > 0.8 * len(cup)


def test_mirrored_twice_is_as_before(cup):
    again = mirrored(mirrored(cup))
    assert again.points == pytest.approx(cup.points, abs=1e-3)
    assert np.array_equal(again.descriptors, cup.descriptors)


def test_a_part_that_was_moved_and_scaled_is_found_where_it_is(cup):
    part = cv2.resize(CUP[40:360, 60:380], None, fx=0.9, fy=1.1, interpolation=cv2.INTER_AREA)
    match = matched(landmarks_of(part, None), cup)
    assert len(match) > 100
    assert len(match.pairs) == len(np.unique(match.pairs[:, 0])) == len(np.unique(match.pairs[:, 1]))
    linear = match.affine[:, :2]
    assert np.linalg.norm(linear[:, 1]) / np.linalg.norm(linear[:, 0]) == pytest.approx(0.9 / 1.1, abs=0.02)


def test_a_mirrored_picture_fits_only_mirrored(cup):
    turned = landmarks_of(np.ascontiguousarray(CUP[:, ::-1]), None)
    assert len(matched(turned, cup)) < 20 < 200 < len(matched(mirrored(turned), cup))


def test_threads_and_the_state_of_opencv_s_generator_change_nothing(cup):
    threads = cv2.getNumThreads()
    try:
        for count, seed in ((1, 1), (4, 2)):
            cv2.setNumThreads(count)
            cv2.setRNGSeed(seed)
            again = landmarks_of(CUP, None)
            assert np.array_equal(again.descriptors, cup.descriptors)
            assert np.array_equal(again.points, cup.points)
            part = landmarks_of(CUP, Box(60, 40, 300, 300))
            found = matched(part, cup)
            assert np.array_equal(found.affine, matched(part, again).affine)
    finally:
        cv2.setNumThreads(threads)


@pytest.mark.parametrize("pixels", [np.full((64, 64, 3), 9, np.uint8), np.zeros((1, 1, 3), np.uint8)])
def test_a_picture_of_one_colour_has_none_and_matches_nothing(cup, pixels):
    nothing = landmarks_of(pixels, None)
    assert len(nothing) == 0
    for one, other in ((nothing, cup), (cup, nothing), (nothing, nothing)):
        match = matched(one, other)
        assert (len(match), match.affine) == (0, None)


@pytest.mark.parametrize(
    ("linear", "is_one"),
    [
        ([[1, 0], [0, 1]], True),
        ([[0.9, 0.3], [-0.3, 1.2]], True),
        ([[-1, 0], [0, 1]], False),
        ([[1, 0], [0, 0.1]], False),
        ([[9, 0], [0, 9]], False),
        ([[np.nan, 0], [0, 1]], False),
        ([[0, 0], [0, 0]], False),
    ],
)
def test_a_view_is_neither_mirrored_nor_squeezed_flat_nor_out_of_scale(linear, is_one):
    assert is_view(np.c_[np.array(linear, float), [5, 5]]) is is_one


@pytest.mark.parametrize(
    ("points", "descriptors"),
    [
        (np.zeros((2, 2), np.float32), np.zeros((3, 128), np.uint8)),
        (np.zeros((2, 2), np.float64), np.zeros((2, 128), np.uint8)),
        (np.full((2, 2), np.nan, np.float32), np.zeros((2, 128), np.uint8)),
    ],
)
def test_landmarks_that_do_not_fit_together_are_refused(points, descriptors):
    with pytest.raises(InputError):
        Landmarks(points, descriptors, (9, 9))
