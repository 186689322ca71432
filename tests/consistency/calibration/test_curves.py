"""Scores to probabilities: rising, never certain, and the same as other implementations."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import isotonic_regression, minimize

from consistency.calibration import IsotonicCurve, PlattCurve, fit_curve
from consistency.calibration.isotonic import pool_adjacent_violators
from consistency.errors import InputError

CURVES = [PlattCurve, IsotonicCurve]
LABELLED = st.lists(st.tuples(st.integers(-50, 50), st.booleans()), min_size=2, max_size=80).filter(
    lambda labelled: len({bad for _, bad in labelled}) == 2
)


def drawn(labels, seed=0):
    rng = np.random.default_rng(seed)
    bad = rng.random(labels) < 0.25
    return rng.normal(size=labels) + 2.326 * ~bad, bad


@pytest.mark.parametrize("curve", CURVES)
@settings(deadline=None)
@given(labelled=LABELLED)
def test_probabilities_rise_and_are_never_certain(curve, labelled):
    scores, bad = map(np.array, zip(*labelled, strict=True))
    probabilities = curve.fit(scores, bad).probability(np.linspace(-60, 60, 50))
    assert (np.diff(probabilities) >= -1e-12).all()
    seen = curve.fit(scores, bad).probability(scores)
    assert ((seen > 0) & (seen < 1)).all()


@pytest.mark.parametrize("curve", CURVES)
@settings(deadline=None)
@given(labelled=LABELLED)
def test_the_order_of_the_labels_does_not_matter(curve, labelled):
    scores, bad = map(np.array, zip(*labelled, strict=True))
    grid = np.linspace(-60, 60, 50)
    one, other = curve.fit(scores, bad), curve.fit(scores[::-1], bad[::-1])
    assert np.allclose(one.probability(grid), other.probability(grid), atol=1e-6)


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e6])
def test_platt_is_the_least_cross_entropy_by_another_optimiser_at_any_scale(scale):
    scores, bad = drawn(120)
    targets = np.where(bad, 1 / (bad.sum() + 2), ((~bad).sum() + 1) / ((~bad).sum() + 2))

    def loss(weights):
        odds = weights[0] * scores + weights[1]
        return (np.logaddexp(0, odds) - targets * odds).sum()

    expected = minimize(loss, [0.0, 0.0], tol=1e-12).x
    found = PlattCurve.fit(scores * scale, bad)
    assert np.allclose([found.slope * scale, found.intercept], expected, atol=1e-4)


def test_platt_meets_the_logistic_curve_that_made_the_labels():
    found = PlattCurve.fit(*drawn(100_000))
    assert found.slope == pytest.approx(2.326, abs=0.05)
    assert found.intercept == pytest.approx(np.log(3) - 2.326**2 / 2, abs=0.06)


def test_labels_that_a_threshold_separates_give_a_finite_slope():
    found = PlattCurve.fit(np.arange(20), np.arange(20) < 10)
    assert 0 < found.slope < 10
    assert found.probability([-1e6, 1e6]).tolist() == pytest.approx([0, 1])


def test_a_score_that_is_higher_for_bad_ones_says_nothing():
    found = PlattCurve.fit([1, 2, 3, 4], [False, False, True, True])
    assert found.slope == 0
    assert found.probability([0, 9]).tolist() == [0.5, 0.5]


def test_one_score_for_all_gives_the_share_of_good_ones():
    assert PlattCurve.fit([1.0] * 10, [True] * 5 + [False] * 5).probability([1.0])[0] == pytest.approx(0.5)
    assert IsotonicCurve.fit([1.0] * 10, [True] * 4 + [False] * 6).probability([1.0])[0] == pytest.approx(0.6)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.1, 5)), min_size=1, max_size=60))
def test_pooling_is_scipys(points):
    values, weights = map(np.array, zip(*points, strict=True))
    assert np.allclose(pool_adjacent_violators(values, weights), isotonic_regression(values, weights=weights).x)


def test_the_curve_is_chosen_by_the_number_of_labels():
    assert isinstance(fit_curve(*drawn(499)), PlattCurve)
    assert isinstance(fit_curve(*drawn(500)), IsotonicCurve)


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("kind", [True, False])
def test_labels_of_one_kind_are_refused(curve, kind):
    with pytest.raises(InputError, match="labels of both kinds"):
        curve.fit([0.1, 0.2], [kind, kind])
