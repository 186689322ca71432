"""Which thresholds are tested: by the number of labels alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consistency.calibration import fewest_labels
from consistency.calibration.candidates import STEP, candidate_ranks, cuts_at

PROMISES = [(0.05, 0.10), (0.05, 0.05), (0.01, 0.10), (0.2, 0.3), (0.5, 0.9)]


@settings(deadline=None)
@given(st.integers(1, 2000), st.sampled_from(PROMISES))
def test_ranks_rise_from_one_that_can_pass_to_all_labels(labels, promise):
    ranks = candidate_ranks(labels, *promise)
    assert bool(ranks) == (labels >= fewest_labels(*promise))
    if ranks:
        assert ranks[-1] == labels
        assert ranks[0] >= fewest_labels(*promise)
        assert (np.diff(ranks) > 0).all()
        assert np.diff(ranks, append=labels).max() <= np.ceil(STEP * labels)


def test_with_many_labels_a_test_lies_only_where_one_more_may_be_bad():
    corners = {fewest_labels(0.05, 0.1, bad) for bad in range(60)}
    assert set(candidate_ranks(1000, 0.05, 0.1)) - {1000} <= corners


@given(st.lists(st.integers(0, 5), min_size=45, max_size=120))
def test_labels_with_one_score_are_never_cut_apart(values):
    scores = np.sort(np.array(values, float))[::-1]
    cuts, accepted = cuts_at(candidate_ranks(scores.size, 0.05, 0.1), scores)
    assert accepted.tolist() == [(scores >= cut).sum() for cut in cuts]
    assert (np.diff(cuts) < 0).all()


@pytest.mark.parametrize("labels", [1, 44])
def test_too_few_labels_have_no_candidate(labels):
    assert candidate_ranks(labels, 0.05, 0.1) == ()
    assert cuts_at((), np.zeros(labels))[0].size == 0
