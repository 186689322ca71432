"""Writing rendered pictures as files: PNG, JPEG, WebP, with or without a Display-P3 profile."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from io import BytesIO

import numpy as np
from PIL import Image

from consistency.colorspace import SRGB_TO_XYZ, WHITE, Floats, linear_to_srgb, srgb_to_linear
from qa.demo.drawing import Pixels

P3_PRIMARIES = ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))
"""SMPTE EG 432-1, chromaticities of red, green, blue; white D65, transfer curve of sRGB."""

D50 = np.array([0.9642, 1.0, 0.8249])
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
"""ICC.1:2022, annex E: cone response for chromatic adaptation."""

SUFFIXES = {"PNG": ".png", "JPEG": ".jpg", "WEBP": ".webp"}


@dataclass(frozen=True)
class FileForm:
    """How a picture is written.

    Args:
        format: "PNG", "JPEG" or "WEBP".
        quality: Of JPEG and WebP, 1…100.
        profile: "" for an untagged file, "p3" for colours converted to Display-P3 and tagged so,
            "p3_mislabelled" for sRGB numbers under a Display-P3 tag.
        kept_fraction: How much of the file's bytes is kept; below 1 it is cut off.
    """

    format: str = "JPEG"
    quality: int = 90
    profile: str = ""
    kept_fraction: float = 1.0

    @property
    def suffix(self) -> str:
        """File name extension, with its dot."""
        return SUFFIXES[self.format]


def encode(pixels: Pixels, form: FileForm) -> bytes:
    """Return a picture (H×W×3 sRGB, where "p3" may leave [0, 1]) as the bytes of a file."""
    values = to_p3(pixels) if form.profile == "p3" else pixels
    file = Image.fromarray((np.clip(values, 0, 1) * 255 + 0.5).astype(np.uint8))
    icc = p3_profile() if form.profile else None
    options = {"PNG": {"compress_level": 1}, "WEBP": {"quality": form.quality, "method": 2}}
    stream = BytesIO()
    jpeg = {"quality": form.quality, "subsampling": 0 if form.quality >= 90 else 2}
    file.save(stream, form.format, icc_profile=icc, **options.get(form.format, jpeg))
    data = stream.getvalue()
    return data[: int(len(data) * form.kept_fraction)]


def to_p3(srgb: Pixels) -> Pixels:
    """Return Display-P3 values of (extended) sRGB ones."""
    matrix = np.linalg.inv(p3_to_xyz()) @ SRGB_TO_XYZ
    return linear_to_srgb(srgb_to_linear(srgb) @ matrix.T).astype(np.float32)


def from_p3(values: Pixels | Floats) -> Floats:
    """Return extended sRGB of Display-P3 values."""
    matrix = np.linalg.inv(SRGB_TO_XYZ) @ p3_to_xyz()
    return linear_to_srgb(srgb_to_linear(values) @ matrix.T)


def p3_to_xyz() -> Floats:
    """Return the matrix from linear Display-P3 to XYZ (D65): primaries scaled so that they add up to white."""
    columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in P3_PRIMARIES]).T
    return columns * np.linalg.solve(columns, WHITE)


@cache
def p3_profile() -> bytes:
    """Return a minimal matrix and curve ICC profile (version 4.3) of Display-P3."""
    adapt = np.linalg.inv(BRADFORD) @ np.diag((BRADFORD @ D50) / (BRADFORD @ WHITE)) @ BRADFORD
    red, green, blue = (adapt @ p3_to_xyz()).T
    curve = b"para" + struct.pack(">IHH", 0, 3, 0) + fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    tags = {
        b"desc": unicode_text("Display P3"),
        b"cprt": unicode_text("CC0"),
        b"wtpt": b"XYZ \0\0\0\0" + fixed(*D50),
        b"chad": b"sf32\0\0\0\0" + fixed(*adapt.ravel()),
        b"rXYZ": b"XYZ \0\0\0\0" + fixed(*red),
        b"gXYZ": b"XYZ \0\0\0\0" + fixed(*green),
        b"bXYZ": b"XYZ \0\0\0\0" + fixed(*blue),
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve),
    }
    return assemble(tags)


def assemble(tags: dict[bytes, bytes]) -> bytes:
    """Return an ICC display profile of these tags (ICC.1:2022, clauses 7.2 and 7.3); equal tags share their bytes."""
    start = 128 + 4 + 12 * len(tags)
    places: dict[bytes, int] = {}
    body = b""
    for data in tags.values():
        if data not in places:
            places[data] = start + len(body)
            body += data + b"\0" * (-len(data) % 4)
    table = b"".join(struct.pack(">4sII", name, places[data], len(data)) for name, data in tags.items())
    size = start + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"\0" * 4, 0x04300000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s", 2026, 1, 1, 0, 0, 0, b"acsp") + b"\0" * 28 + fixed(*D50)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def fixed(*values: float) -> bytes:
    """Return numbers as ICC s15Fixed16."""
    return b"".join(struct.pack(">i", round(float(value) * 65536)) for value in values)


def unicode_text(text: str) -> bytes:
    """Return text as an ICC multiLocalizedUnicode tag with one English record."""
    data = text.encode("utf-16-be")
    return b"mluc" + struct.pack(">III2s2sII", 0, 1, 12, b"en", b"US", len(data), 28) + data
