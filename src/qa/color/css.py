"""Functions that write a colour: `rgb()`, `hsl()`, `lab()`, `oklch()`, `color(display-p3 …)` and their kin.

The grammar is CSS Color 4's (https://www.w3.org/TR/css-color-4/), read more kindly, since brand books write Lab with
commas, and more strictly, since a number out of its range is a slip and not a colour.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from consistency.colorspace import Floats
from consistency.errors import InputError, unknown_name
from qa.color.spaces import (
    Conversion,
    a98_to_lab,
    d50_to_lab,
    hsl_to_lab,
    hwb_to_lab,
    linear_to_lab,
    oklab_to_lab,
    p3_to_lab,
    polar,
    prophoto_to_lab,
    same,
    srgb_to_lab,
    xyz_d50_to_lab,
    xyz_d65_to_lab,
)

CALL = re.compile(r"([a-z][a-z0-9-]*)\(([^()]*)\)")
NUMBER = re.compile(r"([+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]{1,3})?)(%|deg|grad|rad|turn)?")
DEGREES = {"deg": 1.0, "grad": 0.9, "rad": 180 / math.pi, "turn": 360.0}


class NotOpaque(InputError):
    """A colour that lets through what lies behind it."""


@dataclass(frozen=True)
class Axis:
    """One component of a notation.

    Attributes:
        name: For errors.
        low: Least value allowed.
        high: Greatest value allowed.
        percent: What 100 % stands for; 0 where a percentage means nothing.
        is_angle: Whether it is a hue, in degrees by default.
    """

    name: str
    low: float
    high: float
    percent: float = 0.0
    is_angle: bool = False


@dataclass(frozen=True)
class Notation:
    """The components of a way to write colours, and their conversion to L*a*b* (D65)."""

    axes: tuple[Axis, Axis, Axis]
    convert: Conversion


def channels(names: str, low: float, high: float, percent: float) -> tuple[Axis, Axis, Axis]:
    """Return three alike axes."""
    first, second, third = (Axis(name, low, high, percent) for name in names.split())
    return first, second, third


HUE = Axis("hue", -3600, 3600, is_angle=True)
LAB = Axis("L", 0, 100, 100), Axis("a", -200, 200, 125), Axis("b", -200, 200, 125)
LCH = Axis("L", 0, 100, 100), Axis("chroma", 0, 250, 150), HUE
OKLAB = Axis("L", 0, 1, 1), Axis("a", -0.6, 0.6, 0.4), Axis("b", -0.6, 0.6, 0.4)
OKLCH = Axis("L", 0, 1, 1), Axis("chroma", 0, 0.6, 0.4), HUE
HSL = HUE, Axis("saturation", 0, 100, 100), Axis("lightness", 0, 100, 100)
HWB = HUE, Axis("whiteness", 0, 100, 100), Axis("blackness", 0, 100, 100)
UNIT = channels("red green blue", -1, 2, 1)
"""Extended: wider colours leave [0, 1]; a slip such as 0..255 is caught all the same."""
XYZ = channels("X Y Z", -0.5, 1.5, 1)

_BYTES = Notation(channels("red green blue", 0, 255, 255), lambda rgb: srgb_to_lab(rgb / 255))
_HSL = Notation(HSL, hsl_to_lab)
_LAB_D50, _LCH_D50 = Notation(LAB, d50_to_lab), Notation(LCH, polar(d50_to_lab))
_LAB_D65, _LCH_D65 = Notation(LAB, same), Notation(LCH, polar(same))
_XYZ_D50, _XYZ_D65 = Notation(XYZ, xyz_d50_to_lab), Notation(XYZ, xyz_d65_to_lab)

FUNCTIONS = {
    "rgb": _BYTES,
    "rgba": _BYTES,
    "hsl": _HSL,
    "hsla": _HSL,
    "hwb": Notation(HWB, hwb_to_lab),
    "lab": _LAB_D50,
    "lab-d50": _LAB_D50,
    "lab-d65": _LAB_D65,
    "lch": _LCH_D50,
    "lch-d50": _LCH_D50,
    "lch-d65": _LCH_D65,
    "oklab": Notation(OKLAB, oklab_to_lab),
    "oklch": Notation(OKLCH, polar(oklab_to_lab)),
    "xyz-d50": _XYZ_D50,
    "xyz-d65": _XYZ_D65,
}
"""What stands before the bracket. CSS's `lab()` and `lch()` are under D50 (section 9.3)."""

SPACES = {
    "srgb": Notation(UNIT, srgb_to_lab),
    "srgb-linear": Notation(UNIT, linear_to_lab),
    "display-p3": Notation(UNIT, p3_to_lab),
    "a98-rgb": Notation(UNIT, a98_to_lab),
    "prophoto-rgb": Notation(UNIT, prophoto_to_lab),
    "xyz": _XYZ_D65,
    "xyz-d65": _XYZ_D65,
    "xyz-d50": _XYZ_D50,
    "--lab-d65": _LAB_D65,
}
"""What stands first in `color(…)`."""

HINTS = {
    "rec2020": "its transfer curve was changed in CSS Color 4; convert it to xyz-d65",
    "xyz": "say under which white: xyz-d65(X Y Z) or xyz-d50(X Y Z), with Y = 1 for white",
    "color-mix": "write the mixed colour itself",
    "var": "write the colour itself",
    "hsb": "hsb is not read; write hsl() or the hex value",
    "hsv": "hsv is not read; write hsl() or the hex value",
}


def lab_of_function(name: str, arguments: str) -> tuple[float, float, float]:
    """Return L*a*b* (D65) of one function of a colour.

    Args:
        name: What stands before the bracket, lower case.
        arguments: What stands inside.

    Raises:
        InputError: An unknown function or space, another number of components, or one out of range.
    """
    parts, alpha = split_arguments(arguments)
    table, kind = FUNCTIONS, "function of a colour"
    if name == "color":
        name, parts = (parts or [""])[0], parts[1:]
        table, kind = SPACES, "colour space"
    if name not in table:
        unknown = unknown_name(kind, name, table)
        raise InputError(unknown.expected, unknown.got, HINTS.get(name, unknown.hint))
    if len(parts) == 4 and name in ("rgb", "rgba", "hsl", "hsla") and alpha is None:
        alpha = parts.pop()
    refuse_transparent(alpha)
    values = [number(part, axis) for part, axis in zip(parts, axes_for(name, table, parts), strict=True)]
    return checked(table[name].convert(np.array(values)))


def axes_for(name: str, table: dict[str, Notation], parts: list[str]) -> tuple[Axis, Axis, Axis]:
    """Return the axes of a notation, once as many components are given."""
    return fitting(name, table[name].axes, parts)


def fitting(name: str, axes: tuple[Axis, Axis, Axis], parts: list[str]) -> tuple[Axis, Axis, Axis]:
    """Return the axes, once there are as many components.

    Raises:
        InputError: There are not.
    """
    if len(parts) != len(axes):
        wanted = " ".join(axis.name for axis in axes)
        hint = "decimals take a point, not a comma" if len(parts) > len(axes) else ""
        raise InputError(f"three components ({wanted}) in {name}", f"{len(parts)}", hint)
    return axes


def split_arguments(arguments: str) -> tuple[list[str], str | None]:
    """Return the components, parted by commas or by spaces but not both, and what stands after / as alpha."""
    body, slash, alpha = arguments.partition("/")
    if "," in body:
        parts = [part.strip() for part in body.split(",")]
        if any(not part or " " in part for part in parts):
            raise InputError("components parted by commas or by spaces", repr(arguments.strip()), "use one of them")
    else:
        parts = body.split()
    return parts, alpha.strip() if slash else None


def refuse_transparent(alpha: str | None) -> None:
    """Refuse a colour that is not opaque: what it looks like depends on what lies behind it."""
    if alpha is not None and number(alpha, Axis("alpha", 0, 1, 1)) != 1:
        raise NotOpaque("an opaque colour", f"alpha {alpha}", "write the colour that is seen")


def number(text: str, axis: Axis) -> float:
    """Read one component; `none` is 0 (CSS Color 4, section 4.4).

    Raises:
        InputError: No number, a unit that does not fit, or out of range.
    """
    if text == "none":
        return 0.0
    match = NUMBER.fullmatch(text)
    if match is None:
        raise InputError(f"a number for {axis.name}", repr(text))
    unit = match[2] or ""
    if (unit == "%" and not axis.percent) or (unit in DEGREES and not axis.is_angle):
        raise InputError(f"a number for {axis.name}", repr(text), f"leave out {unit}")
    scale = axis.percent / 100 if unit == "%" else DEGREES.get(unit, 1.0)
    value = float(match[1]) * scale
    if not axis.low <= value <= axis.high:
        raise InputError(f"{axis.name} between {axis.low:g} and {axis.high:g}", repr(text))
    return value


def checked(lab: Floats) -> tuple[float, float, float]:
    """Return L*a*b* as three numbers, once they can be those of a surface."""
    lightness, a, b = (float(value) for value in lab)
    if not (-0.002 <= lightness <= 100.002 and max(abs(a), abs(b)) <= 200):
        raise InputError("a colour between black and white", f"L*a*b* {lightness:.1f} {a:.1f} {b:.1f}")
    return lightness, a, b
