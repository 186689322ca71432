"""Likelihoods of texts and of their small changes, against every alignment counted one by one."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consistency.errors import InputError
from qa.text.scoring import Edit, Lattice

SYMBOLS = 4


@st.composite
def lines(draw):
    """Log probabilities of a short line."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return np.log(rng.dirichlet(np.ones(SYMBOLS) * draw(st.sampled_from([0.1, 1.0])), draw(st.integers(1, 5))) + 1e-9)


texts = st.lists(st.integers(1, SYMBOLS - 1), min_size=1, max_size=4)


def counted(logs, labels):
    """The likelihood of a text, summed over all ways to say it."""
    total = -np.inf
    for path in itertools.product(range(logs.shape[1]), repeat=len(logs)):
        text = [now for before, now in itertools.pairwise((0, *path)) if now not in (0, before)]
        if text == list(labels):
            total = np.logaddexp(total, sum(logs[step, symbol] for step, symbol in enumerate(path)))
    return total


@settings(max_examples=60, deadline=None)
@given(lines(), texts)
def test_a_likelihood_is_the_sum_over_all_alignments(logs, labels):
    assert Lattice(logs, labels).log_likelihood == pytest.approx(counted(logs, labels), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(lines(), texts, st.data())
def test_a_changed_text_scores_as_if_written_anew(logs, labels, data):
    start = data.draw(st.integers(0, len(labels)))
    end = data.draw(st.integers(start, len(labels)))
    put = tuple(data.draw(st.lists(st.integers(1, SYMBOLS - 1), max_size=2)))
    (score,) = Lattice(logs, labels).edited([Edit(start, end, put)])
    changed = [*labels[:start], *put, *labels[end:]]
    assert score == pytest.approx(counted(logs, changed), abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(lines(), texts)
def test_every_step_belongs_to_one_label_or_gap(logs, labels):
    lattice = Lattice(logs, labels)
    if np.isfinite(lattice.log_likelihood):
        shares = lattice.occupancy().sum(axis=1) + lattice.gaps().sum(axis=1)
        assert shares == pytest.approx(np.ones(len(logs)), abs=1e-6)


@pytest.mark.parametrize("labels", [[], [0], [SYMBOLS]])
def test_a_text_of_no_or_unknown_labels_is_refused(labels):
    with pytest.raises(InputError):
        Lattice(np.zeros((3, SYMBOLS)), labels)


@pytest.mark.parametrize("edit", [Edit(0, 3, ()), Edit(1, 0, ()), Edit(0, 1, (1, 2, 3))])
def test_an_edit_out_of_the_text_is_refused(edit):
    with pytest.raises(InputError):
        Lattice(np.zeros((3, SYMBOLS)), [1, 2]).edited([edit])
