"""Further looks see the same lines in the same places, and the halves leave nothing out."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from qa.text.reader import load_reader
from qa.text.second_look import LOOKS, halves


@pytest.fixture(scope="module")
def reader():
    return load_reader("rapidocr")


@pytest.fixture(scope="module")
def picture():
    canvas = Image.new("RGB", (900, 700), "white")
    pen = ImageDraw.Draw(canvas)
    for text, top in (("SUMMER SALE", 60), ("ONLY TODAY", 330), ("FREE RETURNS", 600)):
        pen.text((120, top), text, fill="black", font=ImageFont.load_default(48))
    return np.asarray(canvas)


@pytest.mark.parametrize("name", LOOKS)
def test_a_look_finds_the_lines_where_they_stand(reader, picture, name):
    first = {line.text: line.box for line in reader.read(picture)}
    again = {line.text: line.box for line in LOOKS[name](reader, picture)}
    assert set(first) == {"SUMMER SALE", "ONLY TODAY", "FREE RETURNS"} <= set(again)
    assert all(first[text].intersection_over_union(again[text]) > 0.7 for text in first)


@pytest.mark.parametrize("size", [(1, 1), (1, 7), (100, 301), (640, 480)])
def test_the_halves_cover_every_pixel(size):
    seen = np.zeros(size, bool)
    for half in halves(*size):
        assert half.clipped(*size) == half
        seen[half.slices] = True
    assert seen.all()
