"""A drift and a jump are told from noise, whatever the noise, and one wrong picture is neither."""

import numpy as np
import pytest

from qa.color.trend import LEAST_READINGS, find_trend, holm
from qa.color.weights import even_differences

BLUE = np.array([37.0, 10.0, -50.0])
TO_LAB = np.linalg.inv(np.stack([even_differences(BLUE + unit, BLUE) for unit in np.eye(3)], axis=1))
NOISE = 1 / np.sqrt(8 / np.pi)
"""Standard deviation in each axis at which readings are ΔE00 1 off in the mean."""


def batch(seed, count=50, noise=1.0, total=0.0, step_at=None):
    random = np.random.default_rng(seed)
    direction = random.normal(size=3)
    along = np.linspace(0, 1, count) if step_at is None else np.arange(count) >= step_at
    moved = total * np.outer(along, direction / np.linalg.norm(direction))
    return BLUE + (moved + noise * NOISE * random.normal(size=(count, 3))) @ TO_LAB.T


def trend(lab):
    return find_trend(range(len(lab)), lab, BLUE)


def test_a_drift_of_two_in_noise_of_one_is_found():
    found = [trend(batch(seed, total=2.0)) for seed in range(20)]
    assert sum(each.p_value <= 0.01 for each in found) >= 18  # .99 by measurement; 17 or fewer at p < .001
    assert np.mean([each.total_delta_e00 for each in found]) == pytest.approx(2.0, abs=0.3)


def test_readings_in_no_order_are_seldom_a_trend():
    found = [trend(batch(seed, noise=3.0)) for seed in range(100)]
    assert sum(each.p_value <= 0.01 for each in found) <= 5  # .01 by construction; 6 or more at p < .001


@pytest.mark.parametrize("place", [0, 25, 49])
def test_one_wrong_picture_is_no_trend(place):
    for seed in range(10):
        lab = batch(seed, noise=0.3)
        lab[place] += (20, 10, 10)
        found = trend(lab)
        assert found.total_delta_e00 < 1


def test_a_jump_is_told_from_a_drift_and_has_its_place():
    found = trend(batch(3, noise=0.5, total=2.0, step_at=20))
    assert found.is_step
    assert abs(found.at - 20) <= 2
    assert not trend(batch(3, noise=0.5, total=2.0)).is_step


def test_equal_readings_are_no_trend():
    found = trend(np.tile(BLUE, (20, 1)))
    assert found.p_value > 0.1
    assert found.total_delta_e00 == 0


def test_rounding_alone_is_no_material_trend():
    lab = np.tile(BLUE, (20, 1))
    lab[10:] += 0.01
    assert trend(lab).total_delta_e00 < 0.1


def test_gaps_in_the_order_keep_the_slope():
    whole = batch(5, noise=0.05, total=2.0)
    kept = [0, 1, 2, 3, 4, 40, 42, 45, 47, 49]
    assert find_trend(kept, whole[kept], BLUE).total_delta_e00 == pytest.approx(2.0, abs=0.2)


def test_the_least_number_of_readings_can_tell():
    assert trend(batch(1, LEAST_READINGS, noise=0.1, total=3.0)).p_value <= 0.01


def test_a_long_series_is_judged_in_groups():
    found = trend(batch(1, 3000, total=1.5))
    assert found.p_value <= 0.01
    assert found.fitted.shape == (3000, 3)
    assert not found.is_step


def test_the_same_readings_give_the_same_answer():
    first, second = trend(batch(9, total=1.0)), trend(batch(9, total=1.0))
    assert (first.p_value, first.total_delta_e00, first.interval) == (
        second.p_value,
        second.total_delta_e00,
        second.interval,
    )


def test_holm_is_never_below_the_p_value_nor_above_bonferroni():
    given = [0.004, 0.03, 0.5, 0.004]
    assert all(p <= q <= 4 * p for p, q in zip(given, holm(given), strict=True))
    assert holm([]) == []
