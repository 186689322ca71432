"""A calibration holds for one measurement, for a time, and until drift is seen; and it says why it does not."""

from dataclasses import replace
from datetime import date

import pytest

from qa.calibration.binding import Binding
from qa.calibration.standing import standing_of
from sample_calibration import BINDING, calibration

DAY = date(2026, 6, 1)


def lapsed(now: Binding = BINDING, day: date = DAY, alarms: tuple[str, ...] = ()) -> str:
    made = calibration(expires=date(2026, 9, 1))
    standing = standing_of(made, now, day, alarms)
    assert (standing.learnt is None) == bool(standing.lapsed)
    assert standing.id == ("" if standing.lapsed else made.id)
    return standing.lapsed


def test_it_holds_for_what_it_was_made_for() -> None:
    assert lapsed() == ""
    assert lapsed(replace(BINDING, model="")) == ""


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rule": "identity.maya.face"}, "it has no label of this rule"),
        ({"version": 4}, "the check measures otherwise since: identity version 3 then, identity version 4 now"),
        ({"check": "style"}, "the check measures otherwise"),
        ({"options": "1" * 64}, "references, not_like, background or how they are looked at have changed since"),
        ({"model": "other"}, "the labels were measured by m, not by other"),
    ],
)
def test_another_measurement_is_another_binding(change: dict[str, object], said: str) -> None:
    assert said in lapsed(replace(BINDING, **change))  # type: ignore[arg-type]


def test_the_day_it_expires_is_the_first_on_which_it_does_not_hold() -> None:
    assert lapsed(day=date(2026, 8, 31)) == ""
    assert lapsed(day=date(2026, 9, 1)) == "it expired on 2026-09-01"


def test_a_drift_alarm_ends_the_rules_it_names() -> None:
    assert lapsed(alarms=("identity.*",)) == lapsed(alarms=(BINDING.rule,)) == "a drift alarm was raised"
    assert lapsed(alarms=("identity.maya.*", "")) == ""
    made = replace(BINDING, rule="identity.can [red].subject")
    assert standing_of(calibration(made), made, DAY, (made.rule,)).lapsed == "a drift alarm was raised"


def test_without_a_date_it_holds_on_any_day() -> None:
    assert standing_of(calibration(), BINDING, date(2200, 1, 1)).learnt is not None
