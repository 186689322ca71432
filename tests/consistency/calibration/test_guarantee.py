"""The accept threshold: laws, golden values, that the promise is kept, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consistency.calibration import fewest_labels, learn_then_test
from consistency.errors import InputError

LABELLED = st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=150)


def learnt(labelled, **options):
    scores, bad = zip(*labelled, strict=True)
    return learn_then_test(np.array(scores, float), np.array(bad), **options)


def drawn(rng, labels=200, share_bad=0.25):
    bad = rng.random(labels) < share_bad
    return rng.normal(size=labels) + 2.326 * ~bad, bad


@pytest.mark.parametrize(
    ("alpha", "delta", "labels"), [(0.05, 0.10, 45), (0.05, 0.05, 59), (0.01, 0.10, 230), (0.01, 0.05, 299)]
)
def test_error_free_labels_that_a_promise_takes(alpha, delta, labels):
    scores = np.linspace(0, 1, labels)
    assert learn_then_test(scores, np.zeros(labels, bool), alpha=alpha, delta=delta).value == 0
    short = learn_then_test(scores[1:], np.zeros(labels - 1, bool), alpha=alpha, delta=delta)
    assert short.value is None
    assert short.labels_needed == labels


@given(LABELLED)
def test_the_order_of_the_labels_does_not_matter(labelled):
    assert learnt(labelled) == learnt(labelled[::-1])


@given(LABELLED)
def test_only_the_order_of_the_scores_matters(labelled):
    other = learnt([(np.exp(score / 10), bad) for score, bad in labelled])
    one = learnt(labelled)
    assert (one.accepted, one.bad_among_accepted, one.labels_needed) == (
        other.accepted,
        other.bad_among_accepted,
        other.labels_needed,
    )


@given(LABELLED, st.data())
def test_a_label_that_turns_good_never_makes_it_stricter(labelled, data):
    place = data.draw(st.integers(0, len(labelled) - 1))
    better = [(score, bad and index != place) for index, (score, bad) in enumerate(labelled)]
    assert learnt(better).accepted >= learnt(labelled).accepted


@given(LABELLED)
def test_a_weaker_promise_has_a_threshold_where_a_stronger_one_has(labelled):
    if learnt(labelled, thresholds=range(31)).value is not None:
        assert (
            learnt(labelled, thresholds=range(31), delta=0.2).accepted
            >= learnt(labelled, thresholds=range(31)).accepted
        )


@given(LABELLED)
def test_labels_with_one_score_are_accepted_together(labelled):
    found = learnt(labelled)
    if found.value is not None:
        scores = np.array([score for score, _ in labelled])
        assert found.value in scores
        assert found.accepted == (scores >= found.value).sum() == found.accepts(scores).sum()


@given(LABELLED)
def test_a_threshold_passes_its_own_test_and_none_means_labels_are_wanting(labelled):
    found = learnt(labelled)
    if found.value is None:
        assert (found.accepted, found.bad_among_accepted) == (0, 0)
        assert found.labels_needed is None or found.labels_needed > len(labelled)
        assert not found.accepts([1e9]).any()
    else:
        assert found.accepted >= fewest_labels(0.05, 0.1, found.bad_among_accepted)
        assert found.labels_needed == 0


@pytest.mark.parametrize("levels", [0, 11], ids=["continuous", "eleven levels"])
def test_the_promise_is_kept_where_the_bad_rate_stays_at_alpha(levels):
    # 2,000 runs at δ = 10 %: more than 12.0 % would come by chance in one of 700 seeds.
    rng, violations = np.random.default_rng(5), 0
    for _ in range(2000):
        place = rng.random(200)
        place = np.ceil(place * levels) / levels if levels else place
        bad = rng.random(200) < np.where(place <= 0.25, 0, np.where(place <= 0.5, 0.1, 0.05))
        found = learn_then_test(-place, bad)
        violations += found.value is not None and found.value < -0.5
    assert violations <= 240


def test_yield_at_two_hundred_labels_is_what_the_docs_say():
    # Good assets are normal about 2.326; the yield's spread over runs is .26, so 500 runs are within .036 (3 sigma).
    rng = np.random.default_rng(6)
    values = [learn_then_test(*drawn(rng)).value for _ in range(500)]
    fresh = np.sort(rng.normal(2.326, 1, 100_000))
    yields = [0 if value is None else 1 - np.searchsorted(fresh, value) / fresh.size for value in values]
    assert abs(np.mean(yields) - 0.637) < 0.036


def test_fixed_thresholds_are_tested_from_the_strictest_on():
    scores, bad = np.arange(100) / 100, np.arange(100) < 20
    assert learn_then_test(scores, bad, thresholds=[0.5, 0.3, 0.0]).value == 0.3
    assert learn_then_test(scores, bad, thresholds=[0.99, 0.3]).value is None


def test_more_labels_are_said_to_be_needed_where_they_would_help_only():
    # Half as many bad as allowed at the top: twenty times the fewest labels do; as many as allowed: none would.
    half = learn_then_test(-np.arange(120.0), np.arange(120) % 40 == 0)
    assert half.value is None
    assert half.labels_needed is not None
    assert 200 < half.labels_needed < 2000
    assert learn_then_test(-np.arange(120.0), np.arange(120) % 20 == 0).labels_needed is None
    assert "nor would more" in str(learn_then_test(-np.arange(120.0), np.arange(120) % 2 == 0))


def test_any_number_of_labels_is_told_how_many_are_needed():
    assert {learn_then_test(np.arange(n), np.zeros(n, bool)).labels_needed for n in range(1, 45)} == {45}


def test_the_labels_said_to_be_needed_do():
    rng = np.random.default_rng(8)
    for _ in range(100):
        scores, bad = drawn(rng, 100)
        needed = learn_then_test(scores, bad).labels_needed
        if needed:
            times = -(-needed // 100) + 1
            more = learn_then_test(np.tile(scores, times) + rng.uniform(0, 1e-9, 100 * times), np.tile(bad, times))
            assert more.value is not None


def test_equal_chances_are_as_good_as_none():
    scores, bad = drawn(np.random.default_rng(1))
    assert learn_then_test(scores, bad, inclusion=np.full(200, 0.3)) == learn_then_test(scores, bad)


def test_chances_of_having_been_labelled_are_weighed():
    # Bad ones are a tenth of what stands for ten times as many: unweighted 1 % is bad, weighted 9 %.
    scores, bad = np.linspace(1, 0, 1000), np.arange(1000) % 100 == 0
    assert learn_then_test(scores, bad).accepted == 1000
    assert learn_then_test(scores, bad, inclusion=np.where(bad, 0.1, 1.0)).value is None


def test_a_weighted_promise_is_kept():
    rng, violations = np.random.default_rng(2), 0
    for _ in range(400):
        scores, bad = drawn(rng, 600)
        chances = np.where(np.abs(scores - 1) < 0.5, 1.0, 0.3)
        kept = rng.random(600) < chances
        found = learn_then_test(scores[kept], bad[kept], inclusion=chances[kept])
        violations += found.value is not None and found.value < 1.0729  # below it more than 5 % are bad
    assert violations <= 52  # δ + 2 standard errors


@pytest.mark.parametrize("band", [(0.2, 0.4), (0.4, 0.8)])
def test_a_weighted_promise_is_kept_where_the_bad_rate_stays_at_alpha(band):
    rng, violations = np.random.default_rng(3), 0
    for _ in range(300):
        place = rng.random(900)
        bad = rng.random(900) < np.where(place <= 0.25, 0, np.where(place <= 0.5, 0.1, 0.05))
        chances = np.where((place > band[0]) & (place < band[1]), 1.0, 0.2)
        kept = rng.random(900) < chances
        found = learn_then_test(-place[kept], bad[kept], inclusion=chances[kept])
        violations += found.value is not None and found.value < -0.5
    assert violations <= 40  # δ + 2 standard errors


def test_labels_that_were_bound_to_be_picked_take_no_room_from_the_others():
    # 150 of the best were picked with a chance of a tenth; 300 below them for sure, which weigh 30.
    scores, chances = np.linspace(1, 0, 450), np.repeat([0.1, 1.0], [150, 300])
    found = learn_then_test(scores, np.arange(450) >= 150, inclusion=chances)
    assert 66 <= found.accepted <= 150


@pytest.mark.parametrize(
    ("scores", "bad", "options", "words"),
    [
        ([0.1, np.nan], [True, False], {}, "finite scores, got 1 that are not"),
        ([0.1, np.inf], [True, False], {}, "finite scores"),
        ([0.1, 0.2], [True], {}, "2 labels, one a score"),
        ([], [], {}, "at least one"),
        ([[0.1]], [[True]], {}, "one dimension"),
        (["a"], [True], {}, "scores as numbers"),
        ([0.1], [2], {}, "labels that are True"),
        ([0.1], ["bad"], {}, "labels that are True"),
        ([0.1], [True], {"alpha": 0}, r"alpha within \(0, 1\), got 0; 5 % is 0.05"),
        ([0.1], [True], {"alpha": 5}, "alpha within"),
        ([0.1], [True], {"delta": float("nan")}, "delta within"),
        ([0.1], [True], {"inclusion": [0.0]}, "1 inclusion chances"),
        ([0.1], [True], {"inclusion": [0.5, 0.5]}, "1 inclusion chances"),
        ([0.1], [True], {"thresholds": [np.nan]}, "finite thresholds"),
    ],
)
def test_bad_input_is_refused_with_what_was_expected(scores, bad, options, words):
    with pytest.raises(InputError, match=words):
        learn_then_test(scores, bad, **options)


@settings(deadline=None)
@given(st.floats(0.002, 0.5), st.floats(0.01, 0.5))
def test_any_promise_takes_as_many_labels_as_its_power_says(alpha, delta):
    labels = fewest_labels(alpha, delta)
    assert (1 - alpha) ** labels <= delta * (1 + 1e-9)
    assert (1 - alpha) ** (labels - 1) > delta * (1 - 1e-9)


@pytest.mark.parametrize("alpha", ["5%", 0, 1.5, float("nan"), None])
def test_a_rate_that_is_none_is_refused(alpha):
    with pytest.raises(InputError, match="alpha within"):
        learn_then_test([0.9] * 50, [False] * 50, alpha=alpha)


def test_a_rate_may_be_of_any_real_type():
    assert learn_then_test([0.9] * 50, [False] * 50, alpha=np.float32(0.05)).value == 0.9
