"""One rule: the promise rests on random and independent labels, and says how many are missing."""

import numpy as np
import pytest

from consistency.calibration import learn_then_test
from consistency.errors import InputError
from qa.calibration.binding import Binding
from qa.calibration.label_rows import Label
from qa.calibration.learnt import Promise
from qa.calibration.rule import calibrate_rule

BINDING = Binding("identity.tonic.subject", "identity", 1, "0" * 64)


def label(
    value: float,
    *,
    is_bad: bool = False,
    source: str = "random",
    group: str = "",
    inclusion: float | None = None,
) -> Label:
    return Label(BINDING.rule, is_bad, value, source, group or f"{value}", "m", "k", 2, inclusion)


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


DESIGNED = [*many(80, 0.7, source="queue", inclusion=0.5), *many(60, 0.3, source="queue", inclusion=1.0)]


def test_labels_of_the_queue_with_known_chances_carry_a_promise_by_weight() -> None:
    learnt = calibrate_rule(BINDING, DESIGNED, Promise())
    assert learnt.is_weighted
    assert learnt.threshold.value is not None
    assert learnt.threshold.labels == 140


def test_without_every_answer_or_chance_the_queue_promises_nothing() -> None:
    for labels, unanswered in ((DESIGNED, 1), ([*DESIGNED, label(0.9, source="queue")], 0)):
        learnt = calibrate_rule(BINDING, labels, Promise(), unanswered=unanswered)
        assert (learnt.is_weighted, learnt.threshold.value) == (False, None)


def test_labels_that_were_all_bound_to_be_picked_say_nothing_of_what_was_decided() -> None:
    learnt = calibrate_rule(BINDING, many(500, 0.4, source="queue", inclusion=1.0), Promise())
    assert (learnt.is_weighted, learnt.threshold.value) == (False, None)


def test_beside_an_even_audit_the_random_labels_alone_carry_the_promise() -> None:
    audit = many(100, 0.6, inclusion=0.02)
    learnt = calibrate_rule(BINDING, audit + many(400, 0.2, source="queue", inclusion=1.0), Promise())
    assert (learnt.is_weighted, learnt.threshold.labels) == (False, 100)
    assert learnt.threshold == calibrate_rule(BINDING, audit, Promise()).threshold


def test_a_curve_needs_both_kinds() -> None:
    assert calibrate_rule(BINDING, many(50, 0.7), Promise()).curve is None
    assert calibrate_rule(BINDING, many(50, 0.7) + many(1, 0.1, is_bad=True), Promise()).curve is not None


@pytest.mark.parametrize(("alpha", "delta"), [(0.0, 0.1), (0.05, 1.0), (0.0001, 0.1), (float("nan"), 0.1)])
def test_a_promise_nobody_can_keep_or_wants_is_refused(alpha: float, delta: float) -> None:
    with pytest.raises(InputError):
        Promise(alpha, delta)


@pytest.mark.parametrize("audit", [0.1, 0.3])
def test_the_promise_is_kept_on_what_the_gate_asks_to_label(audit: float) -> None:
    """The audit's share of everything, and all that is undecided; the bad rate stays at alpha from a half on."""
    rng, violations = np.random.default_rng(11), 0
    for _ in range(200):
        place = rng.random(round(120 / audit))
        bad = rng.random(place.size) < np.where(place <= 0.25, 0, np.where(place <= 0.5, 0.1, 0.05))
        undecided, drawn = (place > 0.4) & (place < 0.55), rng.random(place.size) < audit
        labels = [
            label(float(1 - at), is_bad=bool(bad_one), source="random" if is_drawn else "queue", group=str(number),
                  inclusion=1.0 if is_open else audit)
            for number, (at, bad_one, is_drawn, is_open) in enumerate(zip(place, bad, drawn, undecided, strict=True))
            if is_drawn or is_open
        ]  # fmt: skip
        value = calibrate_rule(BINDING, labels, Promise()).threshold.value
        violations += value is not None and value < 0.5
    assert violations <= 28  # δ + 2 standard errors
