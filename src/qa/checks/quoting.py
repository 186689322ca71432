"""Texts as findings show them: in quotes, on one line, long ones cut to where they differ."""

from __future__ import annotations

from consistency.errors import shorten

LONGEST = 120
"""Characters shown."""


def quoted(text: str) -> str:
    """Return text in quotes, shortened, control characters escaped."""
    return f'"{shorten(text, LONGEST)}"'


def quoted_beside(expected: str, read: str) -> tuple[str, str]:
    """Return two texts in quotes; where one is too long to be shown, both from shortly before they differ.

    Example:
        >>> same = "All rights reserved. " * 9
        >>> one, other = quoted_beside(f"{same}No returns", f"{same}No retums")
        >>> one[:12], one[-11:], other[-10:]
        ('"… reserved.', 'No returns"', 'No retums"')
    """
    if max(len(expected), len(read)) <= LONGEST:
        return quoted(expected), quoted(read)
    own, others = alike_until(expected, read)
    return _from(expected, own - LONGEST // 2), _from(read, others - LONGEST // 2)


def alike_until(first: str, second: str) -> tuple[int, int]:
    """Return where two texts begin to differ, spaces aside: a place in each."""
    own = other = 0
    while own < len(first) and other < len(second):
        if first[own].isspace() or second[other].isspace():
            own, other = own + first[own].isspace(), other + second[other].isspace()
        elif first[own] != second[other]:
            break
        else:
            own, other = own + 1, other + 1
    return own, other


def _from(text: str, start: int) -> str:
    return quoted(text if start <= 0 else f"…{text[start:]}")
