"""Letters that look alike, told by the font that a text is set in, on real readings of drawn pictures."""

import io
from functools import lru_cache
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from qa.text import load_reader, verify
from qa.text.change import Change
from qa.text.drawn_line import BEYOND, Drawn
from qa.text.line_fit import fitted
from qa.text.matching import Expected, match
from qa.text.pieces import pieces_of
from qa.text.sighting import Sight
from qa.text.spelling import Rules
from qa.text.typeface import UnusableFont, open_typeface
from qa.text.typeset import ALIKE, MOST_MOVED, Typeset
from qa.text.written import Part, written_lines

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


def value(drawn, expected, rival, **how):
    told = told_in(picture(drawn, **how), expected, rival)
    return None if told is None else told.value


def told_in(image, expected, rival):
    seen = seen_in(image, expected)
    return seen.told(Change(0, seen.pieces[0].text, rival))


@pytest.mark.parametrize("how", [{}, {"angle": 3}, {"size": 28}])
def test_the_font_tells_letters_that_readers_take_for_one_another(how):
    assert value("PRIPA Co.", "PRIPA Co.", "PRlPACo.", **how) > 3
    assert value("PRlPA Co.", "PRIPA Co.", "PRlPACo.", **how) < -3


@pytest.mark.parametrize(
    ("drawn", "rival"),
    [
        ("QUIET GRADEN", "QUIETGRADEN"),
        ("QUIET GADEN", "QUIETGADEN"),
        ("QUIET GAARDEN", "QUIETGAARDEN"),
        ("QQUIET GARDEN", "QQUIETGARDEN"),
        ("QUIET GARDENN", "QUIETGARDENN"),
        ("UIET GARDEN", "UIETGARDEN"),
    ],
)
def test_letters_swapped_lost_or_doubled_are_told_by_which_text_lies_on_the_line(drawn, rival):
    assert value("QUIET GARDEN", "QUIET GARDEN", rival) >= MOST_MOVED
    assert value(drawn, "QUIET GARDEN", rival) < -6


@pytest.mark.parametrize("size", [24, 48])
@pytest.mark.parametrize(
    ("text", "doubled", "rival"), [("13,-", "13,--", "13,--"), ("BRISTA™", "BRISTA™™", "BRISTATMTM")]
)
def test_a_small_sign_doubled_at_the_end_is_seen(text, doubled, rival, size):
    assert value(text, text, rival, size=size) > 3
    assert value(doubled, text, rival, size=size) < -6


def test_a_font_tells_letters_on_a_ground_that_hides_them():
    noise = np.random.default_rng(3).normal(0, 30, (220, 760, 3))
    for drawn, sign in (("PRIPA Co.", 1), ("PRlPA Co.", -1)):
        image = np.clip(picture(drawn, size=64) + noise, 0, 255).astype(np.uint8)
        assert sign * told_in(image, "PRIPA Co.", "PRlPACo.").value > 3


@pytest.mark.parametrize(("drawn", "sign"), [("Holiday valley", 1), ("Holiday vvalley", -1)])
def test_a_font_tells_letters_on_broad_shapes_far_lighter_than_their_ground(drawn, sign):
    seen = seen_in(on_discs(drawn), "Holiday valley")
    assert sign * seen.told(Change(0, "Holidayvalley", "Holidayvvalley")).value > 3


def on_discs(drawn):
    image = Image.new("RGB", (760, 220), (110, 110, 110))
    pen = ImageDraw.Draw(image)
    for left in range(20, 760, 90):
        pen.ellipse((left, 60, left + 60, 150), fill=(250, 250, 250))
    face = ImageFont.truetype(io.BytesIO(FONT), 28, layout_engine=ImageFont.Layout.BASIC)
    pen.text((60, 85), drawn, fill=(40, 40, 40), font=face)
    return np.asarray(image)


def test_a_wrong_letter_that_the_reader_reads_over_never_matches_where_the_font_is_known():
    wrong = picture("PRlPA")
    assert verify(wrong, "PRIPA", reader=reader(), font=FONT).status.value != "match"
    assert verify(picture("PRIPA"), "PRIPA", reader=reader(), font=FONT).status.value == "match"


def test_a_line_that_is_as_the_font_draws_it_speaks_against_letters_that_the_font_lacks():
    assert value("QUIET", "QUIET", "QUI漢T") > 6
    assert (value("QUEET", "QUIET", "QUI漢T") or 0) < 3


def test_the_font_itself_says_which_letters_nobody_could_tell():
    (line,) = typeset("PRIPA Co.", "PRIPA Co.").lines
    own = Part("PRIPA Co.", 2, 3)
    assert line.apart(own, own) < ALIKE < line.apart(Part("PRlPA Co.", 2, 3), own)


def test_a_sign_that_is_compared_as_letters_is_told_as_a_whole():
    assert value("QUIET™", "QUIET™", "QUIET") == MOST_MOVED
    assert value("QUIET™", "QUIET™", "QUIETT") is None


def test_a_text_in_another_face_is_not_told():
    leaning = Image.fromarray(picture("PRIPA Co.")).transform(
        (760, 220), Image.Transform.AFFINE, (1, 0.3, -30, 0, 1, 0), Image.Resampling.BICUBIC, fillcolor=(236, 232, 224)
    )
    wide = Image.fromarray(picture("PRIPA Co.")).resize((1140, 220))
    for image in (leaning, wide):
        assert told_in(np.asarray(image), "PRIPA Co.", "PRlPACo.") is None


def test_an_empty_background_gives_no_answer():
    seen = typeset("QUIET", "QUIET")
    blank = Typeset(seen.typeface, seen.pieces, seen.written, np.full_like(seen.image, 200), seen.rules)
    assert blank.told(Change(0, "QUIET", "QUlET")) is None


def test_a_change_of_a_line_that_a_further_reading_breaks_otherwise_is_not_told():
    seen = typeset("QUIET", "QUIET")
    assert seen.told(Change(1, "QUIET", "QUlET")) is None
    assert seen.told(Change(0, "QUI", "QUl")) is None


@pytest.mark.parametrize(("limit", "value"), [("WIDEST", 90), ("LARGEST_SIZE", 100)])
def test_a_line_too_long_or_too_large_to_be_drawn_is_not_told(limit, value, monkeypatch):
    monkeypatch.setattr(f"qa.text.set_line.{limit}", value)
    assert typeset("QUIET GARDEN", "QUIET GARDEN").lines == [None]


def test_look_alikes_are_named_of_texts_that_are_not_long():
    seen = typeset("PRlPA Co.", "PRIPA Co.")
    assert Change(0, "PRIPACo.", "PRlPACo.") in set(seen.rivals())
    long = Typeset(seen.typeface, seen.pieces * 20, seen.written * 20, seen.image, seen.rules)
    assert not list(long.rivals())


@pytest.mark.parametrize("font", [b"no font", "nowhere.ttf"])
def test_a_file_that_is_no_font_is_refused(font):
    with pytest.raises(UnusableFont, match="font"):
        verify(picture("PRIPA"), "PRIPA", reader=reader(), font=font)


def test_a_font_that_lacks_a_letter_of_the_text_is_refused():
    with pytest.raises(UnusableFont, match="a glyph for '漢'"):
        verify(picture("PRIPA"), "PRIPA 漢", reader=reader(), font=FONT)


def test_a_change_of_what_is_compared_is_one_of_what_is_written():
    pieces = [SimpleNamespace(text="MivaTM"), SimpleNamespace(text="Co.")]
    first, second = written_lines("Miva™ Co.", pieces, Rules())
    assert (first.text, first.places, second.text) == ("Miva™", (0, 1, 2, 3, 4, 4), "Co.")
    assert first.changed("MivaTM", "Miva") == (Part("Miva™", 4, 5), Part("Miva", 4, 4))
    assert first.changed("MivaTM", "MlvaTM") == (Part("Miva™", 1, 2), Part("Mlva™", 1, 2))
    assert first.changed("MivaTM", "MivaT") is None
    assert first.changed("MivaTM", "MivaTMTM") == (Part("Miva™", 5, 5), Part("Miva™™", 5, 6))
    assert second.changed("Co.", "C0o.") == (Part("Co.", 1, 1), Part("C0o.", 1, 2))
    assert written_lines("Miva™", pieces, Rules()) is None


def test_the_same_part_of_a_picture_is_found_however_an_alignment_went():
    cover = np.zeros((20, 100), np.float32)
    drawn = Drawn(cover, (0.0, 50.0, 100.0), 1.0)
    one, wider, over, away, flat = (
        fitted(cover, drawn, np.array([[scale, 0, along], [0, 1, 0]], np.float32))
        for scale, along in ((1.0, 0.0), (0.5, 10.0), (-1.0, 0.0), (1.0, 9000.0), (1e4, 0.0))
    )
    assert wider.beside(one, slice(20, 40)) == slice(20, 60)
    assert one.beside(wider, slice(20, 60)) == slice(20, 40)
    for astray in (over, away, flat):
        columns = astray.beside(one, slice(20, 40))
        assert -BEYOND <= columns.start < columns.stop <= 100 + BEYOND
        assert astray.within(columns) == 1


def test_changes_keep_the_spaces_between_words():
    (line,) = written_lines("only 12 kr", [SimpleNamespace(text="only12kr")], Rules())
    for rival, written in (("only2kr", "only 2 kr"), ("only12krr", "only 12 krr"), ("oniy12kr", "oniy 12 kr")):
        assert line.changed("only12kr", rival)[1].text == written
    assert Part("only 12 kr", 5, 6).near(2) == Part("y 12 ", 2, 3)
