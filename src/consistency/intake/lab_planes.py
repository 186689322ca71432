"""Profiles built on tables, through LittleCMS with nothing lost to 8 bits: L*, a* and b* as three 16-bit greys."""

from __future__ import annotations

import io
import struct
from functools import lru_cache
from itertools import product

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageCms

from consistency.colorspace import lab_to_xyz, mix_planes, plane_to_srgb
from consistency.intake.profiles import D50_TO_SRGB, Floats

FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION | ImageCms.Flags.NOOPTIMIZE
"""Not optimized: LittleCMS otherwise forces paper to be the lightest grey, whatever the profile says."""

PCS_WHITE = struct.pack(">3i", 63190, 65536, 54061)
"""D50 as ICC profiles write it (ICC.1:2022, 7.2.16)."""

D50_WHITE: Floats = np.array([63190, 65536, 54061]) / 65536

_ROWS = 64
_CACHED = 16


def lab_through_littlecms(picture: Pillow.Image, icc: bytes) -> Floats:
    """Return L*a*b* (D50) of a picture of mode L, RGB, CMYK or LAB, H×W×3: relative colorimetric, black compensated.

    Raises:
        ImageCms.PyCMSError: LittleCMS refuses the profile.
    """
    planes = [np.asarray(ImageCms.applyTransform(picture, one), np.float64) for one in transforms(icc, picture.mode)]
    # 16-bit Lab of ICC version 2: 65280 is L* 100, and 256 one unit of a* and b* from −128 (ICC.1:2022, 10.10).
    return np.stack([planes[0] / 652.8, planes[1] / 256 - 128, planes[2] / 256 - 128], axis=-1)


def extended_through_littlecms(picture: Pillow.Image, icc: bytes) -> NDArray[np.float32]:
    """Return extended sRGB of a picture of mode L, RGB, CMYK or LAB, H×W×3, some rows at a time.

    Raises:
        ImageCms.PyCMSError: LittleCMS refuses the profile.
    """
    extended = np.empty((picture.height, picture.width, 3), np.float32)
    for top in range(0, picture.height, _ROWS):
        bottom = min(top + _ROWS, picture.height)
        lab = lab_through_littlecms(picture.crop((0, top, picture.width, bottom)), icc)
        extended[top:bottom] = lab_to_extended(lab)
    return extended


def lab_to_extended(lab: Floats) -> NDArray[np.float32]:
    """Return extended sRGB of …×3 L*a*b* (D50)."""
    # lab_to_xyz scales by its own white, so that what it gives is relative light, whatever the white was.
    relative = lab_to_xyz(lab) / lab_to_xyz(np.array([100.0, 0.0, 0.0]))
    planes = [np.ascontiguousarray(plane, np.float32) for plane in np.moveaxis(relative, -1, 0)]
    linear = mix_planes(planes, D50_TO_SRGB * D50_WHITE)
    return np.stack([plane_to_srgb(plane) for plane in linear], axis=-1)


@lru_cache(maxsize=_CACHED)
def transforms(icc: bytes, mode: str) -> tuple[ImageCms.ImageCmsTransform, ...]:
    """Return what turns a picture of a mode into L*, a* and b*, each as a 16-bit grey.

    Raises:
        ImageCms.PyCMSError: LittleCMS refuses the profile.
    """
    return tuple(
        ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(icc)),
            ImageCms.ImageCmsProfile(io.BytesIO(grey_of_lab(axis))),
            mode,
            "I;16",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            FLAGS,
        )
        for axis in range(3)
    )


@lru_cache(maxsize=3)
def grey_of_lab(axis: int) -> bytes:
    """Return an ICC profile of a device whose grey is one axis of Lab (ICC.1:2022, 7.2 and 10.10)."""
    line = struct.pack(">2H", 0, 65535)
    identity = struct.pack(">9i", *(65536 * (i % 4 == 0) for i in range(9)))
    table = b"".join(struct.pack(">H", 65535 * corner[axis]) for corner in product((0, 1), repeat=3))
    lut = b"mft2\0\0\0\0" + bytes((3, 1, 2, 0)) + identity + struct.pack(">2H", 2, 2) + line * 3 + table + line
    tags = {
        b"desc": b"desc\0\0\0\0" + struct.pack(">I", 4) + b"Lab\0" + bytes(78),
        b"cprt": b"text\0\0\0\0\0\0\0\0",
        b"wtpt": b"XYZ \0\0\0\0" + PCS_WHITE,
        b"B2A0": lut + bytes(-len(lut) % 4),
    }
    start, head, body = 132 + 12 * len(tags), b"", b""
    for tag, content in tags.items():
        head += struct.pack(">4sII", tag, start + len(body), len(content))
        body += content
    kinds = (b"none", 0x02400000, b"prtr", b"GRAY", b"Lab ", struct.pack(">6H", 2026, 1, 1, 0, 0, 0), b"acsp")
    top = struct.pack(">I4sI4s4s4s12s4s28x", start + len(body), *kinds) + PCS_WHITE
    return top.ljust(128, b"\0") + struct.pack(">I", len(tags)) + head + body
