"""Lines by the direction they run in, and turned level, so that rows and columns mean what a reader of them sees."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from qa.text.reader import TextLine

LEVEL = 8.0
"""Lines within these degrees of the horizontal are laid out as they stand."""

SAME = 8.0
"""Turned lines whose directions differ by less than these degrees belong together: short boxes waver by some."""


def angle_of(line: TextLine) -> float:
    """Return the direction of a line in degrees, clockwise from the horizontal, in (-180, 180]."""
    (left, top), (right, bottom) = line.quad[0], line.quad[1]
    return math.degrees(math.atan2(bottom - top, right - left))


def by_direction(lines: Sequence[TextLine]) -> list[tuple[float, list[TextLine]]]:
    """Group lines that run in one direction.

    Returns:
        (degrees, lines) per group: first the level ones, at exactly 0, then the others by their direction.
    """
    level = [line for line in lines if abs(angle_of(line)) <= LEVEL]
    groups: list[list[TextLine]] = []
    for line in sorted((line for line in lines if abs(angle_of(line)) > LEVEL), key=angle_of):
        if groups and angle_of(line) - angle_of(groups[-1][-1]) < SAME:
            groups[-1].append(line)
        else:
            groups.append([line])
    found = [(angle_of(group[len(group) // 2]), group) for group in groups]
    return [(0.0, level), *found] if level else found


def levelled(line: TextLine, degrees: float) -> TextLine:
    """Return a line turned back about the origin, so that one that runs at `degrees` runs level."""
    if degrees == 0:
        return line
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    corners = [(x * cosine + y * sine, y * cosine - x * sine) for x, y in line.quad]
    return replace(line, quad=(corners[0], corners[1], corners[2], corners[3]))
