"""The ink of a line: which of its parts is which letter, and a letter cut out alone."""

from time import perf_counter

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from qa.text.ink import LineInk, levelled

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


def test_letters_that_run_together_are_cut_apart_between_their_middles():
    picture = line("Hold")
    picture[MARGIN + 14 : MARGIN + 16, MARGIN:-MARGIN] = (16, 32, 90)
    ink, letters = LineInk.of(picture, MARGIN), list(zip("Hold", columns("Hold"), strict=True))
    assert ink.owned(letters) == {}
    owned = ink.parted(letters).owned(letters)
    assert [owned[at].letters for at in sorted(owned)] == list("Hold")
    assert all(owned[at].bounds.left < letters[at][1] < owned[at].bounds.right for at in owned)


def test_letters_that_stand_alone_are_left_as_they_are():
    ink, letters = LineInk.of(line("Hold"), MARGIN), list(zip("Hold", columns("Hold"), strict=True))
    assert (ink.parted(letters).strokes == ink.strokes).all()


def test_what_is_narrower_than_half_a_line_is_told_from_a_ground_that_varies():
    ground = np.tile(np.linspace(20, 220, 300), (80, 1)).astype(np.uint8)
    axis = ground.copy()
    for column in range(60, 250, 20):
        axis[20:60, column : column + 4] -= 60
    light, dark = levelled(axis, 30)
    strokes = axis < ground
    assert dark[strokes].min() > 200 > 100 > dark[~strokes].max()
    assert light[strokes].max() < 100


def test_a_large_line_is_levelled_as_fast_as_a_small_one():
    axis = np.random.default_rng(0).integers(0, 256, (1000, 2000), np.uint8)
    started = perf_counter()
    assert all(each.shape == axis.shape for each in levelled(axis, 400))
    assert perf_counter() - started < 5  # some 0.1 s; with every pixel looked at, a minute
