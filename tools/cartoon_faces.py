"""Flat cartoon faces drawn by code: head, hair, eyes, brows, nose and mouth in plain colours, outlined or not."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from picture_filters import Pixels, Random

Colour = tuple[int, int, int]

OVERSAMPLED = 4
SKINS = ((250, 215, 185), (235, 190, 150), (200, 150, 110), (140, 95, 65), (255, 225, 200), (255, 190, 150))
HAIRS = ((30, 25, 25), (90, 55, 30), (230, 200, 90), (150, 60, 30), (60, 60, 70), (40, 60, 150), (200, 80, 140))


@dataclass(frozen=True, eq=False)
class Pen:
    """A page, its outline (width 0: none) and its measures: middle and half axes of the head."""

    page: Pixels
    line: int
    ink: Colour
    x: float
    y: float
    wide: float
    high: float

    def oval(self, right: float, down: float, wide: float, high: float, colour: Colour) -> None:
        """Fill an oval; places and sizes are shares of the head's half axes."""
        middle = (int(self.x + right * self.wide), int(self.y + down * self.high))
        axes = (max(1, int(wide * self.wide)), max(1, int(high * self.high)))
        cv2.ellipse(self.page, middle, axes, 0, 0, 360, colour, -1, cv2.LINE_AA)
        if self.line:
            cv2.ellipse(self.page, middle, axes, 0, 0, 360, self.ink, self.line, cv2.LINE_AA)

    def bow(self, right: float, down: float, axes: tuple[float, float], span: tuple[int, int], colour: Colour) -> None:
        """Draw a part of an oval's edge."""
        middle = (int(self.x + right * self.wide), int(self.y + down * self.high))
        sizes = (max(1, int(axes[0] * self.wide)), max(1, int(axes[1] * self.high)))
        cv2.ellipse(self.page, middle, sizes, 0, *span, colour, max(1, int(self.high * 0.035)), cv2.LINE_AA)

    def shape(self, points: np.ndarray, colour: Colour) -> None:
        """Fill a polygon given in pixels."""
        corners = points.astype(np.int32)
        cv2.fillPoly(self.page, [corners], colour, cv2.LINE_AA)
        if self.line:
            cv2.polylines(self.page, [corners], True, self.ink, self.line, cv2.LINE_AA)


def cartoon_face(side: int, draw: Random) -> Pixels:
    """Return a square picture of one face."""
    large = side * OVERSAMPLED
    page = np.full((large, large, 3), draw.integers(120, 256, 3), np.uint8)
    line = int(large * draw.uniform(0.003, 0.012)) if draw.random() < 0.75 else 0
    x, wide, high = large * draw.normal(0.5, 0.02), large * draw.uniform(0.19, 0.24), large * draw.uniform(0.25, 0.31)
    pen = Pen(page, line, colour_of(draw.integers(0, 70, 3)), x, large * 0.52, wide, high)
    skin = colour_of(np.array(SKINS[draw.integers(len(SKINS))]) + draw.integers(-10, 10, 3))
    hair = HAIRS[draw.integers(len(HAIRS))]
    draw_head(pen, skin, hair, draw)
    draw_eyes(pen, hair, draw)
    draw_nose_and_mouth(pen, skin, draw)
    return np.asarray(cv2.resize(page, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def draw_head(pen: Pen, skin: Colour, hair: Colour, draw: Random) -> None:
    """Draw hair, shoulders, neck, ears and the face."""
    if draw.random() < 0.5:
        pen.oval(0, 0.07, 1.35, 1.25, hair)
    pen.oval(0, 1.75, 1.6, 0.75, colour_of(draw.integers(0, 256, 3)))
    pen.oval(0, 0.95, 0.35, 0.4, darker(skin, 0.9))
    for side in (-1, 1):
        pen.oval(side * 0.98, 0.05, 0.16, 0.16, skin)
    turn = np.linspace(0, 2 * np.pi, 120)
    taper = 1 - draw.uniform(0, 0.25) * np.clip(np.sin(turn), 0, 1)
    pen.shape(np.stack([pen.x + pen.wide * np.cos(turn) * taper, pen.y + pen.high * np.sin(turn)], 1), skin)
    if draw.random() < 0.3:
        for side in (-1, 1):
            pen.oval(side * 0.6, 0.35, 0.2, 0.1, darker(skin, 0.85))
    crown = np.stack([pen.x + pen.wide * 1.06 * np.cos(turn), pen.y - pen.high * (0.05 - 1.08 * np.sin(turn))], 1)
    fringe = pen.y - pen.high * draw.uniform(0.35, 0.55)
    crown = crown[crown[:, 1] < fringe]
    tips = [(pen.x + pen.wide * (1.02 - i * 0.255), fringe + pen.high * draw.uniform(-0.12, 0.12)) for i in range(9)]
    pen.shape(np.concatenate([crown[np.argsort(crown[:, 0])], np.array(tips)]), hair)


def draw_eyes(pen: Pen, hair: Colour, draw: Random) -> None:
    """Draw both eyes with iris, pupil and light, lids and brows."""
    size, apart, down = draw.uniform(0.8, 1.7), draw.uniform(0.4, 0.48), -draw.uniform(-0.02, 0.12)
    wide, high, iris = 0.19 * size**0.5, 0.075 * size, colour_of(draw.integers(20, 160, 3))
    round_wide = min(wide, high * pen.high / pen.wide) * draw.uniform(0.75, 0.95)
    round_high = round_wide * pen.wide / pen.high
    for right in (-apart, apart):
        pen.oval(right, down, wide, high, (255, 255, 255))
        pen.oval(right, down, round_wide, round_high, iris)
        pen.oval(right, down, round_wide * 0.5, round_high * 0.5, (10, 10, 10))
        pen.bow(right, down, (wide * 1.05, high * 1.05), (190, 350), (20, 15, 15))
        pen.bow(right, down - high * 1.2, (wide * 1.2, 0.06), (200, 340), hair)


def draw_nose_and_mouth(pen: Pen, skin: Colour, draw: Random) -> None:
    """Draw a nose, a bow or an oval, and a mouth, a bow or lips."""
    if draw.random() < 0.6:
        pen.bow(0, 0.28, (0.12, 0.06), (20, 160), darker(skin, 0.7))
    else:
        pen.oval(0, 0.28, 0.15, 0.08, darker(skin, 0.85))
    wide = draw.uniform(0.28, 0.45)
    if draw.random() < 0.5:
        pen.bow(0, 0.52, (wide, 0.12), (15, 165), (150, 50, 50))
    else:
        pen.oval(0, 0.58, wide, draw.uniform(0.06, 0.1), (190, 60, 70))
        pen.bow(0, 0.58, (wide, 0.02), (0, 180), (110, 30, 30))


def colour_of(values: np.ndarray) -> Colour:
    """Return three numbers as a colour."""
    red, green, blue = (int(value) for value in np.clip(values, 0, 255))
    return red, green, blue


def darker(colour: Colour, share: float) -> Colour:
    """Return a colour of a share of its light."""
    return colour_of(np.array(colour) * share)
