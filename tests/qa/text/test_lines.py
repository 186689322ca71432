"""The default reader on lines that are no upright row: turned, upside down, stacked, bent, long, tiny."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from drawn_text import INK, PAPER, along_arc, face, stacked, written
from qa.text.matching import Expected, match
from qa.text.reader import load_reader

WIDE_SIZE = (20_000, 240)


@pytest.fixture(scope="module")
def reader():
    return load_reader("rapidocr", threads=1)


def joined(lines):
    return " ".join(line.text for line in lines)


@pytest.mark.parametrize("turn", [5, -10, 15, -15, 30, 60, 90, -90, 170, 180, -170])
def test_a_line_is_read_whatever_its_direction(reader, turn):
    image = written("Only this week").rotate(turn, Image.Resampling.BICUBIC, fillcolor=PAPER)
    assert joined(reader.read(np.array(image))) == "Only this week"


def test_the_corners_of_an_upside_down_line_begin_at_its_own_top_left(reader):
    (line,) = reader.read(np.array(written("Only this week").rotate(180, fillcolor=PAPER)))
    assert line.quad[0][0] > line.quad[1][0]
    assert line.quad[0][1] > line.quad[3][1]


@pytest.mark.parametrize("pitch", [44, 54, 70])
@pytest.mark.parametrize("text", ["SUMMER", "SALE"])
def test_stacked_letters_are_one_line_that_runs_down(reader, text, pitch):
    (line,) = reader.read(stacked(text, pitch))
    assert line.text == text
    assert line.quad[1][1] > line.quad[0][1]
    assert list(line.positions) == sorted(line.positions)


def test_digits_of_a_list_stay_a_list(reader):
    image = Image.new("RGB", (800, 600), PAPER)
    pen = ImageDraw.Draw(image)
    for index, text in enumerate(["Coffee", "Orange juice", "Tea", "Water"]):
        pen.text((100, 60 + 80 * index), str(index + 1), font=face(44), fill=INK)
        pen.text((170, 60 + 80 * index), text, font=face(44), fill=INK)
    assert "Orange juice" in joined(reader.read(np.array(image)))
    assert not any("1234" in line.text for line in reader.read(np.array(image)))


@pytest.mark.parametrize("radius", [400, 300, 220])
def test_text_along_an_arc_is_read(reader, radius):
    (line,) = reader.read(along_arc("ORGANIC COFFEE", radius))
    assert line.text == "ORGANIC COFFEE"
    assert line.shape == "bent"


def test_two_columns_hold_two_texts(reader):
    image = Image.new("RGB", (900, 400), PAPER)
    pen = ImageDraw.Draw(image)
    pen.multiline_text((40, 60), "New colours\nfrom today", font=face(44), fill=INK, spacing=16)
    pen.multiline_text((420, 60), "Free returns\nfor a month", font=face(44), fill=INK, spacing=16)
    expected = [Expected("New colours from today"), Expected("Free returns for a month")]
    spans = match(reader.read(np.array(image)), expected).spans
    assert all(span is not None and span.is_match for span in spans)


def test_a_hyphenated_word_is_whole(reader):
    image = Image.new("RGB", (600, 300), PAPER)
    ImageDraw.Draw(image).multiline_text((40, 60), "SUM-\nMER SALE", font=face(60), fill=INK, spacing=16)
    (span,) = match(reader.read(np.array(image)), [Expected("SUMMER SALE")]).spans
    assert span is not None
    assert span.is_match
    assert span.read == "SUMMER SALE"


def test_a_wide_banner_is_read_in_tiles_without_a_seam(reader):
    image = Image.new("RGB", WIDE_SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    long = " ".join(f"word{index}" for index in range(40))
    pen.text((60, 20), long, font=face(48), fill=INK)
    prices = [f"Item {index} now 4{index % 10},90" for index in range(6)]
    for index, price in enumerate(prices):
        pen.text((60 + 3200 * index, 140), price, font=face(40), fill=INK)
    texts = [line.text for line in reader.read(np.array(image))]
    assert texts == [long, *prices]


@pytest.mark.parametrize("size", [(200, 8), (8, 200), (20_000, 8), (8, 8)])
def test_a_picture_eight_pixels_high_shows_nothing_to_read(reader, size):
    picture = np.random.default_rng(5).integers(0, 256, (size[1], size[0], 3), np.uint8)
    expected = [Expected("49,90 EUR")]
    assert match(reader.read(picture), expected).spans == (None,)
