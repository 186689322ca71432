"""The ink of a line: which of its parts is which letter, and a letter cut out alone."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from qa.text.ink import LineInk

MARGIN = 12
FONT = ImageFont.load_default(40)


def line(text: str, ground: str = "#d0d4d8", colour: str = "#10205a") -> np.ndarray:
    left, top, right, bottom = FONT.getbbox(text)
    picture = Image.new("RGB", (right - left + 2 * MARGIN, bottom - top + 2 * MARGIN), ground)
    ImageDraw.Draw(picture).text((MARGIN - left, MARGIN - top), text, font=FONT, fill=colour)
    return np.array(picture)


def columns(text: str) -> list[float]:
    left = FONT.getbbox(text)[0]
    return [MARGIN - left + (FONT.getlength(text[:at]) + FONT.getlength(text[: at + 1])) / 2 for at in range(len(text))]


def test_every_letter_that_stands_alone_is_owned_by_its_place():
    ink = LineInk.of(line("Hold on"), MARGIN)
    letters = [(letter, column) for letter, column in zip("Hold on", columns("Hold on"), strict=True) if letter != " "]
    owned = ink.owned(letters)
    assert [owned[at].letters for at in sorted(owned)] == list("Holdon")
    assert all(owned[at].bounds.left < letters[at][1] < owned[at].bounds.right for at in owned)


def test_light_letters_on_a_dark_ground_are_ink_as_well():
    dark, light = LineInk.of(line("Hold"), MARGIN), LineInk.of(line("Hold", "#10205a", "#d0d4d8"), MARGIN)
    assert abs(float(dark.cover.mean()) - float(light.cover.mean())) < 0.02


def test_a_letter_alone_has_no_ink_of_its_neighbours_and_a_body_without_its_dot():
    ink = LineInk.of(line("Hij"), MARGIN)
    owned = ink.owned(list(zip("Hij", columns("Hij"), strict=True)))
    alone, body = ink.alone(owned[1].bounds), ink.body(owned[1].bounds)
    assert alone.shape[0] == ink.cover.shape[0]
    assert body.top > owned[1].bounds.top
    assert float(alone[:, 0].max()) < 0.5


def test_what_has_no_letters_has_no_ink():
    assert LineInk.of(np.full((40, 120, 3), 128, np.uint8), MARGIN) is None
