"""Size, aspect, bytes, format and transparency of a file, against what the kit states."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from consistency.image import Image
from consistency.region import Box, Region
from qa.asset import Asset, Brief
from qa.checks.check import Rule
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.kit.options import Aspect, AspectRatio, ByteCount, Fraction, KitOptions
from qa.verdict import Finding, Fix, FixKind, Level, Limit, Status

SMALLEST_CROP = 0.5
"""A crop that would throw away more than half of the picture is no repair but another picture."""

PIXELS_PER_MEGAPIXEL = 1_000_000


class LayoutOptions(KitOptions):
    """The kit's `image` section; only what is stated is judged.

    Attributes:
        min_megapixels: Fewest pixels, in millions.
        min_short_side: Shortest side, in pixels.
        aspect: Allowed aspect ratios; any of them will do.
        aspect_tolerance: How far off the nearest one may be. Generators round both sides to multiples of 16 or 32,
            so 4:5 comes as 896×1152 (2.8 % off).
        max_bytes: Largest file.
        formats: Allowed file formats, as Pillow names them, in lower case.
        alpha: Whether transparency is allowed, forbidden or required.
        level: How hard these rules are.
    """

    min_megapixels: Annotated[float, Field(gt=0)] | None = None
    min_short_side: Annotated[int, Field(gt=0)] | None = None
    aspect: tuple[Aspect, ...] = ()
    aspect_tolerance: Fraction = 0.04
    max_bytes: ByteCount | None = None
    formats: tuple[Literal["png", "jpeg", "webp", "avif", "tiff", "bmp", "gif"], ...] = ()
    alpha: Literal["allow", "forbid", "require"] = "allow"
    level: Level = Level.BLOCK


class LayoutCheck:
    """Judges what the file is, whatever it shows."""

    name: ClassVar[str] = "layout"
    version: ClassVar[int] = 1
    section: ClassVar[str] = "image"
    Options: ClassVar[type[LayoutOptions]] = LayoutOptions
    needs: frozenset[Need] = frozenset()

    def __init__(self, options: LayoutOptions) -> None:
        self._options = options
        self._measures: Mapping[str, Callable[[Image], Finding]] = {
            rule: measure
            for rule, measure, is_stated in (
                ("layout.size", self._size, options.min_megapixels or options.min_short_side),
                ("layout.aspect", self._aspect, options.aspect),
                ("layout.bytes", self._bytes, options.max_bytes),
                ("layout.format", self._format, options.formats),
                ("layout.alpha", self._alpha, options.alpha != "allow"),
            )
            if is_stated
        }

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit states nothing about its files."""
        check = cls(kit.section(cls.section, LayoutOptions))
        return check if check._measures and check._options.level is not Level.OFF else None

    def rules(self, brief: Brief) -> Sequence[Rule]:
        """Return one rule per property that the kit states."""
        return [Rule(rule, self._options.level, self._demand(rule)) for rule in self._measures]

    def judge(self, asset: Asset, evidence: Evidence) -> Sequence[Finding]:
        """Return one finding per stated property."""
        image = asset.image if asset.image is not None else evidence.image
        return [measure(image) for measure in self._measures.values()]

    def _demand(self, rule: str) -> str:
        options = self._options
        short = f"a short side of {options.min_short_side} px" if options.min_short_side else ""
        pixels = f"{options.min_megapixels:g} megapixels" if options.min_megapixels else ""
        return {
            "layout.size": "at least " + " and ".join(filter(None, (short, pixels))),
            "layout.aspect": f"{' or '.join(map(str, options.aspect))} within {options.aspect_tolerance:.1%}",
            "layout.bytes": f"at most {options.max_bytes} bytes",
            "layout.format": " or ".join(options.formats),
            "layout.alpha": "no transparency" if options.alpha == "forbid" else "transparency",
        }[rule]

    def _size(self, image: Image) -> Finding:
        options, short = self._options, min(image.width, image.height)
        megapixels = round(image.width * image.height / PIXELS_PER_MEGAPIXEL, 2)
        is_long = short >= (options.min_short_side or 0)
        is_enough = is_long and megapixels >= (options.min_megapixels or 0)
        if options.min_short_side and (not is_long or not options.min_megapixels):
            value, unit, limit = float(short), "px", float(options.min_short_side)
        else:
            value, unit, limit = megapixels, "Mpx", float(options.min_megapixels or 0)
        code = "met" if is_enough else "layout.too_small"
        return self._finding("layout.size", code, value, unit, Limit(">=", limit), f"{image.width}×{image.height}")

    def _aspect(self, image: Image) -> Finding:
        nearest = min(self._options.aspect, key=lambda aspect: deviation(image, aspect))
        off = round(deviation(image, nearest), 4)
        limit = Limit("<=", self._options.aspect_tolerance)
        crop = exact_crop(image.width, image.height, nearest)
        fixes = (crop_fix(image, crop, nearest),) if is_repair(image, crop) else ()
        code = "met" if off <= limit.value else "layout.aspect"
        evidence = {"nearest": str(nearest), "crop": str(crop)} if off > 0 else {"nearest": str(nearest)}
        return self._finding(
            "layout.aspect", code, off, "off", limit, f"{image.width}×{image.height}",
            fixes=fixes if code != "met" else (), evidence=evidence,
        )  # fmt: skip

    def _bytes(self, image: Image) -> Finding:
        count, limit = image.source.byte_count, Limit("<=", float(self._options.max_bytes or 0))
        if count is None:
            return self._not_a_file("layout.bytes")
        code = "met" if count <= limit.value else "layout.too_heavy"
        return self._finding("layout.bytes", code, float(count), "bytes", limit, f"{count} bytes")

    def _format(self, image: Image) -> Finding:
        name = image.source.format.lower()
        if not name:
            return self._not_a_file("layout.format")
        return self._finding(
            "layout.format", "met" if name in self._options.formats else "layout.format", observed=name
        )

    def _alpha(self, image: Image) -> Finding:
        transparent = 0.0 if image.alpha is None else round(float((image.alpha < 255).mean()), 4)
        is_met = (transparent > 0) == (self._options.alpha == "require")
        return self._finding(
            "layout.alpha", "met" if is_met else "layout.alpha", observed=f"{transparent:.1%} of the pixels transparent"
        )

    def _not_a_file(self, rule: str) -> Finding:
        return Finding(
            rule, self.name, "layout.not_a_file", self._options.level, Status.NOT_EVALUABLE,
            expected=self._demand(rule), observed="handed in as pixels: no file",
        )  # fmt: skip

    def _finding(
        self,
        rule: str,
        code: str,
        value: float | None = None,
        unit: str = "",
        limit: Limit | None = None,
        observed: str = "",
        *,
        fixes: tuple[Fix, ...] = (),
        evidence: Mapping[str, str] | None = None,
    ) -> Finding:
        status = Status.PASS if code == "met" else Status.FAIL
        return Finding(
            rule, self.name, code, self._options.level, status, value, unit, limit, self._demand(rule), observed,
            evidence=evidence or {}, fixes=fixes,
        )  # fmt: skip


def deviation(image: Image, aspect: AspectRatio) -> float:
    """Return how far a picture's width over height is off an aspect, as a fraction of the larger of the two."""
    actual = image.width / image.height
    return 1 - min(actual, aspect.ratio) / max(actual, aspect.ratio)


def exact_crop(width: int, height: int, aspect: AspectRatio) -> Box:
    """Return the largest centred box of an aspect inside a picture, to the nearest pixel."""
    inner_width = max(1, min(width, round(height * aspect.ratio)))
    inner_height = max(1, min(height, round(width / aspect.ratio)))
    return Box((width - inner_width) // 2, (height - inner_height) // 2, inner_width, inner_height)


def is_repair(image: Image, crop: Box) -> bool:
    """Whether a crop keeps enough of the picture to be a repair."""
    return crop.area >= SMALLEST_CROP * image.width * image.height


def crop_fix(image: Image, crop: Box, aspect: AspectRatio) -> Fix:
    """Return the fix that cuts a picture to an aspect."""
    kept = round(crop.area / (image.width * image.height), 4)
    return Fix(FixKind.CROP_RESIZE, Region(crop), {"aspect": str(aspect), "kept": kept})
