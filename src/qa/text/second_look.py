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

FAR = 0.35
"""Some letters that a detector takes for a photograph's own texture it finds among less of it."""

OVERLAP = 0.2
"""Share of the longer side that both halves show: a short line on the seam stands whole in one of them."""

LEAST_ROOM = 32
"""Pixels around a text that is looked at again: a detector wants some background."""


def look_smaller(reader: Reader, pixels: Pixels) -> tuple[TextLine, ...]:
    """Read a picture at three quarters of its size; quads in pixels of the picture as given."""
    return _look_at_size(SMALLER, reader, pixels)


def look_from_afar(reader: Reader, pixels: Pixels) -> tuple[TextLine, ...]:
    """Read a picture at about a third of its size, which makes little of a background's texture."""
    return _look_at_size(FAR, reader, pixels)


def look_at_red_and_green(reader: Reader, pixels: Pixels) -> tuple[TextLine, ...]:
    """Read a picture by how red or green its colours are, whatever their lightness."""
    return tuple(reader.read(red_and_green(pixels)))


def look_at_yellow_and_blue(reader: Reader, pixels: Pixels) -> tuple[TextLine, ...]:
    """Read a picture by how yellow or blue its colours are, whatever their lightness."""
    return tuple(reader.read(yellow_and_blue(pixels)))


def red_and_green(pixels: Pixels) -> Pixels:
    """Return CIE Lab's a* of a picture as grey, from its least to its greatest."""
    return _stretched(pixels, 1)


def yellow_and_blue(pixels: Pixels) -> Pixels:
    """Return CIE Lab's b* of a picture as grey, from its least to its greatest."""
    return _stretched(pixels, 2)


def _stretched(pixels: Pixels, channel: int) -> Pixels:
    values = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB), np.float32)[..., channel]
    low, high = float(values.min()), float(values.max())
    grey = (values - low) * (255 / max(high - low, 1.0))
    return np.ascontiguousarray(np.repeat(np.rint(grey).astype(np.uint8)[..., None], 3, axis=2))


def _look_at_size(share: float, reader: Reader, pixels: Pixels) -> tuple[TextLine, ...]:
    height, width = pixels.shape[:2]
    size = (max(1, round(width * share)), max(1, round(height * share)))
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
    "afar": look_from_afar,
    "red and green": look_at_red_and_green,
    "yellow and blue": look_at_yellow_and_blue,
}
"""In the order in which they are tried."""


READ_AGAIN = ("smaller", "closer", "quarters")
"""Of them, those in which a text that was found, but whose line cannot be looked at alone, is read again."""


def shown_in(name: str, pixels: Pixels) -> Pixels:
    """Return the picture that a look shows its reader, as large as the one given.

    A text as light as its background is judged by the colours in which it can be seen.

    Args:
        name: A key of `LOOKS`.
        pixels: H×W×3 uint8 sRGB.
    """
    return COLOURS[name](pixels) if name in COLOURS else pixels


COLOURS: Mapping[str, Callable[[Pixels], Pixels]] = {
    "red and green": red_and_green,
    "yellow and blue": yellow_and_blue,
}
