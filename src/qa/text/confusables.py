"""Characters that pass for one another, folded only where a *forbidden* text is looked for.

Required text is never folded: "Michae1" must not pass for "Michael". The table is small and our own: digits and signs
used as letters, and the Cyrillic and Greek letters whose capitals or small letters look Latin.
"""

from __future__ import annotations

import re
import unicodedata

SIMILAR: dict[str, str] = {
    "a": "4@аαΑА",
    "b": "86вВΒЬ",
    "c": "(¢©сСϲ",
    "d": "ԁ",
    "e": "3€еЕΕεё",
    "f": "ƒ",
    "g": "96ɡ",
    "h": "нНΗһ",
    "i": "1l|!іІΙιıӏ",
    "j": "јЈ",
    "k": "кКΚκ",
    "l": "1i|!іІΙιıӏ",
    "m": "мМΜ",
    "n": "пΝη",
    "o": "0оОΟοσ°",
    "p": "рРΡρ",
    "q": "9ԛ",
    "r": "гГ",
    "s": "5$§ѕЅ",
    "t": "7+†тТΤτ",
    "u": "υцμ",
    "v": "νѵ",
    "w": "ωшԝ",
    "x": "×хХΧχ",
    "y": "¥уУΥγ",
    "z": "2Ζ",
    "0": "oоОΟο°",
    "1": "il|!іІΙιı",
    "2": "z",
    "3": "eзЗ",
    "4": "a@",
    "5": "s$",
    "6": "бbgG",
    "7": "t",
    "8": "bвВ",
    "9": "gq",
}
"""Character → what may stand for it, besides its other case."""

PAIRS: dict[str, str] = {"m": "rn", "w": "vv", "d": "cl", "f": "ph"}
"""One letter that two others look, or sound, like."""

TWO_OF = {"w": "v", "W": "V", "m": "n", "u": "i"}
"""One letter that another looks like where it stands twice."""


def without_marks(text: str) -> str:
    """Return text with accents taken off its letters, character for character: the length stays."""
    return "".join(unicodedata.normalize("NFD", character)[0] for character in text)


def similar_to(character: str) -> str:
    """Return the character and all that may stand for it, each once, as they stand in a character set."""
    bare = without_marks(character)
    known = SIMILAR.get(bare.lower(), "")
    return "".join(dict.fromkeys(f"{character}{bare}{known}"))


def character_set(characters: str, before: str = "") -> str:
    """Return a regular expression's set of these characters; `before` is set syntax to keep in front of them."""
    return f"[{before}{''.join(re.escape(character) for character in characters)}]"
