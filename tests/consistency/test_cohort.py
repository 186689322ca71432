"""A similarity set against generic pictures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consistency.cohort import FILE, NEAREST, cohort_for, known_cohorts, normalised
from consistency.embedders.embedder import load_embedder
from consistency.errors import InputError


def unit(seed, count, depth=8):
    vectors = np.random.default_rng(seed).normal(size=(count, depth))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@given(st.integers(0, 10**6))
def test_it_is_symmetric_and_rises_with_the_similarity(seed):
    cohort = unit(seed, 40).astype(np.float32)
    first, second = unit(seed + 1, 2)
    assert normalised(first, second, cohort) == pytest.approx(normalised(second, first, cohort))
    assert normalised(first, first, cohort) >= normalised(first, second, cohort) - 1e-9 or first @ second > 0.9


def test_it_is_the_mean_of_both_sides_standard_scores():
    cohort = unit(0, NEAREST + 5)
    template, seen = unit(1, 2)
    sides = [np.sort(cohort.astype(np.float32).astype(float) @ side)[5:] for side in (template, seen)]
    expected = np.mean([(template @ seen - side.mean()) / side.std() for side in sides])
    assert normalised(template, seen, cohort.astype(np.float32)) == pytest.approx(expected)


@pytest.mark.parametrize("cohort", [np.ones((1, 8)), np.ones((4, 7)), np.ones(8)])
def test_a_cohort_that_does_not_fit_is_refused(cohort):
    with pytest.raises(InputError, match="cohort"):
        normalised(*unit(0, 2), cohort.astype(np.float32))


def test_the_package_carries_one_for_the_default_embedder_and_it_is_small():
    cohort = cohort_for(load_embedder("efficientnet").spec.id)
    assert 50 <= len(cohort) <= 200
    assert np.linalg.norm(cohort, axis=1) == pytest.approx(1, abs=1e-5)
    assert cohort_for("other") is None
    assert sum(each.size * 2 for each in known_cohorts().values()) < 300_000, FILE
