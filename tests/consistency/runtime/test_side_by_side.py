"""Several calls of one network at once."""

from threading import Barrier

import pytest

from consistency.runtime.side_by_side import MOST, SideBySide, calls_at_once


def test_what_comes_out_is_in_the_order_of_what_went_in_and_the_session_is_opened_once_and_late():
    opened = []
    many = SideBySide(lambda: opened.append(1) or "session", 2)
    assert not opened
    for _ in range(2):
        assert many.map(lambda session, number: (session, number), range(7)) == [("session", n) for n in range(7)]
    assert opened == [1]


def test_calls_run_at_once():
    met = Barrier(2, timeout=10)
    assert sorted(SideBySide(lambda: None, 2).map(lambda _, number: met.wait() + number * 0, range(2))) == [0, 1]


@pytest.mark.parametrize(("calls", "is_for"), [(1, False), (3, False), (4, True), (5, True)])
def test_few_calls_are_not_worth_it(calls, is_for):
    assert SideBySide(lambda: None, 2).is_for(calls) is is_for


def test_no_more_calls_than_threads():
    assert [calls_at_once(threads) for threads in (1, 2, 100)] == [1, 2, MOST]
    assert calls_at_once(None) >= 1
