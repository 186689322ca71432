"""Options of the section `text` that say how large a text is set and where: height, alignment, safe area."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from qa.asset import Brief
from qa.kit.boxes import BoxSpec, parse_box
from qa.kit.lengths import Length, LengthOption
from qa.kit.options import BoxOption, KitOptions, When, refuse

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]

Edge = Literal["left", "center", "right", "top", "middle", "bottom"]

PICTURE = "picture"
"""What `to` calls the whole picture; no text has this id."""

SIDES = ("left", "top", "right", "bottom")


def parse_target(value: object) -> object:
    """Read the id of another text, "picture", or a box."""
    if isinstance(value, str) and not any(sign in value for sign in ", "):
        return value
    return parse_box(value)


Target = Annotated[
    Identifier | BoxSpec,
    BeforeValidator(parse_target),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "minItems": 4, "maxItems": 4}]}),
]
"""What a text is aligned to: another required text by its id, `picture`, or a box."""


class Alignment(KitOptions):
    """One edge of a text that must agree with that of something else.

    Attributes:
        edge: Which edge, or which middle line; `top` and `bottom` are those of the capitals, so that the tail of a g
            does not count.
        to: The other text, the picture or a box; where left out, the text's own lines are held against each other.
        tolerance: How far off it may be: pixels, or a share of the picture's width (left, center, right) or height.
    """

    edge: Edge
    to: Target | None = None
    tolerance: LengthOption = Length(0.01, is_share=True)

    @model_validator(mode="after")
    def _has_a_target(self) -> Self:
        if self.to is None and not self.is_across:
            raise refuse(f"what the {self.edge} is aligned to", "add to: with the id of another text, picture or a box")
        return self

    @property
    def is_across(self) -> bool:
        """Whether the edge is a place from left to right."""
        return self.edge in ("left", "center", "right")

    def __str__(self) -> str:
        if isinstance(self.to, BoxSpec):
            return f"{self.edge} as the box"
        return f"{self.edge} as {self.to}" if self.to else f"{self.edge} edges of its lines"


class SafeArea(KitOptions):
    """How far required text must stay from the picture's edges, and what it must not reach into.

    Attributes:
        margin: From every edge: pixels, or a share of the picture's width (left, right) or height (top, bottom).
        left: From the left edge, in place of `margin`.
        top: From the top edge.
        right: From the right edge.
        bottom: From the bottom edge.
        keep_out: Boxes that the app's own buttons will cover.
        when: The briefs it applies to.
    """

    margin: LengthOption = Length(0)
    left: LengthOption | None = None
    top: LengthOption | None = None
    right: LengthOption | None = None
    bottom: LengthOption | None = None
    keep_out: tuple[BoxOption, ...] = ()
    when: When = When()

    @model_validator(mode="after")
    def _leaves_room(self) -> Self:
        sides = self.sides
        if not any(side.amount for side in sides) and not self.keep_out:
            raise refuse("a safe area with a margin, a side or keep_out", "such as margin: 5%")
        for first, second in ((sides[0], sides[2]), (sides[1], sides[3])):
            if first.is_share and second.is_share and first.amount + second.amount >= 1:
                raise refuse("margins that leave room between them", f"{first} and {second} leave none")
        return self

    @property
    def sides(self) -> tuple[Length, ...]:
        """Margins on the left, top, right and bottom."""
        return tuple(self.margin if side is None else side for side in (self.left, self.top, self.right, self.bottom))

    def applies(self, brief: Brief) -> bool:
        """Whether it applies to an asset with this brief."""
        return self.when.applies(brief)
