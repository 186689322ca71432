"""CMYK: through an ICC profile, or by the naive formula that says so.

A profile is applied as pictures that carry it are read: relative colorimetric with black point compensation. LittleCMS
computes it; so that nothing is lost to 8-bit Lab, it writes each of L*, a* and b* as a 16-bit grey.
"""

from __future__ import annotations

from itertools import product

import numpy as np
from PIL import Image as Pillow
from PIL import ImageCms

from consistency.colorspace import Floats
from consistency.errors import InputError
from consistency.intake.lab_planes import lab_through_littlecms
from consistency.intake.profiles import parse_profile
from qa.color.css import Axis, number, refuse_transparent, split_arguments
from qa.color.spaces import d50_to_lab, srgb_to_lab

NAIVE = ("cmyk-naive", "device-cmyk")
FUNCTIONS = ("cmyk", *NAIVE)

SAID = "CMYK read by the naive formula, without an ICC profile: what a press prints is another colour"
HINT = "name the ICC profile of the printing in the kit as cmyk_profile, or write cmyk-naive(…) for the naive formula"

INKS = ("cyan", "magenta", "yellow", "black")


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
    check_applicable(data)


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
    check_applicable(profile)
    return np.asarray(weights @ lab_through_littlecms(picture, profile)[0], np.float64)


def check_applicable(profile: bytes) -> None:
    """Refuse a profile that LittleCMS cannot apply.

    Raises:
        InputError: It cannot.
    """
    try:
        lab_through_littlecms(Pillow.new("CMYK", (1, 1)), profile)
    except (ImageCms.PyCMSError, OSError, ValueError) as error:
        raise InputError("an ICC profile for CMYK that LittleCMS can apply", str(error)) from None
