"""What people see is safe, legible and where it should be."""

import base64
import html
import io
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image as Pillow

from consistency.display import data_uri, escape, jpeg_bytes, overlay, swatch, thumbnail, visible
from consistency.errors import InputError
from consistency.region import Box, Mask, Region
from picture_files import noise


@given(st.text(alphabet=st.characters(codec=None)))
def test_escaped_text_holds_nothing_that_html_or_a_terminal_would_act_on(text):
    safe = escape(text)
    assert not set(safe) & set("<>\"'\n\r\t\x00\x1b\u202e\u2066\u200b\ufeff")
    assert html.unescape(safe) == visible(text)
    safe.encode("utf-8")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<script>alert('x')</script>", "&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;"),
        ("invoice\u202egnp.exe", "invoice\\u202egnp.exe"),
        ("two\nlines", "two\\nlines"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("\udcff", "\\udcff"),
        ("Größe 价格 €", "Größe 价格 €"),
        ("a & b", "a &amp; b"),
        (None, "None"),
    ],
)
def test_characters_that_hide_or_act_are_shown(text, shown):
    assert escape(text) == shown


def test_a_thumbnail_keeps_the_shape_of_the_picture():
    assert thumbnail(noise(400, 200), 100).shape == (100, 50, 3)
    assert thumbnail(noise(1, 900), 100).shape == (1, 100, 3)


def test_a_thumbnail_is_never_enlarged():
    small = noise(20, 10)
    assert thumbnail(small, 100) is small


def test_a_thumbnail_of_one_colour_is_that_colour():
    assert (thumbnail(np.full((300, 200, 3), (10, 200, 30), np.uint8), 64) == (10, 200, 30)).all()


def test_a_thumbnail_has_at_least_a_pixel():
    with pytest.raises(InputError):
        thumbnail(noise(), 0)


def test_jpeg_bytes_in_a_data_uri_are_the_picture():
    pixels = np.full((16, 16, 3), 90, np.uint8)
    uri = data_uri(jpeg_bytes(pixels))
    head, _, body = uri.partition(",")
    assert head == "data:image/jpeg;base64"
    decoded = np.asarray(Pillow.open(io.BytesIO(base64.b64decode(body))))
    assert np.abs(decoded.astype(int) - 90).max() <= 2


def test_a_box_is_drawn_where_it_is_and_nowhere_else():
    blank = np.zeros((300, 300, 3), np.uint8)
    drawn = overlay(blank, [(Region(Box(100, 120, 80, 60)), "#ff0000")])
    assert drawn[120, 150].tolist() == drawn[179, 150].tolist() == [255, 0, 0]
    assert drawn[150, 100].tolist() == drawn[150, 179].tolist() == [255, 0, 0]
    assert not drawn[125:175, 105:175].any()
    assert not drawn[:95].any()
    assert not drawn[181:].any()
    assert not blank.any()


def test_every_box_carries_its_number():
    blank = np.zeros((200, 400, 3), np.uint8)
    one = overlay(blank, [(Region(Box(10, 60, 50, 50)), "#00ff00")])
    two = overlay(blank, [(Region(), "#ffffff"), (Region(Box(10, 60, 50, 50)), "#00ff00")])
    assert one[30:60].any()
    assert not np.array_equal(one, two)


def test_a_line_grows_with_the_picture():
    for side, line in ((300, 1), (1500, 5)):
        drawn = overlay(np.zeros((side, side, 3), np.uint8), [(Region(Box(100, 100, 150, 150)), "#ffffff")])
        assert drawn[200, 95:120].any(axis=-1).sum() == line


def test_a_mask_is_tinted_and_the_rest_left():
    pixels = noise(50, 40)
    inside = np.zeros((50, 40), np.bool_)
    inside[10:20, 5:30] = True
    drawn = overlay(pixels, [(Region(None, Mask.encode(inside)), "#0000ff")])
    assert np.array_equal(drawn[~inside], pixels[~inside])
    assert (drawn[inside] == (pixels[inside].astype(int) + np.array((0, 0, 255))) // 2).all()


def test_a_box_beyond_the_picture_is_cut_off():
    blank = np.zeros((60, 60, 3), np.uint8)
    assert overlay(blank, [(Region(Box(40, 40, 500, 500)), "#ffffff")])[45, 40].all()
    assert not overlay(blank, [(Region(Box(100, 100, 5, 5)), "#ffffff")]).any()


def test_a_single_pixel_can_be_drawn_on():
    assert overlay(np.zeros((1, 1, 3), np.uint8), [(Region(Box(0, 0, 1, 1)), "#ff0000")]).shape == (1, 1, 3)


def test_a_mask_of_another_picture_is_refused():
    with pytest.raises(InputError):
        overlay(noise(), [(Region(None, Mask.encode(np.ones((3, 3), np.bool_))), "#0000ff")])


def test_a_swatch_shows_colour_and_name_escaped():
    piece = swatch("#0055AA", "<acme>")
    assert "background:#0055aa" in piece
    assert "&lt;acme&gt;" in piece
    assert swatch("#0055aa").endswith("#0055aa</span>")


def test_a_swatch_takes_only_colours():
    with pytest.raises(InputError):
        swatch('red"><script>')


def test_drawing_needs_no_opencv():
    assert "cv2" not in vars(sys.modules["consistency.display"])
