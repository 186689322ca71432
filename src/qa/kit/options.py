"""What the options of a kit are made of: the model base, and types that parse the kit's text.

Every scalar of a kit is text (failsafe YAML), so a type here says what text it takes. Values given from Python
in their final form (a float, a tuple) are taken as they are.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, InstanceOf, ValidationInfo, WithJsonSchema

from qa.color.notation import NO_PROFILES, Color, parse_color
from qa.kit.boxes import BoxOption, BoxSpec
from qa.kit.conditions import When
from qa.kit.model import KitOptions
from qa.kit.patterns import FileList, FilePatterns
from qa.kit.quantities import read_quantity, refuse
from qa.kit.templates import Template, fill, literal, placeholders

__all__ = [
    "Aspect",
    "AspectRatio",
    "Bool",
    "BoxOption",
    "BoxSpec",
    "ByteCount",
    "ColorOption",
    "FileList",
    "FilePatterns",
    "Fraction",
    "HexColor",
    "KitOptions",
    "Pattern",
    "Template",
    "When",
    "fill",
    "literal",
    "placeholders",
    "refuse",
]

BYTES_PER_UNIT = {"B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "": 1}
"""SI prefixes are powers of ten, IEC prefixes powers of two (IEC 80000-13); a bare number is bytes."""

LONGEST_PATTERN = 1000


@dataclass(frozen=True)
class AspectRatio:
    """Width over height, with the text it was written as.

    Example:
        >>> AspectRatio("4:5").ratio
        0.8
    """

    text: str

    def __post_init__(self) -> None:
        if not self._sides():
            raise ValueError(f"not an aspect ratio: {self.text!r}")

    @property
    def ratio(self) -> float:
        """Width over height."""
        width, height = self._sides()
        return width / height

    def __float__(self) -> float:
        return self.ratio

    def __str__(self) -> str:
        return self.text

    def _sides(self) -> tuple[float, ...]:
        match = re.fullmatch(r"\s*(\d{1,5}(?:\.\d{1,6})?)\s*[:/x×]\s*(\d{1,5}(?:\.\d{1,6})?)\s*", self.text)
        sides = tuple(float(side) for side in match.groups()) if match else ()
        return sides if all(side > 0 for side in sides) else ()


def parse_fraction(value: object) -> float:
    """Read "0.5%" or ".005" as .005. A bare "1" is refused: it could mean 1 % or 100 %."""
    expected = "a fraction between 0 and 1, as 0.5% or 0.005"
    number, unit = read_quantity(value, expected, ("%", ""))
    if isinstance(value, str) and value.strip() == "1":
        raise refuse(expected, "write 1% or 100%")
    fraction = round(number / 100, 12) if unit == "%" else number
    if not 0 <= fraction <= 1:
        raise refuse(expected, f"write {number:g}%" if not unit and 1 < number <= 100 else "")
    return fraction


def parse_byte_count(value: object) -> int:
    """Read "5MB", "300 KB", "1.5 MiB" or a bare number of bytes."""
    expected = "a size such as 5MB or 300KB"
    number, unit = read_quantity(value, expected, tuple(BYTES_PER_UNIT))
    if not 0 < number * BYTES_PER_UNIT[unit] < 2**53:
        raise refuse(expected)
    return round(number * BYTES_PER_UNIT[unit])


def parse_hex_color(value: object) -> object:
    """Read "#0055aa" or "#05a" as (0, 85, 170); a tuple of three numbers is left to be checked."""
    if isinstance(value, (tuple, list)):
        return value
    expected = 'a colour such as "#0055aa"'
    if not isinstance(value, str) or not re.fullmatch(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})", value.strip()):
        is_comment = value == ""
        raise refuse(expected, "put it in quotes: # begins a comment in YAML" if is_comment else "use #rrggbb or #rgb")
    digits = value.strip()[1:]
    digits = digits if len(digits) == 6 else "".join(2 * digit for digit in digits)
    return tuple(bytes.fromhex(digits))


def read_color(value: object, info: ValidationInfo) -> Color:
    """Read a colour in any notation; the kit's profile for CMYK comes as "profiles" in the validation's context."""
    if value == "":
        raise refuse('a colour such as "#0055aa"', "put it in quotes: # begins a comment in YAML")
    profiles = (info.context or {}).get("profiles", NO_PROFILES)
    return parse_color(value, profiles=profiles)  # type: ignore[arg-type]


def parse_aspect(value: object) -> AspectRatio:
    """Read "4:5", keeping the text."""
    if isinstance(value, AspectRatio):
        return value
    try:
        return AspectRatio(value.strip() if isinstance(value, str) else "")
    except ValueError:
        raise refuse("an aspect ratio width:height, such as 4:5") from None


def parse_bool(value: object) -> bool:
    """Read true, false, yes or no."""
    known = {"true": True, "yes": True, "false": False, "no": False}
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or value.strip().lower() not in known:
        raise refuse("true or false")
    return known[value.strip().lower()]


def check_pattern(pattern: str) -> str:
    """Refuse text that is no regular expression; it is compiled, never run, here."""
    if not 0 < len(pattern) <= LONGEST_PATTERN:
        raise refuse(f"a regular expression of 1 to {LONGEST_PATTERN} characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise refuse("a regular expression", f"it does not compile: {error}") from None
    return pattern


Channel = Annotated[int, Field(ge=0, le=255)]
FractionText = WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string"}]})
Fraction = Annotated[float, BeforeValidator(parse_fraction), FractionText]
"""A share in [0, 1], written "0.5%" or ".005"."""

ByteCount = Annotated[
    int, BeforeValidator(parse_byte_count), WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string"}]})
]
"""A number of bytes, written "5MB" or "300KB"."""

HexColor = Annotated[
    tuple[Channel, Channel, Channel],
    BeforeValidator(parse_hex_color),
    WithJsonSchema({"type": "string", "pattern": "^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"}),
]
"""An sRGB colour (r, g, b) in 0..255, written "#0055aa"."""

ColorOption = Annotated[
    InstanceOf[Color],
    BeforeValidator(read_color),
    WithJsonSchema({"type": "string", "examples": ["#0055aa", "lab(36.7% 12.6 -51.4)", "color(display-p3 0 0.3 0.6)"]}),
]
"""A colour in any notation that `qa.color.parse_color` reads."""

Aspect = Annotated[
    AspectRatio, BeforeValidator(parse_aspect), WithJsonSchema({"type": "string", "examples": ["1:1", "4:5"]})
]
"""Width over height, written "4:5"."""

Bool = Annotated[bool, BeforeValidator(parse_bool), WithJsonSchema({"type": "boolean"})]
"""True or False, written true, yes, false or no."""

Pattern = Annotated[str, AfterValidator(check_pattern)]
"""A regular expression, known to compile; whoever runs it sets a time limit."""
