"""Is this picture one of the kit's own? Generators sometimes return what they were given."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import PurePosixPath
from typing import Annotated, ClassVar, Self

from pydantic import Field

from consistency.errors import ImageError, shorten
from consistency.image import load_image
from qa.asset import Asset, Brief
from qa.checks.check import Rule
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.kit.model import KitOptions
from qa.quality.fingerprint import Fingerprint, Index
from qa.verdict import Finding, Level, Limit, Status

PICTURES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".avif", ".tif", ".tiff", ".bmp"})


class CopiesOptions(KitOptions):
    """The kit's `copies` section.

    Attributes:
        max_difference: A picture is a copy where no cell of a 64×64 grid differs in lightness, and none of a 16×16 grid
            in colour, by more levels (0..255).
        level: How hard the rule is.
    """

    max_difference: Annotated[float, Field(ge=0, le=255)] = 7.0
    level: Level = Level.WARN


class CopiesCheck:
    """Finds assets that repeat a picture of the kit."""

    name: ClassVar[str] = "copies"
    version: ClassVar[int] = 1
    section: ClassVar[str] = "copies"
    Options: ClassVar[type[CopiesOptions]] = CopiesOptions
    needs: frozenset[Need] = frozenset()

    def __init__(self, options: CopiesOptions, kit: BrandKit) -> None:
        self._options = options
        self._kit = kit

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit turns it off or has no pictures."""
        options = kit.section(cls.section, CopiesOptions)
        return None if options.level is Level.OFF or not any(map(is_picture, kit.files)) else cls(options, kit)

    def rules(self, brief: Brief) -> Sequence[Rule]:
        """Return the one rule."""
        return [Rule(self.name, self._options.level, "a picture of its own")]

    def judge(self, asset: Asset, evidence: Evidence) -> Sequence[Finding]:
        """Return the one finding."""
        known = self._known
        found = known.index.nearest(evidence.fingerprint(), self._options.max_difference)
        other, difference = (known.names[found[0]], found[1]) if found is not None else ("", None)
        return [
            Finding(
                rule=self.name,
                check=self.name,
                code="copies.of_reference" if other else "met",
                level=self._options.level,
                status=Status.FAIL if other else Status.PASS,
                value=None if difference is None else float(difference),
                unit="levels",
                limit=Limit(">", self._options.max_difference, "kit"),
                expected="a picture of its own",
                observed=f"nearly identical to {shorten(other)}" if other else "",
                evidence={"of": other} if other else {},
            )
        ]

    @cached_property
    def _known(self) -> Known:
        return Known(self._kit)


class Known:
    """The pictures that a kit names, by their names in it.

    Args:
        kit: The kit; a picture that cannot be read is left to the check that needs it.
    """

    def __init__(self, kit: BrandKit) -> None:
        self.names: list[str] = []
        self.index = Index(len(kit.files))
        for name in filter(is_picture, sorted(kit.files)):
            try:
                pixels = load_image(kit.files[name]).on_background(kit.background).pixels
            except ImageError:
                continue
            self.names.append(name)
            self.index.add(Fingerprint.of(pixels))


def is_picture(name: str) -> bool:
    """Whether a file's name is that of a picture."""
    return PurePosixPath(name).suffix.lower() in PICTURES
