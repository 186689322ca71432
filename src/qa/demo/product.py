"""The product: an amber bottle of cold brew with cap, logo and a wrapped label, seen from any side."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from consistency.colorspace import Floats, linear_to_srgb, srgb_to_linear
from qa.demo.drawing import Color, Pixels, blend, disc, fitting_size, ramp, toned, unit, words

AMBER: Color = (92.0, 46.0, 20.0)
CREAM: Color = (240.0, 234.0, 220.0)
GOLD: Color = (201.0, 168.0, 92.0)
CAP: Color = (34.0, 33.0, 36.0)
BRAND = "MARLOW"
SUPERSAMPLING = 2
RADIUS = 0.19
"""Half the body's width, in heights of the bottle; `LABEL` likewise: its top and bottom."""
LABEL = (0.44, 0.88)
LABEL_DEGREES = 230.0


@dataclass(frozen=True)
class Bottle:
    """How the bottle is seen.

    Args:
        height: Pixels from cap to bottom.
        turn: Degrees the label is turned to the right: 0 shows its front.
        shade: How much of the light the dark side of the label loses, 0…1; the lit side always shows the true colour.
        lit_side: -1 where light falls from the left, 1 from the right.
        label: The label's ground colour.
    """

    height: int
    turn: float = 0.0
    shade: float = 0.0
    lit_side: int = -1
    label: Color = (11.0, 122.0, 94.0)


def draw_bottle(bottle: Bottle) -> tuple[Pixels, Pixels]:
    """Return the bottle's colours (h×w×3) and cover (h×w)."""
    size = bottle.height * SUPERSAMPLING
    width = 2 * round(size * (RADIUS + 0.01))
    y = ((np.arange(size, dtype=np.float32) + 0.5) / size)[:, None]
    x = ((np.arange(width, dtype=np.float32) + 0.5 - width / 2) / size)[None, :]
    radius = silhouette(y)
    across = np.clip(x / radius, -1, 1).astype(np.float32)
    cover = np.clip((radius - np.abs(x)) * size + 0.5, 0, 1).astype(np.float32)
    colors = glass(y, across, bottle)
    paste_label(colors, y, x, bottle)
    paste_cap(colors, y, across)
    return shrink(colors), shrink(cover)


def silhouette(y: Pixels) -> Pixels:
    """Return half the bottle's width at each height `y` in [0, 1], in heights of the bottle."""
    neck = np.where(y < 0.105, 0.071, 0.060)
    body = neck + (RADIUS - neck) * ramp(y, 0.20, 0.40)
    foot = np.clip((1.0 - y) / 0.035, 1e-4, 1)
    return (body - 0.035 * (1 - np.sqrt(1 - (1 - foot) ** 2))).astype(np.float32)


def glass(y: Pixels, across: Pixels, bottle: Bottle) -> Pixels:
    """Return dark amber glass: brighter where light passes through, with two vertical reflections."""
    side = across * bottle.lit_side
    depth = np.sqrt(np.clip(1 - across**2, 0, 1))
    gain = 0.35 + 1.1 * ramp(side, -0.2, 1.0) * (0.35 + 0.65 * depth) + 0.5 * ramp(np.abs(across), 0.82, 1.0)
    colors = toned(AMBER, gain * (0.8 + 0.4 * y))
    streak = ramp(-np.abs(side - 0.62), -0.10, -0.03) * 0.55 + ramp(-np.abs(side + 0.78), -0.05, -0.01) * 0.25
    liquid = ramp(y, 0.235, 0.245)
    colors = colors * (0.72 + 0.28 * (1 - liquid))[..., None]
    colors = colors + (unit((255, 244, 225)) - colors) * (streak * np.ones_like(y))[..., None]
    return colors.astype(np.float32)


def paste_label(colors: Pixels, y: Pixels, x: Pixels, bottle: Bottle) -> None:
    """Wrap the label around the body, in place: true colour where lit, darker towards the far side."""
    height = colors.shape[0]
    across = np.clip(x / RADIUS, -1, 1)
    sag = 0.012 * np.sqrt(1 - across**2)
    top, bottom = LABEL
    down = (y - sag - top) / (bottom - top)
    angle = np.degrees(np.arcsin(across)) - bottle.turn
    along = angle / LABEL_DEGREES + 0.5
    art = linear_art(round(height * (bottom - top)), bottle.label)
    rows = np.clip((down * art.shape[0]).astype(int), 0, art.shape[0] - 1)
    columns = np.clip((along * art.shape[1]).astype(int), 0, art.shape[1] - 1) + np.zeros_like(rows)
    on_label = (down > 0) & (down < 1) & (along > 0) & (along < 1) & (np.abs(x) < silhouette(y))
    side = across * bottle.lit_side
    gain = 1 - bottle.shade * ramp(-side, -0.35, 1.0)
    gain = gain * (1 - 0.35 * ramp(np.abs(across), 0.80, 1.0))
    lit = art[rows[on_label], columns[on_label]] * np.broadcast_to(gain, rows.shape)[on_label][:, None]
    colors[on_label] = linear_to_srgb(lit)


@lru_cache(maxsize=8)
def linear_art(height: int, ground: Color) -> Floats:
    """Return the flat label in linear light."""
    return srgb_to_linear(label_art(height, ground))


def label_art(height: int, ground: Color) -> Pixels:
    """Return the flat label, H×W×3: ground colour, cream band with the brand's name, logo above, small print below."""
    width = round(height * LABEL_DEGREES / 180 * np.pi * RADIUS / (LABEL[1] - LABEL[0]))
    art = np.empty((height, width, 3), np.float32)
    art[:] = unit(ground)
    for edge in (0.035, 0.955):
        stripe = slice(round(edge * height), round((edge + 0.012) * height))
        art[stripe] = unit(GOLD)
    paste_logo(art, round(0.21 * height), width // 2, round(0.25 * height))
    band = slice(round(0.40 * height), round(0.66 * height))
    art[band] = unit(CREAM)
    centred(art, BRAND, round(0.53 * height), round(0.40 * width), round(0.17 * height), ground, weight=height // 160)
    centred(art, "COLD BREW COFFEE", round(0.755 * height), round(0.40 * width), round(0.08 * height), CREAM)
    centred(art, "330 ml", round(0.86 * height), round(0.3 * width), round(0.07 * height), CREAM)
    return art


def paste_logo(art: Pixels, middle: int, across: int, diameter: int) -> None:
    """Put the logo on `art` in place: a cream roundel with two hills and a sun."""
    ring = disc(diameter)
    left, top = across - diameter // 2, middle - diameter // 2
    blend(art, unit(CREAM), ring, left, top)
    y, x = np.mgrid[0:diameter, 0:diameter].astype(np.float32) / diameter
    for peak, foot, tone in ((0.36, 0.62, (16, 90, 74)), (0.66, 0.60, (10, 60, 52))):
        hill = np.clip((y - foot - 1.1 * np.abs(x - peak) + 0.22) * diameter, 0, 1)
        blend(art, unit(tone), (hill * ring * (np.hypot(x - 0.5, y - 0.5) < 0.45)).astype(np.float32), left, top)
    sun = disc(max(4, round(0.2 * diameter)))
    blend(art, unit(GOLD), sun, left + round(0.42 * diameter), top + round(0.18 * diameter))


def centred(art: Pixels, text: str, middle: int, width: int, size: int, color: Color, weight: int = 0) -> None:
    """Write one line on `art` in place, centred, no wider than `width`."""
    cover = words(text, fitting_size(text, width, size, weight), weight)
    blend(art, unit(color), cover, (art.shape[1] - cover.shape[1]) // 2, middle - cover.shape[0] // 2)


def paste_cap(colors: Pixels, y: Pixels, across: Pixels) -> None:
    """Put the ribbed cap on the neck, in place."""
    gain = 0.5 + 1.6 * ramp(1 - np.abs(across + 0.35), 0.3, 1.0)
    ribs = 1 + 0.10 * np.sin(np.arcsin(across) * 46) * (y > 0.028)
    cap = toned(CAP, gain * ribs)
    on_cap = np.broadcast_to(y < 0.105, cap.shape[:2])
    colors[on_cap] = cap[on_cap]
    ring = np.broadcast_to((y > 0.105) & (y < 0.118), cap.shape[:2])
    colors[ring] = toned(GOLD, np.broadcast_to(gain * 0.7, ring.shape))[ring]


def shrink(layer: Pixels) -> Pixels:
    """Return a layer at half size, every pixel the mean of four."""
    height, width = layer.shape[0] // SUPERSAMPLING, layer.shape[1] // SUPERSAMPLING
    blocks = layer[: height * SUPERSAMPLING, : width * SUPERSAMPLING]
    shape = (height, SUPERSAMPLING, width, SUPERSAMPLING, *layer.shape[2:])
    return np.ascontiguousarray(blocks.reshape(shape).mean(axis=(1, 3)))
