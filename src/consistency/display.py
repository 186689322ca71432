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
from consistency.region import Region

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
        regions: Each with its colour as "#rrggbb"; one without a box draws nothing but keeps its number.
    """
    tinted = pixels.copy()
    for region, color in regions:
        if region.mask is not None:
            inside = region.mask.decode()
            tinted[inside] = (tinted[inside] // 2 + np.array(ImageColor.getrgb(color)) // 2).astype(np.uint8)
    canvas = Pillow.fromarray(tinted)
    draw = ImageDraw.Draw(canvas)
    line = max(1, round(max(pixels.shape[:2]) / 300))
    for number, (region, color) in enumerate(regions, 1):
        if region.box is not None:
            box = region.box
            draw.rectangle((box.left, box.top, box.right - 1, box.bottom - 1), outline=color, width=line)
            draw.text((box.left + 2 * line, box.top + 2 * line), str(number), fill=color, font_size=12 * line)
    return np.asarray(canvas)


def swatch(color: str, label: object = "") -> str:
    """Return an HTML piece showing a colour "#rrggbb" as a small square with its name."""
    red, green, blue = ImageColor.getrgb(color)[:3]
    code = f"#{red:02x}{green:02x}{blue:02x}"
    name = escape(label or code)
    return f'<span class="swatch"><i style="background:{code}"></i>{name}</span>'


def _visible_character(character: str) -> str:
    # Cc control, Cf format (bidi, zero width), Cs lone surrogates, Co private, Cn unassigned, Zl and Zp line ends.
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        return character.encode("unicode_escape", "surrogatepass").decode("ascii")
    return character
