"""Text photographed and labelled by people: word crops and receipts of shared/data/text."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rates import rate

from consistency import load_image
from qa.text.matching import Expected, match
from qa.text.sighting import Sight
from qa.text.spelling import Rules, comparable
from text_scenes.extent import Extent
from text_scenes.judging import reader
from text_scenes.rules import RULES
from text_scenes.strings import CORRUPTIONS, corrupt

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "text"
LEAST = 3
"""Letters and digits of a text; "TM" or "1" stands in many places of a receipt."""

PRINTED = {
    "available": "Available",
    "shakeshack": "SHAKE SHACK",
    "london": "London",
    "greenstead": "Greenstead",
    "toast": "TOAST",
    "merry": "MERRY",
    "ronaldo": "RONALDO",
    "ballys": "BALLYS",
    "university": "UNIVERSITY",
    "DAVIDSON": "Davidson",
}
"""Label → the same as printed, by eye: these labels fold case."""


@dataclass(frozen=True)
class Labelled:
    """A photograph and the texts that people read on it."""

    path: Path
    texts: tuple[str, ...]


def measure(extent: Extent) -> dict[str, object]:
    if not FOLDER.exists():
        return {"not_measured": "shared/data/text is not on this machine"}
    photographs = {"words": [*word_crops(), *street_words()], "receipts": list(receipts())}
    if extent.is_quick:
        photographs = {"words": photographs["words"][:4]}
    return {name: judged(labelled, extent.seed) for name, labelled in photographs.items()}


def word_crops() -> Iterator[Labelled]:
    for line in (FOLDER / "words" / "gt.txt").read_text(encoding="utf-8").splitlines():
        name, _, label = line.partition(" ")
        yield Labelled(FOLDER / "words" / name, (PRINTED.get(label.strip(), label.strip()),))


def street_words() -> Iterator[Labelled]:
    folder = FOLDER / "scenes" / "rec_toy_dataset"
    for entry in json.loads((folder / "labels.json").read_text(encoding="utf-8"))["data_list"]:
        label = entry["instances"][0]["text"]
        yield Labelled(folder / "imgs" / entry["img_path"], (PRINTED.get(label, label),))


def receipts() -> Iterator[Labelled]:
    folder = FOLDER / "scenes" / "kie_toy_dataset" / "wildreceipt"
    for line in (folder / "data.txt").read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        texts = dict.fromkeys(each["text"] for each in entry["annotations"])
        long_enough = (text for text in texts if sum(map(str.isalnum, text)) >= LEAST)
        yield Labelled(folder / Path(entry["file_name"]).name, tuple(long_enough))


def judged(photographs: Sequence[Labelled], seed: int) -> dict[str, object]:
    """Return how many texts are read and found, and how many corrupted ones are taken for right."""
    rng = np.random.default_rng(seed)
    said: dict[str, list[str]] = {rule: [] for rule in RULES}
    said_of_wrong: dict[str, list[str]] = {rule: [] for rule in RULES}
    read = folded = 0
    for photograph in photographs:
        sight = Sight.of(reader(), load_image(photograph.path).on_background((255, 255, 255)).pixels)
        for text in photograph.texts:
            read += is_read(sight, text, Rules())
            folded += is_read(sight, text, Rules(is_case_strict=False))
            for rule, judge in RULES.items():
                said[rule].append(judge(sight, text))
        for wrong in corrupted(rng, photograph.texts):
            for rule, judge in RULES.items():
                said_of_wrong[rule].append(judge(sight, wrong))
    count = sum(len(photograph.texts) for photograph in photographs)
    return {
        "texts": count,
        "read_exactly": rate(read, count),
        "read_but_for_case": rate(folded, count),
        "rules": {rule: told(said[rule], said_of_wrong[rule]) for rule in RULES},
    }


def is_read(sight: Sight, text: str, rules: Rules) -> bool:
    (span,) = match(sight.lines, [Expected(text, rules)]).spans
    return span is not None and span.is_match


def corrupted(rng: np.random.Generator, texts: Sequence[str]) -> Iterator[str]:
    """Yield each text with one character wrong in every way, without those that stand on the photograph as well."""
    there = [comparable(text, Rules()) for text in texts]
    for text in texts:
        for corruption in CORRUPTIONS:
            wrong = corrupt(rng, text, corruption)
            if wrong is not None and not any(comparable(wrong, Rules()) in other for other in there):
                yield wrong


def told(right: Sequence[str], wrong: Sequence[str]) -> dict[str, object]:
    return {
        "false_accept": rate(wrong.count("match"), len(wrong)),
        "match": rate(right.count("match"), len(right)),
        "abstained_on_right": rate(right.count("abstained"), len(right)),
        "abstained_on_wrong": rate(wrong.count("abstained"), len(wrong)),
    }
