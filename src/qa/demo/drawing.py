"""Drawing on float pictures: layers, shapes, words, soft shadows. H×W×3 float32 sRGB in [0, 1] throughout."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter, ImageFont

Pixels = NDArray[Any]
"""A picture H×W×3, or a cover H×W in [0, 1]; float."""
Color = tuple[float, float, float]
"""sRGB, each in 0…255; fractions are kept until the file is written."""

WHITE: Color = (255.0, 255.0, 255.0)
INK: Color = (24.0, 26.0, 30.0)


def unit(color: Color) -> Pixels:
    """Return a colour as three float32 in [0, 1]."""
    return np.asarray(color, dtype=np.float32) / 255


def blend(canvas: Pixels, paint: Pixels, cover: Pixels, left: int, top: int) -> None:
    """Lay `paint` (h×w×3 or one colour) on `canvas` in place where `cover` (h×w in [0, 1]) is; clipped at the edges."""
    height, width = cover.shape
    rows = slice(max(0, top), min(canvas.shape[0], top + height))
    columns = slice(max(0, left), min(canvas.shape[1], left + width))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    inside = (slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left))
    alpha = cover[inside][..., None]
    layer = paint[inside] if paint.ndim == 3 else paint
    under = canvas[rows, columns]
    canvas[rows, columns] = under + (layer - under) * alpha


def soften(cover: Pixels, sigma: float) -> Pixels:
    """Return an H×W cover blurred by `sigma` pixels; wide blurs are made on a smaller copy."""
    step = max(1, int(sigma // 4))
    height, width = cover.shape
    small = Image.fromarray((np.clip(cover, 0, 1) * 255).astype(np.uint8))
    small = small.resize((max(1, width // step), max(1, height // step)), Image.Resampling.BOX)
    soft = small.filter(ImageFilter.GaussianBlur(sigma / step)).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(soft, dtype=np.float32) / 255


def blurred(pixels: Pixels, sigma: float) -> Pixels:
    """Return an H×W×3 picture blurred by a Gaussian of `sigma` pixels."""
    file = Image.fromarray((np.clip(pixels, 0, 1) * 255 + 0.5).astype(np.uint8))
    return np.asarray(file.filter(ImageFilter.GaussianBlur(sigma)), dtype=np.float32) / 255


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Return Aileron, the face that Pillow carries, at `size` pixels."""
    face = ImageFont.load_default(size)
    if not isinstance(face, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType")
    return face


def words(text: str, size: int, weight: int = 0) -> Pixels:
    """Return the cover of one line of text, cropped to its ink; `weight` thickens every stroke by that many pixels."""
    box = font(size).getbbox(text, stroke_width=weight)
    left, top, right, bottom = (round(side) for side in box)
    file = Image.new("L", (max(1, right - left), max(1, bottom - top)), 0)
    ImageDraw.Draw(file).text((-left, -top), text, fill=255, font=font(size), stroke_width=weight)
    return np.asarray(file, dtype=np.float32) / 255


def fitting_size(text: str, width: int, largest: int, weight: int = 0) -> int:
    """Return the largest font size, at most `largest`, at which `text` is no wider than `width` pixels."""
    at_hundred = font(100).getlength(text) + 2 * weight
    return max(8, min(largest, int(100 * width / at_hundred)))


def disc(diameter: int) -> Pixels:
    """Return the cover of a filled circle."""
    return rounded(diameter, diameter, diameter / 2)


def rounded(height: int, width: int, radius: float) -> Pixels:
    """Return the cover of a rectangle with rounded corners, edges antialiased."""
    y = np.abs(np.arange(height, dtype=np.float32) - (height - 1) / 2)[:, None] - (height / 2 - radius)
    x = np.abs(np.arange(width, dtype=np.float32) - (width - 1) / 2)[None, :] - (width / 2 - radius)
    outside = np.hypot(np.maximum(x, 0), np.maximum(y, 0)) + np.minimum(np.maximum(x, y), 0)
    return np.asarray(np.clip(radius - outside + 0.5, 0, 1), np.float32)


def turned(layer: Pixels, degrees: float) -> tuple[Pixels, Pixels]:
    """Return an H×W×3 layer turned about its centre, and its cover."""
    rgba = np.dstack([layer, np.ones(layer.shape[:2], np.float32)])
    file = Image.fromarray((np.clip(rgba, 0, 1) * 255 + 0.5).astype(np.uint8))
    spun = np.asarray(file.rotate(degrees, Image.Resampling.BICUBIC, expand=True), dtype=np.float32) / 255
    return spun[..., :3], np.ascontiguousarray(spun[..., 3])


def ramp(values: Pixels, start: float, stop: float) -> Pixels:
    """Return 0 below `start`, 1 above `stop`, a smooth step between."""
    t = np.clip((values - start) / (stop - start), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def clouds(rng: np.random.Generator, height: int, width: int, cell: int) -> Pixels:
    """Return soft random variation, H×W float32 in about [-1, 1], features about `cell` pixels wide."""
    rows, columns = max(2, height // cell + 2), max(2, width // cell + 2)
    coarse = Image.fromarray(rng.uniform(-1, 1, (rows, columns)).astype(np.float32))
    return np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)


def toned(color: Color, gain: Pixels) -> Pixels:
    """Return one colour under `gain` times the light, H×W×3; near enough for what no rule measures."""
    return unit(color) * (np.maximum(gain, 0) ** np.float32(1 / 2.2))[..., None]
