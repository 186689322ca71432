"""Small letters and capitals of one shape, told by the heights of a line's other letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.letter_heights import MOST_BY_SHAPE, height_margin


def line(text: str, **heights: float) -> dict[int, tuple[str, float]]:
    """A line whose capitals are 40 px high and whose small letters are 30, but for the places named."""
    usual = [(letter, 30.0 if letter.islower() else 40.0) for letter in text]
    return {at: (letter, heights.get(f"at{at}", height)) for at, (letter, height) in enumerate(usual)}


def test_a_letter_as_high_as_expected_speaks_for_it():
    assert height_margin(line("SOFTER"), 1, "o") > 3
    assert height_margin(line("mocca"), 1, "O") > 3


def test_a_letter_as_high_as_the_other_case_speaks_against_it():
    assert height_margin(line("SOFTER", at1=30.0), 1, "o") == -MOST_BY_SHAPE
    assert height_margin(line("mocca", at1=40.0), 1, "O") == -MOST_BY_SHAPE


def test_a_line_of_capitals_tells_small_letters_by_the_usual_proportion_and_less_surely():
    both, capitals = line("Some SALT"), line("SALT")
    assert 0 < height_margin(capitals, 0, "s") <= height_margin(both, 0, "s")


def test_nothing_is_said_without_the_letter_or_anything_to_hold_it_against():
    assert height_margin({0: ("o", 30.0)}, 0, "O") is None
    assert height_margin(line("SALT"), 7, "s") is None


@given(st.floats(8, 160), st.floats(0.5, 1.5))
def test_the_margin_is_bounded_and_grows_with_the_height_of_a_capital(height, share):
    heights = {0: ("M", height), 1: ("e", 0.75 * height), 2: ("O", share * height)}
    higher = {**heights, 2: ("O", 1.05 * share * height)}
    margin = height_margin(heights, 2, "o")
    assert -MOST_BY_SHAPE <= margin <= MOST_BY_SHAPE
    assert share > 1.0 or height_margin(higher, 2, "o") >= margin


@pytest.mark.parametrize("letter", ["ó", "Š"])
def test_accents_do_not_stop_a_letter_from_being_held_against_others(letter):
    heights = {0: ("M", 40.0), 1: (letter, 30.0 if letter.islower() else 40.0), 2: ("e", 30.0)}
    assert height_margin(heights, 1, letter.swapcase()) > 3


def test_a_figure_as_low_as_small_letters_is_no_capital_and_as_high_as_capitals_either():
    low, high = line("Made in 1", at8=30.0), line("Made in 1")
    assert height_margin(low, 8, "I") > 3
    assert abs(height_margin(high, 8, "I")) < 1.5
    assert height_margin(line("SALE FOR 9", at6=30.0), 6, "0") < -3


def test_pairs_of_one_height_say_nothing():
    assert height_margin(line("Some"), 0, "T") is None
    assert height_margin(line("Some"), 2, "n") is None
