"""PNG files chunk by chunk: new pixels in, everything else as it was. Source: PNG, third edition (W3C 2025)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

HEADER, PIXELS, END = b"IHDR", b"IDAT", b"IEND"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
OF_PIXELS = frozenset((b"PLTE", b"tRNS", b"bKGD", b"sBIT", b"hIST", b"sPLT"))
"""Chunks that speak about samples as they were stored; they go where those are stored otherwise."""

COLOUR = slice(16, 18)
"""Where a header, after its length and name, holds bit depth and colour type (11.2.1)."""


def with_pixels(original: bytes, new: bytes) -> bytes:
    """Return the original PNG with the pixels of a new one of the same file.

    Profile, EXIF, XMP, text, resolution and all other chunks stay to the byte; palette and the like go where the new
    pixels are not stored in the same way.
    """
    fresh = list(chunks(new))
    head = next(whole for name, whole in fresh if name == HEADER)
    pixels = b"".join(whole for name, whole in fresh if name == PIXELS)
    parts, is_placed = [SIGNATURE, head], False
    is_same = original[24:26] == new[24:26]
    for name, whole in chunks(original):
        if name == PIXELS:
            parts += [] if is_placed else [pixels]
            is_placed = True
        elif name != HEADER and (is_same or name not in OF_PIXELS):
            parts.append(whole)
    return b"".join(parts)


def chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and whole bytes of each chunk up to the end of the picture."""
    position = len(SIGNATURE)
    while position + 12 <= len(data):
        size, name = struct.unpack_from(">I4s", data, position)
        yield name, data[position : position + size + 12]
        position += size + 12
        if name == END:
            return
