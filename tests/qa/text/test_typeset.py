"""Letters that look alike, told by the font that a text is set in, on real readings of drawn pictures."""

import io
from functools import lru_cache
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from qa.text import load_reader, verify
from qa.text.looks import Change
from qa.text.matching import Expected, match
from qa.text.pieces import pieces_of
from qa.text.sighting import Sight
from qa.text.spelling import Rules
from qa.text.typeface import UnusableFont, open_typeface
from qa.text.typeset import Typeset
from qa.text.written import written_lines

FONT = ImageFont.load_default(40).font_bytes


@lru_cache(maxsize=1)
def reader():
    return load_reader(threads=1)


def picture(drawn, size=48, angle=0.0, font=FONT):
    image = Image.new("RGB", (760, 220), (236, 232, 224))
    face = ImageFont.truetype(io.BytesIO(font), size, layout_engine=ImageFont.Layout.BASIC)
    ImageDraw.Draw(image).text((60, 80), drawn, fill=(18, 26, 60), font=face)
    return np.asarray(image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=(236, 232, 224)))


def typeset(drawn, expected, **how):
    return seen_in(picture(drawn, **how), expected)


def seen_in(image, expected):
    wanted = Expected(expected, Rules(), open_typeface(FONT))
    sight = Sight.of(reader(), image)
    (span,) = match(sight.lines, [wanted]).spans
    pieces = pieces_of(span)
    return Typeset(wanted.typeface, pieces, written_lines(expected, pieces, wanted.rules), image, wanted.rules)


def likeness(drawn, expected, rival, **how):
    return told_in(picture(drawn, **how), expected, rival)


def told_in(image, expected, rival):
    seen = seen_in(image, expected)
    return seen.likeness(Change(0, seen.pieces[0].text, rival))


def test_the_font_tells_letters_that_readers_take_for_one_another():
    for angle in (0, 3):
        assert likeness("PRIPA Co.", "PRIPA Co.", "PRlPACo.", angle=angle) > 0.2
        assert likeness("PRlPA Co.", "PRIPA Co.", "PRlPACo.", angle=angle) < -0.2


def test_letters_that_changed_places_are_told_together():
    assert likeness("QUIET GARDEN", "QUIET GARDEN", "QUIETGRADEN") > 0.5
    assert likeness("QUIET GRADEN", "QUIET GARDEN", "QUIETGRADEN") < -0.5


def test_a_wrong_letter_that_the_reader_reads_over_never_matches_where_the_font_is_known():
    wrong = picture("PRlPA")
    assert verify(wrong, "PRIPA", reader=reader(), font=FONT).status.value != "match"
    assert verify(picture("PRIPA"), "PRIPA", reader=reader(), font=FONT).status.value == "match"


@pytest.mark.parametrize("rival", ["QUIETS", "QUET", "QUI漢T"])
def test_a_line_that_is_all_as_the_font_draws_it_speaks_against_whatever_else(rival):
    assert likeness("QUIET", "QUIET", rival) > 0.4
    assert likeness("QUEET", "QUIET", rival) is None
    assert likeness("QUIETS", "QUIET", rival) is None or rival != "QUIETS"


def test_what_the_font_draws_alike_is_as_expected():
    assert likeness("QUIET–NOW", "QUIET-NOW", "QUIET−NOW") in (None, 1.0)


def test_a_text_in_another_face_is_not_told():
    heavy = Image.fromarray(picture("PRIPA Co.")).filter(ImageFilter.MinFilter(9))
    wide = Image.fromarray(picture("PRIPA Co.")).resize((1140, 220))
    for image in (heavy, wide):
        assert told_in(np.asarray(image), "PRIPA Co.", "PRlPACo.") is None


def test_an_empty_background_gives_no_answer():
    seen = typeset("QUIET", "QUIET")
    blank = Typeset(seen.typeface, seen.pieces, seen.written, np.full_like(seen.image, 200), seen.rules)
    assert blank.likeness(Change(0, "QUIET", "QUlET")) is None


def test_look_alikes_are_named_of_texts_that_are_not_long():
    seen = typeset("PRlPA Co.", "PRIPA Co.")
    assert Change(0, "PRIPACo.", "PRlPACo.") in set(seen.rivals())
    long = Typeset(seen.typeface, seen.pieces * 20, seen.written * 20, seen.image, seen.rules)
    assert not list(long.rivals())


@pytest.mark.parametrize("font", [b"no font", "nowhere.ttf"])
def test_a_file_that_is_no_font_is_refused(font):
    with pytest.raises(UnusableFont, match="font"):
        verify(picture("PRIPA"), "PRIPA", reader=reader(), font=font)


def test_signs_that_are_compared_as_letters_keep_their_places():
    pieces = [SimpleNamespace(text="MivaTM"), SimpleNamespace(text="Co.")]
    first, second = written_lines("Miva™ Co.", pieces, Rules())
    assert (first.text, first.places, first.alone) == ("Miva™", (0, 1, 2, 3, 4, 4), dict(enumerate("Miva")))
    assert (second.text, second.around(1, 1, 1, {1: "0"})) == ("Co.", ("C0.", 1, 2))
    assert written_lines("Miva™", pieces, Rules()) is None
