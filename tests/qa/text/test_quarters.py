"""The look at quarters, for forbidden texts on pictures that the first look could not make out."""

import numpy as np

from qa.text.layout import words_of
from qa.text.quarters import DOUBT, at_new_places, forbidden_looks, has_doubt
from qa.text.reader import Pixels, TextLine
from qa.text.second_look import look_at_quarters, quarters


def line(text: str, left: float = 0, top: float = 0, confidence: float = 0.99) -> TextLine:
    right, bottom = left + 15 * len(text), top + 30
    return TextLine(text, ((left, top), (right, top), (right, bottom), (left, bottom)), confidence)


def test_quarters_cover_a_picture_and_overlap_by_a_fifth():
    parts = list(quarters(100, 200))
    assert [(part.left, part.top, part.width, part.height) for part in parts] == [
        (0, 0, 120, 60),
        (80, 0, 120, 60),
        (0, 40, 120, 60),
        (80, 40, 120, 60),
    ]


def test_a_picture_of_one_pixel_has_quarters_too():
    assert all((part.width, part.height) == (1, 1) for part in quarters(1, 1))


def test_doubt_is_a_line_that_could_not_be_made_out():
    assert not has_doubt([])
    assert not has_doubt([line("clear"), line("enough", confidence=DOUBT)])
    assert has_doubt([line("clear"), line("OOO", confidence=0.4)])


def test_the_further_look_is_taken_in_doubt_alone():
    asked = []

    def quartered():
        asked.append(1)
        return (line("found"),)

    assert forbidden_looks([line("clear")], quartered) == ([line("clear")],)
    assert asked == []
    assert len(forbidden_looks([line("OOO", confidence=0.4)], quartered)) == 2


def test_a_text_found_by_two_looks_counts_once():
    first, again, elsewhere = (
        words_of(line("casino")),
        words_of(line("casino", left=2)),
        words_of(line("casino", top=200)),
    )
    assert at_new_places([first, again, elsewhere]) == [first, elsewhere]


def test_two_words_of_one_line_are_two_places():
    one, other = words_of(line("free free"))
    assert at_new_places([(one,), (other,)]) == [(one,), (other,)]


class Corners:
    """A reader that finds the same line in every part it is shown."""

    def read(self, pixels: Pixels) -> tuple[TextLine, ...]:
        return (line("ok", left=40, top=40),)


def test_lines_of_quarters_lie_where_they_stand_in_the_picture():
    found = look_at_quarters(Corners(), np.zeros((400, 600, 3), np.uint8))
    assert [(each.box.left, each.box.top) for each in found] == [(40, 40), (280, 40), (40, 200), (280, 200)]
