"""Conformal selection: its p-values counted out, Benjamini–Hochberg by scipy, and the mean share of bad ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from consistency.calibration import conformal_p_values, conformal_select
from consistency.errors import InputError

VALUES = st.integers(0, 20)
LABELLED = st.lists(st.tuples(VALUES, st.booleans()), min_size=1, max_size=60)
BATCH = st.lists(VALUES, min_size=1, max_size=40)


@given(LABELLED, BATCH)
def test_p_values_are_counted(labelled, batch):
    scores, bad = map(np.array, zip(*labelled, strict=True))
    expected = [(1 + (scores[bad] >= score).sum()) / (scores.size + 1) for score in batch]
    assert np.allclose(conformal_p_values(scores, bad, batch), expected)


@given(LABELLED, BATCH)
def test_what_is_chosen_is_what_scipy_chooses(labelled, batch):
    scores, bad = map(np.array, zip(*labelled, strict=True))
    adjusted = false_discovery_control(conformal_p_values(scores, bad, batch))
    clear = np.abs(adjusted - 0.2) > 1e-9
    assert (conformal_select(scores, bad, batch, fdr=0.2) == (adjusted <= 0.2))[clear].all()


@given(LABELLED, BATCH)
def test_a_higher_score_is_chosen_with_every_lower_one(labelled, batch):
    scores, bad = map(np.array, zip(*labelled, strict=True))
    chosen = conformal_select(scores, bad, batch, fdr=0.3)
    values = np.array(batch)
    assert not chosen.any() or chosen[values >= values[chosen].min()].all()


@given(LABELLED, BATCH)
def test_the_order_of_labels_and_batch_does_not_matter(labelled, batch):
    scores, bad = map(np.array, zip(*labelled, strict=True))
    one = conformal_select(scores, bad, batch, fdr=0.3)
    assert (conformal_select(scores[::-1], bad[::-1], batch[::-1], fdr=0.3) == one[::-1]).all()


def test_few_of_the_chosen_are_bad_in_the_mean_and_most_good_ones_are_chosen():
    # Over 300 batches the mean's standard error is .0012; .0465 is what the mean is, by benchmarks/guarantee.py.
    rng, false, good = np.random.default_rng(4), [], []
    for _ in range(300):
        bad, new = rng.random(200) < 0.25, rng.random(500) < 0.25
        scores, batch = rng.normal(size=200) + 2.326 * ~bad, rng.normal(size=500) + 2.326 * ~new
        chosen = conformal_select(scores, bad, batch, fdr=0.05)
        false.append((chosen & new).sum() / max(1, chosen.sum()))
        good.append((chosen & ~new).sum() / (~new).sum())
    assert np.mean(false) <= 0.05
    assert np.mean(good) >= 0.84


def test_nothing_is_chosen_from_too_few_labels():
    assert not conformal_select([0.9] * 5, [False] * 5, [0.9, 0.95]).any()


@pytest.mark.parametrize(
    ("labels", "batch", "fdr"),
    [(([1.0], [True, False]), [1.0], 0.1), (([1.0], [True]), [], 0.1), (([1.0], [True]), [1.0], 1)],
)
def test_bad_input_is_refused(labels, batch, fdr):
    with pytest.raises(InputError):
        conformal_select(*labels, batch, fdr=fdr)
