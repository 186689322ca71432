"""Is each brand colour where it should be, and is it right?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, RootModel, field_validator, model_validator

from consistency.region import Region
from qa.asset import Asset, Brief
from qa.checks.check import Rule
from qa.color.judging import Demand, Judgement, judge_color
from qa.color.palette import Palette, Rgb
from qa.color.regions import Patch, find_patches
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.kit.options import Bool, BoxOption, Fraction, HexColor, KitOptions, When, refuse
from qa.verdict import Finding, Fix, FixKind, Level, Limit, Scalar, Status

Mode = Literal["auto", "flat", "shaded", "presence"]
DeltaE = Annotated[float, Field(gt=0, le=100)]

OUTSIDE = Judgement(Status.FAIL, "color.missing", observed="its box lies outside the picture")


class ColorOptions(KitOptions):
    """One colour of the brand.

    Attributes:
        value: Its sRGB value.
        accept: ΔE00 up to which it is right.
        fix: ΔE00 up to which recolouring mends it; further off, only another picture helps.
        mode: `flat` compares as it is, `shaded` with the shade taken away, `auto` chooses by whether lightness varies
            inside the region, `presence` asks only whether it is there.
        where: `auto`, or the box in which it must be.
        min_area: Least share of the picture that counts.
        required: Whether it must be there.
        level: How hard the rule is.
        when: The briefs it applies to.
    """

    value: HexColor
    accept: DeltaE = 2.0
    fix: DeltaE = 5.0
    mode: Mode = "auto"
    where: Literal["auto"] | BoxOption = "auto"
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
    root: dict[str, ColorOptions] = Field(default_factory=dict)

    @field_validator("root")
    @classmethod
    def check_distinct(cls, colors: dict[str, ColorOptions]) -> dict[str, ColorOptions]:
        """Refuse two names for one colour: no pixel could be told to be the one or the other."""
        seen: dict[Rgb, str] = {}
        for name, options in colors.items():
            if options.value in seen:
                raise refuse(f"a value that differs from {seen[options.value]!r}", f"leave out {name!r}")
            seen[options.value] = name
        return colors


@dataclass(frozen=True)
class ColorCheck:
    """Judges every colour of the kit by the regions that are the brand's.

    Which region that is: the kit's box, or, in `auto`, the flat connected region nearest the colour. With a right
    region in the picture, others near the colour are at most a warning; without one, the nearest flat region is taken
    for the brand's attempt at a colour that is required.
    """

    name: ClassVar[str] = "color"
    version: ClassVar[int] = 1
    section: ClassVar[str] = "colors"
    Options: ClassVar[type[ColorsOptions]] = ColorsOptions

    colors: Mapping[str, ColorOptions]
    needs: frozenset[Need] = frozenset()

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit names no colour that is not off."""
        colors = kit.section(cls.section, cls.Options).root
        return cls(colors) if any(options.level is not Level.OFF for options in colors.values()) else None

    def rules(self, brief: Brief) -> Sequence[Rule]:
        """Return one rule per colour that applies."""
        return [Rule(f"color.{name}", options.level, expected(options)) for name, options in self.applying(brief)]

    def judge(self, asset: Asset, evidence: Evidence) -> Sequence[Finding]:
        """Return one finding per colour that applies."""
        palette = palette_of(self.colors)
        return [self.finding(name, options, palette, evidence) for name, options in self.applying(asset.brief)]

    def applying(self, brief: Brief) -> list[tuple[str, ColorOptions]]:
        """Return the colours that are not off and apply under a brief."""
        return [
            (name, options)
            for name, options in self.colors.items()
            if options.level is not Level.OFF and options.when.applies(brief)
        ]

    def finding(self, name: str, options: ColorOptions, palette: Palette, evidence: Evidence) -> Finding:
        """Judge one colour."""
        return told(name, options, judged(name, options, palette, evidence), evidence)


@dataclass(frozen=True)
class ColorReading:
    """What a picture shows of one brand colour.

    Attributes:
        lab: Median L*a*b* (D65) of the region, of its lit part where it is shaded.
        delta_e00: What the rule's limit is compared with.
        area_fraction: Of the picture.
        surface: "flat", "shaded", "unclear" or "textured".
        status: What the check says of it; a warning may be about a region that is not the brand's at all.
    """

    lab: tuple[float, float, float]
    delta_e00: float
    area_fraction: float
    surface: str
    status: Status


def color_readings(evidence: Evidence, check: ColorCheck) -> dict[str, ColorReading]:
    """Return what a picture shows of each colour that applies and that was found, by name.

    Measured once: nothing is looked at again when the check has judged the picture, or will.
    """
    palette = palette_of(check.colors)
    said = {name: judged(name, options, palette, evidence) for name, options in check.applying(evidence.asset.brief)}
    return {name: reading_of(one) for name, one in said.items() if one.value is not None}


def reading_of(said: Judgement) -> ColorReading:
    """Return the figures of a judgement that has some."""
    figures = said.figures
    lightness, a, b = (float(figures[name]) for name in ("lightness", "a", "b"))
    area, surface = float(figures["area_fraction"]), str(figures["surface"])
    return ColorReading((lightness, a, b), float(said.value or 0), area, surface, said.status)


def palette_of(colors: Mapping[str, ColorOptions]) -> Palette:
    """Return all the colours of a kit, those that do not apply as well: a pixel belongs to the nearest."""
    return Palette({name: options.value for name, options in colors.items()})


def judged(name: str, options: ColorOptions, palette: Palette, evidence: Evidence) -> Judgement:
    """Judge one colour, once per picture."""
    key = ("color.judged", name, options, palette.lab.tobytes())
    return evidence.recall(key, lambda: judge_one(name, options, palette, evidence))


def judge_one(name: str, options: ColorOptions, palette: Palette, evidence: Evidence) -> Judgement:
    """Find the regions near the brand's colours and judge one of them by its own."""
    image = evidence.image
    box = None if options.where == "auto" else options.where.resolve(image.height, image.width)
    if box is not None:
        box = box.clipped(image.height, image.width)
        if box is None:
            return OUTSIDE
    index = palette.names.index(name)
    key = ("color.patches", palette.lab.tobytes(), box)
    patches: list[list[Patch]] = evidence.recall(key, lambda: find_patches(image, palette, box))
    demand = Demand(palette, index, options.accept, options.fix, options.mode, options.min_area, options.required, box)
    return judge_color(image, patches[index], demand)


def expected(options: ColorOptions) -> str:
    """Return in words what a colour demands."""
    place = "" if options.where == "auto" else " in its box"
    return f"{hex_of(options.value)} within ΔE00 {options.accept:g}{place}"


def told(name: str, options: ColorOptions, said: Judgement, evidence: Evidence) -> Finding:
    """Return a judgement as the finding of a rule."""
    image = evidence.image
    where = None if said.patch is None else said.patch.region(image.height, image.width)
    if where is not None and said.status is Status.PASS:
        where = Region(where.box)  # a mask is for repairs; on what is right it would be most of a record's bytes
    is_mendable = said.status is Status.FAIL and said.value is not None and said.value <= options.fix
    recolor = Fix(FixKind.RECOLOR, where, {"to": hex_of(options.value)})
    figures: dict[str, Scalar] = dict(said.figures)
    return Finding(
        rule=f"color.{name}",
        check=ColorCheck.name,
        code=said.code,
        level=options.level,
        status=said.status,
        value=said.value,
        unit="ΔE00",
        limit=Limit("<=", options.accept, "kit"),
        expected=expected(options),
        observed=said.observed,
        where=where,
        evidence=figures,
        assumptions=tuple(image.assumptions),
        fixes=(recolor,) if is_mendable and said.code == "color.out_of_tolerance" else (),
    )


def hex_of(color: Rgb) -> str:
    """Return a colour as #rrggbb."""
    return "#" + "".join(f"{channel:02x}" for channel in color)
