"""Further looks for a text that the first one did not find: a detector misses what another size shows it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product

import cv2
import numpy as np

from consistency.region import Box
from qa.text.reader import Pixels, Reader, TextLine

SMALLER = 0.75
"""Large letters that fill a coloured shape are missed at full size and found when they are smaller."""

OVERLAP = 0.2
"""Share of the longer side that both halves show: a short line on the seam stands whole in one of them."""

LEAST_ROOM = 32
"""Pixels around a text that is looked at again: a detector wants some background."""


def look_smaller(reader: Reader, pixels: Pixels) -> tuple[TextLine, ...]:
    """Read a picture at three quarters of its size; quads in pixels of the picture as given."""
    height, width = pixels.shape[:2]
    size = (max(1, round(width * SMALLER)), max(1, round(height * SMALLER)))
    shown = np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
    scale = (width / size[0], height / size[1])
    return tuple(placed(line, scale, (0, 0)) for line in reader.read(shown))


def look_closer(reader: Reader, pixels: Pixels) -> tuple[TextLine, ...]:
    """Read the two overlapping halves of a picture, each nearer to its full size than the whole is shown."""
    return _look_at(halves(*pixels.shape[:2]), reader, pixels)


def look_around(reader: Reader, pixels: Pixels, box: Box) -> tuple[TextLine, ...]:
    """Read the part of a picture around a text that was found, alone and nearer to its full size.

    Args:
        reader: Any reader.
        pixels: H×W×3 uint8 sRGB.
        box: Where the text was found; room of twice its height is shown on every side.
    """
    height, width = pixels.shape[:2]
    room = max(LEAST_ROOM, 2 * box.height)
    left, top = max(0, box.left - room), max(0, box.top - room)
    right, bottom = min(width, box.right + room), min(height, box.bottom + room)
    if right <= left or bottom <= top:
        # A reader of one's own may place a line outside the picture.
        return ()
    return _look_at([Box(left, top, right - left, bottom - top)], reader, pixels)


def look_at_quarters(reader: Reader, pixels: Pixels) -> tuple[TextLine, ...]:
    """Read the four overlapping quarters of a picture; costs about two looks at the whole.

    A line that stands in the overlap comes twice.
    """
    return _look_at(quarters(*pixels.shape[:2]), reader, pixels)


def _look_at(parts: Iterable[Box], reader: Reader, pixels: Pixels) -> tuple[TextLine, ...]:
    """Read parts of a picture; a line that reaches a cut is left out: "49" is what the cut leaves of "149"."""
    height, width = pixels.shape[:2]
    lines = []
    for part in parts:
        for line in reader.read(np.ascontiguousarray(pixels[part.slices])):
            whole = placed(line, (1.0, 1.0), (part.left, part.top))
            if not reaches_cut(whole, part, height, width):
                lines.append(whole)
    return tuple(lines)


def quarters(height: int, width: int) -> Iterator[Box]:
    """Yield the four quarters of a picture, each side longer than half by the overlap's share."""
    tall, wide = (min(side, round(side * (1 + OVERLAP) / 2)) for side in (height, width))
    for top, left in product((0, height - tall), (0, width - wide)):
        yield Box(left, top, wide, tall)


def reaches_cut(line: TextLine, part: Box, height: int, width: int) -> bool:
    """Whether a line comes nearer than its own height to an edge of `part` that is no edge of the picture."""
    margin, box = math.ceil(line.height), line.box
    return (
        (part.left > 0 and box.left - part.left < margin)
        or (part.top > 0 and box.top - part.top < margin)
        or (part.right < width and part.right - box.right < margin)
        or (part.bottom < height and part.bottom - box.bottom < margin)
    )


def halves(height: int, width: int) -> Iterator[Box]:
    """Yield the two halves of a picture along its longer side, overlapping."""
    longer = max(height, width)
    size = min(longer, round(longer * (1 + OVERLAP) / 2))
    for start in (0, longer - size):
        yield Box(0, start, width, size) if height >= width else Box(start, 0, size, height)


def placed(line: TextLine, scale: tuple[float, float], offset: tuple[int, int]) -> TextLine:
    """Return a line with its corners in another picture: scaled, then moved."""
    corners = [(x * scale[0] + offset[0], y * scale[1] + offset[1]) for x, y in line.quad]
    return replace(line, quad=(corners[0], corners[1], corners[2], corners[3]))


LOOKS: Mapping[str, Callable[[Reader, Pixels], tuple[TextLine, ...]]] = {
    "smaller": look_smaller,
    "closer": look_closer,
    "quarters": look_at_quarters,
}
"""In the order in which they are tried."""
