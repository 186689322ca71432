"""Small ICC profiles made from figures, so that no profile file has to be shipped."""

import struct

import colour
import numpy as np

D50 = np.array([0.9642, 1.0, 0.8249])
SRGB_PARAMETERS = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)


def rgb_profile(space: str, curve: bytes, name: str | None = None) -> bytes:
    """Return a matrix and curve profile of one of colour-science's RGB spaces."""
    known = colour.RGB_COLOURSPACES[space]
    white = colour.xy_to_XYZ(known.whitepoint)
    adapted = colour.adaptation.matrix_chromatic_adaptation_VonKries(white, D50, transform="Bradford")
    colorants = (adapted @ known.matrix_RGB_to_XYZ).T
    tags = {tag: _xyz(row) for tag, row in zip(("rXYZ", "gXYZ", "bXYZ"), colorants, strict=True)}
    tags |= dict.fromkeys(("rTRC", "gTRC", "bTRC"), curve)
    return profile("RGB ", "XYZ ", tags, name or space)


def grey_profile(curve: bytes) -> bytes:
    return profile("GRAY", "XYZ ", {"kTRC": curve}, "Test grey")


def table_profile(space: str, labs: dict[tuple[int, ...], tuple[float, float, float]]) -> bytes:
    """Return an 8-bit table profile (mft1) from the corners of the device cube to Lab."""
    channels = len(next(iter(labs)))
    corners = sorted(labs)  # the last channel varies fastest, as in the format
    table = b"".join(
        bytes((round(labs[c][0] * 2.55), round(labs[c][1] + 128), round(labs[c][2] + 128))) for c in corners
    )
    ramp = bytes(range(256))
    identity = struct.pack(">9i", *(65536 * int(i % 4 == 0) for i in range(9)))
    lut = b"mft1\0\0\0\0" + bytes((channels, 3, 2, 0)) + identity + ramp * channels + table + ramp * 3
    return profile(space, "Lab ", {"A2B0": lut}, "Test table", kind="prtr")


def gamma(exponent: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(exponent * 256))


def points(values: np.ndarray) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">I", len(values)) + np.rint(values * 65535).astype(">u2").tobytes()


def parametric(kind: int, *numbers: float) -> bytes:
    return b"para\0\0\0\0" + struct.pack(">HH", kind, 0) + struct.pack(f">{len(numbers)}i", *_fixed(numbers))


def profile(space: str, connection: str, tags: dict[str, bytes], name: str, kind: str = "mntr") -> bytes:
    text = name.encode("utf-16-be")
    described = b"mluc\0\0\0\0" + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(text), 28) + text
    tags = {"desc": described, "wtpt": _xyz(D50), "cprt": described, **tags}
    offset, table, body = 132 + 12 * len(tags), b"", b""
    for tag, content in tags.items():
        content += b"\0" * (-len(content) % 4)
        table += struct.pack(">4sII", tag.encode(), offset + len(body), len(content))
        body += content
    header = struct.pack(
        ">I4sI4s4s4s12s4s4sIIIQI12s", offset + len(body), b"none", 0x04300000, kind.encode(), space.encode(),
        connection.encode(), b"\x07\xea\0\1\0\1\0\0\0\0\0\0", b"acsp", b"none", 0, 0, 0, 0, 0,
        struct.pack(">3i", *_fixed(D50)),
    )  # fmt: skip
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def _xyz(values: np.ndarray) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *_fixed(values))


def _fixed(values) -> list[int]:
    return [round(float(value) * 65536) for value in values]
