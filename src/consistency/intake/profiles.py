"""ICC profiles and code points read as plain figures: curves to linear light, and a matrix to linear sRGB.

Only what float conversion needs is read: RGB profiles of matrix and curves, and grey ones of one curve. Those built
on tables are left to LittleCMS. Source: ICC.1:2022 (profile version 4.4), chapters 7 to 10.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consistency.colorspace import WHITE, XYZ_TO_SRGB, adaptation

Floats = NDArray[np.float64]
Curve = Callable[[Floats], Floats]

D50: Floats = np.array([0.9642, 1.0, 0.8249])
"""White of the profile connection space (ICC.1:2022, 7.2.16)."""

_MAX_TAGS = 200
_MAX_POINTS = 65536


@dataclass(frozen=True, eq=False)
class Profile:
    """What a colour profile says.

    Args:
        name: Its description, "Display P3".
        space: Channels it is for: "RGB", "GRAY", "CMYK", "Lab" …
        curves: Per channel, device value in [0, 1] to linear light; empty where the profile is built on tables.
        matrix: 3×3, linear device RGB to linear sRGB; None for other spaces.
    """

    name: str
    space: str
    curves: tuple[Curve, ...] = ()
    matrix: Floats | None = None


D50_TO_SRGB: Floats = XYZ_TO_SRGB @ adaptation(D50, WHITE)
"""XYZ of the profile connection space to linear sRGB."""


def parse_profile(data: bytes) -> Profile:
    """Read an ICC profile.

    Raises:
        ValueError: Damaged: no ICC signature, tags outside the file, curves of unknown kind.
    """
    if len(data) < 132 or data[36:40] != b"acsp":
        raise ValueError("no ICC profile")
    try:
        tags = _tags(data)
        space = data[16:20].decode("latin-1").strip()
        name = _text(tags.get("desc", b"")) or "unnamed"
        return Profile(name, space, *_figures(space, data[20:24], tags))
    except (struct.error, UnicodeDecodeError) as error:
        raise ValueError(f"damaged ICC profile: {error}") from error


def gamma(exponent: float) -> Curve:
    """Return the curve value ** exponent."""
    return lambda value: np.power(value, exponent)


def _figures(space: str, connection: bytes, tags: Mapping[str, bytes]) -> tuple[tuple[Curve, ...], Floats | None]:
    """Return curves and matrix where the profile consists of nothing else."""
    has_tables = any(tag[:3] in ("A2B", "D2B") for tag in tags)
    if has_tables or connection != b"XYZ ":
        return (), None
    if space == "GRAY" and "kTRC" in tags:
        return (_curve(tags["kTRC"]),), None
    if space == "RGB" and all(tag in tags for tag in ("rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC")):
        colorants = np.stack([_xyz(tags[tag]) for tag in ("rXYZ", "gXYZ", "bXYZ")], axis=1)
        return tuple(_curve(tags[tag]) for tag in ("rTRC", "gTRC", "bTRC")), D50_TO_SRGB @ colorants
    return (), None


def _tags(data: bytes) -> dict[str, bytes]:
    (count,) = struct.unpack_from(">I", data, 128)
    if count > _MAX_TAGS:
        raise ValueError(f"{count} ICC tags")
    entries = (struct.unpack_from(">4sII", data, 132 + 12 * index) for index in range(count))
    return {name.decode("latin-1"): data[offset : offset + size] for name, offset, size in entries}


def _xyz(tag: bytes) -> Floats:
    return np.array(struct.unpack_from(">3i", tag, 8)) / 65536


def _curve(tag: bytes) -> Curve:
    """Read a `curv` (10.6) or `para` (10.18) tag."""
    if tag[:4] == b"para":
        return _parametric(tag)
    if tag[:4] != b"curv":
        raise ValueError(f"ICC curve of kind {tag[:4]!r}")
    (count,) = struct.unpack_from(">I", tag, 8)
    if count == 0:
        return gamma(1.0)
    if count == 1:
        return gamma(struct.unpack_from(">H", tag, 12)[0] / 256)
    if count > _MAX_POINTS or len(tag) < 12 + 2 * count:
        raise ValueError(f"ICC curve of {count} points")
    points = np.frombuffer(tag, ">u2", count, 12) / 65535
    return lambda value: np.interp(value, np.linspace(0, 1, count), points)


def _parametric(tag: bytes) -> Curve:
    """Read a parametric curve (ICC.1:2022, table 68): a power above d, a line or constant below."""
    (kind,) = struct.unpack_from(">H", tag, 8)
    if kind > 4:
        raise ValueError(f"ICC parametric curve {kind}")
    numbers = [n / 65536 for n in struct.unpack_from(f">{(1, 3, 4, 5, 7)[kind]}i", tag, 12)]
    g, a, b, c, d, e, f = numbers[0], 1.0, 0.0, 0.0, 0.0, 0.0, 0.0
    if kind in (1, 2):
        a, b = numbers[1:3]
        if a == 0:
            raise ValueError("ICC parametric curve without slope")
        d, e = -b / a, numbers[3] if kind == 2 else 0.0
        f = e
    elif kind in (3, 4):
        a, b, c, d = numbers[1:5]
        e, f = numbers[5:7] if kind == 4 else (0.0, 0.0)
    return lambda value: np.where(value >= d, np.maximum(a * value + b, 0) ** g + e, c * value + f)


def _text(tag: bytes) -> str:
    """Read a description: `desc` of version 2, or the first record of `mluc` (10.15)."""
    if tag[:4] == b"desc":
        (size,) = struct.unpack_from(">I", tag, 8)
        return tag[12 : 12 + size].split(b"\0")[0].decode("latin-1").strip()
    if tag[:4] == b"mluc" and len(tag) >= 28:
        size, offset = struct.unpack_from(">II", tag, 20)
        return tag[offset : offset + size].decode("utf-16-be", "replace").strip("\0 ")
    return ""
