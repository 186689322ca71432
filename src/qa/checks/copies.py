"""Is this picture one of the kit's own? Generators sometimes return what they were given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from threading import Lock
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

DEMAND = "a picture of its own"


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
        self._lock = Lock()
        self._read: Known | None = None

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit turns it off or has no pictures."""
        options = kit.section(cls.section, CopiesOptions)
        return None if options.level is Level.OFF or not any(map(is_picture, kit.files)) else cls(options, kit)

    def rules(self, brief: Brief) -> Sequence[Rule]:
        """Return the one rule."""
        return [Rule(self.name, self._options.level, DEMAND)]

    def judge(self, asset: Asset, evidence: Evidence) -> Sequence[Finding]:
        """Return the one finding."""
        known, most = self._known(), self._options.max_difference
        found = known.index.nearest(evidence.fingerprint(), most)
        met = Finding(self.name, self.name, "met", self._options.level, Status.PASS, unit="levels", expected=DEMAND)
        if found is not None:
            other, difference = known.names[found[0]], float(found[1])
            told = replace(met, code="copies.of_reference", status=Status.FAIL, value=difference)
            words, limit = f"nearly identical to {shorten(other)}", Limit(">", most)
            return [replace(told, limit=limit, observed=words, evidence={"of": other})]
        if known.unread:
            words = f"{shorten(known.unread[0])} of the kit cannot be read"
            return [replace(met, code="copies.not_evaluable", status=Status.NOT_EVALUABLE, observed=words)]
        return [met]

    def _known(self) -> Known:
        """Return the kit's pictures, read once for all threads."""
        with self._lock:
            if self._read is None:
                self._read = Known(self._kit)
            return self._read


class Known:
    """The pictures that a kit names, by their names in it; those that cannot be read apart.

    Args:
        kit: The kit.
    """

    def __init__(self, kit: BrandKit) -> None:
        self.names: list[str] = []
        self.unread: list[str] = []
        self.index = Index(len(kit.files))
        for name in filter(is_picture, sorted(kit.files)):
            try:
                pixels = load_image(kit.files[name]).on_background(kit.background).pixels
            except ImageError:
                self.unread.append(name)
                continue
            self.names.append(name)
            self.index.add(Fingerprint.of(pixels))


def is_picture(name: str) -> bool:
    """Whether a file's name is that of a picture."""
    return PurePosixPath(name).suffix.lower() in PICTURES
