"""An expected text as it is written beside the same as it is compared: which character became which."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from qa.text.pieces import Piece
from qa.text.spelling import Rules, comparable


@dataclass(frozen=True)
class Part:
    """Some characters of a text: from one, to before another."""

    text: str
    start: int
    end: int

    def near(self, beside: int) -> Part:
        """Return the same characters with no more than some others on each side."""
        first = max(0, self.start - beside)
        return Part(self.text[first : self.end + beside], self.start - first, self.end - first)


@dataclass(frozen=True)
class Written:
    """One line of a text.

    Attributes:
        text: As written.
        places: For each character that is compared, the place in `text` of the one that it comes from.
    """

    text: str
    places: tuple[int, ...]

    def changed(self, compared: str, rival: str) -> tuple[Part, Part] | None:
        """Return what a change of the compared text changes in the one as written, and what that becomes.

        Args:
            compared: The line as compared.
            rival: The same with a small change.

        Returns:
            None where part of a sign changes that is compared as several characters, as ™ is.
        """
        doubled = self._doubled(compared, rival)
        if doubled is not None:
            return _differing(self.text, doubled)
        counts = Counter(self.places)
        letters = [*self.text, ""]
        for operation in Levenshtein.opcodes(compared, rival):
            if operation.tag == "equal":
                continue
            own = self.places[operation.src_start : operation.src_end]
            if any(counts[at] != own.count(at) for at in own):
                return None
            put, at = rival[operation.dest_start : operation.dest_end], self._at(operation.src_start)
            for place in own:
                letters[place] = ""
            letters[at] = put + (letters[at] if not own else "")
        return _differing(self.text, "".join(letters))

    def _doubled(self, compared: str, rival: str) -> str | None:
        """Return the text with a sign doubled that is compared as several characters, where a change is that."""
        for place, count in Counter(self.places).items():
            first = self.places.index(place)
            if count > 1 and rival == compared[: first + count] + compared[first:]:
                return self.text[: place + 1] + self.text[place:]
        return None

    def _at(self, place: int) -> int:
        """Return where in `text` something stands before a character that is compared, or at the end."""
        return self.places[place] if place < len(self.places) else self.places[-1] + 1 if self.places else 0


def _differing(first: str, second: str) -> tuple[Part, Part]:
    shorter = min(len(first), len(second))
    start = next((at for at in range(shorter) if first[at] != second[at]), shorter)
    end = next((at for at in range(shorter - start) if first[-1 - at] != second[-1 - at]), shorter - start)
    return Part(first, start, len(first) - end), Part(second, start, len(second) - end)


def written_lines(text: str, pieces: Sequence[Piece], rules: Rules) -> tuple[Written, ...] | None:
    """Return the lines of a text as they are written; None where they are not the pieces, all in order."""
    letters = " ".join(unicodedata.normalize("NFC", text).split())
    compared = [folded_letter(letter, rules) for letter in letters]
    sources = [at for at, forms in enumerate(compared) for _ in forms]
    whole, found, start = "".join(compared), [], 0
    for piece in pieces:
        # Where spaces count, that at a line's end is no part of either line.
        start += len(whole[start:]) - len(whole[start:].lstrip())
        if whole[start : start + len(piece.text)] != piece.text:
            return None
        own = sources[start : start + len(piece.text)]
        first, last = (own[0], own[-1] + 1) if own else (0, 0)
        found.append(Written(letters[first:last], tuple(at - first for at in own)))
        start += len(piece.text)
    return tuple(found) if start == len(whole.rstrip()) else None


def folded_letter(letter: str, rules: Rules) -> str:
    """Return what one letter of a text is compared as; a space counts where the rules say so."""
    return " " if letter.isspace() and rules.is_space_strict else comparable(letter, rules)
