"""Unexpected text told apart: marks, signatures, letter salad, and the rest."""

import math

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from qa.text.kinds import TextKind, kinds_of
from qa.text.layout import words_of
from qa.text.reader import TextLine
from qa.text.signatures import is_name
from qa.text.translucency import is_translucent
from qa.text.watermarks import is_slanted, says_watermark

PLAIN = np.full((600, 800, 3), 200, np.uint8)


def run(text: str, left: float = 300, top: float = 280, height: float = 30, degrees: float = 0):
    """A line of text as the reader would give it, turned about its top left."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    corners = [(0, 0), (len(text) * height / 2, 0), (len(text) * height / 2, height), (0, height)]
    quad = [(left + x * cosine - y * sine, top + x * sine + y * cosine) for x, y in corners]
    return words_of(TextLine(text, tuple(quad), 0.99))


def kind(text: str, **place) -> TextKind:
    placed = run(text, **place)
    return kinds_of([placed], [placed], PLAIN)[0]


@pytest.mark.parametrize(
    "text",
    [
        "SAMPLE",
        "Preview",
        "sample sample",
        "WATERMARK",
        "© 2024 J. Doe",
        "(c) 2021 Foo",
        "Getty Images",
        "iStock.com/abc",
    ],
)
def test_texts_that_say_they_are_marks_are_watermarks(text):
    assert says_watermark(text)
    assert kind(text) is TextKind.WATERMARK


@pytest.mark.parametrize(
    "text", ["Free sample inside", "while stocks last", "Preview day: Friday", "In stock", "proof of age", ""]
)
def test_the_same_words_in_a_sentence_are_none(text):
    assert not says_watermark(text)


def test_a_text_repeated_along_a_diagonal_is_a_watermark():
    marks = [run("vadora", left=150 + 150 * at, top=120 + 150 * at, degrees=30) for at in range(3)]
    assert kinds_of(marks, marks, PLAIN) == [TextKind.WATERMARK] * 3
    assert kinds_of(marks[:1], marks[:1], PLAIN) == [TextKind.OTHER]


def test_a_text_across_the_picture_along_a_diagonal_is_a_watermark():
    assert kind("vadora", left=150, top=100, height=180, degrees=30) is TextKind.WATERMARK
    assert kind("vadora", left=150, top=100, height=180) is TextKind.OTHER


@pytest.mark.parametrize(
    ("degrees", "is_so"), [(0, False), (10, False), (30, True), (-45, True), (90, False), (135, True)]
)
def test_slanted_is_what_runs_along_no_edge(degrees, is_so):
    assert is_slanted(run("vadora", degrees=degrees)) is is_so


def textured(opacity: float, contrast: float = 60) -> tuple[tuple, np.ndarray]:
    """Large letters of some opacity over a rough ground, and their line."""
    rng = np.random.default_rng(3)
    ground = np.kron(rng.uniform(60, 60 + contrast, (75, 100, 1)), np.ones((8, 8, 3)))
    mask = Image.new("L", (800, 600))
    font = ImageFont.load_default(150)
    ImageDraw.Draw(mask).text((80, 200), "vadora", font=font, fill=255)
    left, top, right, bottom = mask.getbbox()
    cover = np.asarray(mask, np.float64)[..., None] / 255 * opacity
    pixels = np.rint(ground * (1 - cover) + 250 * cover).astype(np.uint8)
    quad = ((left - 9, top - 9), (right + 9, top - 9), (right + 9, bottom + 9), (left - 9, bottom + 9))
    return words_of(TextLine("vadora", quad, 0.99)), pixels


def test_letters_that_show_the_picture_through_are_translucent():
    assert is_translucent(*textured(0.4))
    assert not is_translucent(*textured(1.0))


def test_faint_letters_on_plain_ground_are_translucent():
    assert is_translucent(*textured(0.15, contrast=0))
    assert not is_translucent(*textured(0.8, contrast=0))


def test_where_letters_cannot_be_told_nothing_is_translucent():
    assert not is_translucent(run("vadora"), PLAIN)


def test_a_large_translucent_text_is_a_watermark():
    line, pixels = textured(0.4)
    assert kinds_of([line], [line], pixels) == [TextKind.WATERMARK]
    assert kinds_of([line], [line], textured(1.0)[1]) == [TextKind.OTHER]


@pytest.mark.parametrize("text", ["J. Miller", "Vadora '24", "@some.one", "Zoë 2023", "van Gogh", "M. K. Ortiz"])
def test_a_name_alone_in_a_corner_is_a_signature(text):
    assert is_name(text)
    assert kind(text, left=30, top=560, height=24) is TextKind.SIGNATURE
    assert kind(text) is TextKind.OTHER


@pytest.mark.parametrize("text", ["only $4.90", "330 ml", "www.some.shop/now", "Terms and conditions apply today"])
def test_what_no_name_looks_like_is_no_signature(text):
    assert kind(text, left=30, top=560, height=24) is not TextKind.SIGNATURE


def test_a_line_of_a_text_in_a_corner_is_no_signature():
    lines = [run("Vadora", left=30, top=top, height=24) for top in (530, 560)]
    assert kinds_of(lines[1:], lines, PLAIN) == [TextKind.OTHER]


def test_large_letters_in_a_corner_are_no_signature():
    assert kind("Vadora", left=30, top=500, height=70) is TextKind.OTHER


def test_letter_salad_is_gibberish_and_in_a_corner_a_signature():
    assert kind("SLAEE CRFTQ") is TextKind.GIBBERISH
    assert kind("Crftqz", left=30, top=560, height=24) is TextKind.SIGNATURE
