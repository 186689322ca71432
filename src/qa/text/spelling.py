"""How two strings differ, in characters, once what a reader cannot tell apart is set aside."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from qa.text.languages import LANGUAGES, SMALL_FORMS

TYPOGRAPHIC = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼ′`´", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("·∙•", "·"),
        "×": "x",
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
        **dict(zip("￠￡￦￥", "¢£₩¥", strict=True)),
    }
)
"""Shapes of one punctuation mark, and full-width forms, that readers give for one another: never letters or digits
of another alphabet, so that a look-alike name or price stays wrong."""


SPELT_OUT = {"…": "...", "™": "TM"}
"""Signs that readers give as several characters, or the other way round."""


def first_control(text: str) -> str | None:
    """Return the first control character of a text that is no tab or line break, or None: no picture shows any.

    Example:
        >>> first_control("SUMMER\\x1fSALE"), first_control("SUMMER\\nSALE")
        ('\\x1f', None)
    """
    return next((each for each in text if unicodedata.category(each) == "Cc" and each not in "\t\n\r"), None)


@dataclass(frozen=True)
class Rules:
    """What counts as the same text.

    Attributes:
        max_edits: Characters that may be missing, extra or others.
        is_case_strict: Whether A and a differ.
        is_space_strict: Whether "Est.1926" and "Est. 1926" differ; readers lose and insert spaces.
        is_punctuation_strict: Whether "Est. 1926" and "Est 1926" differ; currency signs always count.
        language: A key of `LANGUAGES`, or "": how small letters are told from capitals and whether a hyphen at the end
            of a line can be one that only the line break brought.
    """

    max_edits: int = 0
    is_case_strict: bool = True
    is_space_strict: bool = False
    is_punctuation_strict: bool = True
    language: str = ""

    @property
    def is_hyphenated(self) -> bool:
        """Whether a word may be broken by a hyphen at the end of a line."""
        return not self.language or LANGUAGES[self.language].is_hyphenated


@dataclass(frozen=True)
class Difference:
    """One wrong character: `expected` "" where it is extra, `read` "" where it is missing; `place` counts from 1."""

    place: int
    expected: str
    read: str

    def __str__(self) -> str:
        if not self.read:
            return f"missing {self.expected} at {self.place}"
        if not self.expected:
            return f"extra {self.read} at {self.place}"
        return f"{self.read} for {self.expected} at {self.place}"


def plain(text: str) -> str:
    """Return text composed (NFC), with one shape for each punctuation mark and single spaces."""
    composed = unicodedata.normalize("NFC", text).translate(TYPOGRAPHIC)
    for sign, letters in SPELT_OUT.items():
        composed = composed.replace(sign, letters)
    return " ".join(composed.split())


def comparable(text: str, rules: Rules) -> str:
    """Return what is compared: plain text, without spaces, punctuation or case where the rules set them aside."""
    return "".join(character for _, character in _characters(text, rules))


def count_edits(expected: str, read: str, rules: Rules) -> int:
    """Return how many characters of `read` are missing, extra or others."""
    return Levenshtein.distance(comparable(expected, rules), comparable(read, rules))


def differences(expected: str, read: str, rules: Rules) -> tuple[Difference, ...]:
    """Return every wrong character of `read`, by its place in the expected text.

    Example:
        >>> str(differences("SUMMER SALE", "SUMER SALF", Rules())[0])
        'missing M at 4'
    """
    wanted, given = _characters(expected, rules), _characters(read, rules)
    operations = Levenshtein.editops("".join(c for _, c in wanted), "".join(c for _, c in given))
    ends = len(plain(expected))
    return tuple(
        Difference(
            1 + (wanted[op.src_pos][0] if op.src_pos < len(wanted) else ends),
            "" if op.tag == "insert" else wanted[op.src_pos][1],
            "" if op.tag == "delete" else given[op.dest_pos][1],
        )
        for op in operations
    )


def explain(found: Sequence[Difference], most: int = 4) -> str:
    """Return differences in words, the first few of them."""
    parts = [str(difference) for difference in found[:most]]
    return ", ".join(parts + [f"{len(found) - most} more"] * (len(found) > most))


def _characters(text: str, rules: Rules) -> list[tuple[int, str]]:
    """Return (place in the plain text, character) of all that is compared."""
    kept = [(at, c) for at, c in enumerate(plain(text)) if _counts(c, rules)]
    return kept if rules.is_case_strict else [(at, _lower(c, rules.language)) for at, c in kept]


def _counts(character: str, rules: Rules) -> bool:
    if character.isspace():
        return rules.is_space_strict
    return rules.is_punctuation_strict or not unicodedata.category(character).startswith("P")


def _lower(character: str, language: str) -> str:
    lower = SMALL_FORMS.get(language, {}).get(character, character.lower())
    return lower if len(lower) == 1 else character
