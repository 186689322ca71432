"""Assignment one to one, against scipy's and against every permutation."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from consistency.assignment import assigned
from consistency.errors import InputError

TABLES = st.tuples(st.integers(0, 6), st.integers(0, 7), st.integers(0, 2**32 - 1)).map(
    lambda size: np.random.default_rng(size[2]).integers(-9, 10, size[:2]) / 10.0
)


def total(gains, columns):
    return sum(gains[row, column] for row, column in enumerate(columns) if column is not None)


@given(TABLES)
def test_the_sum_is_the_largest_there_is_and_no_column_is_taken_twice(gains):
    columns = assigned(gains)
    taken = [column for column in columns if column is not None]
    assert len(columns) == len(gains)
    assert len(set(taken)) == len(taken)
    positive = np.maximum(gains, 0)
    assert total(gains, columns) == pytest.approx(positive[linear_sum_assignment(positive, maximize=True)].sum())
    assert all(gains[row, column] > 0 for row, column in enumerate(columns) if column is not None)


def test_a_row_gives_way_where_that_gains_more():
    gains = np.array([[0.9, 0.85, 0.0], [0.8, 0.0, 0.0], [0.7, 0.6, 0.5]])
    best = max(permutations(range(3)), key=lambda columns: total(gains, columns))
    assert assigned(gains) == best == (1, 0, 2)


def test_what_gains_nothing_is_not_taken():
    assert assigned(np.array([[-0.1, 0.0], [0.2, -1.0]])) == (None, 0)


@pytest.mark.parametrize("gains", [np.array([[np.nan]]), np.array([[np.inf]]), np.zeros(3)])
def test_what_is_no_finite_table_is_refused(gains):
    with pytest.raises(InputError):
        assigned(gains)
