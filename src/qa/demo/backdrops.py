"""Where the product stands: drawn walls and table tops under soft light, walls of brick, ground of grass or gravel."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from qa.demo.drawing import Color, Pixels, blend, blurred, clouds, disc, ramp, rounded, soften, toned, turned, unit
from qa.demo.photos import print_of, texture

Backdrop = Callable[[np.random.Generator, int, int, int], Pixels]
"""Draws height×width pixels with the horizon at a given row."""

WALLS: tuple[Color, ...] = ((244, 214, 170), (190, 214, 224), (246, 208, 190), (236, 226, 208), (196, 212, 186))
WOODS: tuple[Color, ...] = ((150, 108, 72), (112, 78, 52), (188, 152, 112))


def studio(rng: np.random.Generator, height: int, width: int, horizon: int) -> Pixels:
    """Return a seamless paper sweep lit from one side."""
    y, x = grid(height, width)
    center = rng.uniform(0.25, 0.75)
    spot = np.exp(-(((x - center) / 0.55) ** 2) - ((y - 0.42) / 0.6) ** 2)
    floor = 0.10 * ramp(y, horizon / height - 0.12, horizon / height + 0.1)
    return toned(pick(rng, WALLS), (0.62 + 0.34 * spot + floor).astype(np.float32))


def window(rng: np.random.Generator, height: int, width: int, horizon: int) -> Pixels:
    """Return a painted wall with the soft light of a window across it, above a wooden table."""
    y, x = grid(height, width)
    slant = x + 0.35 * y - rng.uniform(0.2, 0.7)
    bars = ramp(np.sin(slant * 14), -0.2, 0.5) * ramp(-np.abs(slant - 0.2), -0.42, -0.3)
    gain = 0.66 + 0.24 * soften(bars.astype(np.float32), width / 60) + 0.03 * clouds(rng, height, width, width // 6)
    return with_table(rng, toned(pick(rng, WALLS), gain), horizon)


def brick(rng: np.random.Generator, height: int, width: int, horizon: int) -> Pixels:
    """Return a wall of photographed brick, painted, above a wooden table."""
    y, x = grid(height, width)
    light = 0.5 + 0.35 * np.exp(-(((x - rng.uniform(0.2, 0.8)) / 0.5) ** 2) - ((y - 0.3) / 0.5) ** 2)
    color = pick(rng, ((186, 172, 160), (168, 150, 140), (196, 190, 184)))
    return with_table(rng, toned(color, light * texture("brick", height, width)), horizon)


def terrace(rng: np.random.Generator, height: int, width: int, horizon: int) -> Pixels:
    """Return gravel or grass in front of a garden out of focus."""
    canvas = np.empty((height, width, 3), np.float32)
    y, _ = grid(height, width)
    canvas[:] = toned((176, 190, 178), (0.7 + 0.35 * (1 - y) + 0.12 * clouds(rng, height, width, width // 5)))
    for _ in range(14):
        size = int(rng.uniform(0.05, 0.14) * width)
        tone = pick(rng, ((214, 220, 190), (150, 168, 140), (232, 226, 204)))
        blend(
            canvas,
            unit(tone),
            disc(size) * 0.35,
            int(rng.integers(width)) - size // 2,
            int(rng.integers(max(1, horizon))),
        )
    canvas = blurred(canvas, width / 180)
    ground, tone = (("gravel", (160, 152, 142)), ("grass", (122, 128, 92)))[int(rng.integers(2))]
    soil = toned(tone, 0.75 * texture(ground, height - horizon, width) + 0.1)
    canvas[horizon:] = soil
    return canvas


def gallery(rng: np.random.Generator, height: int, width: int, horizon: int) -> Pixels:
    """Return a painted wall with a framed photograph on it, above a wooden table."""
    canvas = studio(rng, height, width, horizon)
    name = ("coffee", "chelsea", "rocket", "hubble_deep_field")[int(rng.integers(4))]
    hang(canvas, print_of(name, int(rng.uniform(0.30, 0.40) * width)), (0.04, 0.60)[int(rng.integers(2))], 0.26)
    return with_table(rng, canvas, horizon)


def snapshots(rng: np.random.Generator, height: int, width: int, horizon: int) -> Pixels:
    """Return a paper sweep with photographs lying about, slightly turned."""
    canvas = studio(rng, height, width, horizon)
    for name, across, down in (("coffee", 0.02, 0.24), ("astronaut", 0.68, 0.55)):
        sheet = bordered(print_of(name, int(0.30 * width)), round(0.012 * width), (231, 229, 224))
        colors, cover = turned(sheet, float(rng.uniform(-9, 9)))
        left, top = round(across * width), round(down * height)
        blend(canvas, unit((20, 18, 16)), soften(np.pad(cover, 24), 9) * 0.45, left - 18, top - 14)
        blend(canvas, colors, cover, left, top)
    return canvas


BACKDROPS: dict[str, Backdrop] = {
    "studio": studio,
    "window": window,
    "brick": brick,
    "terrace": terrace,
    "gallery": gallery,
    "snapshots": snapshots,
}


def with_table(rng: np.random.Generator, canvas: Pixels, horizon: int) -> Pixels:
    """Return `canvas` with a wooden table top below the horizon."""
    height, width = canvas.shape[0] - horizon, canvas.shape[1]
    y, x = grid(height, width)
    fibres = np.repeat(clouds(rng, height, width // 48 + 1, 2), 48, axis=1)[:, :width]
    drift = clouds(rng, height, width, width // 3)
    rings = np.sin(y * height / 7 + 6 * drift + 0.8 * fibres)
    gain = 0.66 + 0.05 * rings + 0.07 * soften_rows(fibres) + 0.30 * y - 0.12 * np.abs(x - 0.5)
    canvas[horizon:] = toned(pick(rng, WOODS), gain.astype(np.float32))
    canvas[horizon : horizon + 2] *= 0.8
    return canvas


def soften_rows(surface: Pixels) -> Pixels:
    """Return a surface averaged along its rows, over 64 pixels."""
    sums = np.cumsum(np.pad(surface, ((0, 0), (32, 32)), mode="edge"), axis=1, dtype=np.float32)
    return np.ascontiguousarray(sums[:, 64:] - sums[:, :-64]) / 64


def hang(canvas: Pixels, picture: Pixels, across: float, down: float) -> None:
    """Hang a framed picture on the wall, in place, at fractions of the canvas."""
    width = canvas.shape[1]
    framed = bordered(bordered(picture, round(0.025 * width), (229, 227, 220)), round(0.010 * width), (52, 44, 38))
    left, top = round(across * width), round(down * canvas.shape[0])
    shadow = soften(np.pad(rounded(framed.shape[0], framed.shape[1], 2), 40), 14) * 0.4
    blend(canvas, unit((30, 26, 24)), shadow, left - 30, top - 26)
    blend(canvas, framed, np.ones(framed.shape[:2], np.float32), left, top)


def bordered(picture: Pixels, border: int, color: Color) -> Pixels:
    """Return a picture with a border of one colour."""
    height, width = picture.shape[:2]
    sheet = np.empty((height + 2 * border, width + 2 * border, 3), np.float32)
    sheet[:] = unit(color)
    sheet[border:-border, border:-border] = picture
    return sheet


def pick(rng: np.random.Generator, colors: tuple[Color, ...]) -> Color:
    """Return one of several colours."""
    return colors[int(rng.integers(len(colors)))]


def grid(height: int, width: int) -> tuple[Pixels, Pixels]:
    """Return rows (h×1) and columns (1×w) as fractions of the picture."""
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    return y, np.linspace(0, 1, width, dtype=np.float32)[None, :]
