"""What a repair hands to an inpainting editor: where it may paint, what, and why; and as files beside a picture."""

from __future__ import annotations

import io
import json
import os
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

import numpy as np
from PIL import Image as Pillow

from consistency.errors import InputError
from consistency.region import Box, Mask
from qa.verdict import AssetRef, Fix, FixKind

FORMAT, VERSION = "qa.handout", 1
MASK, PROMPT, RECORD = ".mask.png", ".prompt.txt", ".json"

WANTED = {FixKind.RETEXT: "expected", FixKind.RECOLOR: "to"}
"""Kind of fix → its parameter that says what is to be there."""


@dataclass(frozen=True, eq=False)
class Handout:
    """What an editor that repaints parts of pictures needs to do what the gate did not.

    Attributes:
        asset: The picture it is to work on: the one that was judged, untouched.
        fix: What is to be done.
        mask: Where it may paint, in pixels of the upright picture.
        prompt: What it is to paint, in words.
        rule: The rule that failed, or "".
        reason: Why the gate did not do it.
    """

    asset: AssetRef
    fix: Fix
    mask: Mask
    prompt: str
    rule: str = ""
    reason: str = ""

    @property
    def box(self) -> Box | None:
        """The smallest box around the mask."""
        return Box.around(self.mask.decode())

    @property
    def expected(self) -> str:
        """The text or the colour that is to be there; "" where something is only to go."""
        return str(self.fix.parameters.get(WANTED.get(self.fix.kind, "")) or "")

    def mask_png(self) -> bytes:
        """Return the mask as a grey PNG of the picture's size: white may change, black stays."""
        stream = io.BytesIO()
        Pillow.fromarray(self.mask.decode().astype(np.uint8) * 255).save(stream, "PNG")
        return stream.getvalue()

    def record(self, mask: str) -> dict[str, Any]:
        """Return what a program needs, as plain JSON.

        Args:
            mask: Name of the mask's file.
        """
        box = self.box
        return {
            "format": FORMAT,
            "version": VERSION,
            "asset": self.asset.name,
            "sha256": self.asset.key,
            "size": [self.mask.width, self.mask.height],
            "rule": self.rule,
            "kind": self.fix.kind.value,
            "box": None if box is None else [box.left, box.top, box.width, box.height],
            "expected": self.expected,
            "prompt": self.prompt,
            "mask": mask,
            "reason": self.reason,
        }

    def files(self, stem: str) -> dict[str, bytes]:
        """Return mask, prompt and record as files, name → bytes; the same handout gives the same bytes.

        Args:
            stem: What their names begin with: "sub/017.png.1".
        """
        mask = stem + MASK
        # Escaped, so that a name that is no Unicode is written as well.
        text = json.dumps(self.record(PurePath(mask).name), indent=2)
        return {
            mask: self.mask_png(),
            stem + PROMPT: (self.prompt + "\n").encode(errors="replace"),
            stem + RECORD: (text + "\n").encode(),
        }

    def save(self, stem: str | os.PathLike[str]) -> Path:
        """Write mask, prompt and record beside each other, and return the record's path.

        Args:
            stem: Path that their names begin with: "handouts/017.png.1".

        Raises:
            InputError: One of the files is there already; nothing is written then.
        """
        files = {Path(name): data for name, data in self.files(os.fspath(stem)).items()}
        for path in files:
            if os.path.lexists(path):
                raise InputError("free places for mask, prompt and record", str(path), "choose another name")
        for path, data in files.items():
            with path.open("xb") as file:
                file.write(data)
        return list(files)[-1]
