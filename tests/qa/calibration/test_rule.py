"""One rule: the promise rests on random and independent labels, and says how many are missing."""

import pytest

from consistency.calibration import learn_then_test
from consistency.errors import InputError
from qa.calibration.binding import Binding
from qa.calibration.label_rows import Label
from qa.calibration.learnt import Promise
from qa.calibration.rule import calibrate_rule

BINDING = Binding("identity.tonic.subject", "identity", 1, "0" * 64)


def label(value: float, *, is_bad: bool = False, source: str = "random", group: str = "") -> Label:
    return Label(BINDING.rule, is_bad, value, source, group or f"{value}", "m", "k", 2)


def many(count: int, start: float, **said: object) -> list[Label]:
    return [label(round(start + n / 1000, 4), **said) for n in range(count)]  # type: ignore[arg-type]


def test_enough_random_labels_give_the_threshold_of_learn_then_test() -> None:
    labels = many(60, 0.7) + many(20, 0.3, is_bad=True)
    learnt = calibrate_rule(BINDING, labels, Promise())
    alone = learn_then_test([each.value for each in labels], [each.is_bad for each in labels])
    assert learnt.threshold.value is not None
    assert learnt.threshold.value == alone.value
    assert (learnt.counts.good, learnt.counts.bad, learnt.counts.lowest) == (60, 20, 0.3)
    assert learnt.binding.model == "m"


def test_labels_of_the_queue_never_carry_a_promise() -> None:
    learnt = calibrate_rule(BINDING, many(500, 0.4, source="queue"), Promise())
    assert (learnt.threshold.value, learnt.threshold.labels, learnt.threshold.labels_needed) == (None, 0, 45)
    helped = calibrate_rule(BINDING, many(20, 0.7) + many(400, 0.2, source="queue"), Promise())
    assert (helped.threshold.value, helped.threshold.labels_needed) == (None, 45)


def test_labels_of_one_group_count_once() -> None:
    learnt = calibrate_rule(BINDING, many(200, 0.7, group="one brief"), Promise())
    assert (learnt.threshold.value, learnt.threshold.labels) == (None, 1)


def test_a_curve_needs_both_kinds() -> None:
    assert calibrate_rule(BINDING, many(50, 0.7), Promise()).curve is None
    assert calibrate_rule(BINDING, many(50, 0.7) + many(1, 0.1, is_bad=True), Promise()).curve is not None


@pytest.mark.parametrize(("alpha", "delta"), [(0.0, 0.1), (0.05, 1.0), (0.0001, 0.1), (float("nan"), 0.1)])
def test_a_promise_nobody_can_keep_or_wants_is_refused(alpha: float, delta: float) -> None:
    with pytest.raises(InputError):
        Promise(alpha, delta)
