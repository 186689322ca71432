"""What is written: prices, trademarks, headlines, legal lines; and what a slip makes of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from qa.text.spelling import Rules, comparable
from text_scenes.words import ACCENTED, LOOKALIKES, SYLLABLES, WORDS

Random = np.random.Generator

KINDS = ("price", "trademark", "headline", "legal", "diacritics", "figures")
CORRUPTIONS = ("substituted", "dropped", "doubled", "swapped", "case")

ENDINGS = ("", "", "", "", "x", "n", "r", "™", "®", " 3", " X2", "ia", "lab", ".io", " One", " Co.", "ly", "Q")
CURRENCIES = ("$", "€", "£", "¥", "CHF ", "US$ ", "kr ")
LEGAL = (
    "© {year} {name} Ltd. All rights reserved.",
    "Terms & conditions apply.",
    "Offer ends {day}.{month}.{year}.",
    "{percent}% APR representative.",
    "Drink responsibly. 18+ only.",
    "T&Cs apply, see {name}.com/legal",
    "While stocks last. No. {code}",
    "Contains {percent} mg per {small} ml.",
    "Patent No. {code}-B{small}",
    "{name}® is a registered trademark.",
    "Batteries not included.",
    "RRP {price}, valid until {day}/{month}/{year}",
    "Made in {year} by {name} GmbH",
    "Imported by {name}, {code} Lisbon",
    "Keep out of reach of children.",
    "Serving suggestion. {small} x {percent} g",
)
FIGURES = (
    "Est. {year}",
    "No. {small}",
    "{small}{small2} ml",
    "{percent} %",
    "-{percent}%",
    "{day}.{month}.{year}",
    "+49 30 {code}",
    "SPF {percent}",
    "{small}x{percent} g",
    "24/7",
    "SKU {letters}-{code}",
    "{code}{letters}",
    "{small}.{small2} kg",
    "Code: {letters}{percent}",
)

SIMILAR = {pair[0]: pair[1] for pair in LOOKALIKES}
"""A character that a generator, or a reader, easily makes of another."""


def write(rng: Random, kind: str) -> str:
    """Return a text of one of KINDS."""
    if kind in FORMS:
        return _filled(rng, FORMS[kind])
    return WRITERS[kind](rng)


def _pick(rng: Random, options: Sequence[str]) -> str:
    return options[int(rng.integers(len(options)))]


def _price(rng: Random) -> str:
    whole = int(np.exp(rng.uniform(np.log(1), np.log(20_000))))
    mark = _pick(rng, CURRENCIES)
    cents = int(rng.integers(100)) if rng.random() < 0.5 else _pick_cents(rng)
    return _pick(
        rng,
        (
            f"{mark}{whole}",
            f"{mark}{whole:,}.{cents:02d}",
            f"{mark}{whole}.{cents:02d}",
            f"{whole},{cents:02d} €",
            f"{whole},-",
            f"only {mark}{whole}",
            f"{whole} kr",
        ),
    )


def _pick_cents(rng: Random) -> int:
    return int(rng.choice((0, 49, 50, 90, 95, 99)))


def _trademark(rng: Random) -> str:
    word = "".join(_pick(rng, SYLLABLES) for _ in range(int(rng.integers(2, 4))))
    at = int(rng.integers(1, len(word)))
    shown = _pick(
        rng,
        (
            word.upper(),
            word.capitalize(),
            word[:at].capitalize() + word[at:].capitalize(),
            word[0] + word[1:].capitalize(),
        ),
    )
    return shown + _pick(rng, ENDINGS)


def _headline(rng: Random) -> str:
    words = [_pick(rng, WORDS) for _ in range(int(rng.integers(1, 5)))]
    shown = " ".join(words)
    return _pick(rng, (shown.upper(), shown.title(), shown.capitalize(), shown)) + _pick(rng, ["", "", ".", "!", "?"])


def _diacritics(rng: Random) -> str:
    words = " ".join(_pick(rng, ACCENTED) for _ in range(int(rng.integers(1, 4))))
    upper = words.upper()
    return upper if rng.random() < 0.25 and "ß" not in words else words


def _filled(rng: Random, forms: tuple[str, ...]) -> str:
    return _pick(rng, forms).format(
        year=int(rng.integers(1890, 2031)),
        day=int(rng.integers(1, 29)),
        month=f"{int(rng.integers(1, 13)):02d}",
        percent=int(rng.integers(1, 100)),
        small=int(rng.integers(1, 10)),
        small2=int(rng.integers(0, 100)),
        code=int(rng.integers(10_000, 10_000_000)),
        letters="".join(_pick(rng, list("ABCDEFGHJKLMNPRSTUVWXYZ")) for _ in range(2)),
        name=_trademark(rng).rstrip("™®").split(" ")[0].rstrip("."),
        price=_price(rng),
    )


FORMS = {"legal": LEGAL, "figures": FIGURES}
WRITERS = {"price": _price, "trademark": _trademark, "headline": _headline, "diacritics": _diacritics}


def corrupt(rng: Random, text: str, corruption: str) -> str | None:
    """Return text with one glyph wrong, or None where this corruption leaves it the same."""
    places = [at for at, character in enumerate(text) if not character.isspace()]
    at = places[int(rng.integers(len(places)))]
    wrong = _changed(rng, text, at, corruption).strip()
    is_same = comparable(wrong, Rules()) == comparable(text, Rules())
    return None if is_same or len(comparable(wrong, Rules())) < 2 else wrong


def _changed(rng: Random, text: str, at: int, corruption: str) -> str:
    before, character, after = text[:at], text[at], text[at + 1 :]
    if corruption == "dropped":
        return before + after
    if corruption == "doubled":
        return before + 2 * character + after
    if corruption == "swapped":
        is_pair = bool(after) and not after[0].isspace()
        return before + after[0] + character + after[1:] if is_pair else text
    if corruption == "case":
        other = character.swapcase()
        return before + (other if len(other) == 1 else character) + after
    return before + substitute(rng, character) + after


def substitute(rng: Random, character: str) -> str:
    """Return another character: half of the time one that looks like it, else any of its own class."""
    if character in SIMILAR and rng.random() < 0.5:
        return SIMILAR[character]
    for alphabet in (
        "0123456789",
        "abcdefghijklmnopqrstuvwxyz",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        ".,:;!?",
        "$€£¥",
        "-+/&%",
    ):
        if character in alphabet:
            return _pick(rng, list(alphabet.replace(character, "")))
    return _pick(rng, list("aeinorstu" if character.islower() else "AEINORSTU"))
