"""Lines that run in one direction have rows and columns of their own, and hyphens at line ends join words."""

import math

import pytest

from qa.text.directions import angle_of, by_direction, levelled
from qa.text.layout import chains
from qa.text.matching import Expected, match
from qa.text.reader import TextLine


def line(text, left, top, width=None, height=20, turn=0.0):
    """A line with its box, turned about the origin by some degrees."""
    right, bottom = left + (width or 12 * len(text)), top + height
    cosine, sine = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return TextLine(text, tuple((x * cosine - y * sine, x * sine + y * cosine) for x, y in corners), 0.99)


def found(lines, *texts):
    spans = match(lines, [Expected(text) for text in texts]).spans
    return [span is not None and span.is_match for span in spans]


@pytest.mark.parametrize("turn", [0, 15, -15, 40, 90, -90, 180])
def test_a_string_over_two_rows_is_found_in_any_direction(turn):
    lines = [line("Only this", 300, 300, turn=turn), line("week in store", 300, 326, turn=turn)]
    assert found(lines, "Only this week in store") == [True]
    assert found(lines[::-1], "Only this week in store") == [True]


@pytest.mark.parametrize("turn", [-170, -30, 12, 90])
def test_a_line_turned_back_runs_level_and_keeps_its_size(turn):
    turned = line("Words", 100, 50, turn=turn)
    level = levelled(turned, angle_of(turned))
    assert angle_of(level) == pytest.approx(0, abs=1e-6)
    assert level.height == pytest.approx(turned.height)


def test_directions_do_not_mix():
    lines = [line("Level", 0, 0), line("Down", 0, 0, turn=90), line("Also", 60, 0, turn=91)]
    assert [[each.text for each in group] for _, group in by_direction(lines)] == [["Level"], ["Down", "Also"]]
    assert sorted(chain.text for chain in chains(lines)) == ["Down Also", "Level"]


@pytest.mark.parametrize("hyphen", ["-", "\u2010", "\u00ad"])
def test_a_word_broken_at_a_line_end_is_whole(hyphen):
    lines = [line(f"SUM{hyphen}", 0, 0), line("MER SALE", 0, 26)]
    assert found(lines, "SUMMER SALE") == [True]
    assert found(lines, "WINTER SALE") == [False]


def test_a_hyphen_of_the_text_itself_is_kept():
    lines = [line("Send an e-", 0, 0), line("mail today", 0, 26)]
    assert found(lines, "Send an e-mail today") == [True]


def test_a_hyphen_inside_a_line_is_not_dropped():
    assert found([line("SUM-MER", 0, 0)], "SUMMER") == [False]


@pytest.mark.parametrize("gutter", [10, 30, 45, 200])
def test_two_columns_are_read_each_downwards(gutter):
    right = 12 * 12 + gutter
    lines = [
        line("New in store", 0, 0, 144),
        line("Free returns", right, 0, 144),
        line("from today", 0, 26, 144),
        line("for a month", right, 26, 144),
    ]
    assert found(lines, "New in store from today", "Free returns for a month") == [True, True]


def test_a_word_is_never_used_twice_in_columns():
    lines = [line("New", 0, 0), line("price", 60, 0), line("today", 0, 26)]
    assert sorted(found(lines, "New price", "New today")) == [False, True]
