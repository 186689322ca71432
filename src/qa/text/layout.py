"""From detected boxes to lines and reading order."""

from __future__ import annotations

from collections.abc import Sequence

from qa.text.reader import TextLine

ROW_OVERLAP = 0.5
"""Two lines stand in one row where they share this much of the lower one's height."""


def in_reading_order(lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """Return lines row by row from the top, each row from the left; ties broken by their text.

    Good for matching and reports; expected strings are matched whatever the order.
    """
    return tuple(line for row in rows(lines) for line in row)


def rows(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Group lines that stand side by side, from the top; each row from the left."""
    found: list[list[TextLine]] = []
    for line in sorted(lines, key=lambda line: (line.box, line.text)):
        row = next((row for row in found if any(is_beside(line, other) for other in row)), None)
        if row is None:
            found.append([line])
        else:
            row.append(line)
    for row in found:
        row.sort(key=lambda line: (line.box.left, line.box.top, line.text))
    return sorted(found, key=lambda row: min((line.box.top, line.box.left) for line in row))


def is_beside(first: TextLine, second: TextLine) -> bool:
    """Whether two lines stand in one row: their heights overlap by half of the lower one's."""
    a, b = first.box, second.box
    shared = min(a.bottom, b.bottom) - max(a.top, b.top)
    return shared >= ROW_OVERLAP * min(a.height, b.height)
