"""Letter salad told from words by which letters follow each other, without a dictionary.

Generators fill signs and labels with strings such as "SLAEE CRFTQ". The chances of three letters in a row, over two
dozen languages that Latin letters write, are held against the same letters in any order. It tells no typo, no wrong but
well-formed word, and nothing in other scripts; coined names and abbreviations that cannot be spoken look like salad.

Reference: Jelinek and Mercer 1980, "Interpolated estimation of Markov source parameters from sparse data".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from consistency.runtime.stored import read_format

FILE = "letter_chances.json"
FORMAT, VERSION = "qa.letter_chances", 1

LETTERS = " abcdefghijklmnopqrstuvwxyz"
"""What the table is about; the space is where a word begins or ends."""

STEP = 0.25
"""Bits between two stored values."""

MIN_SALAD_BITS = 13.0
"""At most 1 % of texts of one to three words in languages that a table never saw come so far; the rates are printed by
tools/derive_letter_chances.py."""

SHORTEST = 4
"""Letters; shorter words are often abbreviations, which follow no language."""

SPELT = {"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "đ": "d", "ð": "d", "þ": "th"}
"""Letters that no accent can be taken off."""

WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, eq=False)
class Chances:
    """How likely letters are.

    Attributes:
        alone: 27 log₂ chances of a letter, or of a word's end, wherever it stands.
        after: 27×27×27 log₂ chances of one after two others.
    """

    alone: NDArray[np.float64]
    after: NDArray[np.float64]

    @classmethod
    def read(cls, text: str) -> Chances:
        """Read the stored form: each chance a character, "#" for certain, each next one `STEP` bits less likely."""
        record = read_format(text, FORMAT, VERSION)
        pairs = (first + second for first in LETTERS for second in LETTERS)
        after = np.stack([_log2(record["after"][pair]) for pair in pairs])
        return cls(_log2(record["alone"]), after.reshape(27, 27, 27))

    def salad_bits(self, text: str) -> float:
        """Return how many bits likelier a text's letters are in any order than as words; below 0 for most words.

        A word has its length either way, so that where it ends counts as a certainty among the letters in any order.
        """
        ended = np.log2(1 - 2 ** self.alone[0])
        found = 0.0
        for word in word_parts(text):
            places = np.array([0, 0, *(LETTERS.index(letter) for letter in word), 0])
            as_word = self.after[places[:-2], places[1:-1], places[2:]].sum()
            found += float((self.alone[places[2:-1]] - ended).sum() - as_word)
        return found


def salad_bits(text: str) -> float:
    """Return `Chances.salad_bits` by the table that the package carries.

    Example:
        >>> salad_bits("SUMMER SALE") < 0 < salad_bits("SLAEE CRFTQ")
        True
    """
    return packaged().salad_bits(text)


def is_gibberish(text: str) -> bool:
    """Whether a text is letter salad with high probability. Latin letters alone are judged."""
    return salad_bits(text) > MIN_SALAD_BITS


def word_parts(text: str, shortest: int = SHORTEST) -> Iterator[str]:
    """Yield the words of at least `shortest` letters, in a to z, without accents; those of other scripts never."""
    for word in WORD.findall(text):
        bare = unicodedata.normalize("NFD", word.casefold())
        spelt = "".join(SPELT.get(letter, letter) for letter in bare if not unicodedata.combining(letter))
        if len(spelt) >= shortest and spelt.isascii():
            yield spelt


@cache
def packaged() -> Chances:
    """Return the table that the package carries."""
    return Chances.read(files(__package__).joinpath(FILE).read_text("utf-8"))


def _log2(stored: str) -> NDArray[np.float64]:
    return -STEP * np.array([ord(character) - ord("#") for character in stored], np.float64)
