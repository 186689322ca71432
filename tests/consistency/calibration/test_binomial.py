"""The binomial distribution against scipy, and how many labels a promise takes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from consistency.calibration import fewest_labels
from consistency.calibration.binomial import binomial_cdf
from consistency.errors import InputError


@settings(deadline=None)
@given(st.integers(0, 3000), st.integers(0, 3000), st.floats(1e-4, 0.9999))
def test_it_is_scipys(count, trials, rate):
    assert binomial_cdf(count, trials, rate) == pytest.approx(binom.cdf(count, trials, rate), rel=1e-9, abs=1e-300)


def test_far_tails_and_many_trials_do_not_underflow():
    assert binomial_cdf(0, 100_000, 0.5) == 0
    assert binomial_cdf(10, 5000, 0.1) == pytest.approx(binom.cdf(10, 5000, 0.1), rel=1e-9)
    assert binomial_cdf(50_000, 1_000_000, 0.05) == pytest.approx(binom.cdf(50_000, 1_000_000, 0.05), rel=1e-9)


@pytest.mark.parametrize("bad", [0, 1, 2, 5, 40])
def test_one_label_fewer_would_not_do(bad):
    labels = fewest_labels(0.05, 0.1, bad)
    assert binom.cdf(bad, labels, 0.05) <= 0.1 < binom.cdf(bad, labels - 1, 0.05)


def test_ranks_at_which_one_more_may_be_bad():
    assert [fewest_labels(0.05, 0.1, bad) for bad in range(5)] == [45, 77, 105, 132, 158]


def test_rates_that_are_none_and_negative_counts_are_refused():
    for arguments in ((0, 0.1), (0.05, 1), (0.05, 0.1, -1)):
        with pytest.raises(InputError):
            fewest_labels(*arguments)
