"""Which colours a picture has: the palette in it, for exploring. What is judged is found elsewhere, by regions.

Weighted k-means in Oklab (Ottosson 2020), on a histogram of the colours: the space spreads colours as eyes do, so that
small saturated areas get a cluster of their own. The start is the greedy choice of far and frequent colours, so equal
pictures give equal palettes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consistency.colorspace import Floats, oklab_to_srgb, srgb_to_oklab
from consistency.display import escape, swatch
from consistency.errors import InputError
from consistency.image import Image
from qa.color.difference import delta_e00
from qa.color.notation import Color, ColorLike, parse_color
from qa.color.palette import Palette

MOST = 64
CELL_BITS = 5
ROUNDS = 30
SETTLED = 1e-4
"""Oklab units that no centre moves any more: far below what an eye sees."""

AREA_EXPONENT = 0.5
"""A start is chosen by its distance² times its area to this power: by area alone (1), a sky takes all the starts; by
distance alone (0), noise does."""

HEAD = ("colour", "share", "nearest", "ΔE00")


@dataclass(frozen=True)
class Swatch:
    """One colour of a picture.

    Attributes:
        color: The middle of its cluster.
        area_fraction: Share of the picture, in [0, 1].
        nearest: Name of the nearest colour of the palette given; "" without one.
        delta_e00: ΔE00 to it; None without one.
    """

    color: Color
    area_fraction: float
    nearest: str = ""
    delta_e00: float | None = None


@dataclass(frozen=True)
class Swatches:
    """The colours of a picture, largest area first; a sequence of `Swatch` that notebooks show as colours."""

    found: tuple[Swatch, ...]

    def __len__(self) -> int:
        return len(self.found)

    def __getitem__(self, index: int) -> Swatch:
        return self.found[index]

    def __str__(self) -> str:
        return "\n".join(" ".join(cell for cell in cells(one) if cell) for one in self.found)

    def _repr_html_(self) -> str:
        rows = "".join(html_row(one) for one in self.found)
        head = "".join(f"<th>{escape(name)}</th>" for name in HEAD[: 4 if self.found[0].nearest else 2])
        style = ".swatch i{display:inline-block;width:1.2em;height:1.2em;margin-right:.4em;vertical-align:middle}"
        return f"<style>{style}</style><table><tr>{head}</tr>{rows}</table>"


def extract(
    image: Image | NDArray[np.uint8], k: int = 8, palette: Palette | Mapping[str, ColorLike] | None = None
) -> Swatches:
    """Return up to `k` colours that a picture is made of.

    For which pixels are a brand colour, and how far off, use `Palette.nearest`; this one asks what is there.

    Args:
        image: An `Image`, or an H×W×3 uint8 sRGB array.
        k: How many at most, in 1..64; a picture with fewer colours gives fewer.
        palette: Name → colour, or a `Palette`: each swatch then says which is nearest and how far.

    Raises:
        InputError: Another shape or type, k out of range, a palette that is none.

    Example:
        >>> flag = np.zeros((4, 4, 3), np.uint8)
        >>> flag[:1] = 200, 16, 46
        >>> print(extract(flag, 2, {"red": "#c8102e"}))
        #000000 75.0 % red 40.92
        #c8102e 25.0 % red 0.00
    """
    pixels = checked_pixels(image)
    if not isinstance(k, (int, np.integer)) or isinstance(k, bool) or not 1 <= k <= MOST:
        raise InputError(f"a number of colours in 1..{MOST}", repr(k))
    oklab, weights = histogram(pixels)
    centres, shares = cluster(oklab, weights, int(k))
    colors = [color_of(centre) for centre in centres]
    order = sorted(range(len(colors)), key=lambda i: (-shares[i], colors[i].hex))
    labs = references(palette) if palette is not None else {}
    return Swatches(tuple(measured(colors[i], float(shares[i]), labs) for i in order))


def checked_pixels(image: Image | NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the pixels once they are H×W×3 uint8."""
    pixels = image.pixels if isinstance(image, Image) else image
    shape = getattr(pixels, "shape", None)
    if not isinstance(pixels, np.ndarray) or pixels.ndim != 3 or pixels.shape[2] != 3 or not pixels.size:
        raise InputError("an H×W×3 uint8 picture", type(pixels).__name__ if shape is None else shape, "load_image()")
    if pixels.dtype != np.uint8:
        raise InputError("an H×W×3 uint8 picture", pixels.dtype, "load_image() takes floats in [0, 1]")
    return pixels


def histogram(pixels: NDArray[np.uint8]) -> tuple[Floats, Floats]:
    """Return the mean Oklab colour of each 5-bit cell that occurs, n×3, and its share of the picture, n."""
    channels = [np.ascontiguousarray(pixels[..., channel]).reshape(-1) for channel in range(3)]
    cells = np.zeros(len(channels[0]), np.intp)
    for channel in channels:
        cells = (cells << CELL_BITS) | (channel >> (8 - CELL_BITS))
    counts = np.bincount(cells, minlength=1 << 3 * CELL_BITS)
    present = np.flatnonzero(counts)
    sums = [np.bincount(cells, weights=channel, minlength=len(counts))[present] for channel in channels]
    means = np.stack(sums, axis=1) / counts[present, None]
    return srgb_to_oklab(means / 255), counts[present].astype(np.float64) / len(cells)


def cluster(points: Floats, weights: Floats, k: int) -> tuple[Floats, Floats]:
    """Return up to `k` centres of weighted points, and the weight of each."""
    centres = starts(points, weights, k)
    for _ in range(ROUNDS):
        labels = squared_distances(points, centres).argmin(axis=1)
        shares = np.bincount(labels, weights, len(centres))
        sums = np.stack([np.bincount(labels, weights * axis, len(centres)) for axis in points.T], axis=1)
        moved = np.where(shares[:, None] > 0, sums / np.maximum(shares, 1e-300)[:, None], centres)
        is_settled = np.abs(moved - centres).max() < SETTLED
        centres = moved
        if is_settled:
            break
    labels = squared_distances(points, centres).argmin(axis=1)
    last = np.bincount(labels, weights, len(centres)).astype(np.float64)
    return centres[last > 0], last[last > 0]


def starts(points: Floats, weights: Floats, k: int) -> Floats:
    """Return up to `k` points to start from: the heaviest, then ever the one that is far from them and heavy."""
    chosen = [int(weights.argmax())]
    nearest = squared_distances(points, points[chosen])[:, 0]
    pull = weights**AREA_EXPONENT
    while len(chosen) < k and nearest.max() > 0:
        chosen.append(int((nearest * pull).argmax()))
        nearest = np.minimum(nearest, squared_distances(points, points[chosen[-1:]])[:, 0])
    return points[chosen]


def squared_distances(points: Floats, centres: Floats) -> Floats:
    """Return n×k squared distances."""
    return np.stack([((points - centre) ** 2).sum(axis=1) for centre in centres], axis=1)


def color_of(oklab: Floats) -> Color:
    """Return a centre as the 8-bit colour nearest to it."""
    red, green, blue = (int(step) for step in np.rint(np.clip(oklab_to_srgb(oklab), 0, 1) * 255))
    return parse_color((red, green, blue))


def references(palette: Palette | Mapping[str, ColorLike]) -> dict[str, Color]:
    """Return the colours of a palette by name."""
    known = palette if isinstance(palette, Palette) else Palette(palette)
    return {str(name): color for name, color in zip(known.names, known.colors, strict=True)}


def measured(color: Color, area_fraction: float, labs: Mapping[str, Color]) -> Swatch:
    """Return a swatch with the nearest of some colours."""
    if not labs:
        return Swatch(color, round(area_fraction, 6))
    distances = delta_e00(np.array([one.lab for one in labs.values()]), np.array(color.lab))
    nearest = int(distances.argmin())
    return Swatch(color, round(area_fraction, 6), list(labs)[nearest], round(float(distances[nearest]), 2))


def cells(one: Swatch) -> tuple[str, str, str, str]:
    """Return a swatch in words."""
    distance = "" if one.delta_e00 is None else f"{one.delta_e00:.2f}"
    return one.color.hex, f"{100 * one.area_fraction:.1f} %", one.nearest, distance


def html_row(one: Swatch) -> str:
    """Return a swatch as a row of a table."""
    _, *rest = cells(one)
    return f"<tr><td>{swatch(one.color.hex)}</td>{''.join(f'<td>{escape(cell)}</td>' for cell in rest if cell)}</tr>"
