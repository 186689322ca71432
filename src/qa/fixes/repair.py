"""What a repair gives back."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from consistency.errors import InputError
from consistency.image import Image
from qa.fixes.fix import Left
from qa.fixes.handout import Handout
from qa.verdict import Fix, Verdict


@dataclass(frozen=True, eq=False)
class Repair:
    """A repaired picture, the verdict on it, and what of the plan was left. Unpacks: `picture, verdict, left`.

    Attributes:
        image: The picture as `load_image` reads it from `data`: what was judged is what is published.
        verdict: On the repaired picture as a whole; the one that was given where nothing was applied.
        left: Fixes of the plan that were not applied, each with the reason.
        applied: Those that were.
        data: Bytes of the file: the repaired one, or the picture's own where nothing was applied; b"" where that was
            handed in as pixels.
        notes: What of the file could not be kept, in sentences.
        handouts: What an inpainting editor needs to do the plan on the picture that was given, where the gate's own
            repair does not come to an accepted one; in the plan's order, each to be done after the other.
    """

    image: Image
    verdict: Verdict
    left: tuple[Left, ...] = ()
    applied: tuple[Fix, ...] = ()
    data: bytes = field(default=b"", repr=False)
    notes: tuple[str, ...] = ()
    handouts: tuple[Handout, ...] = ()

    def __iter__(self) -> Iterator[Any]:
        yield self.image
        yield self.verdict
        yield self.left

    @property
    def is_changed(self) -> bool:
        """Whether anything was applied."""
        return bool(self.applied)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the file, whole or not at all.

        Raises:
            InputError: There is no file: pixels were handed in, and nothing was applied to them.
        """
        if not self.data:
            raise InputError("a file to write", "pixels that nothing was applied to", "save those you have")
        place = Path(path)
        partial = place.with_name(f".{place.name}.part")
        partial.unlink(missing_ok=True)  # of a run that was cut short, or a link
        with partial.open("xb") as file:
            file.write(self.data)
        partial.replace(place)
        return place
