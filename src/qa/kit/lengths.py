"""Lengths of a kit, in pixels or as a share of the picture, and ranges of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from qa.kit.quantities import read_quantity, refuse

EXPECTED = "a length such as 24px or 3%"
EXPECTED_RANGE = "a length or a range of them, such as 24px, 24px.., 24px..30px or 2%..3%"
MOST_PIXELS = 10**6


@dataclass(frozen=True)
class Length:
    """A length before the picture is known.

    Attributes:
        amount: Pixels, or a share in [0, 1] of the picture's width or height.
        is_share: Which of the two.
    """

    amount: float
    is_share: bool = False

    def resolve(self, whole: int) -> float:
        """Return the length in pixels of a picture whose side is `whole` pixels, rounded to a tenth."""
        return round(self.amount * whole if self.is_share else self.amount, 1)

    def __str__(self) -> str:
        return f"{100 * self.amount:g}%" if self.is_share else f"{self.amount:g}px"


@dataclass(frozen=True)
class LengthRange:
    """From `least` to `most`, either of which may be left open."""

    least: Length | None = None
    most: Length | None = None

    def __str__(self) -> str:
        if self.most is None:
            return f"at least {self.least}"
        return f"at most {self.most}" if self.least is None else f"{self.least} to {self.most}"


def parse_length(value: object) -> Length:
    """Read "24px" or "3%"; a bare number is refused unless it is 0, as it could mean either."""
    if isinstance(value, Length):
        return value
    number, unit = read_quantity(value, EXPECTED, ("px", "%", ""))
    if not unit and number != 0:
        raise refuse(EXPECTED, f"write {number:g}px or {number:g}%")
    if number < 0 or number > (100 if unit == "%" else MOST_PIXELS):
        raise refuse(EXPECTED, "not negative, and at most 100%")
    return Length(round(number / 100, 12), is_share=True) if unit == "%" else Length(number)


def parse_length_range(value: object) -> LengthRange:
    """Read "24px..30px", "24px..", "..30px", or "24px", which means at least that."""
    if isinstance(value, LengthRange):
        return value
    if not isinstance(value, str) or not value.strip():
        raise refuse(EXPECTED_RANGE)
    low, _, high = (part.strip() for part in value.partition(".."))
    least = parse_length(low) if low else None
    most = parse_length(high) if high else None
    if least is None and most is None:
        raise refuse(EXPECTED_RANGE)
    if most is not None and most.amount <= 0:
        raise refuse(EXPECTED_RANGE, "no text is 0 high")
    if least and most and least.is_share == most.is_share and least.amount > most.amount:
        raise refuse(EXPECTED_RANGE, f"{least} is more than {most}")
    return LengthRange(least, most)


AS_TEXT = WithJsonSchema({"type": "string"})

LengthOption = Annotated[Length, BeforeValidator(parse_length), AS_TEXT]
"""A length, written "24px" or "3%"."""

LengthRangeOption = Annotated[LengthRange, BeforeValidator(parse_length_range), AS_TEXT]
"""A range of lengths, written "24px..30px", "24px.." or "..30px"; "24px" alone means at least that."""
