"""Boxes of a kit: in pixels or as a share of the picture."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from consistency.region import Box
from qa.kit.quantities import read_quantity, refuse

EXPECTED = "a box: left,top width×height in pixels or %"


@dataclass(frozen=True)
class BoxSpec:
    """A box before the picture is known; each side is whole pixels, or a share of the picture.

    Attributes:
        sides: left, top, width, height.
        is_share: Which of them are shares in [0, 1] of the picture's width or height.
    """

    sides: tuple[float, float, float, float]
    is_share: tuple[bool, bool, bool, bool]

    def resolve(self, height: int, width: int) -> Box:
        """Return the box in pixels of a picture of `height`×`width`; at least one pixel, not clipped."""
        whole = (width, height, width, height)
        pixels = [
            round(side * size) if share else round(side)
            for side, share, size in zip(self.sides, self.is_share, whole, strict=True)
        ]
        return Box(pixels[0], pixels[1], max(1, pixels[2]), max(1, pixels[3]))


def parse_box(value: object) -> BoxSpec:
    """Read "412,220 310×96", "10%,5% 30%x20%" or a list of the four."""
    if isinstance(value, BoxSpec):
        return value
    parts = re.split(r"\s*[,x×]\s*|\s+", value.strip()) if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)) or len(parts) != 4:
        raise refuse(EXPECTED)
    read = [_side(part) for part in parts]
    sides = tuple(number for number, _ in read)
    if min(sides) < 0 or min(sides[2:]) <= 0:
        raise refuse(EXPECTED, "left and top are ≥ 0, width and height > 0")
    return BoxSpec(sides, tuple(share for _, share in read))  # type: ignore[arg-type]


def _side(part: object) -> tuple[float, bool]:
    number, unit = read_quantity(part, EXPECTED, ("px", "%", ""))
    if unit == "%":
        if number > 100:
            raise refuse(EXPECTED, "a share is at most 100%")
        return round(number / 100, 12), True
    if number != round(number) or abs(number) > 10**6:
        raise refuse(EXPECTED, "pixels are whole numbers")
    return number, False


BoxOption = Annotated[
    BoxSpec,
    BeforeValidator(parse_box),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "minItems": 4, "maxItems": 4}]}),
]
"""A box, written "412,220 310×96", "10%,5% 30%×20%" or as a list of the four."""
