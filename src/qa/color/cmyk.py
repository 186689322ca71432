"""CMYK: through an ICC profile, or by the naive formula that says so.

A profile is applied as pictures that carry it are read: relative colorimetric with black point compensation. LittleCMS
computes it; so that nothing is lost to 8-bit Lab, it writes each of L*, a* and b* as a 16-bit grey.
"""

from __future__ import annotations

import io
import struct
from functools import lru_cache
from itertools import product

import numpy as np
from PIL import Image as Pillow
from PIL import ImageCms

from consistency.colorspace import Floats
from consistency.errors import InputError
from consistency.intake.profiles import parse_profile
from qa.color.css import Axis, number, refuse_transparent, split_arguments
from qa.color.spaces import d50_to_lab, srgb_to_lab

NAIVE = ("cmyk-naive", "device-cmyk")
FUNCTIONS = ("cmyk", *NAIVE)

SAID = "CMYK read by the naive formula, without an ICC profile: what a press prints is another colour"
HINT = "name the ICC profile of the printing in the kit as cmyk_profile, or write cmyk-naive(…) for the naive formula"

INKS = ("cyan", "magenta", "yellow", "black")
FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION | ImageCms.Flags.NOOPTIMIZE
"""Not optimized: LittleCMS otherwise forces paper to be the lightest grey, whatever the profile says."""

PCS_WHITE = struct.pack(">3i", 63190, 65536, 54061)
"""D50 as ICC profiles write it (ICC.1:2022, 7.2.16)."""


def lab_of_cmyk(name: str, arguments: str, profile: bytes | None) -> tuple[tuple[float, float, float], tuple[str, ...]]:
    """Return L*a*b* (D65) of inks, and what was assumed.

    Args:
        name: `cmyk`, which needs the profile, or one of `NAIVE`.
        arguments: Four shares of ink: percentages; `device-cmyk` also takes numbers in [0, 1], as CSS Color 5 does.
        profile: The bytes of an ICC profile for CMYK.

    Raises:
        InputError: Not four inks, one out of range, no profile, or one for something else.
    """
    inks = read_inks(name, arguments)
    if name in NAIVE:
        # CSS Color 5, section 12.1.
        lab = srgb_to_lab(1 - np.minimum(1, inks[:3] * (1 - inks[3]) + inks[3]))
        said = SAID
    elif profile is None:
        raise InputError("an ICC profile for cmyk(…)", "none", HINT)
    else:
        lab = d50_to_lab(through_profile(inks, profile))
        said = f"CMYK through {profile_name(profile)!r}: relative colorimetric, black point compensated, by LittleCMS"
    lightness, a, b = (float(value) for value in lab)
    return (lightness, a, b), (said,)


def read_inks(name: str, arguments: str) -> Floats:
    """Return the four shares of ink in [0, 1]."""
    parts, alpha = split_arguments(arguments)
    refuse_transparent(alpha)
    if len(parts) != len(INKS):
        raise InputError(f"four components ({' '.join(INKS)}) in {name}", f"{len(parts)}")
    for part in parts:
        if name != "device-cmyk" and not part.endswith("%") and part != "0":
            raise InputError("ink in percent", repr(part), f"write {name}(100% 50% 0% 10%)")
    return np.array([number(part, Axis(ink, 0, 1, 1)) for part, ink in zip(parts, INKS, strict=True)])


def check_cmyk_profile(data: bytes) -> None:
    """Refuse a file that is no ICC profile for CMYK.

    Raises:
        InputError: It is none.
    """
    try:
        profile = parse_profile(data)
    except ValueError as error:
        raise InputError("an ICC profile", str(error)) from None
    if profile.space != "CMYK":
        raise InputError("an ICC profile for CMYK", f"{profile.name!r} for {profile.space}")
    transforms(data)


def profile_name(data: bytes) -> str:
    """Return what an ICC profile calls itself."""
    return parse_profile(data).name


def through_profile(inks: Floats, profile: bytes) -> Floats:
    """Return L*a*b* (D50) of four shares of ink.

    LittleCMS takes 8 bits of ink; what lies between is interpolated between the neighbours.
    """
    steps = inks * 255
    low = np.minimum(np.floor(steps), 254).astype(np.uint8)
    corners = np.array(list(product((0, 1), repeat=4)), np.uint8)
    weights = np.where(corners, steps - low, 1 - (steps - low)).prod(axis=1)
    picture = Pillow.frombytes("CMYK", (len(corners), 1), (low + corners).astype(np.uint8).tobytes())
    planes = [np.asarray(ImageCms.applyTransform(picture, one), np.float64)[0] for one in transforms(profile)]
    lightness, a, b = (float(weights @ plane) for plane in planes)
    # 16-bit Lab of ICC version 2: 65280 is L* 100, and 256 one unit of a* and b* from −128 (ICC.1:2022, 10.10).
    return np.array([lightness / 652.8, a / 256 - 128, b / 256 - 128])


@lru_cache(maxsize=8)
def transforms(profile: bytes) -> tuple[ImageCms.ImageCmsTransform, ...]:
    """Return what turns CMYK into L*, a* and b*, each as a 16-bit grey."""
    try:
        return tuple(
            ImageCms.buildTransform(
                ImageCms.ImageCmsProfile(io.BytesIO(profile)),
                ImageCms.ImageCmsProfile(io.BytesIO(grey_of_lab(axis))),
                "CMYK",
                "I;16",
                ImageCms.Intent.RELATIVE_COLORIMETRIC,
                FLAGS,
            )
            for axis in range(3)
        )
    except (ImageCms.PyCMSError, OSError, ValueError) as error:
        raise InputError("an ICC profile for CMYK that LittleCMS can apply", str(error)) from None


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
