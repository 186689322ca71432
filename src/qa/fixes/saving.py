"""A repaired canvas as the bytes of a file: the same format, profile, metadata and quality as it came."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageCms
from PIL.JpegImagePlugin import JpegImageFile, get_sampling

from consistency.intake.decoding import READERS, quiet_pillow
from consistency.intake.tagging import ORIENTATION
from qa.fixes import jpeg_segments, png_chunks
from qa.fixes.canvas import Canvas, Origin

HIGH_QUALITY = 95
"""For WebP and AVIF, which do not say how they were made, and for JPEG that had to be converted."""

KEPT_TAGS = frozenset((269, 270, 271, 272, 282, 283, 285, 296, 305, 306, 315, 316, 700, 33432, 33723, 34377))
"""TIFF 6.0: names, descriptions, resolution, software, date, copyright; XMP, IPTC and Photoshop's block."""

LOSSLESS_TIFF = ("raw", "packbits", "tiff_lzw", "tiff_adobe_deflate", "tiff_deflate")

CREATED = slice(24, 36)
"""Where an ICC profile holds the time it was made (ICC.1:2022, 7.2.9)."""


def encode(canvas: Canvas) -> bytes:
    """Return a canvas as a file of the format it came in; pixels that were handed in become a PNG."""
    with quiet_pillow():
        return WRITERS.get(canvas.origin.kind, as_png)(canvas)


def as_png(canvas: Canvas) -> bytes:
    """Return a PNG; where the picture came as one, all its other chunks stay."""
    samples, alpha = as_stored(canvas)
    is_file, is_own = canvas.origin.kind == "PNG", canvas.origin.is_own
    if samples.dtype == np.uint16:
        new: bytes = import_module("qa.fixes.deep").write_deep(samples, alpha)
    else:
        icc = None if is_own else srgb_profile()
        new = saved(picture_of(samples, alpha), "PNG", compress_level=6, icc_profile=icc)
    return png_chunks.with_pixels(canvas.origin.data, new) if is_file and is_own else new


def as_jpeg(canvas: Canvas) -> bytes:
    """Return a JPEG with the original's quantisation tables, subsampling and metadata."""
    origin = canvas.origin
    samples, _ = as_stored(canvas)
    options: dict[str, Any] = {"quality": HIGH_QUALITY, "subsampling": 0, "icc_profile": srgb_profile()}
    if origin.is_own:
        before = reopened(origin)
        sampling = get_sampling(before)
        options = {
            "qtables": before.quantization if isinstance(before, JpegImageFile) else None,
            "subsampling": max(sampling, 0),
            "progressive": bool(before.info.get("progressive")),
        }
    new = saved(picture_of(samples, None), "JPEG", optimize=True, **options)
    return jpeg_segments.with_pixels(origin.data, new, is_own=origin.is_own)


def as_webp(canvas: Canvas) -> bytes:
    """Return a WebP, lossless where it was."""
    is_lossless = b"VP8L" in canvas.origin.data[:64] or b"VP8L" in chunk_names(canvas.origin.data)
    options = {"lossless": True, "exact": True} if is_lossless else {"quality": HIGH_QUALITY, "exact": True}
    return with_metadata(canvas, "WEBP", **options)


def as_avif(canvas: Canvas) -> bytes:
    """Return an AVIF of high quality with full colour."""
    return with_metadata(canvas, "AVIF", quality=HIGH_QUALITY, subsampling="4:4:4")


def as_tiff(canvas: Canvas) -> bytes:
    """Return a TIFF of the same compression where that loses nothing."""
    before = reopened(canvas.origin)
    tags = {tag: value for tag, value in getattr(before, "tag_v2", {}).items() if tag in KEPT_TAGS}
    compression = before.info.get("compression", "raw")
    compression = compression if compression in LOSSLESS_TIFF else "tiff_adobe_deflate"
    return saved(
        picture_of(*as_stored(canvas)), "TIFF", tiffinfo=tags, compression=compression,
        icc_profile=profile_of(canvas.origin, before),
    )  # fmt: skip


def as_bmp(canvas: Canvas) -> bytes:
    """Return a BMP."""
    dpi = reopened(canvas.origin).info.get("dpi", (96, 96))
    return saved(picture_of(*as_stored(canvas)), "BMP", dpi=dpi)


def with_metadata(canvas: Canvas, kind: str, **options: Any) -> bytes:
    """Return a file with profile, EXIF and XMP of the one it came from."""
    before = reopened(canvas.origin)
    exif = before.getexif()
    exif[ORIENTATION] = canvas.origin.orientation
    kept = {name: before.info[name] for name in ("xmp",) if before.info.get(name)}
    icc = profile_of(canvas.origin, before)
    has_exif = len(exif) > 1 or canvas.origin.orientation != 1
    return saved(
        picture_of(*as_stored(canvas)), kind, icc_profile=icc, **kept, **options, **({"exif": exif} if has_exif else {})
    )


def profile_of(origin: Origin, before: Pillow.Image) -> bytes | None:
    """Return the colour profile of a file that is written: its own, or sRGB where its samples were converted."""
    icc: bytes | None = before.info.get("icc_profile")
    return icc if origin.is_own else srgb_profile()


def reopened(origin: Origin) -> Pillow.Image:
    """Return the original file, opened for what it says about itself."""
    return READERS[origin.kind](io.BytesIO(origin.data))


def chunk_names(webp: bytes) -> list[bytes]:
    """Return the names of a WebP's chunks (RFC 9649, 2.3)."""
    names, position = [], 12
    while position + 8 <= len(webp):
        names.append(webp[position : position + 4])
        size = int.from_bytes(webp[position + 4 : position + 8], "little")
        position += 8 + size + size % 2
    return names


def as_stored(canvas: Canvas) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Return samples and alpha turned back as the file stores them."""
    turn = canvas.origin.orientation
    return laid(canvas.samples, turn), None if canvas.alpha is None else laid(canvas.alpha, turn)


def laid(plane: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Return an upright H×W… array as a file of EXIF orientation 1..8 stores it: the inverse of turning it upright."""
    if orientation in (2, 3, 6, 7):
        plane = plane[:, ::-1]
    if orientation in (3, 4, 7, 8):
        plane = plane[::-1]
    if orientation >= 5:
        plane = plane.swapaxes(0, 1)
    return np.ascontiguousarray(plane)


def picture_of(samples: NDArray[Any], alpha: NDArray[Any] | None) -> Pillow.Image:
    """Return 8-bit samples and alpha as a PIL image."""
    return Pillow.fromarray(samples if alpha is None else np.dstack([samples, alpha]))


def saved(picture: Pillow.Image, kind: str, **options: Any) -> bytes:
    """Return a PIL image as the bytes of a file."""
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


@cache
def srgb_profile() -> bytes:
    """Return a profile of sRGB, the same bytes at any time."""
    icc = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    icc[CREATED] = bytes((7, 230, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))
    return bytes(icc)


WRITERS: Mapping[str, Callable[[Canvas], bytes]] = {
    "PNG": as_png, "JPEG": as_jpeg, "WEBP": as_webp, "AVIF": as_avif, "TIFF": as_tiff, "BMP": as_bmp,
}  # fmt: skip
"""Format → how it is written."""
