"""Adobe Swatch Exchange: the colours of an .ase file.

Adobe publishes no description; the layout is known from files: "ASEF", version, count, then blocks of type, length and
contents, big-endian, names in UTF-16. Values are what the file holds: also those of a spot colour, which its owner put
there.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from qa.kit.problems import KitError, Problem, Spot
from qa.kit.reading import LONGEST_KIT_BYTES
from qa.kit.tokens.entries import Entry

GROUP, END, COLOR = 0xC001, 0xC002, 0x0001
MODELS = {b"RGB ": 3, b"CMYK": 4, b"LAB ": 3, b"Gray": 1, b"GRAY": 1}
"""Numbers of each model, all in [0, 1] but a* and b*."""
MOST_SWATCHES = 10_000
ON_GRID = 2e-4
"""How near a channel must be to a whole step of 255 to be taken for it; files hold float32."""


@dataclass(frozen=True)
class Damaged(Exception):
    """What is wrong with a file, and where."""

    expected: str
    got: str


def read_ase(data: bytes, file: str) -> list[Entry]:
    """Return the colours of a swatch file, in its order, with their groups.

    RGB and grey are taken for sRGB, since the file names no profile; Lab is under D50, as Adobe's is.

    Raises:
        KitError: No swatch file, damaged, or too long.
    """
    try:
        return list(swatches(data, Spot(file)))
    except Damaged as error:
        raise KitError([Problem(Spot(file), "", error.expected, error.got, "export the swatches again")]) from None


def swatches(data: bytes, spot: Spot) -> Iterator[Entry]:
    """Yield the colours."""
    groups: tuple[str, ...] = ()
    for number, (kind, body) in enumerate(blocks(data), 1):
        if kind == GROUP:
            groups = (name_and_rest(body)[0] or f"group {number}",)
        elif kind == END:
            groups = ()
        elif kind == COLOR:
            name, rest = name_and_rest(body)
            yield Entry((*groups, name or f"swatch {number}"), notation_of(rest, name), spot)


def blocks(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield type and contents of each block."""
    if len(data) > LONGEST_KIT_BYTES:
        raise Damaged(f"a swatch file of at most {LONGEST_KIT_BYTES:,} bytes", f"{len(data):,}")
    if len(data) < 12 or data[:4] != b"ASEF":
        raise Damaged("an Adobe swatch file", "no ASEF at its beginning")
    major, _, count = struct.unpack_from(">HHI", data, 4)
    if major != 1 or count > MOST_SWATCHES:
        raise Damaged(f"version 1 with at most {MOST_SWATCHES:,} blocks", f"version {major}, {count:,} blocks")
    at = 12
    for _ in range(count):
        if at + 6 > len(data):
            raise Damaged(f"{count} blocks", "the end of the file")
        kind, length = struct.unpack_from(">HI", data, at)
        at += 6
        if length > len(data) - at:
            raise Damaged("blocks inside the file", f"{length:,} bytes at byte {at} of {len(data):,}")
        yield kind, data[at : at + length]
        at += length
    if data[at:].strip(b"\0"):
        raise Damaged(f"the end of the file after {count} blocks", f"{len(data) - at:,} bytes more")


def name_and_rest(body: bytes) -> tuple[str, bytes]:
    """Return the name that a block begins with, and what follows."""
    (length,) = struct.unpack_from(">H", body) if len(body) >= 2 else (0xFFFF,)
    if 2 + 2 * length > len(body):
        raise Damaged("a name inside its block", f"{length} characters in {len(body)} bytes")
    try:
        name = body[2 : 2 + 2 * length].decode("utf-16-be")
    except UnicodeDecodeError:
        raise Damaged("a name in UTF-16", "half a character") from None
    return name.rstrip("\0").strip(), body[2 + 2 * length :]


def notation_of(rest: bytes, name: str) -> str:
    """Return the colour that follows a name, as text that `parse_color` reads."""
    model = rest[:4]
    numbers = MODELS.get(model, 0)
    if not numbers or len(rest) < 4 + 4 * numbers:
        raise Damaged("a colour as RGB, CMYK, LAB or Gray", f"{name!r}: {model!r} in {len(rest)} bytes")
    values = struct.unpack_from(f">{numbers}f", rest, 4)
    shares = values[:1] if model == b"LAB " else values
    if not all(math.isfinite(value) for value in values) or not all(-1e-6 <= share <= 1 + 1e-6 for share in shares):
        raise Damaged("values in [0, 1]", f"{name!r}: {model.decode().strip()} {values}")
    if model == b"LAB ":
        return f"lab({100 * clamped(values[0]):.4f} {values[1]:.4f} {values[2]:.4f})"
    if model == b"CMYK":
        return f"cmyk({' '.join(f'{100 * clamped(value):.4f}%' for value in values)})"
    return srgb_notation([clamped(value) for value in (values * 3 if numbers == 1 else values)])


def srgb_notation(channels: list[float]) -> str:
    """Return sRGB as hex where it is 8-bit, else with its decimals."""
    steps = [round(255 * channel) for channel in channels]
    if all(abs(255 * channel - step) <= 255 * ON_GRID for channel, step in zip(channels, steps, strict=True)):
        return "#" + bytes(steps).hex()
    return f"color(srgb {' '.join(f'{channel:.6f}' for channel in channels)})"


def clamped(share: float) -> float:
    """Return a share without what float32 adds beyond 0 and 1."""
    return min(1.0, max(0.0, share))
