"""A letter as a font file has it, drawn as letters are compared."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from qa.text.glyphs import ABOVE, BELOW, FAINT, FULL, SIZE
from qa.text.ink import Cover
from qa.text.typeface import Typeface

ROOM = 4


@lru_cache(maxsize=1024)
def drawn_glyph(typeface: Typeface, letter: str) -> Cover | None:
    """Return a letter's ink with capitals of SIZE pixels; None where the font lacks it, or an H to measure it by.

    Args:
        typeface: The font.
        letter: One character.
    """
    if not typeface.has(f"H{letter}"):
        return None
    face = typeface.sized(SIZE / typeface.extent("H", 1.0).height)
    left, _, right, _ = face.getbbox(letter, anchor="ls")
    canvas = Image.new("L", (max(1, round(right - left)) + 2 * ROOM, round((1 + ABOVE + BELOW) * SIZE)))
    ImageDraw.Draw(canvas).text((ROOM - left, (1 + ABOVE) * SIZE), letter, fill=255, font=face, anchor="ls")
    cover = np.asarray(canvas, np.float32) / 255
    return np.asarray(np.clip((cover - FAINT) / (FULL - FAINT), 0, 1), np.float32)
