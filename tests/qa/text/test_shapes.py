"""Letters of a found text, cut out of the picture it was found in."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from qa.text.change import Change
from qa.text.matching import Expected, match
from qa.text.pieces import pieces_of
from qa.text.reader import load_reader
from qa.text.shapes import MOST_BY_SHAPE, PRESENT, Shapes


@pytest.fixture(scope="module")
def reader():
    return load_reader("rapidocr", threads=1)


def shapes(reader, drawn: str, expected: str) -> tuple[Shapes, str]:
    """Return the shapes of a text held against what is drawn, and the text as compared."""
    picture = Image.new("RGB", (60 * len(drawn) + 80, 140), "#f3f0e8")
    ImageDraw.Draw(picture).text((40, 30), drawn, fill="#20242c", font=ImageFont.load_default(64))
    pixels, wanted = np.array(picture), Expected(expected)
    (span,) = match(reader.read(pixels), [wanted]).spans
    pieces = pieces_of(span)
    return Shapes(pieces, pixels, wanted.rules), pieces[0].text


def test_a_letter_that_is_another_speaks_against_the_text(reader):
    right, text = shapes(reader, "QUIET GARDEN", "QUIET GARDEN")
    assert right.margin(Change(0, text, "QUIETGAROEN")) > 2
    wrong, text = shapes(reader, "QUIET GAROEN", "QUIET GARDEN")
    assert wrong.margin(Change(0, text, "QUIETGAROEN")) < -2


def test_two_letters_that_are_others_add_up_within_bounds(reader):
    seen, text = shapes(reader, "QUIET GARDEN", "QUIET GARDEN")
    assert seen.margin(Change(0, text, "QUIETGRADEN")) == MOST_BY_SHAPE


def test_a_letter_never_says_that_it_does_not_stand_twice(reader):
    seen, text = shapes(reader, "QUIET VALLEY", "QUIET VALLEY")
    assert seen.margin(Change(0, text, "QUIETWALLEY")) == 0
    assert seen.margin(Change(0, text, "QUIETTALLEY")) > 2


def test_a_lost_letter_is_there_where_something_looks_like_it(reader):
    there, text = shapes(reader, "49.90,-", "49.90,-")
    assert PRESENT - 1 < there.margin(Change(0, text, "49.90,")) <= PRESENT
    gone, text = shapes(reader, "49.90,", "49.90,-")
    told = gone.margin(Change(0, text, "49.90,"))
    assert told is None or told < 0


def test_what_the_table_does_not_know_and_what_is_longer_is_mute(reader):
    seen, text = shapes(reader, "QUIET", "QUIET")
    assert seen.margin(Change(0, text, "QUI漢T")) is None
    assert seen.margin(Change(0, text, "QUIETS")) is None
    assert seen.margin(Change(0, "OTHER", "OTHEN")) is None
    assert seen.margin(Change(1, text, "QUIED")) is None
