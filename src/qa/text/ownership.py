"""Which strokes of a line are which of its characters: both are in order, but letters touch, break and are lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from qa.text.cap_height import Letters, Stroke

OVERLAP = 0.3
"""Parts one above the other, such as an i and its dot, share this much of the narrower one's width."""

TOGETHER, BROKEN, STRAY, LOST = 0.6, 0.8, 0.7, 1.0
"""What it costs, in distances between letters, to take a part for two letters (half as much more for each further),
two parts for one letter, a part for none, and a letter for lost."""

LEAST_PITCH = 0.7
"""More than three letters are one part where it is so wide for each of them, in distances between letters."""

LARGEST = 40_000
"""Letters times parts beyond which nothing is assigned: a long line whose background was taken for ink."""

FURTHEST = 2.0
"""A part further from a letter's place counts as so far, in distances between letters."""


@dataclass(frozen=True)
class Owned:
    """Letters, by the place of the first in the text, and the part of the ink that is they; most parts are one."""

    place: int
    letters: str
    bounds: Stroke


def owned_parts(parts: Sequence[Stroke], letters: Letters) -> list[Owned]:
    """Return which parts are which letters, from the left; lost letters are left out.

    None on a line with too much ink.

    Args:
        parts: Connected parts of the line's ink.
        letters: Its characters in order, each with the column of its middle, right to within a letter or so.
    """
    whole = blobs(parts)
    if not whole or not letters or len(whole) * len(letters) > LARGEST:
        return []
    steps = np.diff([column for _, column in letters])
    pitch = max(float(np.median(steps)) if len(steps) else 1.0, 1.0)
    paths = (_assigned(whole, letters, pitch, shift * pitch) for shift in (0.0, -0.35, 0.35))
    _, pairs = min(paths, key=lambda path: path[0])
    return [Owned(at, "".join(each for each, _ in letters[at : at + count]), part) for at, count, part in pairs]


def blobs(parts: Sequence[Stroke]) -> list[Stroke]:
    """Return parts joined where one stands above the other, from the left."""
    joined: list[Stroke] = []
    for part in sorted(parts, key=lambda each: (each.left, each.right)):
        last = joined[-1] if joined else None
        shared = min(last.right, part.right) - part.left if last else 0
        if last and shared >= OVERLAP * min(last.width, part.width):
            joined[-1] = union(last, part)
        else:
            joined.append(part)
    return joined


def union(first: Stroke, second: Stroke) -> Stroke:
    """Return the bounds around two parts."""
    return Stroke(
        min(first.left, second.left),
        min(first.top, second.top),
        max(first.right, second.right),
        max(first.bottom, second.bottom),
    )


Path = tuple[float, tuple[tuple[int, int, Stroke], ...]]


def _assigned(whole: Sequence[Stroke], letters: Letters, pitch: float, shift: float) -> Path:
    """Return the cheapest assignment in order: its cost; first letter, number of letters and bounds of each part."""
    columns = [column + shift for _, column in letters]
    best: dict[tuple[int, int], Path] = {(0, 0): (0.0, ())}
    for at in range(len(columns) + 1):
        for part in range(len(whole) + 1):
            if (at, part) in best:
                _extend(best, (at, part), whole, columns, pitch)
    return best[len(columns), len(whole)]


def _extend(
    best: dict[tuple[int, int], Path],
    state: tuple[int, int],
    whole: Sequence[Stroke],
    columns: Sequence[float],
    pitch: float,
) -> None:
    """Add what can follow a state: so many letters on so many parts."""
    (at, part), (cost, pairs) = state, best[state]
    several = [(count, 1, count / 2 * TOGETHER) for count in range(2, 1 + _most_letters(whole, part, pitch))]
    for count, parts, price in ((1, 1, 0.0), (1, 2, BROKEN), *several):
        if at + count <= len(columns) and part + parts <= len(whole):
            bounds = reduce(union, whole[part : part + parts])
            off = abs(sum(columns[at : at + count]) / count - bounds.middle) / pitch
            found = (*pairs, (at, count, bounds))
            _keep(best, (at + count, part + parts), (cost + price + min(off, FURTHEST), found))
    if part < len(whole):
        _keep(best, (at, part + 1), (cost + STRAY, pairs))
    if at < len(columns):
        _keep(best, (at + 1, part), (cost + LOST, pairs))


def _most_letters(whole: Sequence[Stroke], part: int, pitch: float) -> int:
    """Return how many letters a part may be: three, or as many as it is wide enough for."""
    return max(3, round(whole[part].width / (LEAST_PITCH * pitch))) if part < len(whole) else 0


def _keep(best: dict[tuple[int, int], Path], state: tuple[int, int], path: Path) -> None:
    if state not in best or path[0] < best[state][0] - 1e-9:
        best[state] = path
