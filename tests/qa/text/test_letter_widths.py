"""The letter O and the nought, told by the widths of a line's other letters."""

import math

import pytest

from qa.text.letter_widths import MOST_BY_SHAPE, usual, width_margin


def line(text: str, size: float = 40.0, **as_if: str) -> dict[int, tuple[str, float]]:
    """A line of the usual widths; `at3="0"` draws the letter at 3 as wide as a nought."""
    table = usual().log_widths
    return {at: (c, size * math.exp(table[as_if.get(f"at{at}", c)])) for at, c in enumerate(text) if c in table}


@pytest.mark.parametrize("size", [12.0, 90.0])
def test_an_o_as_wide_as_usual_speaks_for_itself_at_any_size(size):
    assert width_margin(line("SOFTER", size), 1, "0") > 2
    assert width_margin(line("5045237", size), 1, "O") > 2


def test_an_o_as_narrow_as_a_nought_speaks_against_itself():
    assert width_margin(line("SOFTER", at1="0"), 1, "0") < -2
    assert width_margin(line("5045237", at1="O"), 1, "O") < -2


def test_other_pairs_lonely_letters_and_even_faces_say_nothing():
    assert width_margin(line("SOFTER"), 0, "5") is None
    assert width_margin({1: ("O", 20.0)}, 1, "0") is None
    even = {at: (letter, 20.0) for at, letter in enumerate("MOrWEs")}
    assert width_margin(even, 1, "0") is None


def test_the_margin_is_bounded():
    wide = {**line("SOFTER"), 1: ("O", 4000.0)}
    assert width_margin(wide, 1, "0") == MOST_BY_SHAPE
