"""The brand kit: what a brand asks of its pictures, read once, resolved, hashed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, RootModel

from qa.calibration.calibration_file import Calibration
from qa.color.notation import Color
from qa.kit.bundle import write_bundle
from qa.kit.loading import load_resolved, resolve_text
from qa.kit.patterns import matches
from qa.kit.policy import Economics, ModelOptions, Policy, Waiver
from qa.kit.resolving import Resolved, section_of
from qa.kit.schema import Sections

__all__ = ["BrandKit", "Economics", "ModelOptions", "Policy", "Waiver"]

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, eq=False)
class BrandKit:
    """A kit with everything it names; after loading it touches no path.

    Attributes:
        name: The brand's or campaign's name.
        hash: Sha256 of what the kit says and of the bytes of every file it names; comments and layout left out.
        models: The models it judges with.
        policy: What happens with findings.
        economics: What time and mistakes cost.
        waivers: Agreed exceptions.
        files: Kit-relative name → bytes.
        source: Where it was read from, as given.
    """

    name: str
    hash: str
    models: ModelOptions = field(default_factory=ModelOptions)
    policy: Policy = field(default_factory=Policy)
    economics: Economics = field(default_factory=Economics)
    waivers: tuple[Waiver, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    source: str = ""
    resolved: Resolved = field(default_factory=Resolved, repr=False)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, sections: Sections | None = None) -> BrandKit:
        """Read a kit: its YAML file, the folder that holds its `brand.yaml`, or a bundle.

        Args:
            path: The file or folder.
            sections: Sections of checks that are not built in, beside the built-in ones.

        Raises:
            KitError: Missing, no kit, or anything wrong in it; all problems together, one line each.
            StoredFormatError: A bundle that is damaged or newer than this version.
        """
        return cls._of(load_resolved(Path(path), str(path), sections or {}))

    @classmethod
    def from_text(
        cls, text: str, *, folder: str | os.PathLike[str] | None = None, sections: Sections | None = None
    ) -> BrandKit:
        """Read a kit from text; without a folder it may name no files.

        Raises:
            KitError: As `load`.
        """
        return cls._of(resolve_text(text, None if folder is None else Path(folder), sections or {}))

    @classmethod
    def _of(cls, resolved: Resolved) -> BrandKit:
        keys = resolved.keys
        return cls(
            keys.name,
            resolved.hash,
            keys.models,
            keys.policy,
            keys.economics,
            keys.waivers,
            resolved.files,
            resolved.source,
            resolved,
        )

    def section(self, key: str, options: type[T]) -> T:
        """Return the options of a top-level section, the defaults where the kit has none.

        Raises:
            KitError: What the kit says there is not of this type.
        """
        return section_of(self.resolved, key, options)

    @property
    def calibration(self) -> Calibration | None:
        """What labels taught about the kit's rules, where it names such a file."""
        return self.resolved.calibration

    @property
    def background(self) -> tuple[int, int, int]:
        """The sRGB colour that transparent pixels are judged on; white where the kit states none."""
        return self.resolved.keys.background

    @property
    def colors(self) -> dict[str, Color]:
        """The brand's colours by name, as `qa.color.Palette` and `qa.color.extract` take them."""
        section = self.resolved.sections.get("colors")
        stated = section.root if isinstance(section, RootModel) else {}
        return {name: options.value for name, options in stated.items()}

    def has(self, key: str) -> bool:
        """Whether the kit states a top-level section."""
        return key in self.resolved.tree

    def expand(self, pattern: str) -> tuple[str, ...]:
        """Return the sorted names of the kit's files that a kit-relative name or glob matches."""
        if pattern in self.files:
            return (pattern,)
        return tuple(sorted(name for name in self.files if matches(pattern, name)))

    def bundle(self, file: str | os.PathLike[str]) -> Path:
        """Write the kit with everything it names into one file, which `load` opens; equal kits make equal files."""
        path = Path(file)
        write_bundle(path, self.resolved.tree, self.files)
        return path
