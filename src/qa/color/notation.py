"""A colour, in whatever notation it is written: hex, CSS names and functions, CMYK, three numbers.

Spot colours (PANTONE, HKS, RAL …) are refused: their values are their makers' and differ by paper and year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from consistency.colorspace import Floats, lab_to_srgb
from consistency.errors import InputError
from qa.color.cmyk import FUNCTIONS, lab_of_cmyk
from qa.color.css import CALL, NotOpaque, lab_of_function
from qa.color.difference import delta_e00
from qa.color.lights import FUNCTIONS as LIGHTS
from qa.color.lights import lab_under_light
from qa.color.naming import hex_of_name, refuse_spot
from qa.color.spaces import srgb_to_lab

Triple = tuple[float, float, float]
NO_PROFILES: Mapping[str, bytes] = MappingProxyType({})

LONGEST = 200
"""Characters of a colour; the longest notation takes some 80."""

SAME = 0.002
"""ΔE00 within which a hex value stands for a colour: well below what a kit can state."""

EDGE = 1e-3
"""A quarter of an 8-bit step: how far out of [0, 1] a channel may lie and still be in sRGB."""

SURE = 6
"""Decimals of an 8-bit channel that every machine computes alike."""

STEPS = np.stack(np.meshgrid(*[(-1, 0, 1)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)


@dataclass(frozen=True)
class Color:
    """A colour.

    Attributes:
        lab: L*a*b* (D65), not clipped to what a screen can show.
        text: As it was written.
        assumptions: What was assumed to read it.

    Example:
        >>> parse_color("#0055aa").rgb, parse_color("oklch(0.46 0.157 255)").hex
        ((0, 85, 170), '#0056ab')
    """

    lab: Triple
    text: str
    assumptions: tuple[str, ...] = ()

    @cached_property
    def srgb(self) -> Triple:
        """Encoded sRGB; out of [0, 1] where sRGB cannot show the colour."""
        red, green, blue = (float(channel) for channel in lab_to_srgb(self.lab))
        return red, green, blue

    @cached_property
    def is_in_srgb(self) -> bool:
        """Whether sRGB can show the colour."""
        return all(-EDGE <= channel <= 1 + EDGE for channel in self.srgb)

    @cached_property
    def rgb(self) -> tuple[int, int, int]:
        """The nearest colour, by ΔE00, that 8-bit sRGB shows."""
        # Without the last digits, in which machines differ: half of a step goes to the even one on all of them.
        near = np.rint(np.round(np.clip(self.srgb, 0, 1) * 255, SURE)).astype(np.int64)
        if not self.is_in_srgb:
            near = nearest_shown(near, np.array(self.lab))
        red, green, blue = (int(channel) for channel in near)
        return red, green, blue

    @cached_property
    def hex(self) -> str:
        """`rgb` as "#rrggbb"."""
        return "#" + bytes(self.rgb).hex()

    @cached_property
    def canonical(self) -> str:
        """A notation that `parse_color` reads back: hex where that is the colour, else its L*a*b* (D65)."""
        shown = srgb_to_lab(np.array(self.rgb) / 255)
        if delta_e00(shown, np.array(self.lab)) <= SAME:
            return self.hex
        return "color(--lab-d65 {:.4f} {:.4f} {:.4f})".format(max(0.0, min(100.0, self.lab[0])), *self.lab[1:])

    def __str__(self) -> str:
        return self.text


ColorLike: TypeAlias = Color | str | tuple[int, int, int]


def parse_color(value: ColorLike, *, profiles: Mapping[str, bytes] = NO_PROFILES) -> Color:
    """Read a colour.

    Args:
        value: "#0055aa", "rebeccapurple", "lab(54% 80 69)", "color(display-p3 1 0 0)", "cmyk(100%, 50%, 0%, 10%)",
            or (r, g, b) of sRGB in 0..255. A `Color` is returned as it is.
        profiles: ICC profiles by what they are for; `cmyk(…)` is read through "cmyk".

    Raises:
        InputError: No colour, out of range, not opaque, or a spot colour, which no table here can know.

    Example:
        >>> parse_color((0, 85, 170)).canonical
        '#0055aa'
    """
    if isinstance(value, Color):
        return value
    if not isinstance(value, str):
        return color_of_channels(value)
    if not value.strip() or len(value) > LONGEST:
        raise InputError('a colour such as "#0055aa"', f"{len(value)} characters" if value.strip() else "nothing")
    return color_of_text(value.strip(), profiles)


def color_of_text(text: str, profiles: Mapping[str, bytes]) -> Color:
    """Read a colour that is written out."""
    refuse_spot(text)
    plain = " ".join(text.lower().split())
    call = CALL.fullmatch(plain)
    if call is not None and call[1] in FUNCTIONS:
        lab, said = lab_of_cmyk(call[1], call[2], profiles.get("cmyk"))
        return Color(lab, text, said)
    if call is not None and call[1] in LIGHTS:
        lab, said = lab_under_light(call[1], call[2])
        return Color(lab, text, said)
    if call is not None:
        return Color(lab_of_function(call[1], call[2]), text)
    return Color(lab_of_bytes(rgb_of_hex(plain if plain.startswith("#") else hex_of_name(plain))), text)


def rgb_of_hex(text: str) -> bytes:
    """Read "#rgb", "#rrggbb", or either with an alpha that says opaque."""
    digits = text.removeprefix("#")
    if len(digits) in (3, 4):
        digits = "".join(2 * digit for digit in digits)
    if len(digits) not in (6, 8) or not set(digits) <= set("0123456789abcdef"):
        raise InputError('a colour such as "#0055aa"', repr(text), "use #rrggbb or #rgb")
    if digits[6:] not in ("", "ff"):
        raise NotOpaque("an opaque colour", repr(text), "leave out the alpha, or write the colour that is seen")
    return bytes.fromhex(digits[:6])


def color_of_channels(value: object) -> Color:
    """Read (r, g, b) in 0..255."""
    if not isinstance(value, (tuple, list)) or len(value) != 3:
        raise InputError("a colour as text, or as (r, g, b) in 0..255", repr(value))
    is_whole = all(isinstance(part, (int, np.integer)) and not isinstance(part, bool) for part in value)
    if not is_whole or not all(0 <= part <= 255 for part in value):
        raise InputError("three whole numbers in 0..255", repr(value))
    rgb = bytes(int(part) for part in value)
    return Color(lab_of_bytes(rgb), "#" + rgb.hex())


def lab_of_bytes(rgb: bytes) -> Triple:
    """Return L*a*b* (D65) of 8-bit sRGB, in float64."""
    lightness, a, b = (float(part) for part in srgb_to_lab(np.array(list(rgb)) / 255))
    return lightness, a, b


def nearest_shown(start: NDArray[np.int64], lab: Floats) -> NDArray[np.int64]:
    """Return the 8-bit sRGB colour nearest to one that sRGB cannot show: downhill in ΔE00, in ever smaller steps."""
    best, size = start, 32
    while size:
        around = np.clip(best + size * STEPS, 0, 255)
        distances = delta_e00(srgb_to_lab(around / 255), lab)
        found = around[int(np.argmin(distances))]
        # The middle of STEPS is the colour itself: staying means that this step is too wide.
        if distances[len(STEPS) // 2] <= distances.min():
            size //= 2
        else:
            best = found
    return best
