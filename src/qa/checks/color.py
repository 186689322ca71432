"""Is each brand colour where it should be, and is it right?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Self

from consistency.errors import NotEvaluable
from consistency.region import Region
from qa.asset import Asset, Brief
from qa.checks.check import Rule
from qa.checks.color_options import ColorOptions, ColorsOptions
from qa.checks.color_places import OutsidePicture, Places
from qa.color.judging import Judgement, judge_color
from qa.color.looking import Demand
from qa.color.palette import Palette
from qa.color.regions import Found, Patch, find_patches, find_textured
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.verdict import Finding, Fix, FixKind, Level, Limit, Scalar, Status

OUTSIDE = Judgement(Status.FAIL, "color.missing", observed="its box lies outside the picture")


@dataclass(frozen=True)
class ColorCheck:
    """Judges every colour of the kit by the regions that are the brand's.

    Which region that is: what the kit's `where` claims, or, in `auto`, the flat connected region nearest the colour.
    With a right region in the picture, others near the colour are at most a warning; without one, a flat region that
    is surely artwork is taken for the brand's attempt at a colour that is required.
    """

    name: ClassVar[str] = "color"
    version: ClassVar[int] = 2
    section: ClassVar[str] = "colors"
    Options: ClassVar[type[ColorsOptions]] = ColorsOptions

    colors: Mapping[str, ColorOptions]
    places: Places = field(default_factory=Places)

    @property
    def needs(self) -> frozenset[Need]:
        """The lines of text, where a colour is that of a text."""
        return frozenset({Need.LINES} if any(options.where.text for options in self.colors.values()) else ())

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit names no colour that is not off.

        Raises:
            KitError: A place names a mask that is empty, or a text or subject that the kit does not have.
        """
        colors = kit.section(cls.section, cls.Options).root
        if all(options.level is Level.OFF for options in colors.values()):
            return None
        return cls(colors, Places.from_kit(kit, colors))

    def rules(self, brief: Brief) -> Sequence[Rule]:
        """Return one rule per colour that applies."""
        return [Rule(f"color.{name}", options.level, expected(options)) for name, options in self.applying(brief)]

    def judge(self, asset: Asset, evidence: Evidence) -> Sequence[Finding]:
        """Return one finding per colour that applies."""
        return [
            told(name, options, self.judged(name, evidence), evidence) for name, options in self.applying(asset.brief)
        ]

    def applying(self, brief: Brief) -> list[tuple[str, ColorOptions]]:
        """Return the colours that are not off and apply under a brief."""
        return [
            (name, options)
            for name, options in self.colors.items()
            if options.level is not Level.OFF
            and options.when.applies(brief)
            and self.places.applies(options.where, brief)
        ]

    @property
    def palette(self) -> Palette:
        """All the colours, those that do not apply as well: a pixel belongs to the nearest."""
        return palette_of(self.colors)

    def judged(self, name: str, evidence: Evidence) -> Judgement:
        """Judge one colour, once per picture."""
        palette = self.palette
        key = ("color.judged", name, self.colors[name], palette.lab.tobytes())
        return evidence.recall(key, lambda: self._judge(name, palette, evidence))

    def _judge(self, name: str, palette: Palette, evidence: Evidence) -> Judgement:
        options, index, image = self.colors[name], palette.names.index(name), evidence.image
        try:
            claim = self.places.claim(options.where, palette, index, evidence)
        except OutsidePicture:
            return OUTSIDE
        except NotEvaluable as problem:
            return Judgement(Status.NOT_EVALUABLE, problem.code, observed=str(problem))
        demand = Demand(palette, index, options.accept, options.mode, options.min_area, options.required, claim)
        place = options.where if claim is not None else None
        # What a mask of a reference claims depends on the colour; boxes, masks and letters do not.
        own = index if place is not None and place.subject else None
        key = ("color.patches", palette.lab.tobytes(), place, own)
        found: Found = evidence.recall(key, lambda: find_patches(image, palette, claim))

        def textures() -> list[Patch]:
            grained: Found = evidence.recall((*key, "textured"), lambda: find_textured(image, palette, claim))
            return grained[index]

        return judge_color(image, found[index], textures, demand)


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
    said = {name: check.judged(name, evidence) for name, _ in check.applying(evidence.asset.brief)}
    return {name: reading_of(one) for name, one in said.items() if one.value is not None}


def palette_of(colors: Mapping[str, ColorOptions]) -> Palette:
    """Return a kit's colours as a palette."""
    return Palette({name: options.value for name, options in colors.items()})


def reading_of(said: Judgement) -> ColorReading:
    """Return the figures of a judgement that has some."""
    figures = said.figures
    lightness, a, b = (float(figures[name]) for name in ("lightness", "a", "b"))
    area, surface = float(figures["area_fraction"]), str(figures["surface"])
    return ColorReading((lightness, a, b), float(said.value or 0), area, surface, said.status)


def expected(options: ColorOptions) -> str:
    """Return in words what a colour demands."""
    return f"{options.value.canonical} within ΔE00 {options.accept:g}{options.where}"


def told(name: str, options: ColorOptions, said: Judgement, evidence: Evidence) -> Finding:
    """Return a judgement as the finding of a rule."""
    image = evidence.image
    where = None if said.patch is None else said.patch.region(image.height, image.width)
    if where is not None and said.status is Status.PASS:
        where = Region(where.box)  # a mask is for repairs; on what is right it would be most of a record's bytes
    figures: dict[str, Scalar] = dict(said.figures)
    assumed = (*image.assumptions, *options.value.assumptions)
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
        assumptions=tuple(dict.fromkeys(assumed)),
        fixes=recoloring(options, said, where),
    )


def recoloring(options: ColorOptions, said: Judgement, where: Region | None) -> tuple[Fix, ...]:
    """Return the fix of a region that is surely the brand's and not too far off; none where there is no such."""
    is_off = said.status is Status.FAIL and said.is_mendable and said.value is not None
    if not is_off or said.value is None or said.value > options.fix:
        return ()
    surface = said.figures["surface"]
    wanted: dict[str, Scalar] = {"to": options.value.canonical, "from": said.observed, "surface": surface}
    return (Fix(FixKind.RECOLOR, where, wanted),)
