"""What a picture was read from, and the picture as every way of reading hands it on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consistency.errors import ImageError

UNTAGGED = "no colour profile: read as sRGB"


@dataclass(frozen=True, eq=False)
class Source:
    """What a picture was read from.

    Args:
        format: "PNG", "JPEG", "WEBP", "AVIF", "TIFF", "BMP"; "" for arrays.
        byte_count: Size of the file; None for pixels handed in.
        bits: Bits per channel as stored.
        frames: Frames or pages; only the first is read.
        profile: Name of its colour profile or space, "" where it states none.
        mode: Channels as stored: "RGB", "RGBA", "CMYK", "L", "P" …
        has_alpha: Whether it has transparency, if only a channel full of 255.
    """

    format: str
    byte_count: int | None
    bits: int
    frames: int
    profile: str
    mode: str
    has_alpha: bool


@dataclass(frozen=True, eq=False)
class Decoded:
    """A picture in sRGB before it has a key; fields as in `Image`."""

    pixels: NDArray[np.uint8]
    extended: NDArray[np.float32] | None
    alpha: NDArray[np.uint8] | None
    source: Source
    assumptions: tuple[str, ...]


def check_size(width: int, height: int, max_pixels: int) -> None:
    """Refuse pictures without pixels or with more than `max_pixels`.

    Raises:
        ImageError: One of both.
    """
    if width < 1 or height < 1:
        raise ImageError("at least one pixel", f"{width}×{height}")
    if width * height > max_pixels:
        raise ImageError(f"at most {max_pixels} pixels", f"{width}×{height}", "make it smaller, or raise max_pixels")


def to_bytes(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return floats as uint8, 1.0 being 255, rounded; those outside [0, 1] are clipped."""
    return np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)
