"""How a text that was found is set: its rows, where they stand, how they are aligned; and as text, for a fix."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from rapidfuzz.distance import Levenshtein

from consistency.errors import InputError
from qa.text.layout import HYPHENS, Word, is_beside
from qa.text.reader import Point, Quad, TextLine

Align = Literal["left", "center", "right"]

ALIGNED = 0.2
"""Edges or middles of two lines are one under the other within this share of the lower one's height."""

CENTRED = 0.01
"""Share of the picture's width within which a line stands in its middle."""

MARGIN = 0.1
"""Share of the picture's width within which a row lies at its side."""


@dataclass(frozen=True)
class Row:
    """One row of a text: its corners, clockwise from the top left, and what was read."""

    quad: Quad
    read: str


def rows_of(words: Sequence[Word]) -> tuple[Row, ...]:
    """Return the rows of neighbouring words; lines that stand side by side are one row.

    Raises:
        InputError: A line is bent, or its letters are stacked.
    """
    lines = [tuple(group) for _, group in groupby(words, key=lambda word: id(word.line))]
    if any(line[0].line.shape != "straight" for line in lines):
        raise InputError("straight lines of text", "a bent or stacked one")
    joined: list[tuple[Word, ...]] = []
    for line in lines:
        if joined and is_beside(joined[-1][-1].line, line[0].line):
            joined[-1] += line
        else:
            joined.append(line)
    return tuple(Row(quad_of(row), " ".join(word.text for word in row)) for row in joined)


def quad_of(words: Sequence[Word]) -> Quad:
    """Return the corners around words of one row."""
    first, last = words[0].quad, words[-1].quad
    return first[0], last[1], last[2], first[3]


def broken(expected: str, reads: Sequence[str]) -> tuple[str, ...]:
    """Return a text cut into rows where what was read breaks, with the hyphens it was broken by.

    Example:
        >>> broken("SUMMER SALE GUARANTEED", ["SUMER SALE", "GUARAN-", "TEED"])
        ('SUMMER SALE', 'GUARAN-', 'TEED')
    """
    text = " ".join(expected.split())
    if len(reads) == 1:
        return (text,)
    spaces = [at for at, sign in enumerate(text) if sign == " "]
    anywhere = list(range(1, len(text)))
    best: dict[int, tuple[int, tuple[str, ...]]] = {0: (0, ())}
    for number, read in enumerate(reads):
        is_last, is_split = number == len(reads) - 1, read[-1:] in HYPHENS and len(read) > 1
        ends = [len(text)] if is_last else anywhere if is_split else spaces
        best = _extended(best, text, read, ends)
    if len(text) not in best:
        raise InputError(f"a text of at least {len(reads)} words, as it stands on so many rows", expected)
    return best[len(text)][1]


def _extended(
    best: dict[int, tuple[int, tuple[str, ...]]], text: str, read: str, ends: Sequence[int]
) -> dict[int, tuple[int, tuple[str, ...]]]:
    """Return the cheapest rows up to each place where the next one may end."""
    found: dict[int, tuple[int, tuple[str, ...]]] = {}
    for start, (cost, rows) in best.items():
        for end in ends:
            piece = text[start:end].strip()
            if end <= start or not piece or abs(len(piece) - len(read)) > max(8, len(read)):
                continue
            inside = end < len(text) and " " not in text[end - 1 : end + 1]
            row = piece + "-" if inside and piece[-1] not in HYPHENS else piece
            total = cost + Levenshtein.distance(row, read)
            if end not in found or total < found[end][0]:
                found[end] = (total, (*rows, row))
    return found


def alignment(rows: Sequence[Row], lines: Sequence[TextLine], width: int) -> Align:
    """Return the side by which rows of a text are aligned: with each other, with other lines, or with the picture.

    Args:
        rows: The rows.
        lines: All lines of the picture.
        width: Of the picture, pixels.

    Returns:
        Where nothing tells, the side of the picture that a row lies at; of one that lies at none, a price in a badge,
        "center".
    """
    own = [row.quad for row in rows]
    others = [line.quad for line in lines if not any(_is_inside(line.quad, quad) for quad in own)]
    votes: dict[Align, float] = {"center": 0.0, "left": 0.0, "right": 0.0}
    for at, quad in enumerate(own):
        for other in (*own[at + 1 :], *others):
            reach = ALIGNED * min(_height(quad), _height(other))
            for side in votes:
                votes[side] += abs(_edge(quad, side) - _edge(other, side)) <= reach
    if all(abs(_edge(quad, "center") - width / 2) <= CENTRED * width for quad in own):
        votes["center"] += 1.5
    best = max(votes.values())
    if not best and len(own) == 1:
        left, right = _edge(own[0], "left"), _edge(own[0], "right")
        return "left" if left <= MARGIN * width else "right" if right >= (1 - MARGIN) * width else "center"
    return next(side for side in ("left", "center", "right") if votes[side] == best)


def _edge(quad: Quad, side: Align) -> float:
    left, right = min(x for x, _ in quad), max(x for x, _ in quad)
    return {"left": left, "center": (left + right) / 2, "right": right}[side]


def _height(quad: Quad) -> float:
    return (math.dist(quad[0], quad[3]) + math.dist(quad[1], quad[2])) / 2


def _is_inside(inner: Quad, outer: Quad) -> bool:
    x, y = (sum(point[axis] for point in inner) / 4 for axis in (0, 1))
    xs, ys = [x for x, _ in outer], [y for _, y in outer]
    return min(xs) <= x <= max(xs) and min(ys) <= y <= max(ys)


def quads_text(quads: Sequence[Quad]) -> str:
    """Return corners as a fix states them: "10,20 90,20 90,44 10,44; …"."""
    return "; ".join(" ".join(f"{x:.1f},{y:.1f}" for x, y in quad) for quad in quads)


def read_quads(text: str) -> tuple[Quad, ...]:
    """Return the corners that `quads_text` wrote.

    Raises:
        InputError: It is something else.
    """
    found = []
    for part in text.split(";"):
        try:
            points: list[Point] = [(float(x), float(y)) for x, y in (point.split(",") for point in part.split())]
        except ValueError:
            points = []
        if len(points) != 4 or not all(math.isfinite(value) for point in points for value in point):
            raise InputError("four corners per line of text", part)
        found.append((points[0], points[1], points[2], points[3]))
    return tuple(found)
