"""Accept, fix or reject by costs: Chow's rule, and the guarantee above it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consistency.calibration import Costs, PlattCurve, decide, learn_then_test
from consistency.errors import InputError

CURVE = PlattCurve(1.0, 0.0)
COST = st.floats(0.01, 100)


@given(COST, COST, COST, st.floats(-8, 8))
def test_the_cheapest_answer_is_taken(fix, false_accept, false_reject, score):
    good = CURVE.probability([score])[0]
    price = {"accept": (1 - good) * false_accept, "reject": good * false_reject, "fix": fix}
    (answer,) = decide([score], CURVE, Costs(fix, false_accept, false_reject))
    assert price[answer] == pytest.approx(min(price.values()))


def test_where_fixing_is_cheap_the_limits_are_chows():
    costs = Costs(fix=1, false_accept=20, false_reject=4)
    assert (costs.largest_bad_to_accept, costs.largest_good_to_reject) == (0.05, 0.25)
    scores = np.log(np.array([0.24, 0.26, 0.94, 0.96]) / (1 - np.array([0.24, 0.26, 0.94, 0.96])))
    assert decide(scores, CURVE, costs).tolist() == ["reject", "fix", "fix", "accept"]


def test_what_the_guarantee_does_not_cover_is_fixed():
    costs = Costs(fix=1, false_accept=20, false_reject=4)
    promise = learn_then_test(np.arange(100.0), np.arange(100) < 30)
    assert promise.value is not None
    answers = decide([promise.value - 1, promise.value], PlattCurve(1.0, 10.0), costs, promise)
    assert answers.tolist() == ["fix", "accept"]
    none = learn_then_test([1.0, 2.0], [False, False])
    assert decide([100.0, -100.0], CURVE, costs, none).tolist() == ["fix", "reject"]


@pytest.mark.parametrize("costs", [(0, 1, 1), (1, -1, 1), (1, 1, float("nan")), (float("inf"), 1, 1)])
def test_costs_that_are_none_are_refused(costs):
    with pytest.raises(InputError, match="costs > 0"):
        Costs(*costs)
