"""The parts of a picture that findings about text are about: a preview is too small to read small print in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from consistency.display import jpeg_bytes, thumbnail
from consistency.region import Box
from qa.verdict import Finding, Status

AROUND, LEAST_AROUND = 0.4, 6
"""Of the text's height shown around it, and pixels at least."""

OF_LETTERS = ("text", "glyphs")
"""Checks whose findings are about letters."""

LONGEST_SIDE = 640
QUALITY = 85

MOST = 12
"""Close-ups kept of one picture."""


def part_around(box: Box, height: int, width: int) -> Box | None:
    """Return the part of a picture that is shown of a text; None where the box is not in the picture."""
    return box.padded(max(LEAST_AROUND, round(AROUND * min(box.width, box.height)))).clipped(height, width)


def closeups_of(findings: Iterable[Finding], pixels: NDArray[np.uint8]) -> Mapping[Box, bytes]:
    """Return a JPEG of each part of a picture where a text, or a letter, is that did not pass.

    Args:
        findings: Of all checks.
        pixels: H×W×3 uint8 sRGB.

    Returns:
        Part → JPEG, in the picture's own pixels up to `LONGEST_SIDE`; of the first `MOST` parts.
    """
    boxes = [found.where.box for found in findings if is_shown(found) and found.where is not None]
    parts = [part_around(box, *pixels.shape[:2]) for box in boxes if box is not None]
    shown = dict.fromkeys(part for part in parts if part is not None)
    return {part: closeup(pixels[part.slices]) for part in islice(shown, MOST)}


def is_shown(finding: Finding) -> bool:
    """Whether a person should read what a finding is about."""
    return finding.check in OF_LETTERS and finding.status is not Status.PASS


def closeup(pixels: NDArray[np.uint8]) -> bytes:
    """Return a part of a picture as a JPEG."""
    return jpeg_bytes(np.ascontiguousarray(thumbnail(pixels, LONGEST_SIDE)), QUALITY)
