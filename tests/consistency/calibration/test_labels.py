"""Where labels come from, and what they may be used for; folds that keep a subject together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consistency.calibration import Labels, PlattCurve, cross_fitted, grouped_folds, learn_then_test
from consistency.errors import InputError

SCORES = np.concatenate([np.linspace(1, 0.5, 60), np.linspace(0.4, 0, 20)])
BAD = np.arange(80) >= 60
QUEUE = np.where(np.arange(80) >= 50, "queue", "random")


def test_labels_of_the_queue_fit_the_curve_and_never_the_promise():
    labels = Labels(SCORES, BAD, source=QUEUE)
    assert labels.for_promise().scores.tolist() == SCORES[:50].tolist()
    assert labels.threshold() == learn_then_test(SCORES[:50], BAD[:50])
    assert labels.curve() == PlattCurve.fit(SCORES, BAD)


def test_what_the_queue_says_does_not_change_the_promise():
    turned = Labels(SCORES, np.where(QUEUE == "queue", ~BAD, BAD), source=QUEUE)
    assert turned.threshold() == Labels(SCORES, BAD, source=QUEUE).threshold()


def test_with_known_chances_all_labels_count_by_weight():
    chances = np.where(QUEUE == "queue", 1.0, 0.5)
    labels = Labels(SCORES, BAD, source=QUEUE, inclusion=chances)
    assert labels.for_promise().scores.size == 80
    assert labels.threshold() == learn_then_test(SCORES, BAD, inclusion=chances)


def test_with_known_chances_a_label_stands_for_all_of_its_group():
    group = np.repeat([0, 1], [1, 79])
    fit = Labels(SCORES, BAD, group=group, inclusion=np.full(80, 0.5)).for_promise()
    assert fit.inclusion.tolist() == [0.5, 0.5 / 79]


def test_a_promise_on_the_queue_alone_is_refused():
    with pytest.raises(InputError, match="random labels for a guarantee, got labels of the queue alone"):
        Labels([0.1, 0.9], [True, False], source=["queue"] * 2).threshold()


def test_one_label_of_each_group_counts_for_a_promise_whatever_it_says():
    group = np.arange(80) // 4
    fit = Labels(SCORES, BAD, group=group).for_promise()
    assert sorted(fit.group.tolist(), key=int) == [str(number) for number in range(20)]
    other = Labels(SCORES, ~BAD, group=group).for_promise()
    assert other.scores.tolist() == fit.scores.tolist()
    drawn = [tuple(Labels(SCORES, BAD, group=group).for_promise(seed=seed).scores) for seed in range(3)]
    assert len(set(drawn)) == 3


def test_the_same_label_repeated_promises_no_more_than_once():
    assert Labels([0.9] * 100, [False] * 100, group=["one"] * 100).threshold().value is None
    assert Labels([0.9] * 100, [False] * 100).threshold().value == 0.9


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"source": ["random"]}, "2 of source"),
        ({"source": ["random", "guess"]}, "the sources random and queue, got guess"),
        ({"group": ["a", "b", "c"]}, "2 of group"),
        ({"inclusion": [0.5]}, "2 of inclusion"),
    ],
)
def test_columns_that_do_not_fit_are_refused(columns, words):
    with pytest.raises(InputError, match=words):
        Labels([0.1, 0.9], [True, False], **columns)


@given(st.lists(st.sampled_from("abcdefgh"), min_size=5, max_size=60), st.integers(2, 4), st.integers(0, 5))
def test_no_group_lies_in_two_folds_and_no_fold_is_empty(groups, folds, seed):
    if len(set(groups)) < folds:
        with pytest.raises(InputError):
            grouped_folds(groups, folds, seed=seed)
        return
    dealt = grouped_folds(groups, folds, seed=seed)
    assert set(dealt.tolist()) == set(range(folds))
    for group in set(groups):
        assert len({fold for fold, of in zip(dealt.tolist(), groups, strict=True) if of == group}) == 1


def test_a_label_says_nothing_about_its_own_probability():
    folds = grouped_folds(np.arange(80).tolist(), 5)
    turned = BAD.copy()
    turned[folds == 2] = ~turned[folds == 2]
    one, other = cross_fitted(SCORES, BAD, folds), cross_fitted(SCORES, turned, folds)
    assert (one[folds == 2] == other[folds == 2]).all()
    assert (one[folds != 2] != other[folds != 2]).any()


def test_folds_of_another_length_are_refused():
    with pytest.raises(InputError, match="80 fold numbers"):
        cross_fitted(SCORES, BAD, [0, 1])
