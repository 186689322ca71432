#!/usr/bin/env python3
"""Derives how likely letters follow each other in words, and how well that tells letter salad, and writes the table.

    python tools/derive_letter_chances.py [--dry-run]

Words are those of docstrings (the standard library and packages that are installed with this one) and the names that
the Unicode Common Locale Data Repository, as Babel carries it, gives languages, countries, currencies, cities and
months in languages of Latin letters. Every word counts 1 + ln(times seen). Chances of three letters are interpolated
with those of two and of one (Jelinek and Mercer 1980). Only quantised chances are kept, no word.

Printed: shares called gibberish, of words of languages that a second table, made without them, never saw, and of words
whose letters were shuffled or drawn at random.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import json
import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from babel import Locale

from qa.text.gibberish import FILE, FORMAT, LETTERS, MIN_SALAD_BITS, STEP, VERSION, Chances, word_parts

TARGET = Path(__file__).resolve().parents[1] / "src/qa/text" / FILE
PACKAGES = ("asyncio", "email", "unittest", "numpy", "PIL", "skimage", "pydantic", "typer", "jinja2")
LANGUAGES = (
    *("en", "de", "fr", "es", "it", "pt", "nl", "ca", "ro"),
    *("sv", "da", "nb", "fi", "et", "lt", "lv"),
    *("pl", "cs", "sk", "sl", "hr", "hu", "tr", "id"),
)
HELD_OUT = ("ca", "it", "nb", "sk")
BACKING = 5.0
"""What the shorter context counts, in words: between 1 and 8 the rates below move by less than 2 %."""

TRIALS = 2000


def main() -> None:
    """Derive the table and the rates."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dry-run", action="store_true", help="do not write the table")
    options = parser.parse_args()
    words = {name: Counter(parts(names(name))) for name in LANGUAGES}
    words["docstrings"] = Counter(parts(docstrings()))
    if not options.dry_run:
        TARGET.write_text(table(words.values()), "utf-8")
    report(Chances.read(table(counted for name, counted in words.items() if name not in HELD_OUT)), words)


def parts(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from word_parts(text, shortest=2)


def docstrings() -> Iterator[str]:
    """Yield the docstrings of the packages."""
    for package in PACKAGES:
        folder = Path(str(importlib.import_module(package).__file__)).parent
        for path in sorted(folder.rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                    yield ast.get_docstring(node) or ""


def names(language: str) -> Iterator[str]:
    """Yield the names of things in a language."""
    locale = Locale.parse(language)
    for table_ in (locale.languages, locale.territories, locale.currencies, locale.scripts, locale.variants):
        yield from table_.values()
    for forms in (*locale.months.values(), *locale.days.values()):
        yield from (name for width in forms.values() for name in width.values())
    yield from (zone.get("city", "") for zone in locale.time_zones.values())


def table(counted: Iterable[Counter[str]]) -> str:
    """Return the stored table of some words: per two letters, a character for each that may follow."""
    counts = np.zeros((27, 27, 27))
    for word, times in (item for each in counted for item in each.items()):
        places = [0, 0, *(LETTERS.index(letter) for letter in word), 0]
        for first, second, third in zip(places, places[1:], places[2:], strict=False):
            counts[first, second, third] += 1 + math.log(times)
    pairs = counts.sum(axis=0)
    alone = (pairs.sum(axis=0) + 1) / (pairs.sum() + 27)
    after_one = (pairs + BACKING * alone) / (pairs.sum(axis=1, keepdims=True) + BACKING)
    after_two = (counts + BACKING * after_one) / (counts.sum(axis=2, keepdims=True) + BACKING)
    contexts = {LETTERS[a] + LETTERS[b]: stored(after_two[a, b]) for a in range(27) for b in range(27)}
    record = {"format": FORMAT, "version": VERSION, "alone": stored(alone), "after": contexts}
    return json.dumps(record, indent=0) + "\n"


def stored(chances: Sequence[float]) -> str:
    """Return chances as characters from "#" on: each step is a quarter of a bit."""
    return "".join(chr(ord("#") + min(56, round(-math.log2(chance) / STEP))) for chance in chances)


def report(chances: Chances, words: dict[str, Counter[str]]) -> None:
    """Print what share of texts of one to three words is called gibberish."""
    rng = random.Random(0)
    strange = [word for name in HELD_OUT for word in sorted(words[name]) if len(word) >= 4]
    makers = {
        "unseen languages": lambda: rng.choice(strange),
        "shuffled": lambda: "".join(rng.sample(word := rng.choice(strange), len(word))),
        "random": lambda: "".join(rng.choices(LETTERS[1:], k=rng.randint(4, 9))),
    }
    for name, make in makers.items():
        for count in (1, 2, 3):
            texts = (" ".join(make() for _ in range(count)) for _ in range(TRIALS))
            share = sum(chances.salad_bits(text) > MIN_SALAD_BITS for text in texts) / TRIALS
            print(f"{name}, {count} word(s): {100 * share:.1f} %")


if __name__ == "__main__":
    main()
