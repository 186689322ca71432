"""When looks are enough: what each kind of change needs, what the ends of a line need, what is left to a person."""

import pytest

from qa.text.change import Change
from qa.text.looks import VIEWS, Look
from qa.text.outcome import MOST, Outcome, decide, standings
from qa.text.spelling import Rules

NAMES = tuple(VIEWS)


def looks(rival: str, *margins: float, expected: str = "SALE") -> list[Look]:
    """Looks in the usual order, each with one margin over one rival."""
    return [
        Look(name, rival if margin < 0 else expected, {Change(0, expected, rival): margin})
        for name, margin in zip(NAMES, margins, strict=False)
    ]


def outcome(seen: list[Look], weights=None, expected: str = "SALE") -> Outcome:
    return decide(expected, seen, weights or {}, Rules(), is_critical=True)


def test_a_rival_that_a_look_does_not_name_counts_as_far_away():
    seen = [*looks("SAIE", 4.0), Look("roomy", "SALE", {})]
    assert standings(seen, {}) == {Change(0, "SALE", "SAIE"): (4.0 + MOST) / 2}


def test_one_look_never_decides_alone():
    assert outcome(looks("SAFE", -40.0)) is Outcome.DOUBT
    assert outcome(looks("SAFE", 40.0)) is Outcome.DOUBT
    assert standings(looks("SAFE", -40.0, 20.0), {}) == {Change(0, "SALE", "SAFE"): 0.0}


def test_two_looks_wholly_against_a_text_are_enough():
    assert outcome(looks("SAFE", -13.0, -20.0)) is Outcome.WRONG
    assert outcome(looks("SAFE", -6.0, -6.0)) is Outcome.DOUBT
    assert outcome(looks("SAFE", -6.0, -6.0, -6.0)) is Outcome.WRONG


@pytest.mark.parametrize(("letter", "decided"), [(5.0, Outcome.RIGHT), (-5.0, Outcome.DOUBT), (None, Outcome.DOUBT)])
def test_a_figure_is_told_from_a_letter_by_its_own_shape(letter, decided):
    seen = looks("$l0", 6.0, 6.0, expected="$10")
    assert outcome(seen, {Change(0, "$10", "$l0"): letter}, "$10") is decided


@pytest.mark.parametrize(("letter", "decided"), [(2.5, Outcome.DOUBT), (6.0, Outcome.RIGHT)])
def test_what_every_look_reads_is_outweighed_by_a_plain_shape_only(letter, decided):
    assert (
        outcome(looks("SAnE", -2.9, -2.1, -0.3, expected="SANE"), {Change(0, "SANE", "SAnE"): letter}, "SANE")
        is decided
    )
    assert (
        outcome(looks("SAnE", -2.9, 2.1, 0.3, expected="SANE"), {Change(0, "SANE", "SAnE"): letter}, "SANE")
        is Outcome.RIGHT
    )


def test_what_is_missing_at_an_end_is_told_by_the_looks_that_show_more():
    cut = looks("SAL", -12.0, 9.0)
    assert outcome(cut) is Outcome.RIGHT
    inside = looks("SLE", -12.0, 9.0)
    assert outcome(inside) is Outcome.DOUBT


def test_no_end_is_called_missing_before_a_look_shows_more_than_the_box():
    tight = [Look(name, "SAL", {Change(0, "SALE", "SAL"): -20.0}) for name in ("found", "wider", "widest")]
    assert outcome(tight) is Outcome.DOUBT
    assert outcome([*tight, Look("roomy", "SAL", {Change(0, "SALE", "SAL"): -20.0})]) is Outcome.WRONG


def test_more_after_a_text_is_told_by_the_look_that_shows_it():
    longer = looks("SALES", 12.0, -12.0, 12.0, 12.0)
    assert outcome(longer) is not Outcome.RIGHT


def test_a_sign_doubled_at_the_end_is_told_by_the_worst_look_beyond_the_box():
    seen = looks("9,--", 12.0, 10.0, 12.0, 12.0, -4.0, expected="9,-")
    assert outcome(seen, expected="9,-") is Outcome.DOUBT


def test_what_nobody_could_see_is_never_called_wrong():
    near = [Look(n, "illy", {Change(0, "Illy", "illy"): -14.0, Change(0, "Illy", "lIly"): -13.0}) for n in NAMES]
    assert outcome(near, expected="Illy") is Outcome.DOUBT
