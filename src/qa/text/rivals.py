"""The texts that a line is most likely to be instead of the expected one: each a single small change of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qa.text.confusables import PAIRS, similar_to
from qa.text.scoring import Edit, Lattice

LIKELY = 1e-4
"""Expected steps, given the text, on which the recogniser saw another symbol; less is no rival worth scoring."""

MOST_LIKELY = 6
"""Rivals taken from the recogniser per character and per gap, the likeliest first."""


@dataclass(frozen=True)
class Rival:
    """A change of the expected text and how likely the result is.

    Attributes:
        edit: What is replaced by which columns.
        put: The symbols put in.
        log_likelihood: Of the changed text on its line.
    """

    edit: Edit
    put: str
    log_likelihood: float


def rivals(lattice: Lattice, line: Line, start: int, end: int) -> list[Rival]:
    """Return the changes of a text's labels start..end with their likelihoods, the likeliest first.

    Every character is dropped, doubled, swapped with the next, changed to what looks like it, to its other case and
    to what the recogniser saw there; every gap is filled with what the recogniser saw in it.

    Args:
        lattice: The whole line's text aligned with the line.
        line: Its labels and symbols.
        start: First label that may change.
        end: Label after the last one that may change.
    """
    edits = list(dict.fromkeys(_edits(lattice, line, start, end)))
    found = [
        Rival(edit, "".join(line.symbols[column] for column in edit.put), float(score))
        for edit, score in zip(edits, lattice.edited(edits), strict=True)
    ]
    return sorted(found, key=lambda rival: (-rival.log_likelihood, rival.edit.start, rival.edit.end, rival.put))


@dataclass(frozen=True, eq=False)
class Line:
    """A line's text as columns of its log probabilities.

    Attributes:
        logs: T×M log probabilities, the blank first.
        columns: Symbol → column.
        labels: The line's text as columns.
    """

    logs: NDArray[np.float64]
    columns: dict[str, int]
    labels: tuple[int, ...]

    @property
    def symbols(self) -> tuple[str, ...]:
        """What each column stands for."""
        return tuple(self.columns)


def _edits(lattice: Lattice, line: Line, start: int, end: int) -> Iterator[Edit]:
    yield from _by_form(line, start, end)
    probabilities = np.exp(line.logs)
    seen, filled = lattice.occupancy().T @ probabilities, lattice.gaps().T @ probabilities
    for at in range(start, end):
        for column in _likeliest(seen[at], line.labels[at]):
            yield Edit(at, at + 1, (column,))
    for at in range(start, end + 1):
        for column in _likeliest(filled[at], -1):
            yield Edit(at, at, (column,))


def _by_form(line: Line, start: int, end: int) -> Iterator[Edit]:
    """Yield the changes that people and generators make, whatever the recogniser saw."""
    for at in range(start, end):
        label = line.labels[at]
        yield Edit(at, at + 1, (label, label))
        if end - start > 1:
            yield Edit(at, at + 1, ())
        for column in _alike(line, label):
            yield Edit(at, at + 1, (column,))
        if at + 1 < end and line.labels[at + 1] != label:
            yield Edit(at, at + 2, (line.labels[at + 1], label))
    yield from _pairs(line, start, end)


def _pairs(line: Line, start: int, end: int) -> Iterator[Edit]:
    for one, two in PAIRS.items():
        if one in line.columns and all(character in line.columns for character in two):
            whole, parts = line.columns[one], tuple(line.columns[character] for character in two)
            for at in range(start, end):
                if line.labels[at] == whole:
                    yield Edit(at, at + 1, parts)
                if line.labels[at : at + 2] == parts and at + 1 < end:
                    yield Edit(at, at + 2, (whole,))


def _alike(line: Line, label: int) -> list[int]:
    """Return the columns of the other case and of what may stand for a symbol; those without a column are hopeless."""
    symbol = line.symbols[label]
    names = dict.fromkeys([symbol.swapcase(), *similar_to(symbol)])
    return [line.columns[name] for name in names if line.columns.get(name, label) != label]


def _likeliest(seen: NDArray[np.float64], besides: int) -> Sequence[int]:
    order = np.argsort(-seen, kind="stable")[: MOST_LIKELY + 2]
    return [int(column) for column in order if column not in (0, besides) and seen[column] > LIKELY][:MOST_LIKELY]
