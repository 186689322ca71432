"""An expected text drawn with the font that the kit names, held against the picture: that text, or a change of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from qa.text.alike import look_alikes
from qa.text.change import Change
from qa.text.line_fit import Fit
from qa.text.pieces import Piece
from qa.text.reader import Pixels
from qa.text.set_line import SetLine, set_line
from qa.text.spelling import Rules
from qa.text.typeface import Typeface
from qa.text.written import Part, Written

PIXELS = 50.0
"""Pixels of a picture that count as one measurement: what is left of it is noise of letters' size, not of pixels."""

MOST = 12.0
"""What a font counts at most, either way, as a natural logarithm."""

MOST_MOVED = 6.0
"""What it counts at most for a text against one with more or fewer letters: what follows is moved. Readers are seldom
wrong there."""

CLEAR = 4.0
"""What is enough for a letter of a line that the rest of it holds in its place."""

ALIKE = 0.004
"""Share of the ink around a letter: what a font draws more alike nobody could tell."""

BESIDE = 6
"""Letters drawn on each side of those in question."""

SHORT, FITS = 12, 0.015
"""Letters of a text that may have been stretched over another one, and how unlike it is around a letter where it has
not."""

SPECK, SPECKS = 6.0, frozenset(".,:;·'’`°º")
"""What a font counts at most for a dot more, and signs that are little more than one: backgrounds have specks."""

ONE_WRONG = 0.25
"""How unlike the letter of a line is that is least as the font draws it, where one may be wrong."""

FAR_BETTER = 0.3
"""Logarithm of how many times more of the whole line a change explains, from which nothing around the letters that
differ speaks for the text: it may lie well there and nowhere else."""

LONGEST = 100
"""Characters of a text of which every letter is held against its look-alikes."""

FLAW = 0.01
"""Share of a line that its own text leaves unexplained however well it fits."""


@dataclass(frozen=True)
class Told:
    """What a font says of a change.

    Attributes:
        value: How much likelier the expected text is, as a natural logarithm within ±MOST.
        trust: How sure it is that the line is set in the font, in [0, 1].
    """

    value: float
    trust: float


@dataclass(frozen=True, eq=False)
class Typeset:
    """An expected text as a font draws it.

    Attributes:
        typeface: The font.
        pieces: The text by its lines.
        written: The same lines as they are written.
        image: H×W×3 uint8 sRGB.
        rules: What counts as the same.
    """

    typeface: Typeface
    pieces: Sequence[Piece]
    written: Sequence[Written]
    image: Pixels
    rules: Rules
    _letters: dict[str, bool] = field(default_factory=dict, repr=False)

    def told(self, change: Change) -> Told | None:
        """Return how much a line speaks for the text against a change of it; None where it is set in another face.

        Both are laid over the line as the font draws them; what each leaves unexplained around the letters that differ
        says which is the likelier, for noise of unknown strength. What the font draws alike is as expected: nobody
        could tell. A letter that the font lacks is not there: that speaks for a line that fits.
        """
        line = self._line_of(change)
        parts = None if line is None else self._parts_of(change)
        if line is None or parts is None:
            return None
        own, other = parts
        if not all(map(self._has, other.text[other.start : other.end])):
            return self._of_all(line, own)
        if own.end - own.start == other.end - other.start:
            return _in_place(line, own, other) or _laid_over(line, own, other)
        return _laid_over(line, own, other)

    def rivals(self) -> Iterator[Change]:
        """Yield the changes of one letter for another that some face draws nearly as likely, if this one does.

        None of long texts: there only what a reader names is looked at. One letter that is surely another is enough.
        """
        if sum(len(piece.text) for piece in self.pieces) > LONGEST:
            return
        for number, piece in enumerate(self.pieces):
            for place in range(len(piece.text)):
                likelier = [each for each in self._changes(number, place) if each[0] < 0]
                yield from (change for _, change in likelier)
                if min((value for value, _ in likelier), default=0.0) <= -MOST:
                    return

    def _changes(self, number: int, place: int) -> Iterator[tuple[float, Change]]:
        """Yield how much the line is for its text against each look-alike of one letter, as far as the font tells."""
        text = self.pieces[number].text
        for other in look_alikes(text[place]):
            change = Change(number, text, text[:place] + other + text[place + 1 :])
            told = self.told(change)
            if told is not None:
                yield told.value, change

    def _line_of(self, change: Change) -> SetLine | None:
        is_here = change.piece < len(self.pieces) and change.expected == self.pieces[change.piece].text
        return self.lines[change.piece] if is_here else None

    def _parts_of(self, change: Change) -> tuple[Part, Part] | None:
        parts = self.written[change.piece].changed(change.expected, change.rival)
        return parts if parts is not None and parts[1].text.strip() else None

    def _of_all(self, line: SetLine, own: Part) -> Told | None:
        """Return what a line says against a letter that the font lacks: as much as it is all as the font draws it."""
        places = range(own.start, own.end) if own.end > own.start else range(len(own.text))
        worst = max((line.best.around(at, at + 1) for at in places), default=1.0)
        return _told(MOST * max(0.0, 1 - worst / ONE_WRONG), line.best)

    def _has(self, letter: str) -> bool:
        if letter not in self._letters:
            self._letters[letter] = self.typeface.has(letter)
        return self._letters[letter]

    @cached_property
    def lines(self) -> list[SetLine | None]:
        """Each line under its letters; None of one that is bent, or whose letters the font lacks."""
        return [self._line(piece, written) for piece, written in zip(self.pieces, self.written, strict=True)]

    def _line(self, piece: Piece, written: Written) -> SetLine | None:
        if not piece.text or len(written.text) > 4 * LONGEST or not self.typeface.has(f"H{written.text}"):
            return None
        is_alone = len(self.pieces) == 1
        return set_line(piece, written, self.image, self.rules, self.typeface, is_alone=is_alone)


def _in_place(line: SetLine, own: Part, other: Part) -> Told | None:
    """Return what letters say that stand in place of others while the rest stays; None where that is not clear."""
    near = other.near(BESIDE)
    if line.apart(near, own) < ALIKE:
        return _told(MOST, line.best)
    unexplained = line.best.around(own.start, own.end)
    value = _value(line, line.best.drawn.columns(own.start, own.end), line.laid(near, own))
    is_held = len(own.text) > SHORT or unexplained < FITS
    return _told(value, line.best) if is_held and value >= CLEAR else None


def _laid_over(line: SetLine, own: Part, other: Part) -> Told | None:
    """Return what a line says once the changed text is laid over it as well, wherever it lies best.

    Both are held against the same part of the picture, all that is around the letters of either.
    """
    best, fit = line.best, line.fit(other.text)
    mine = best.drawn.columns(own.start, own.end)
    theirs = best.beside(fit, fit.drawn.columns(other.start, other.end))
    shared = fit.beside(best, slice(min(mine.start, theirs.start), max(mine.stop, theirs.stop)))
    value = _value(line, best.beside(fit, shared), fit.within(shared))
    if _ratio(fit.unlike, best.unlike) < -FAR_BETTER:
        value = min(value, 0.0)
    most = MOST if len(own.text) == len(other.text) else MOST_MOVED
    is_speck = own.start == own.end and set(other.text[other.start : other.end]) <= SPECKS
    return _told(max(-SPECK if is_speck else -MOST, min(most, value)), best, fit)


def _value(line: SetLine, columns: slice, unexplained: float) -> float:
    """Return how much likelier the text is than another that leaves so much unexplained in the same columns."""
    measured = line.pixels * line.best.part(columns).size / PIXELS
    return measured * _ratio(unexplained, line.best.within(columns))


def _told(value: float, *fits: Fit) -> Told | None:
    trust = max(fit.trust for fit in fits)
    return Told(round(trust * max(-MOST, min(MOST, value)), 2), trust) if trust > 0 else None


def _ratio(other: float, own: float) -> float:
    """Return half the logarithm of a likelihood ratio, for each measurement, of noise of unknown strength."""
    return math.log((other + FLAW) / (own + FLAW))
