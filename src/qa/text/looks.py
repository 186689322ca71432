"""Looks at an expected text where it was found: how much likelier it is than whatever else could stand there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from rapidfuzz.distance import Levenshtein

from qa.text.alike import TWINS
from qa.text.change import TRADEMARK, Change
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
    "roomy": View(0.5, 0.05, 1.6),
    "wider": View(0.05, -0.03, 1.5),
    "widest": View(0.05, 0.05, 1.8),
    "ends": View(1.0, 0.1, 1.25),
}
"""In the order in which they are taken: the line as found, then those that tell most beside the looks before."""

ROOMY = frozenset({"roomy", "ends"})
"""Views that show what a detector's box cut off: they tell what is missing, or doubled, at the ends of a line."""


NEARER = "roomy"
"""The one of them that shows half a line's height more: a letter, seldom another text."""

ONE_SIGN = frozenset({"T", "M", "TMM", "TTM", "MT"})
"""What a recogniser makes of the sign ™, spelt out."""


@dataclass(frozen=True)
class Look:
    """What one look at a text says.

    Attributes:
        name: A key of VIEWS, or of the looks at the whole picture.
        read: What stands there most likely, as compared.
        margins: Change → natural logarithm of how many times likelier the expected text is, within ±CERTAIN; what is
            no more than that is left out, unless its letters' shapes tell.
    """

    name: str
    read: str
    margins: Mapping[Change, float]

    @classmethod
    def of_reading(cls, name: str, expected: str, read: str, rules: Rules) -> Look:
        """Return what a reader without likelihoods says: certain, either way."""
        wanted, given = comparable(expected, rules), comparable(read, rules)
        is_same = count_edits(expected, read, rules) == 0
        return cls(name, given, {} if is_same else {Change(0, wanted, given): -CERTAIN})

    @property
    def least(self) -> float:
        """Margin over the nearest rival of any kind."""
        return min(self.margins.values(), default=CERTAIN)


def look(name: str, pieces: Sequence[Piece], emissions: Sequence[Emissions], rules: Rules) -> Look:
    """Score an expected text on the lines that it runs over."""
    scores = [
        score(number, piece, seen, rules) for number, (piece, seen) in enumerate(zip(pieces, emissions, strict=True))
    ]
    margins = {change: margin for each in scores for change, margin in each.margins.items()}
    return Look(name, "".join(each.read for each in scores), margins)


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


def score(number: int, piece: Piece, emissions: Emissions, rules: Rules) -> Look:
    """Score one piece on its line against its rivals and against the greedy reading."""
    if not piece.text:
        return Look("", "", {Change(number, "", piece.line.text): -CERTAIN})
    line = folded_line(piece, emissions, rules)
    forms = _forms(piece, rules)
    written = forms[0] if len(forms) == 1 else max(forms, key=lambda form: _likelihood(line, form.whole))
    return _scored(number, written, line)


def folded_line(piece: Piece, emissions: Emissions, rules: Rules) -> Folded:
    """Return a line's log probabilities with all set aside that no picture shows or that the rules do not count."""

    def fold(symbol: str) -> str:
        own = folded(symbol, rules)
        return own if own in piece.whole else folded(symbol.translate(TWINS), rules)

    return emissions.folded(fold, piece.whole + "".join(SPELT_OUT))


def letter_places(piece: Piece, emissions: Emissions, rules: Rules) -> tuple[float, ...]:
    """Return where each character of a piece's whole line stands along the line, in [0, 1]; () where it has no room."""
    line = folded_line(piece, emissions, rules)
    lattice = Lattice(line.logs, [line.columns[symbol] for symbol in piece.whole])
    if not np.isfinite(lattice.log_likelihood):
        return ()
    owned = lattice.occupancy()
    steps = (owned * (np.arange(len(owned)) + 0.5)[:, None]).sum(axis=0) / np.maximum(owned.sum(axis=0), 1e-9)
    return tuple(float(place) for place in np.clip(steps / len(owned) / line.filled, 0, 1))


def _forms(piece: Piece, rules: Rules) -> list[Piece]:
    """Return a piece as expected, and with signs that are spelt out written as signs."""
    spelt = [("".join(folded(letter, rules) for letter in letters), sign) for sign, letters in SPELT_OUT.items()]
    signs = [(letters, sign) for letters, sign in spelt if letters and letters in piece.text]
    return [piece, *(replace(piece, text=piece.text.replace(letters, sign)) for letters, sign in signs)]


def _likelihood(line: Folded, text: str) -> float:
    return Lattice(line.logs, [line.columns[symbol] for symbol in text]).log_likelihood


def _scored(number: int, piece: Piece, line: Folded) -> Look:
    labels = tuple(line.columns[symbol] for symbol in piece.whole)
    lattice = Lattice(line.logs, labels)
    if not np.isfinite(lattice.log_likelihood):
        # More characters than steps: the crop is too narrow for this text.
        read = greedy(line)
        return Look("", read, {Change(number, piece.text, read): -CERTAIN})
    start, end = len(piece.before), len(piece.before) + len(piece.text)
    found = [
        (_applied(piece, rival), rival.log_likelihood)
        for rival in rivals(lattice, Line(line.logs, line.columns, labels), start, end)
    ]
    read = part_of_reading(piece, greedy(line))
    if read and read != piece.text and all(text != read for text, _ in found):
        found.append((read, _likelihood(line, piece.before + read + piece.after)))
    found.extend((text, _likelihood(line, piece.before + text + piece.after)) for text in _with_sign_doubled(piece))
    told = [(text, value) for text, value in found if not _is_same_sign(piece, plain(text))]
    return _compared(number, piece.text, lattice.log_likelihood, told)


def _with_sign_doubled(piece: Piece) -> Iterator[str]:
    """Yield the piece with a ™ once more, as each is read: as the sign or as letters."""
    for at in piece.signs:
        end = at + len("™" if piece.text.startswith("™", at) else TRADEMARK)
        forms = ("™", piece.text[at:end])
        yield from (piece.text[:at] + one + two + piece.text[end:] for one in forms for two in forms)


def _is_same_sign(piece: Piece, rival: str) -> bool:
    """Whether a rival is the piece with its ™ read otherwise, as T, as M or as both: one small sign all the same."""
    for at in piece.signs:
        before, after = piece.text[:at], piece.text[at + 2 :]
        if rival.startswith(before) and rival.endswith(after):
            return rival[at : len(rival) - len(after)].upper() in ONE_SIGN
    return False


def _compared(number: int, expected: str, likelihood: float, found: Sequence[tuple[str, float]]) -> Look:
    """Return the look; signs are spelt out, so that a change has one name however it is written."""
    wanted = plain(expected)
    others = [(value, plain(text)) for text, value in found if plain(text) != wanted]
    margins: dict[Change, float] = {}
    for value, text in sorted(others, reverse=True):
        change, margin = Change(number, wanted, text), round(max(likelihood - value, -CERTAIN), 2)
        if margin < CERTAIN or change.is_told_by_shape:
            margins.setdefault(change, min(margin, CERTAIN))
    return Look("", max([(likelihood, wanted), *others])[1], margins)


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
