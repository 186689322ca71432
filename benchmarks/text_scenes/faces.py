"""The faces of the system's font packages that a Latin text can be drawn in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Mask = NDArray[np.uint8]

FONTS = Path("/usr/share/fonts")
LEAST = 30
PACKAGES = (
    "fonts-dejavu fonts-liberation fonts-lato fonts-roboto-unhinted fonts-open-sans fonts-ebgaramond "
    "fonts-crosextra-carlito fonts-crosextra-caladea fonts-cabin fonts-quicksand fonts-comfortaa fonts-lobster "
    "fonts-bebas-neue fonts-linuxlibertine fonts-inter fonts-texgyre fonts-noto-core"
)
NO_TEXT = ("symbol", "dingbat", "d0500", "emoji", "math", "initial", "keyboard", "barcode", "chorus", "awesome", "icon")
"""Parts of the names of faces whose letters are signs or ornaments; D050000L is what URW calls its dingbats."""

LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.,:;!?&%$-+/()'"
MEASURED_AT = 200
MIN_STROKE = 1.0
"""Pixels; thinner strokes are never drawn in their full colour, so that no contrast could be stated."""

MOST_UNLIKE = 0.4
"""Share of the ink that may differ between a capital and a small letter drawn as one, whose strokes are thicker."""


@dataclass(frozen=True)
class Face:
    """One font file.

    Attributes:
        path: The file.
        family: What its designer calls it, with its style.
        cap_share: Height of its H in shares of the nominal size.
        stroke_share: Thickest stroke of its H in shares of the height of the H.
        is_caseless: Small letters are drawn as capitals.
    """

    path: Path
    family: str
    style: str
    cap_share: float
    stroke_share: float
    is_caseless: bool

    @property
    def name(self) -> str:
        return f"{self.family} {self.style}"

    def sized(self, cap_height: float) -> ImageFont.FreeTypeFont:
        """The face at the size at which its H is so many pixels high."""
        return load(self.path, cap_height / self.cap_share)

    @cached_property
    def _blank(self) -> bytes:
        return bytes(load(self.path, 60.0).getmask("\U000e0fff"))

    def has(self, text: str) -> bool:
        """Whether it has a glyph for every character."""
        return all(self._has(character) for character in set(text) - {" "})

    def _has(self, character: str) -> bool:
        drawn = load(self.path, 60.0).getmask(character)
        return drawn.getbbox() is not None and bytes(drawn) != self._blank


@lru_cache(maxsize=256)
def load(path: Path, size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


def draw_mask(font: ImageFont.FreeTypeFont, text: str, margin: int = 2) -> Mask:
    """Return the coverage, 0 to 255, of a text on its baseline; its height is the same for every text of the font."""
    ascent, descent = font.getmetrics()
    left, top, right, bottom = font.getbbox(text, anchor="ls")
    above, below = max(ascent, -top) + margin, max(descent, bottom) + margin
    width = round(max(right, font.getlength(text)) - min(left, 0)) + 2 * margin
    canvas = Image.new("L", (max(1, width), round(above + below)))
    ImageDraw.Draw(canvas).text((margin - min(left, 0), above), text, fill=255, font=font, anchor="ls")
    return np.asarray(canvas, np.uint8)


@lru_cache(maxsize=1)
def find_faces(folder: Path = FONTS) -> tuple[Face, ...]:
    """Return every face that draws Latin text, each drawing once, by name.

    Raises:
        SystemExit: There are fewer than 30.
    """
    found: dict[str, Face] = {}
    for path in sorted(folder.rglob("*")):
        face = read_face(path) if path.suffix.lower() in (".ttf", ".otf") else None
        if face is not None:
            found.setdefault(sha256(draw_mask(face.sized(40.0), LATIN).tobytes()).hexdigest(), face)
    if len(found) < LEAST:
        names = f"under {folder}; install more, on Debian: apt-get install {PACKAGES}"
        raise SystemExit(f"expected at least {LEAST} font faces with Latin letters, got {len(found)} {names}")
    return tuple(sorted(found.values(), key=lambda face: (face.name, str(face.path))))


def read_face(path: Path) -> Face | None:
    """Return the face of a file, or None where it is no face for text."""
    try:
        font = load(path, float(MEASURED_AT))
        family, style = (part or "" for part in font.getname())
        high = ink_height(font, "H")
        # Distances run from the middle of one pixel to that of another.
        stroke = 2 * cv2.distanceTransform((draw_mask(font, "H") > 127).astype(np.uint8), cv2.DIST_L2, 5).max() - 1
        caseless = sum(is_drawn_as_capital(font, letter) for letter in "aegrt") >= 4
        face = Face(path, family, style, high / MEASURED_AT, float(stroke) / max(high, 1), caseless)
        is_text = high > 0 and not any(word in f"{family} {path.stem}".lower() for word in NO_TEXT)
        return face if is_text and face.has(LATIN) else None
    except OSError:
        return None


def ink_height(font: ImageFont.FreeTypeFont, text: str) -> float:
    rows = np.flatnonzero(draw_mask(font, text).max(axis=1) > 127)
    return float(rows[-1] - rows[0] + 1) if rows.size else 0.0


def is_drawn_as_capital(font: ImageFont.FreeTypeFont, letter: str) -> bool:
    """Whether a small letter, brought to its capital's size, has the capital's shape."""
    small, capital = (cropped(draw_mask(font, text)) for text in (letter, letter.upper()))
    if not small.size or not capital.size:
        return False
    same_size = cv2.resize(small, capital.shape[::-1], interpolation=cv2.INTER_AREA)
    ink = (same_size.sum(dtype=float) + capital.sum(dtype=float)) / 2
    return bool(cv2.absdiff(same_size, capital).sum(dtype=float) < MOST_UNLIKE * ink)


def cropped(mask: Mask) -> Mask:
    rows, columns = np.flatnonzero(mask.max(axis=1) > 127), np.flatnonzero(mask.max(axis=0) > 127)
    return mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if rows.size else mask[:0, :0]
