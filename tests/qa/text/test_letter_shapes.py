"""Letters by their own ink: features that know nothing of the expected text, and what a symbol has for it."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from qa.text.ink import LineInk
from qa.text.letter_features import BESIDE, OWN, LineLetters
from qa.text.letter_shapes import letter_shapes

MARGIN = 12


def letters(
    drawn: str, expected: str | None = None, size: int = 40, marks: dict[int, str] | None = None, **options
) -> LineLetters:
    """Return the letters of a drawn line, held to be those of `expected`; marks stand above them, at half the size."""
    font = ImageFont.load_default(size)
    high, gap = 2 * size, size // 8
    starts = [MARGIN + font.getlength(drawn[:at]) + at * gap for at in range(len(drawn) + 1)]
    picture = Image.new("RGB", (round(starts[-1]) + MARGIN, high), "#d0d4d8")
    for start, letter in zip(starts[:-1], drawn, strict=True):
        ImageDraw.Draw(picture).text((start, 1.4 * size), letter, font=font, fill="#10205a", anchor="ls")
    for at, mark in (marks or {}).items():
        above = ((starts[at] + starts[at + 1] - gap) / 2, 0.72 * size)
        ImageDraw.Draw(picture).text(above, mark, font=ImageFont.load_default(size * 0.6), fill="#10205a", anchor="ms")
    middles = tuple((first + last - gap) / 2 for first, last in pairwise(starts))
    ink = LineInk.of(np.array(picture), MARGIN)
    return LineLetters(ink, expected or drawn, middles, log_widths=letter_shapes().log_widths, **options)


def margin(line: LineLetters, place: int, expected: str, rival: str) -> float:
    table = letter_shapes()
    odds = table.log_odds(line.features(place))
    return float(odds[table.symbols[expected]] - odds[table.symbols[rival]])


def test_features_are_numbers_of_one_length_within_bounds():
    line = letters("Hij8,")
    found = [line.features(at) for at in range(5)]
    assert [each.shape for each in found] == [(OWN + BESIDE,)] * 5
    assert all(np.isfinite(each).all() for each in found)
    assert all(each[: OWN - 6].min() >= -1e-5 and each[: OWN - 6].max() <= 1 + 1e-5 for each in found)


def test_features_of_a_letter_do_not_know_what_it_should_be():
    as_drawn, as_another = letters("SOFT"), letters("SOFT", "SQFT")
    assert np.array_equal(as_drawn.features(1), as_another.features(1))
    assert not np.array_equal(as_drawn.features(0), letters("SOFT", "SOfT").features(0))


def test_a_letter_without_others_has_no_size_beside_them():
    assert not letters("S").features(0)[OWN:].any()
    assert letters("Sh").features(0)[OWN] == 1
    assert letters("STM", small=frozenset({1, 2})).features(0)[OWN] == 0


def test_touching_letters_have_no_features():
    line = letters("mm")
    line.ink.strokes[20:24, :] = True
    again = LineLetters(LineInk(line.ink.cover, line.ink.strokes), "mm", line.columns)
    assert again.features(0) is None


@pytest.mark.parametrize("size", [24, 48])
@pytest.mark.parametrize(
    ("text", "at", "rival"),
    [
        ("SOFTER", 1, "o"),
        ("mocca", 1, "O"),
        ("Some", 0, "s"),
        ("149", 0, "l"),
        ("hello", 2, "1"),
        ("5045", 1, "O"),
        ("4.90", 1, ","),
    ],
)
def test_a_letter_speaks_for_itself_and_against_what_it_is_not(text, at, rival, size):
    told = margin(letters(text, size=size), at, text[at], rival)
    assert told > 0
    swapped = text[:at] + rival + text[at + 1 :]
    assert margin(letters(swapped, text, size=size), at, text[at], rival) < 0


@pytest.mark.parametrize(("mark", "is_caron"), [("v", True), ("~", False)])
def test_a_mark_above_a_letter_tells_which_one_it_is(mark, is_caron):
    told = margin(letters("KNA", "KŇA", marks={1: mark}), 1, "Ň", "Ñ")
    assert (told > 0) == is_caron
    assert margin(letters("KNA", "KŇA", marks={1: mark}), 1, "Ň", "N") > 0 > margin(letters("KNA", "KŇA"), 1, "Ň", "N")


def test_the_table_knows_what_is_written_in_latin_and_nothing_twice():
    symbols = letter_shapes().symbols
    assert set("ABCXYZabcxyz0123456789$€£%&éÉüñŇůß") <= set(symbols)
    assert sorted(symbols.values()) == list(range(len(symbols)))


def test_its_answer_is_a_matter_of_the_picture_alone():
    first, second = (letter_shapes().log_odds(letters("Harbour").features(3)) for _ in range(2))
    assert np.array_equal(first, second)
