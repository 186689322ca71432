"""Looks at an expected text where it was found: how much likelier it is than whatever else could stand there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

from qa.text.alike import Kind, kind_of
from qa.text.emissions import Emissions, Folded
from qa.text.pieces import Piece, folded
from qa.text.reader import Pixels, Quad, Scorer
from qa.text.rivals import Line, Rival, rivals
from qa.text.scoring import Lattice
from qa.text.spelling import SPELT_OUT, Rules, comparable, count_edits, plain

CERTAIN = 50.0
"""Margin, either way, beyond which nothing is gained by telling one from another."""


@dataclass(frozen=True)
class View:
    """How a line is shown again: grown by shares of its height along and across, and shown wider than it is."""

    along: float = 0.0
    across: float = 0.0
    scale: float = 1.0


VIEWS: Mapping[str, View] = {
    "found": View(),
    "stretched": View(0.05, 0.05, 1.25),
    "wider": View(0.12, 0.12),
    "narrowed": View(0.05, 0.05, 0.8),
    "ends": View(0.6, 0.2),
}
"""In the order in which they are taken: the line as found, then those that tell most beside the looks before."""


@dataclass(frozen=True)
class Look:
    """What one look at a text says.

    Attributes:
        name: A key of VIEWS, or of the looks at the whole picture.
        read: What stands there most likely, as compared.
        margins: Kind of difference → natural logarithm of how many times likelier the expected text is than its
            nearest rival that differs so.
    """

    name: str
    read: str
    margins: Mapping[Kind, float]

    @classmethod
    def of_reading(cls, name: str, expected: str, read: str, rules: Rules) -> Look:
        """Return what a reader without likelihoods says: certain, either way."""
        margin = CERTAIN if count_edits(expected, read, rules) == 0 else -CERTAIN
        return cls(name, comparable(read, rules), {**dict.fromkeys(Kind, CERTAIN), Kind.OTHER: margin})

    @property
    def least(self) -> float:
        """Margin over the nearest rival of any kind."""
        return min(self.margins.values())


def look(name: str, pieces: Sequence[Piece], emissions: Sequence[Emissions], rules: Rules) -> Look:
    """Score an expected text on the lines that it runs over; its least likely line decides."""
    scores = [score(piece, seen, rules) for piece, seen in zip(pieces, emissions, strict=True)]
    read = "".join(each.read for each in scores)
    return Look(name, read, {kind: min(each.margins[kind] for each in scores) for kind in Kind})


def emissions_of(name: str, pieces: Sequence[Piece], image: Pixels, scorer: Scorer) -> list[Emissions]:
    """Return what the recogniser says about each piece's line in one of VIEWS; the first is kept from the reading."""
    view = VIEWS[name]
    return [
        piece.line.emissions
        if name == "found" and piece.line.emissions is not None
        else scorer.emissions(image, grown(piece.line.quad, view), scale=view.scale)
        for piece in pieces
    ]


def grown(quad: Quad, view: View) -> Quad:
    """Return a line's corners moved outwards by shares of its height."""
    corners = np.array(quad, np.float64)
    right, down = _unit(corners[1] - corners[0]), _unit(corners[3] - corners[0])
    height = (np.linalg.norm(corners[3] - corners[0]) + np.linalg.norm(corners[2] - corners[1])) / 2
    along, across = height * view.along * right, height * view.across * down
    moved = corners + np.array([-along - across, along - across, along + across, -along + across])
    first, second, third, fourth = ((float(x), float(y)) for x, y in moved)
    return first, second, third, fourth


def _unit(
    vector: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def score(piece: Piece, emissions: Emissions, rules: Rules) -> Look:
    """Score one piece on its line against its rivals and against the greedy reading."""
    if not piece.text:
        return Look("", "", dict.fromkeys(Kind, -CERTAIN))
    line = emissions.folded(partial(folded, rules=rules), piece.whole + "".join(SPELT_OUT))
    forms = _forms(piece)
    written = forms[0] if len(forms) == 1 else max(forms, key=lambda form: _likelihood(line, form.whole))
    scored = _scored(written, line)
    return scored if written is piece or scored.read != written.text else replace(scored, read=piece.text)


def _forms(piece: Piece) -> list[Piece]:
    """Return a piece as expected, and with signs that are spelt out written as signs."""
    signs = [(letters, sign) for sign, letters in SPELT_OUT.items() if letters in piece.text]
    return [piece, *(replace(piece, text=piece.text.replace(letters, sign)) for letters, sign in signs)]


def _likelihood(line: Folded, text: str) -> float:
    return Lattice(line.logs, [line.columns[symbol] for symbol in text]).log_likelihood


def _scored(piece: Piece, line: Folded) -> Look:
    labels = tuple(line.columns[symbol] for symbol in piece.whole)
    lattice = Lattice(line.logs, labels)
    if not np.isfinite(lattice.log_likelihood):
        # More characters than steps: the crop is too narrow for this text.
        return Look("", greedy(line), dict.fromkeys(Kind, -CERTAIN))
    start, end = len(piece.before), len(piece.before) + len(piece.text)
    found = [
        (_applied(piece, rival), rival.log_likelihood)
        for rival in rivals(lattice, Line(line.logs, line.columns, labels), start, end)
    ]
    read = part_of_reading(piece, greedy(line))
    if read and read != piece.text and all(text != read for text, _ in found):
        found.append((read, _likelihood(line, piece.before + read + piece.after)))
    return _compared(
        piece.text, lattice.log_likelihood, [each for each in found if plain(each[0]) != plain(piece.text)]
    )


def _compared(expected: str, likelihood: float, found: Sequence[tuple[str, float]]) -> Look:
    best = dict.fromkeys(Kind, -np.inf)
    likeliest = (likelihood, expected)
    for text, value in found:
        if text != expected:
            kind = kind_of(expected, text)
            best[kind] = max(best[kind], value)
            likeliest = max(likeliest, (value, text))
    margins = {kind: round(float(np.clip(likelihood - value, -CERTAIN, CERTAIN)), 2) for kind, value in best.items()}
    return Look("", likeliest[1], margins)


def _applied(piece: Piece, rival: Rival) -> str:
    start = len(piece.before)
    return piece.text[: rival.edit.start - start] + rival.put + piece.text[rival.edit.end - start :]


def greedy(line: Folded) -> str:
    """Return the greedy reading of a line: repeats merged, blanks dropped."""
    best = line.logs.argmax(axis=1)
    is_start = (best != 0) & (best != np.concatenate(([0], best[:-1])))
    symbols = line.symbols
    return "".join(symbols[column] for column in best[is_start])


def part_of_reading(piece: Piece, reading: str) -> str:
    """Return what of a line's reading stands in a piece's place, between what stands before and after it."""
    start, end = len(piece.before), len(piece.before) + len(piece.text)
    operations = Levenshtein.opcodes(piece.whole, reading)
    first = next((_at(op, start) for op in operations if start < op.src_end), len(reading)) if start else 0
    last = next((_at(op, end) for op in operations if end <= op.src_end), len(reading)) if piece.after else None
    return reading[first:last]


def _at(operation: Any, place: int) -> int:
    start, end = operation.dest_start, operation.dest_end
    return int(min(end, start + place - operation.src_start))
