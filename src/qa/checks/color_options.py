"""The kit's section `colors`: what each brand colour is, where it must be, how near it has to come."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, RootModel, WithJsonSchema, field_validator, model_validator

from qa.color.notation import Color
from qa.color.palette import LARGEST_PALETTE
from qa.kit.options import Bool, BoxOption, ColorOption, FileList, Fraction, KitOptions, When, refuse
from qa.verdict import Level

Mode = Literal["auto", "flat", "shaded", "presence"]
DeltaE = Annotated[float, Field(gt=0, le=100)]
Name = Annotated[str, Field(min_length=1, max_length=200)]

SAME_COLOR = 0.005
"""L*a*b* units within which two values are one colour; a hex value and the same one as Lab differ by less."""


class Place(KitOptions):
    """Where a brand colour has to be; nothing stated means: find it.

    Attributes:
        box: Somewhere in a box.
        mask: In the white part of a picture of the kit, laid over the asset.
        text: In the letters of a required text, by its id.
        subject: Where a subject's reference pictures have it.
    """

    box: BoxOption | None = None
    mask: Annotated[FileList, Field(max_length=1)] = ()
    text: Name | None = None
    subject: Name | None = None

    @model_validator(mode="before")
    @classmethod
    def read_short_form(cls, value: Any) -> Any:
        """Read `auto`, and a box written as such."""
        if value == "auto":
            return {}
        return value if isinstance(value, (dict, Place)) else {"box": value}

    @model_validator(mode="after")
    def check_one(self) -> Self:
        """Refuse two places for one colour."""
        if sum(map(bool, (self.box, self.mask, self.text, self.subject))) > 1:
            raise refuse("one place: auto, a box, {mask: file}, {text: id} or {subject: name}")
        return self

    @property
    def is_auto(self) -> bool:
        """Whether the colour has to be found."""
        return self == Place()

    def __str__(self) -> str:
        if self.mask:
            return " in its mask"
        if self.text or self.subject:
            return f" on {self.text or self.subject}"
        return " in its box" if self.box else ""


PLACES = [
    {"type": "string"},
    {"type": "array", "minItems": 4, "maxItems": 4},
    *(
        {"type": "object", "properties": {name: {"type": "string"}}, "required": [name], "additionalProperties": False}
        for name in ("mask", "text", "subject")
    ),
]
PlaceOption = Annotated[Place, WithJsonSchema({"anyOf": PLACES})]


class ColorOptions(KitOptions):
    """One colour of the brand.

    Attributes:
        value: The colour, in any notation.
        accept: ΔE00 up to which it is right.
        fix: ΔE00 up to which recolouring mends it; further off, only another picture helps.
        mode: `flat` compares as it is, `shaded` with the shade taken away, `auto` chooses by whether lightness varies
            inside the region, `presence` asks only whether it is there.
        where: `auto`, or what is the brand's: a box, a mask, a required text, a part of a subject.
        min_area: Least share of the picture that counts.
        required: Whether it must be there.
        level: How hard the rule is.
        when: The briefs it applies to.
    """

    value: ColorOption
    accept: DeltaE = 2.0
    fix: DeltaE = 5.0
    mode: Mode = "auto"
    where: PlaceOption = Place()
    min_area: Annotated[Fraction, Field(gt=0, le=1)] = 0.005
    required: Bool = True
    level: Level = Level.BLOCK
    when: When = When()

    @model_validator(mode="after")
    def check_order(self) -> Self:
        """Refuse a fix limit below the accept limit."""
        if self.fix < self.accept:
            raise refuse(f"fix of at least accept ({self.accept:g})")
        return self


class ColorsOptions(RootModel[dict[str, ColorOptions]]):
    """The brand's colours by name."""

    model_config = {"frozen": True}
    root: Annotated[dict[str, ColorOptions], Field(json_schema_extra={"maxProperties": LARGEST_PALETTE})] = Field(
        default_factory=dict
    )

    @field_validator("root", mode="before")
    @classmethod
    def check_count(cls, colors: object) -> object:
        """Refuse more colours than a palette can hold."""
        if isinstance(colors, dict) and len(colors) > LARGEST_PALETTE:
            raise refuse(f"at most {LARGEST_PALETTE} colours", f"there are {len(colors)}; leave out the rest")
        return colors

    @field_validator("root")
    @classmethod
    def check_distinct(cls, colors: dict[str, ColorOptions]) -> dict[str, ColorOptions]:
        """Refuse two names for one colour: no pixel could be told to be the one or the other."""
        seen: dict[str, Color] = {}
        for name, options in colors.items():
            value = options.value
            same = next((other for other, color in seen.items() if is_same(color, value)), None)
            if same is not None:
                raise refuse(f"a value that differs from {same!r}", f"leave out {name!r}")
            seen[name] = value
        return colors


def is_same(first: Color, second: Color) -> bool:
    """Whether two values are one colour."""
    return all(abs(a - b) <= SAME_COLOR for a, b in zip(first.lab, second.lab, strict=True))
