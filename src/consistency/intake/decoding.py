"""Picture files, sniffed by content; their size is checked from the header, before anything is decoded."""

from __future__ import annotations

import hashlib
import io
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import PurePath
from threading import Lock

import numpy as np
from PIL import Image as Pillow
from PIL import ImageFile
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from consistency.errors import ImageError
from consistency.intake.arrays import array_key
from consistency.intake.files import FileBytes
from consistency.intake.rendering import render
from consistency.intake.sources import Decoded, check_size
from consistency.intake.tagging import ORIENTATION, count_frames

READERS: dict[str, type[ImageFile.ImageFile]] = {
    "PNG": PngImageFile,
    "JPEG": JpegImageFile,
    "WEBP": WebPImageFile,
    "AVIF": AvifImageFile,
    "TIFF": TiffImageFile,
    "BMP": BmpImageFile,
}
"""Every format that is read. The classes are opened themselves: `PIL.Image.open` tries other formats too, and warns
above 89 megapixels."""

SUFFIXES = {
    ".png": "PNG", ".apng": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".jpe": "JPEG", ".jfif": "JPEG", ".webp": "WEBP",
    ".avif": "AVIF", ".tif": "TIFF", ".tiff": "TIFF", ".bmp": "BMP", ".gif": "GIF", ".heic": "HEIC", ".heif": "HEIF",
}  # fmt: skip
_STRANGERS = {
    b"GIF8": "a GIF",
    b"%PDF": "a PDF",
    b"8BPS": "a Photoshop file",
    b"<svg": "an SVG",
    b"\0\0\1\0": "an icon",
}


def decode_file(file: FileBytes, max_pixels: int) -> Decoded:
    """Decode the bytes of a picture file.

    Raises:
        ImageError: Empty, of no known format, too large, truncated or damaged.
    """
    kind = sniff(file.data)
    if not kind:
        raise _unknown(file.data)
    with quiet_pillow():
        picture, frames = _load(kind, file.data, max_pixels)
        with picture:
            decoded = render(picture, kind, file.data, frames)
    named = SUFFIXES.get(PurePath(file.name).suffix.lower(), kind)
    said = () if named == kind else (f"named as {named}, read as the {kind} that it is",)
    return replace(decoded, assumptions=(*said, *decoded.assumptions))


def decode_pillow(picture: Pillow.Image, max_pixels: int) -> Decoded:
    """Decode a PIL image, at the frame where it stands.

    Raises:
        ImageError: No pixels or too many; or opened from a file that turns out damaged.
    """
    check_size(*picture.size, max_pixels)
    with quiet_pillow(), damage_told("a whole picture"):
        picture.load()
    with quiet_pillow():
        return render(picture, frames=count_frames(picture))


def pillow_key(picture: Pillow.Image) -> str:
    """Return the key of a loaded PIL image: that of its array, with everything else that decides how it looks."""
    looks = {
        name: picture.info[name] for name in ("icc_profile", "transparency", "srgb", "gamma") if name in picture.info
    }
    turned = picture.getexif().get(ORIENTATION, 1)
    if picture.mode in ("L", "RGB", "RGBA") and not looks and turned == 1:
        return array_key(np.asarray(picture))
    palette = picture.getpalette("RGBA") if picture.mode in ("P", "PA") else None
    described = f"{picture.mode} {picture.size} {turned} {sorted(looks.items())!r} {palette} "
    return hashlib.sha256(described.encode() + picture.tobytes()).hexdigest()


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


@contextmanager
def damage_told(expected: str) -> Iterator[None]:
    """Turn what Pillow raises on a damaged file, which is nearly anything, into an ImageError."""
    try:
        yield
    except (ImageError, MemoryError):
        raise
    except Exception as error:
        hint = "it is damaged or cut short: make it again"
        raise ImageError(expected, str(error) or type(error).__name__, hint) from error


@contextmanager
def quiet_pillow() -> Iterator[None]:
    """Keep Pillow's warnings about odd metadata from users, in any number of threads at once."""
    with _QUIET.lock:
        if not _QUIET.readers:
            _QUIET.filters.enter_context(warnings.catch_warnings())
            warnings.filterwarnings("ignore", module=r"PIL\.")
        _QUIET.readers += 1
    try:
        yield
    finally:
        with _QUIET.lock:
            _QUIET.readers -= 1
            if not _QUIET.readers:
                _QUIET.filters.close()


class _Quiet:
    """How many threads read just now; the first sets the filter and the last restores what was there."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.readers = 0
        self.filters = ExitStack()


_QUIET = _Quiet()


def _load(kind: str, data: bytes, max_pixels: int) -> tuple[ImageFile.ImageFile, int]:
    """Open and decode a file; return it with its number of frames, which Pillow has to count before."""
    with damage_told(f"a whole {kind} file"):
        picture = READERS[kind](io.BytesIO(data))
        check_size(*picture.size, max_pixels)
        frames = count_frames(picture)
        picture.load()
        _check_end(kind, data)
    return picture, frames


def _unknown(data: bytes) -> ImageError:
    wanted = "a PNG, JPEG, WebP, AVIF, TIFF or BMP picture"
    if not data:
        return ImageError(wanted, "an empty file")
    stranger = next((name for start, name in _STRANGERS.items() if data.startswith(start)), None)
    return ImageError(wanted, stranger or f"bytes starting {data[:12]!r}", "export it in one of these formats")


def _check_end(kind: str, data: bytes) -> None:
    """Refuse files cut short that Pillow lets pass: PNGs without an end, others where programs ask for it."""
    if kind != "PNG" and not ImageFile.LOAD_TRUNCATED_IMAGES:
        return
    whole = {
        "PNG": lambda: b"IEND\xaeB`\x82" in data[-(1 << 20) :],
        "JPEG": lambda: data.rfind(b"\xff\xd9") > data.rfind(b"\xff\xda"),
        "BMP": lambda: len(data) >= int.from_bytes(data[2:6], "little"),
    }
    if kind in whole and not whole[kind]():
        raise ImageError(f"a whole {kind} file", "one without its end", "it is cut short: make it again")
