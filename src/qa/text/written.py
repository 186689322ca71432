"""An expected text as it is written beside the same as it is compared: which character became which."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.text.pieces import Piece
from qa.text.spelling import Rules, comparable


@dataclass(frozen=True)
class Written:
    """One line of a text.

    Attributes:
        text: As written.
        places: For each character that is compared, the place in `text` of the one that it comes from.
    """

    text: str
    places: tuple[int, ...]

    @property
    def alone(self) -> dict[int, str]:
        """Characters as written, by their place among those compared, without what is compared as several, as ™ is."""
        counts = Counter(self.places)
        return {place: self.text[at] for place, at in enumerate(self.places) if counts[at] == 1}

    def around(self, first: int, last: int, beside: int, others: Mapping[int, str]) -> tuple[str, int, int]:
        """Return what is written around some of the characters that are compared, and where in it they begin and end.

        Args:
            first: The first of them.
            last: The last of them.
            beside: Characters shown on each side.
            others: Place → the character to put there instead.
        """
        letters = list(self.text)
        for place, letter in others.items():
            letters[self.places[place]] = letter
        start, end = self.places[first], self.places[last] + 1
        shown = max(0, start - beside)
        return "".join(letters[shown : end + beside]), start - shown, end - shown


def written_lines(text: str, pieces: Sequence[Piece], rules: Rules) -> tuple[Written, ...] | None:
    """Return the lines of a text as they are written; None where they are not the pieces, all in order."""
    letters = " ".join(unicodedata.normalize("NFC", text).split())
    compared = [comparable(letter, rules) for letter in letters]
    if "".join(compared) != "".join(piece.text for piece in pieces):
        return None
    sources = [at for at, forms in enumerate(compared) for _ in forms]
    found, start = [], 0
    for piece in pieces:
        own = sources[start : start + len(piece.text)]
        first, last = (own[0], own[-1] + 1) if own else (0, 0)
        found.append(Written(letters[first:last], tuple(at - first for at in own)))
        start += len(piece.text)
    return tuple(found)
