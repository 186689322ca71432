"""Further looks see the same lines in the same places, and the halves leave nothing out."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from consistency.region import Box
from qa.text.reader import load_reader
from qa.text.second_look import LOOKS, halves, look_around, shown_in


@pytest.fixture(scope="module")
def reader():
    return load_reader("rapidocr")


@pytest.fixture(scope="module")
def picture():
    texts = {60: "SUMMER", 410: "TODAY", 780: "RETURNS"}
    return written((700, 900), texts, ground="#d8e0a8", ink="#58207a")


def written(size, texts, left=120, ground="white", ink="black"):
    canvas = Image.new("RGB", size, ground)
    pen = ImageDraw.Draw(canvas)
    for top, text in texts.items():
        pen.text((left, top), text, fill=ink, font=ImageFont.load_default(48))
    return np.asarray(canvas)


@pytest.mark.parametrize("name", LOOKS)
def test_a_look_finds_the_lines_where_they_stand(reader, picture, name):
    first = {line.text: line.box for line in reader.read(picture)}
    again = {line.text: line.box for line in LOOKS[name](reader, picture)}
    assert set(first) == {"SUMMER", "TODAY", "RETURNS"} == set(again)
    assert all(first[text].intersection_over_union(again[text]) > 0.7 for text in first)


@pytest.mark.parametrize(
    ("ground", "ink", "name"), [("#a04040", "#307030", "red and green"), ("#707010", "#6a62c8", "yellow and blue")]
)
def test_text_as_light_as_its_background_is_plain_in_its_colours(ground, ink, name):
    shown = shown_in(name, written((400, 120), {30: "SALE"}, left=60, ground=ground, ink=ink))
    assert (int(shown.min()), int(shown.max())) == (0, 255)
    assert np.array_equal(shown[..., 0], shown[..., 2])
    assert shown_in("closer", shown) is shown


def test_a_picture_of_one_colour_has_none_to_tell():
    assert not shown_in("red and green", np.full((8, 8, 3), 90, np.uint8)).any()


@pytest.mark.parametrize("left", range(340, 520, 20))
def test_a_price_cut_in_two_is_never_read_as_a_smaller_one(reader, left):
    lines = LOOKS["closer"](reader, written((1000, 300), {120: "149 EUR"}, left))
    assert {line.text.replace(" ", "") for line in lines} <= {"149EUR"}


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (100, 301), (640, 480)])
def test_the_halves_cover_every_pixel(size):
    seen = np.zeros(size, bool)
    for half in halves(*size):
        assert half.clipped(*size) == half
        seen[half.slices] = True
    assert seen.all()


@pytest.mark.parametrize("box", [Box(2000, 100, 60, 20), Box(100, 3000, 60, 20)])
def test_a_place_outside_the_picture_shows_nothing(reader, picture, box):
    assert look_around(reader, picture, box) == ()


def test_a_look_around_a_text_leaves_out_what_its_own_edge_cuts(reader):
    shown = written((900, 300), {60: "$48", 150: "from $1,349 in all our shops"}, left=60)
    texts = [line.text for line in look_around(reader, shown, Box(60, 60, 90, 45))]
    assert "$48" in texts
    assert not any("349" in text for text in texts)
