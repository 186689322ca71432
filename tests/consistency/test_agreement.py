"""Which references are of something else than the others."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consistency.agreement import floor_for, known_floors, odd_ones
from consistency.embedders.embedder import load_embedder
from consistency.errors import AnchorError, InputError

AXES = np.eye(6, dtype=np.float32)


def spread(count, seed, axis=0):
    """Return vectors within about 15° of an axis."""
    near = AXES[axis] + np.random.default_rng(seed).normal(0, 0.1, (count, 6))
    return (near / np.linalg.norm(near, axis=1, keepdims=True)).astype(np.float32)


@given(st.integers(3, 7), st.integers(1, 2), st.integers(0, 10**6))
def test_strangers_in_the_minority_are_found_and_nobody_else(right, wrong, seed):
    vectors = np.concatenate([spread(right, seed), AXES[2 : 2 + wrong]])
    order = np.random.default_rng(seed).permutation(len(vectors))
    found = odd_ones(vectors[order], 0.6)
    assert {int(order[odd.index]) for odd in found} == set(range(right, right + wrong))
    assert all(odd.similarity < 0.6 for odd in found)


def test_strangers_that_are_alike_are_found_too():
    vectors = np.concatenate([spread(7, 1), spread(3, 2, axis=4)])
    assert {odd.index for odd in odd_ones(vectors, 0.6)} == {7, 8, 9}


@given(st.integers(1, 10), st.integers(0, 10**6))
def test_references_that_agree_all_stay(count, seed):
    assert odd_ones(spread(count, seed), 0.6) == ()


def test_of_two_none_is_odd():
    assert odd_ones(AXES[:2], 0.6) == ()


@pytest.mark.parametrize("vectors", [AXES[:3], AXES[[0, 0, 1, 1]], AXES[[0, 0, 1, 1, 2]]])
def test_without_a_majority_nobody_can_say(vectors):
    with pytest.raises(AnchorError, match="no majority"):
        odd_ones(vectors, 0.6)


def test_right_ones_that_are_just_too_far_apart_are_not_what_is_refused():
    vectors = np.array([[1, 0, 0, 0], [0.5, 0.866, 0, 0], [0.5, 0.289, 0.816, 0], [0, 0, 0, 1]], np.float32)
    assert [odd.index for odd in odd_ones(vectors, 0.49)] == [3]
    with pytest.raises(AnchorError):
        odd_ones(vectors, 0.55)


def test_a_floor_is_a_cosine():
    with pytest.raises(InputError, match="cosine"):
        odd_ones(AXES, 1.5)


def test_the_package_knows_the_default_embedder_only_for_what_was_measured():
    spec = load_embedder("efficientnet").spec.id
    assert 0.4 < floor_for(spec, "subject") < 0.7
    assert floor_for(spec, "style") is floor_for("other", "subject") is None
    assert all(-1 <= floor <= 1 for floor in known_floors().values())
