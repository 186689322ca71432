"""What a file says about its pixels: which way is up, which colour space, how many frames and bits."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image as Pillow

from consistency.intake.code_points import SRGB, adobe_rgb, code_point_profile, code_points
from consistency.intake.conversion import read_profile
from consistency.intake.profiles import Profile
from consistency.intake.sources import UNTAGGED

ORIENTATION, EXIF, COLOUR_SPACE, INTEROPERABILITY, INTEROPERABILITY_INDEX = 0x0112, 0x8769, 0xA001, 0xA005, 1
BITS_PER_SAMPLE = 258
_SRGB_GAMMA = 0.45455
_HIGH_RANGE = {16: "PQ", 18: "HLG"}


@dataclass(frozen=True, eq=False)
class Tags:
    """What a file says about its pixels.

    Args:
        orientation: EXIF orientation 1..8, 1 upright.
        profile: Its colour space; None where it states none that can be read.
        icc: The profile's bytes, for LittleCMS; b"" where the space came by number or name.
        said: What had to be assumed.
    """

    orientation: int
    profile: Profile | None
    icc: bytes
    said: tuple[str, ...]


def read_tags(picture: Pillow.Image, kind: str, data: bytes) -> Tags:
    """Read a loaded picture's orientation and colour space.

    Args:
        picture: The picture, after `load()`: TIFF is upright by then, PNG may hold EXIF behind its pixels.
        kind: Its format, "" for pixels handed in.
        data: The file's bytes, b"" for pixels handed in.
    """
    orientation, named, said = _read_exif(picture)
    profile, icc, assumed = _read_colour(picture, kind, data, named)
    return Tags(orientation, profile, icc, (*said, *assumed))


def count_frames(picture: Pillow.Image) -> int:
    """Return the number of frames or pages; 1 where later ones are damaged."""
    try:
        return int(getattr(picture, "n_frames", 1))
    except (EOFError, OSError, SyntaxError, ValueError, TypeError, KeyError):
        return 1


def count_bits(picture: Pillow.Image, kind: str, data: bytes) -> int:
    """Return the bits per channel as stored."""
    if kind == "PNG":
        return data[24]
    if kind == "AVIF":
        start = data.find(b"av1C", 0, 1 << 16)
        # AV1 ISO media binding, 2.3.3: third byte holds tier, high_bitdepth, twelve_bit.
        depth = data[start + 6] if 0 <= start < len(data) - 6 else 0
        return (12 if depth & 0x20 else 10) if depth & 0x40 else 8
    if kind == "TIFF":
        stored = getattr(picture, "tag_v2", {}).get(BITS_PER_SAMPLE, 8)
        return int(max(stored)) if isinstance(stored, tuple) else int(stored)
    return {"1": 1, "I": 32, "F": 32}.get(picture.mode, 16 if ";16" in picture.mode else 8)


def _read_exif(picture: Pillow.Image) -> tuple[int, Profile | None, tuple[str, ...]]:
    try:
        exif = picture.getexif()
        orientation = exif.get(ORIENTATION, 1)
        space = exif.get_ifd(EXIF).get(COLOUR_SPACE)
        index = exif.get_ifd(INTEROPERABILITY).get(INTEROPERABILITY_INDEX)
    except MemoryError:
        raise
    except Exception:  # damaged EXIF makes Pillow raise nearly anything, and never spoils the pixels
        return 1, None, ("damaged EXIF data: taken as upright",)
    said: tuple[str, ...] = ()
    if orientation not in range(1, 9):
        orientation, said = 1, (f"unknown EXIF orientation {str(orientation)[:20]!r}: taken as upright",)
    named = code_point_profile(1, 13) if space == 1 else None
    # DCF 2.0, 3.3.2: an uncalibrated colour space with interoperability index R03 is Adobe RGB; 2 is seen for it too.
    return int(orientation), adobe_rgb() if space == 2 or index == "R03" else named, said


def _read_colour(
    picture: Pillow.Image, kind: str, data: bytes, named: Profile | None
) -> tuple[Profile | None, bytes, tuple[str, ...]]:
    """Return profile, its bytes and what was assumed; PNG code points win, then ICC, AVIF code points, sRGB, EXIF."""
    points = code_points(kind, data)
    icc = picture.info.get("icc_profile") or b""
    if points and (kind == "PNG" or not icc):
        profile = code_point_profile(*points)
        if profile is not None:
            return profile, b"", ()
        if points[1] in _HIGH_RANGE:
            return None, b"", (f"high dynamic range ({_HIGH_RANGE[points[1]]}) is not converted: read as sRGB",)
    if isinstance(icc, bytes) and icc:
        profile = read_profile(icc)
        return (profile, icc, ()) if profile else (None, b"", ("damaged colour profile: read as sRGB",))
    if "srgb" in picture.info:
        return code_point_profile(1, 13), b"", ()
    if named is not None:
        return named, b"", (() if named.name == SRGB else (f"no colour profile, EXIF names {named.name}",))
    if kind == "PNG" and abs(picture.info.get("gamma", _SRGB_GAMMA) - _SRGB_GAMMA) > 0.01:
        return None, b"", ("PNG gamma without a colour profile is not applied: read as sRGB",)
    return None, b"", (UNTAGGED,)
