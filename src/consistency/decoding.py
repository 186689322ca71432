"""Picture files to sRGB pixels: sniffed by content, size checked from the header, turned upright."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageFile
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from consistency.errors import ImageError
from consistency.files import FileBytes

UNTAGGED = "no colour profile: read as sRGB"
SUFFIXES = {
    ".png": "PNG", ".apng": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".jpe": "JPEG", ".jfif": "JPEG", ".webp": "WEBP",
    ".avif": "AVIF", ".tif": "TIFF", ".tiff": "TIFF", ".bmp": "BMP", ".gif": "GIF", ".heic": "HEIC",
}  # fmt: skip
READERS: dict[str, type[ImageFile.ImageFile]] = {
    "PNG": PngImageFile,
    "JPEG": JpegImageFile,
    "WEBP": WebPImageFile,
    "AVIF": AvifImageFile,
    "TIFF": TiffImageFile,
    "BMP": BmpImageFile,
}


@dataclass(frozen=True, eq=False)
class Source:
    """What a picture was read from.

    Args:
        format: "PNG", "JPEG", "WEBP", "AVIF", "TIFF", "BMP"; "" for arrays.
        byte_count: Size of the file; None for pixels handed in.
        bits: Bits per channel.
        frames: Frames or pages; the first is the picture.
        profile: Name of its colour profile, "" where it had none.
        mode: Channels as the file has them: "RGB", "CMYK", "L", "P" …
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


def decode_file(file: FileBytes, max_pixels: int) -> Decoded:
    """Decode the bytes of a picture file.

    Raises:
        ImageError: Empty, of no known format, too large, truncated or damaged.
    """
    kind = sniff(file.data)
    if not kind:
        raise ImageError(
            "a PNG, JPEG, WebP, AVIF, TIFF or BMP picture",
            f"bytes starting {file.data[:12]!r}" if file.data else "an empty file",
            "export it in one of these formats" if file.data else "",
        )
    try:
        with READERS[kind](io.BytesIO(file.data)) as picture:
            check_size(*picture.size, max_pixels)
            picture.load()
            decoded = _decode(picture)
    except (ImageError, MemoryError):
        raise
    except Exception as error:
        raise ImageError(
            f"a whole {kind} file", str(error) or type(error).__name__, "it is damaged: make it again"
        ) from error
    source = replace(decoded.source, format=kind, byte_count=len(file.data))
    named = SUFFIXES.get(PurePath(file.name).suffix.lower(), kind)
    said = () if named == kind else (f"named as {named}, read as the {kind} that it is",)
    return replace(decoded, source=source, assumptions=(*said, *decoded.assumptions))


def decode_pillow(picture: Pillow.Image, max_pixels: int) -> tuple[Decoded, str]:
    """Decode a PIL image and return it with its key."""
    check_size(*picture.size, max_pixels)
    try:
        picture.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise ImageError("a whole picture", error) from error
    digest = hashlib.sha256(f"{picture.mode} {picture.size} ".encode() + picture.tobytes())
    return _decode(picture), digest.hexdigest()


def sniff(data: bytes) -> str:
    """Return the format that the first bytes show, or ""."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp" and any(brand in data[8:64] for brand in (b"avif", b"avis")):
        return "AVIF"
    if data[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "TIFF"
    return "BMP" if data[:2] == b"BM" else ""


def check_size(width: int, height: int, max_pixels: int) -> None:
    """Refuse pictures without pixels or with more than `max_pixels`."""
    if width < 1 or height < 1:
        raise ImageError("at least one pixel", f"{width}×{height}")
    if width * height > max_pixels:
        raise ImageError(f"at most {max_pixels} pixels", f"{width}×{height}", "make it smaller, or raise max_pixels")


def to_bytes(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return floats in [0, 1] as uint8, rounded; those outside are clipped."""
    return np.rint(np.clip(values, 0, 1) * 255).astype(np.uint8)


def _decode(picture: Pillow.Image) -> Decoded:
    has_alpha = picture.has_transparency_data
    turned = np.asarray(picture.convert("RGBA" if has_alpha else "RGB"))
    turned = upright(turned, picture.getexif().get(0x0112, 1))
    alpha = np.ascontiguousarray(turned[..., 3]) if has_alpha else None
    pixels = np.ascontiguousarray(turned[..., :3])
    source = Source(picture.format or "", None, 8, getattr(picture, "n_frames", 1), "", picture.mode, has_alpha)
    return Decoded(pixels, None, alpha, source, (UNTAGGED,))


def upright(plane: NDArray[Any], orientation: object) -> NDArray[Any]:
    """Return an H×W… array turned as EXIF orientation 1..8 asks (CIPA DC-008, tag 274)."""
    if orientation in (5, 6, 7, 8):
        plane = plane.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        plane = plane[::-1]
    if orientation in (2, 3, 6, 7):
        plane = plane[:, ::-1]
    return plane
