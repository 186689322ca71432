"""Forbidden terms in the disguises that people use, as strings and as pictures; and texts without any of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, islice, pairwise
from pathlib import Path

import numpy as np
from rates import rate

from qa.text.forbidden import Term
from qa.text.layout import chains
from qa.text.quarters import forbidden_looks
from qa.text.reader import TextLine
from qa.text.second_look import look_at_quarters
from text_scenes.backdrops import Pixels, Random
from text_scenes.extent import Extent
from text_scenes.judging import over_pictures, reader
from text_scenes.pictures import Scene, Wording, draw_picture, pick_setting
from text_scenes.strings import KINDS, write

PATTERNS = {
    "free": r"\bfree\b",
    "guaranteed": "guaranteed",
    "miracle": "miracle",
    "best price": "best price",
    "casino": r"\bcasinos?\b",
    "risk-free": "risk-free",
    "Zephyrol": "Zephyrol",
    "cure": r"\bcures?\b",
    "winner": "winner",
    "cheapest": "cheap(er|est)?",
    "clinically": "clinically",
    "Mondova": "Mondova",
}
"""What is forbidden → as a kit would write it."""

LEET = dict(zip("aeiostbglzAEIOST", "4310578911431057", strict=True)) | {"s": "$", "a": "@", "i": "!"}
HOMOGLYPHS = dict(zip("aeopcxyisjABEKMHOPCTXIS", "аеорсхуіѕјАВЕКМНОРСТХІЅ", strict=True))
"""Latin → Cyrillic of the same look (Unicode Technical Standard 39, confusables)."""

GREEK = dict(zip("oABEZHIKMNOPTYX", "οΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", strict=True))
ACCENTS = dict(zip("aeioucnyAEIOUCN", "àéíöüçñýÀÉÍÖÜÇÑ", strict=True))
PAIRS = {"m": "rn", "w": "vv", "d": "cl"}

Lines = Sequence[TextLine]


def swapped(table: dict[str, str], rng: Random, text: str) -> str:
    """Return text with one to all of the letters that the table has exchanged."""
    places = [at for at, letter in enumerate(text) if letter in table]
    chosen = set(rng.permutation(places)[: int(rng.integers(1, len(places) + 1))].tolist()) if places else set()
    return "".join(table[letter] if at in chosen else letter for at, letter in enumerate(text))


DISGUISES: dict[str, Callable[[Random, str], str]] = {
    "plain": lambda _, text: text,
    "capitals": lambda _, text: text.upper(),
    "leet": partial(swapped, LEET),
    "cyrillic": partial(swapped, HOMOGLYPHS),
    "greek": partial(swapped, GREEK),
    "accents": partial(swapped, ACCENTS),
    "pairs": partial(swapped, PAIRS),
    "full width": lambda _, text: "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in text),
}
"""Without the table of the library itself: what it does not know counts as missed."""

LICENSES = Path("/usr/share/common-licenses")


def measure(extent: Extent) -> dict[str, object]:
    rng = np.random.default_rng((extent.seed, 7))
    return {"strings": as_strings(rng, 20 if extent.is_quick else 2000), "pictures": as_pictures(extent)}


def as_strings(rng: Random, count: int) -> dict[str, object]:
    """Judge lines of text as if read without a slip."""
    texts = [*clean_texts(rng, count), *prose()[: count if count < 100 else None]]
    alarms = sum(found(one_line(text)) != set() for text in texts)
    rows = list(pairwise(prose()[: 2 * count]))
    alarms_of_rows = sum(found((*one_line(first), *one_line(second, row=1))) != set() for first, second in rows)
    return {
        "recall": {
            **{name: recall(rng, count // 4, partial(disguised, disguise)) for name, disguise in DISGUISES.items()},
            "split over lines": recall(rng, count // 4, split),
            "split without a hyphen": recall(rng, count // 4, partial(split, hyphen="")),
            "set wide": recall(rng, count // 4, set_wide),
        },
        "false_alarm": rate(alarms, len(texts)),
        "false_alarm_of_two_rows": rate(alarms_of_rows, len(rows)),
    }


def recall(rng: Random, count: int, hide: Callable[[Random, str], Lines]) -> dict[str, object]:
    terms = [pick(rng, tuple(PATTERNS)) for _ in range(count)]
    return rate(sum(term in found(hide(rng, term)) for term in terms), count)


def pick(rng: Random, options: Sequence[str]) -> str:
    return options[int(rng.integers(len(options)))]


def found(lines: Lines) -> set[str]:
    """Return which terms stand in some lines."""
    rows = chains(lines)
    return {name for name, pattern in PATTERNS.items() if any(Term(pattern).find(row) for row in rows)}


def one_line(text: str, row: int = 0) -> Lines:
    left, top, right, bottom = 10.0, 40.0 * row, 10.0 + 16 * len(text), 40.0 * row + 30
    return (TextLine(text, ((left, top), (right, top), (right, bottom), (left, bottom)), 0.99),)


def disguised(disguise: Callable[[Random, str], str], rng: Random, term: str) -> Lines:
    return one_line(
        f"{pick(rng, ('Now', 'Simply', '100%'))} {disguise(rng, term)} {pick(rng, ('today', 'for you', '!'))}"
    )


def split(rng: Random, term: str, hyphen: str = "-") -> Lines:
    at = int(rng.integers(2, len(term) - 1))
    return (*one_line(f"Our {term[:at]}{hyphen}"), *one_line(f"{term[at:]} offer", row=1))


def set_wide(rng: Random, term: str) -> Lines:
    sign = pick(rng, (" ", ".", "-", "*"))
    return one_line(f"Our {' '.join(sign.join(part) for part in term.split())} offer")


def clean_texts(rng: Random, count: int) -> list[str]:
    """Return texts of every kind without a forbidden word."""
    texts = (write(rng, pick(rng, KINDS)) for _ in iter(int, 1))
    return list(islice((text for text in texts if is_clean(text)), count))


def prose() -> list[str]:
    """Return the lines of the licences that the system carries, without those that have a forbidden word as it is."""
    files = sorted(path for path in LICENSES.glob("*") if path.is_file() and not path.is_symlink())
    lines = (line.strip() for path in files for line in path.read_text("utf-8", "replace").splitlines())
    return sorted({line for line in lines if line and is_clean(line)})


def is_clean(text: str) -> bool:
    return not any(term.lower() in text.lower() for term in (*PATTERNS, "cheap"))


def as_pictures(extent: Extent) -> dict[str, object]:
    """Judge drawn texts as read: some of them disguised terms, the others clean."""
    count = 6 if extent.is_quick else 1500
    hidden: list[tuple[str, bool]] = []
    clean: list[bool] = []
    for kind, is_found in chain.from_iterable(over_pictures(judge_picture, extent)):
        if kind in DISGUISES:
            hidden.append((kind, is_found))
        else:
            clean.append(is_found)
        if min(len(hidden), len(clean)) >= count:
            break
    by_disguise = {name: [hit for kind, hit in hidden if kind == name] for name in DISGUISES}
    return {
        "recall": rate(sum(is_found for _, is_found in hidden), len(hidden)),
        "recall_by_disguise": {name: rate(sum(hits), len(hits)) for name, hits in by_disguise.items()},
        "false_alarm": rate(sum(clean), len(clean)),
    }


def judge_picture(seed: int) -> list[tuple[str, bool]]:
    """Return for each text of a picture its kind, and whether the term, in a clean one any term, is found in it."""
    scenes = draw_picture(seed, word)
    looks = looks_at(scenes[0].image) if scenes else ()
    told = []
    for scene in scenes:
        terms = set().union(*(found([line for line in lines if is_inside(line, scene)]) for lines in looks))
        told.append((scene.kind, scene.expected in terms if scene.kind in DISGUISES else bool(terms)))
    return told


def looks_at(image: Pixels) -> tuple[Lines, ...]:
    """Return the lines of every look that the check takes."""
    return forbidden_looks(reader().read(image), partial(look_at_quarters, reader(), image))


def is_inside(line: TextLine, scene: Scene) -> bool:
    left, top, right, bottom = scene.box
    x, y = line.box.left + line.box.width / 2, line.box.top + line.box.height / 2
    return left <= x <= right and top <= y <= bottom


def word(rng: Random, width: int) -> Wording | None:
    """Return a disguised term or a clean text; `expected` is the term."""
    setting = pick_setting(rng)
    kind = pick(rng, (*DISGUISES, *KINDS))
    term = pick(rng, tuple(PATTERNS))
    drawn = DISGUISES[kind](rng, term) if kind in DISGUISES else write(rng, kind)
    if kind not in DISGUISES and not is_clean(drawn):
        return None
    if setting.face.is_caseless:
        drawn = drawn.upper()
    is_lost = kind == "pairs" and setting.face.is_caseless
    return None if is_lost or not setting.holds(drawn, width) else Wording(term, drawn, kind, "", setting)
