"""Where in a picture the subject is."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consistency.embedders.embedder import MEAN_OF_PLACES, EmbedderSpec, Features
from consistency.embedders.pooling import generalised_mean
from consistency.errors import InputError
from consistency.localisation import heaviest_rectangle, shares_of, smoothed, subject_box
from consistency.region import Box

GEM = EmbedderSpec("tiny", "0" * 64, "last", "gem(p=3)", "none")
OTHER = EmbedderSpec("tiny", "0" * 64, "last", "mean", "none")


def features(dense, spec=GEM):
    maps = np.asarray(dense, np.float32)[None]
    return Features(generalised_mean(maps, 3.0), maps, spec)


def scene(top, left, side=3):
    """Return a 9×9 map with a subject of its own kind on an even ground."""
    dense = np.zeros((9, 9, 4))
    dense[..., 0] = 0.2
    dense[top : top + side, left : left + side, 1:] = 2.0
    return dense


@given(st.integers(0, 6), st.integers(0, 6), st.integers(40, 2000), st.integers(40, 2000))
def test_the_box_lies_inside_and_around_the_subject(top, left, height, width):
    box = subject_box(features(scene(top, left)), height, width, margin=0.0)
    assert box.clipped(height, width) == box
    down, across = (top + 1.5) / 9 * height, (left + 1.5) / 9 * width
    assert box.top - 1 <= down <= box.bottom + 1
    assert box.left - 1 <= across <= box.right + 1


def test_the_box_is_where_the_subject_is_a_cell_wider_and_grows_with_the_margin():
    assert subject_box(features(scene(3, 3)), 900, 900, margin=0.0) == Box(200, 200, 500, 500)
    assert subject_box(features(scene(3, 3)), 900, 900, margin=0.1) == Box(150, 150, 600, 600)


def test_a_margin_at_the_edge_moves_the_box_rather_than_cutting_it():
    assert subject_box(features(scene(0, 0)), 900, 900, margin=0.0) == Box(0, 0, 400, 400)
    assert subject_box(features(scene(0, 0)), 900, 900, margin=0.1) == Box(0, 0, 480, 480)


@given(st.integers(0, 2**32 - 1))
def test_the_heaviest_rectangle_is_the_heaviest_of_all(seed):
    values = np.random.default_rng(seed).normal(size=(5, 4))
    every = {
        (top, bottom, left, right): values[top:bottom, left:right].sum()
        for top in range(5)
        for bottom in range(top + 2, 6)
        for left in range(4)
        for right in range(left + 2, 5)
    }
    assert every[heaviest_rectangle(values)] == pytest.approx(max(every.values()))


def test_shares_add_up_to_the_pooled_length_for_a_mean():
    dense = np.random.default_rng(0).random((3, 3, 5)).astype(np.float32)
    pooled = dense.reshape(-1, 5).mean(axis=0)
    assert shares_of(dense, pooled).mean() == pytest.approx(np.linalg.norm(pooled), rel=1e-5)


def test_smoothing_keeps_an_even_map():
    np.testing.assert_allclose(smoothed(np.full((4, 3), 2.5)), 2.5)


def test_features_that_are_not_activations_do_not_say_where():
    assert subject_box(features(scene(3, 3), OTHER), 900, 900, margin=0.0) is None
    assert subject_box(Features(np.ones((1, 4), np.float32), None, GEM), 900, 900, margin=0.0) is None


def test_where_further_layers_make_the_vector_of_the_mean_the_mean_is_what_counts():
    maps = np.asarray(scene(3, 3), np.float32)[None]
    made = Features(np.ones((1, 2), np.float32), maps, replace(OTHER, pooling=MEAN_OF_PLACES))
    assert subject_box(made, 900, 900, margin=0.0) == Box(200, 200, 500, 500)


def test_a_model_that_tells_where_its_vector_comes_from_is_believed():
    shares = np.zeros((1, 9, 9), np.float32)
    shares[0, 1:4, 5:8] = 1
    told = Features(np.ones((1, 4), np.float32), np.asarray(scene(3, 3), np.float32)[None], OTHER, shares)
    assert subject_box(told, 900, 900, margin=0.0) == Box(400, 0, 500, 500)
    assert told.row(0).shares is not None


def test_only_one_picture_at_a_time():
    with pytest.raises(InputError, match="one picture"):
        subject_box(Features(np.ones((2, 4), np.float32), None, GEM), 9, 9, margin=0.0)
