"""Colour spaces that files name by number: CICP code points (ITU-T H.273) in PNG and AVIF, EXIF's Adobe RGB."""

from __future__ import annotations

import struct

import numpy as np

from consistency.colorspace import XYZ_TO_SRGB, srgb_to_linear
from consistency.intake.profiles import Curve, Floats, Profile, gamma

D65 = (0.3127, 0.3290)
SRGB, DISPLAY_P3, REC_2020 = "sRGB", "Display P3", "Rec. 2020"

_PRIMARIES = {  # x, y of red, green, blue: ITU-T H.273, table 2
    1: (SRGB, ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060))),
    9: (REC_2020, ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046))),
    12: (DISPLAY_P3, ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060))),
}
# ITU-T H.273, table 3. The camera curves 1, 6, 14, 15 stand for a display of sRGB, as browsers show them.
_TRANSFERS: dict[int, Curve] = {
    **dict.fromkeys((1, 6, 13, 14, 15), srgb_to_linear),
    4: gamma(2.2),
    5: gamma(2.8),
    8: gamma(1.0),
}
_ADOBE_RGB = ((0.640, 0.330), (0.210, 0.710), (0.150, 0.060))


def adobe_rgb() -> Profile:
    """Return Adobe RGB (1998), which EXIF names without a profile."""
    return _profile("Adobe RGB (1998)", _ADOBE_RGB, gamma(563 / 256))


def code_point_profile(primaries: int, transfer: int) -> Profile | None:
    """Return the space of two CICP code points, or None where they are unknown, unspecified or of high range."""
    if primaries not in _PRIMARIES or transfer not in _TRANSFERS:
        return None
    name, corners = _PRIMARIES[primaries]
    return _profile(name, corners, _TRANSFERS[transfer])


def code_points(kind: str, data: bytes) -> tuple[int, int] | None:
    """Find colour primaries and transfer in a PNG's cICP chunk or an AVIF's nclx box; 2 is "unspecified"."""
    if kind == "PNG":
        chunk = _png_chunk(data, b"cICP")
        return (chunk[0], chunk[1]) if len(chunk) == 4 else None
    start = data.find(b"colrnclx", 0, 1 << 16) if kind == "AVIF" else -1
    if start < 0 or len(data) < start + 12:
        return None
    primaries, transfer = struct.unpack_from(">HH", data, start + 8)
    return primaries, transfer


def _png_chunk(data: bytes, name: bytes) -> bytes:
    """Return the chunk's content, b"" where there is none before the pixels."""
    position = 8
    while position + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, position)
        if kind in (name, b"IDAT"):
            return data[position + 8 : position + 8 + size] if kind == name else b""
        position += size + 12
    return b""


def _profile(name: str, corners: tuple[tuple[float, float], ...], curve: Curve) -> Profile:
    return Profile(name, "RGB", (curve,) * 3, XYZ_TO_SRGB @ _rgb_to_xyz(corners))


def _rgb_to_xyz(corners: tuple[tuple[float, float], ...]) -> Floats:
    """Return linear RGB to XYZ for three primaries under D65 (SMPTE RP 177-1993)."""
    x, y = np.array((*corners, D65)).T
    xyz = np.stack([x / y, np.ones(4), (1 - x - y) / y])
    # White is taken as sRGB's own, so that a grey stays grey to the last digit.
    scale = np.linalg.solve(xyz[:, :3], np.linalg.inv(XYZ_TO_SRGB).sum(axis=1))
    return xyz[:, :3] * scale
