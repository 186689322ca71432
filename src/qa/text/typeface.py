"""A kit's font file: checked before it is opened, and drawn with."""

from __future__ import annotations

import io
import os
import struct
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from consistency.errors import InputError, shorten

LARGEST_BYTES = 40_000_000
"""Of a font file; those of all Han characters have about 20 MB."""

SIGNATURES = (b"\x00\x01\x00\x00", b"OTTO", b"true")
"""TrueType and OpenType ("OpenType specification 1.9.1", Microsoft 2024, Organization of an OpenType Font)."""

NEEDED = (b"cmap", b"head", b"hhea", b"hmtx", b"maxp")
MOST_TABLES, MOST_LETTERS = 200, 1000
LARGEST_SIZE = 4000.0
MEASURED_AT, CHECKED_AT = 400.0, 64.0
LARGEST_LETTER = 8.0
"""Em, either way; the widest of Latin, a dash, has three. A file may claim any size for its letters."""

ABSENT = "\U0010ffff"
"""A code point that no font has a glyph for; what is drawn for it stands for every glyph that is missing."""

HINT = "state another font file"
Cover = NDArray[np.uint8]


class UnusableFont(InputError):
    """A font file that cannot be drawn with, or not this text."""

    code = "font.unusable"


@dataclass(frozen=True)
class Extent:
    """Ink of a line of text around its origin on the baseline, in pixels; y grows downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def scaled(self, factor: float) -> Extent:
        """Return the extent at another size."""
        return Extent(self.left * factor, self.top * factor, self.right * factor, self.bottom * factor)

    @property
    def width(self) -> float:
        """Width of the ink."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Height of the ink."""
        return self.bottom - self.top


@dataclass(frozen=True)
class Typeface:
    """A font file that was found to be sound.

    Args:
        data: Its bytes.
    """

    data: bytes

    def sized(self, size: float) -> ImageFont.FreeTypeFont:
        """Return the face at so many pixels per em.

        Raises:
            UnusableFont: FreeType does not open it.
        """
        if not 1 <= size <= LARGEST_SIZE:
            raise UnusableFont(f"a size of 1 to {LARGEST_SIZE:g} px", f"{size:.1f}", HINT)
        return opened(self.data, round(size, 2))

    def extent(self, text: str, size: float) -> Extent:
        """Return where a line's ink lies, measured large and scaled down.

        Raises:
            UnusableFont: It has none.
        """
        if len(text) > MOST_LETTERS:
            raise UnusableFont(f"at most {MOST_LETTERS} letters on a row", len(text))
        return ink_of(self, text).scaled(size / MEASURED_AT)

    def has(self, text: str) -> bool:
        """Whether the file can draw a text letter by letter; see `check`."""
        try:
            self.check(text)
        except UnusableFont:
            return False
        return True

    def check(self, text: str) -> None:
        """Refuse a text that the file cannot be drawn with letter by letter.

        Raises:
            UnusableFont: A glyph is missing or larger than any letter, or the script wants its letters shaped or
                ordered.
        """
        shaped = next(filter(_is_shaped, _letters(text)), None)
        if shaped is not None:
            raise UnusableFont("letters that stand one beside the other", f"{shaped!r}", "set the text by hand")
        missing = self.missing(text)
        if missing is not None:
            raise UnusableFont(f"a font with a glyph for {missing!r}", "one without", HINT)

    def missing(self, text: str) -> str | None:
        """Return the first letter of a text that the file has no glyph for, None where it has all of them.

        Letters that are shaped or ordered by their neighbours, as Arabic ones are, are not looked at.
        """
        blank = glyph_of(self, ABSENT)
        drawn = ((symbol, glyph_of(self, symbol)) for symbol in _letters(text) if not _is_shaped(symbol))
        return next((symbol for symbol, glyph in drawn if not any(glyph) or glyph == blank), None)

    def drawn(self, text: str, size: float, shape: tuple[int, int], origin: tuple[float, float]) -> Cover:
        """Return the cover, h×w in 0..255, of a line of text with its baseline's beginning at `origin` (x, y)."""
        canvas = Image.new("L", (shape[1], shape[0]), 0)
        with reported():
            ImageDraw.Draw(canvas).text(origin, text, fill=255, font=self.sized(size), anchor="ls")
        return np.asarray(canvas, np.uint8)


def _letters(text: str) -> list[str]:
    """Return each letter of a text once, composed, without spaces."""
    return [symbol for symbol in dict.fromkeys(unicodedata.normalize("NFC", text)) if not symbol.isspace()]


def _is_shaped(symbol: str) -> bool:
    return unicodedata.bidirectional(symbol) in ("R", "AL") or unicodedata.category(symbol) in ("Mn", "Mc", "Cf")


def read_typeface(font: str | os.PathLike[str] | bytes) -> Typeface:
    """Return the typeface of a font file, or of its bytes.

    Raises:
        UnusableFont: It cannot be read, or see `open_typeface`.
    """
    if isinstance(font, bytes):
        return open_typeface(font)
    try:
        path = Path(font)
        if path.stat().st_size > LARGEST_BYTES:
            raise UnusableFont(f"a font file of at most {LARGEST_BYTES // 10**6} MB", path, HINT)
        return open_typeface(path.read_bytes())
    except OSError as error:
        raise UnusableFont("a font file that can be read", f"{font}: {error.strerror or error}") from None


def open_typeface(data: bytes) -> Typeface:
    """Return the typeface of a font file.

    Raises:
        UnusableFont: It is no TrueType or OpenType file, is too large, does not hold what it says, or draws no letters.
    """
    if len(data) > LARGEST_BYTES:
        raise UnusableFont(f"a font file of at most {LARGEST_BYTES // 10**6} MB", f"{len(data):,} bytes", HINT)
    if data[:4] not in SIGNATURES:
        raise UnusableFont("a TrueType or OpenType file (.ttf, .otf)", f"one that begins {data[:4]!r}", HINT)
    check_tables(data)
    typeface = Typeface(data)
    glyph_of(typeface, "H")
    return typeface


def check_tables(data: bytes) -> None:
    """Refuse a file whose table directory points outside it, or lacks what every font has.

    Raises:
        UnusableFont: It does.
    """
    count = struct.unpack(">H", data[4:6])[0] if len(data) >= 12 else 0
    if not 0 < count <= MOST_TABLES or len(data) < 12 + 16 * count:
        raise UnusableFont("a font file that is whole", f"one of {len(data):,} bytes with {count} tables", HINT)
    entries = [struct.unpack(">4sLLL", data[12 + 16 * at : 28 + 16 * at]) for at in range(count)]
    if any(offset + length > len(data) for _, _, offset, length in entries):
        raise UnusableFont("a font file that is whole", "a table that ends behind it", HINT)
    missing = [name.decode() for name in NEEDED if name not in {entry[0] for entry in entries}]
    if missing:
        raise UnusableFont("a font file with every table a font has", f"one without {', '.join(missing)}", HINT)


@lru_cache(maxsize=4096)
def ink_of(typeface: Typeface, text: str) -> Extent:
    """Return where a line's ink lies at MEASURED_AT pixels per em; see `Typeface.extent`."""
    with reported():
        mask, (left, top) = typeface.sized(MEASURED_AT).getmask2(text, mode="L", anchor="ls")
    ink = mask.getbbox()
    if ink is None:
        raise UnusableFont("a text with ink", shorten(text))
    return Extent(left + ink[0], top + ink[1], left + ink[2], top + ink[3])


@lru_cache(maxsize=4096)
def glyph_of(typeface: Typeface, symbol: str) -> bytes:
    """Return a letter's coverage at CHECKED_AT pixels per em, measured before it is drawn.

    Raises:
        UnusableFont: It is larger than any letter.
    """
    font = typeface.sized(CHECKED_AT)
    with reported():
        left, top, right, bottom = font.getbbox(symbol)
        if max(abs(left), abs(top), abs(right), abs(bottom)) > LARGEST_LETTER * CHECKED_AT:
            raise UnusableFont(f"letters of at most {LARGEST_LETTER:g} em", f"a larger {symbol!r}", HINT)
        return bytes(font.getmask(symbol))


@lru_cache(maxsize=16)
def opened(data: bytes, size: float) -> ImageFont.FreeTypeFont:
    """Return a face at a size; letters are laid side by side, kerned by the file's own table, on any machine alike."""
    with reported():
        return ImageFont.truetype(io.BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)


@contextmanager
def reported() -> Iterator[None]:
    """Report what FreeType finds wrong with a file as the file's fault.

    Raises:
        UnusableFont: It does.
    """
    try:
        yield
    except UnusableFont:
        raise
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise UnusableFont("a font file that FreeType draws", str(error), HINT) from None
