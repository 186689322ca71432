"""A letter as a font file has it, drawn as letters are compared."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from qa.text.glyphs import ABOVE, BELOW, FAINT, FULL, SIZE
from qa.text.ink import Cover

MEASURED_AT = 400
ABSENT = "\U0010ffff"
"""A code point that no font has a glyph for."""

ROOM = 4


@lru_cache(maxsize=1024)
def drawn_glyph(font: bytes, letter: str) -> Cover | None:
    """Return a letter's ink with capitals of SIZE pixels; None where the file cannot be opened or lacks the letter.

    Args:
        font: A TrueType or OpenType file.
        letter: One character.
    """
    face = _at_size(font)
    if face is None or bytes(face.getmask(letter)) == bytes(face.getmask(ABSENT)):
        return None
    left, _, right, _ = face.getbbox(letter, anchor="ls")
    canvas = Image.new("L", (max(1, round(right - left)) + 2 * ROOM, round((1 + ABOVE + BELOW) * SIZE)))
    ImageDraw.Draw(canvas).text((ROOM - left, (1 + ABOVE) * SIZE), letter, fill=255, font=face, anchor="ls")
    cover = np.asarray(canvas, np.float32) / 255
    return np.asarray(np.clip((cover - FAINT) / (FULL - FAINT), 0, 1), np.float32)


@lru_cache(maxsize=16)
def _at_size(font: bytes) -> ImageFont.FreeTypeFont | None:
    """Return a face at the size at which its H is SIZE pixels high, or None where FreeType does not open it."""
    try:
        large = ImageFont.truetype(io.BytesIO(font), MEASURED_AT, layout_engine=ImageFont.Layout.BASIC)
        _, top, _, bottom = large.getbbox("H", anchor="ls")
        size = MEASURED_AT * SIZE / max(bottom - top, 1)
        return ImageFont.truetype(io.BytesIO(font), size, layout_engine=ImageFont.Layout.BASIC)
    except (OSError, ValueError):
        return None
