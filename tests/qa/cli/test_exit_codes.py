"""The exit code is that of the worst asset, and says nothing better than what is known."""

from itertools import product

import pytest

from qa.cli.exit_codes import NOT_MEASURED, FailOn, exit_code
from qa.reports.records import verdict_record
from sample_run import RAISED, UNSURE, WRONG_COLOR, WRONG_SUBJECT, verdict

ACCEPT = verdict_record(verdict("a.png"))
FIX = verdict_record(verdict("f.png", [WRONG_COLOR]))
REJECT = verdict_record(verdict("r.png", [WRONG_SUBJECT]))
REVIEW = verdict_record(verdict("v.png", [UNSURE]))
ERROR = verdict_record(verdict("e.png", [RAISED]))
CODES = {0: [ACCEPT], 1: [REJECT], 4: [REVIEW, ERROR], 3: [FIX]}


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [([ACCEPT], 0), ([FIX], 3), ([REVIEW], 4), ([ERROR], 4), ([REJECT], 1), ([], 4), ([ACCEPT, ACCEPT], 0)],
)
def test_one_outcome_has_its_code(verdicts: list[dict[str, object]], code: int) -> None:
    assert exit_code(verdicts) == code


@pytest.mark.parametrize("present", list(product([False, True], repeat=4)))
def test_the_worst_outcome_wins(present: tuple[bool, ...]) -> None:
    chosen = [code for code, is_present in zip((1, 4, 3, 0), present, strict=True) if is_present]
    verdicts = [one for code in reversed(chosen) for one in CODES[code]]
    assert exit_code(verdicts) == (chosen[0] if chosen else 4)


@pytest.mark.parametrize(
    ("fail_on", "codes"),
    [
        ((), (0, 3, 4, 1)),
        ((FailOn.FIX,), (0, 3, 4, 1)),
        ((FailOn.REVIEW,), (0, 0, 4, 1)),
        ((FailOn.REJECT,), (0, 0, 0, 1)),
        ((FailOn.NEVER,), (0, 0, 0, 0)),
        ((FailOn.REJECT, FailOn.FIX), (0, 3, 4, 1)),
    ],
)
def test_fail_on_names_the_mildest_outcome_that_fails(fail_on: tuple[FailOn, ...], codes: tuple[int, ...]) -> None:
    found = tuple(exit_code([one], fail_on) for one in (ACCEPT, FIX, REVIEW, REJECT))
    assert found == codes


def test_nothing_judged_is_no_pass_whatever_may_fail() -> None:
    assert exit_code([], (FailOn.NEVER,)) == 4


def test_a_reject_beside_something_unmeasured_is_a_reject() -> None:
    assert exit_code([verdict_record(verdict("x.png", [WRONG_SUBJECT, RAISED]))]) == 1


@pytest.mark.parametrize("fail_on", [(), (FailOn.NEVER,)])
def test_an_argument_without_a_picture_never_passes(fail_on: tuple[FailOn, ...]) -> None:
    assert exit_code([ACCEPT], fail_on, is_all_found=False) == NOT_MEASURED
