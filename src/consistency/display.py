"""What people see: escaped text, thumbnails, boxes drawn on pictures, colour swatches."""

from __future__ import annotations

import base64
import html
import io
import unicodedata
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageColor, ImageDraw

from consistency.errors import InputError
from consistency.region import Box, Mask, Region

Pixels = NDArray[np.uint8]


def escape(text: object) -> str:
    """Return text that is safe in HTML, in element and attribute alike; invisible characters are shown.

    Example:
        >>> escape('<b>\\n\\u202egnp')
        '&lt;b&gt;\\\\n\\\\u202egnp'
    """
    return html.escape(visible(text), quote=True)


def visible(text: object) -> str:
    """Return text on one line: control, bidirectional and other invisible characters as escapes like \\u202e."""
    return "".join(_visible_character(c) for c in str(text))


def thumbnail(pixels: Pixels, max_side: int = 320) -> Pixels:
    """Return the picture with its longer side at most `max_side`, never enlarged."""
    height, width = pixels.shape[:2]
    if max_side < 1:
        raise InputError("a longest side ≥ 1 pixel", max_side)
    if max(height, width) <= max_side:
        return pixels
    scale = max_side / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    small = Pillow.fromarray(pixels).resize(size, Pillow.Resampling.BOX, reducing_gap=2.0)
    return np.asarray(small)


def jpeg_bytes(pixels: Pixels, quality: int = 85) -> bytes:
    """Return the picture as a JPEG file, quality 1 to 95."""
    buffer = io.BytesIO()
    Pillow.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def data_uri(data: bytes, mime: str = "image/jpeg") -> str:
    """Return bytes as a data URI, for pages that must stand alone."""
    return f"data:{mime};base64,{base64.b64encode(data).decode('ascii')}"


def overlay(pixels: Pixels, regions: Sequence[tuple[Region, str]]) -> Pixels:
    """Return the picture with regions drawn on it: masks tinted, boxes outlined and numbered from 1.

    Args:
        pixels: H×W×3 uint8.
        regions: Each with its colour as "#rrggbb"; one without a box draws no outline but keeps its number. What
            lies outside the picture is cut off.

    Raises:
        InputError: A mask of another size than the picture.
    """
    height, width = pixels.shape[:2]
    tinted = pixels.copy()
    for region, color in regions:
        if region.mask is not None:
            _tint(tinted, region.mask, color)
    canvas = Pillow.fromarray(tinted)
    draw = ImageDraw.Draw(canvas)
    line = max(1, round(max(height, width) / 300))
    for number, (region, color) in enumerate(regions, 1):
        box = region.box.clipped(height, width) if region.box is not None else None
        if box is not None:
            draw.rectangle((box.left, box.top, box.right - 1, box.bottom - 1), outline=color, width=line)
            _label(draw, box, str(number), color, line)
    return np.asarray(canvas)


def swatch(color: str, label: object = "") -> str:
    """Return an HTML piece showing a colour "#rrggbb" as a small square with its name.

    Raises:
        InputError: `color` is no colour.
    """
    red, green, blue = _rgb(color)
    code = f"#{red:02x}{green:02x}{blue:02x}"
    name = escape(label or code)
    return f'<span class="swatch"><i style="background:{code}"></i>{name}</span>'


def _rgb(color: str) -> tuple[int, ...]:
    try:
        return ImageColor.getrgb(color)[:3]
    except ValueError as error:
        raise InputError('a colour "#rrggbb"', repr(color)) from error


def _tint(pixels: Pixels, mask: Mask, color: str) -> None:
    if (mask.height, mask.width) != pixels.shape[:2]:
        raise InputError(f"a mask of {pixels.shape[1]}×{pixels.shape[0]}", f"{mask.width}×{mask.height}")
    inside = mask.decode()
    tint = np.array(_rgb(color), np.uint16)
    pixels[inside] = (pixels[inside] + tint) // 2


def _label(draw: ImageDraw.ImageDraw, box: Box, text: str, color: str, line: int) -> None:
    """Write a number on a plate of the region's colour: above the box, or inside where there is no room."""
    size = 8 + 4 * line
    height, width = size + 2 * line, round(draw.textlength(text, font_size=size)) + 4 * line
    top = box.top - height if box.top >= height else box.top
    draw.rectangle((box.left, top, box.left + width - 1, top + height - 1), fill=color)
    red, green, blue = _rgb(color)
    # ITU-R BT.601 luma decides which of black and white stands out.
    ink = "black" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "white"
    draw.text((box.left + width / 2, top + height / 2), text, fill=ink, font_size=size, anchor="mm")


def _visible_character(character: str) -> str:
    # Cc control, Cf format (bidi, zero width), Cs lone surrogates, Co private, Cn unassigned, Zl and Zp line ends.
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return character.encode("unicode_escape", "surrogatepass").decode("ascii")
    return character
