"""How a text is set: rows as they break, alignment by what stands around it."""

import pytest

from consistency.errors import InputError
from qa.text.layout import words_of
from qa.text.reader import TextLine
from qa.text.setting import Row, alignment, broken, quads_text, read_quads, rows_of


def line(text: str, left: float, top: float, width: float, height: float = 40.0, shape: str = "straight") -> TextLine:
    right, bottom = left + width, top + height
    return TextLine(text, ((left, top), (right, top), (right, bottom), (left, bottom)), 0.99, shape=shape)


def row(text: str, left: float, top: float, width: float) -> Row:
    return Row(line(text, left, top, width).quad, text)


@pytest.mark.parametrize(
    ("expected", "reads", "rows"),
    [
        ("SUMMER SALE", ["SUMER SALE"], ("SUMMER SALE",)),
        ("SUMMER SALE TODAY", ["SUMER", "SALE TODAY"], ("SUMMER", "SALE TODAY")),
        ("SUMMER SALE TODAY", ["SUMMER SALE", "TODY"], ("SUMMER SALE", "TODAY")),
        ("now guaranteed fresh", ["now guar-", "anted fresh"], ("now guar-", "anteed fresh")),
        ("a b", ["a", "b"], ("a", "b")),
    ],
)
def test_a_text_breaks_where_what_was_read_breaks(expected, reads, rows):
    assert broken(expected, reads) == rows


def test_a_word_cannot_fill_two_rows():
    with pytest.raises(InputError, match="at least 2 words"):
        broken("SUMMER", ["SUM", "MER"])


def test_words_side_by_side_are_one_row_and_words_below_another():
    first, second, third = line("SUMER", 10, 10, 100), line("SALE", 130, 12, 80), line("TODAY", 10, 70, 90)
    rows = rows_of([*words_of(first), *words_of(second), *words_of(third)])
    assert [each.read for each in rows] == ["SUMER SALE", "TODAY"]
    assert rows[0].quad[1] == (210, 12)


def test_a_bent_line_has_no_rows():
    with pytest.raises(InputError, match="straight"):
        rows_of(words_of(line("SALE", 10, 10, 100, shape="bent")))


@pytest.mark.parametrize(
    ("left", "others", "side"),
    [
        (40, [line("below it", 40, 100, 300)], "left"),
        (100, [line("below it", 50, 100, 200)], "center"),
        (100, [line("below it", 20, 100, 180)], "right"),
        (350, [], "center"),
        (40, [], "left"),
        (180, [], "center"),
        (680, [], "right"),
    ],
)
def test_alignment_is_told_by_other_lines_and_by_the_picture(left, others, side):
    own = row("SALE", left, 20, 100)
    assert alignment([own], [line("SALE", left, 20, 100), *others], 800) == side


def test_corners_come_back_as_they_were_written():
    quads = (row("a", 1, 2, 30).quad, row("b", 4.5, 60, 30).quad)
    assert read_quads(quads_text(quads)) == quads


@pytest.mark.parametrize("text", ["", "1,2", "a,b c,d e,f g,h", "1,2 3,4 5,6 nan,8"])
def test_corners_that_are_none_are_refused(text):
    with pytest.raises(InputError):
        read_quads(text)
