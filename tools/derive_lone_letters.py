"""Derive `qa/text/lone_letters.json`: what the packaged recogniser says of single letters drawn in many faces.

    python tools/derive_lone_letters.py [--faces 60] [--processes 2]

Every symbol is drawn alone in every face and shown to the recogniser. For a pair of symbols the margin (how many times
likelier the one is than the other, as a natural logarithm) has a median and a spread over the faces, once where the one
is drawn and once where the other is. Taken as normal with one spread, the margin that a letter in a picture gets says

    slope · (margin − middle),   middle = (median₁ + median₂) / 2,   slope = (median₁ − median₂) / variance

for the one and against the other (Fisher 1936, "The use of multiple measurements in taxonomic problems",
doi:10.1111/j.1469-1809.1936.tb02137.x, in one dimension). Pairs that differ by less than LEAST spreads tell nothing and
are written as null. Only pairs unlike most are written; what holds for all others stands under "".
"""

from __future__ import annotations

import argparse
import json
import sys
from multiprocessing import get_context
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from text_scenes.faces import Face, draw_mask, find_faces  # noqa: E402
from text_scenes.words import ACCENTED  # noqa: E402

from qa.text import load_reader  # noqa: E402
from qa.text.lone_letters import TABLE, _folded, likelihoods  # noqa: E402
from qa.text.shapes import _all_of, drawn  # noqa: E402

SIGNS = "€£¥©®°&%+-/?!.,:;()'#*@|"
SYMBOLS = "".join(
    sorted(
        set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789" + SIGNS)
        | {form for word in ACCENTED for letter in word for form in (letter, letter.upper()) if len(form) == 1} - {"-"}
    )
)
CAP_HEIGHT = 32.0
LEAST = 1.5
"""Spreads by which two symbols differ at least; below, one in four letters would be told wrong."""

MIN_SPREAD = 1.5
"""A spread below this is that of clean drawings, not of letters cut out of pictures."""

USUAL = (0.0, 1.0)
"""Middle and slope of most pairs. No slope is greater: clean drawings are no measure of how sure a letter cut out of a
picture can be."""

UNUSUAL = (2.0, 0.25)
"""A pair is written where its middle or its slope is off the usual one by more."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faces", type=int, default=60)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    every = find_faces()
    faces = every[:: max(1, len(every) // options.faces)]
    with get_context("fork").Pool(options.processes) as pool:
        scores = np.array(list(pool.imap(margins, faces)))
    pairs = derived(scores)
    record = {"faces": len(faces), "cap_height": CAP_HEIGHT, "pairs": pairs}
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":")).replace('],"', '],\n"')
    (ROOT / "src/qa/text" / TABLE).write_text(text + "\n", encoding="utf-8")
    print(f"{len(pairs)} pairs of {len(SYMBOLS)} symbols, {len(text)} bytes; {len(faces)} faces")
    return 0


def margins(face: Face) -> np.ndarray:
    """Return S×S: for each symbol drawn, the log likelihood of each symbol; NaN where the face lacks it."""
    reader = load_reader(threads=1)
    found = np.full((len(SYMBOLS), len(SYMBOLS)), np.nan)
    for row, symbol in enumerate(SYMBOLS):
        if face.has(symbol) and not (face.is_caseless and symbol.islower()):
            mask = draw_mask(face.sized(CAP_HEIGHT), symbol)
            columns = np.flatnonzero(mask.max(axis=0) > 0)
            ink = mask[:, columns[0] : columns[-1] + 1].astype(np.float32) / 255
            picture = drawn(ink, max(2, round(0.12 * mask.shape[0])))
            line = reader.emissions(picture, _all_of(picture)).folded(_folded, SYMBOLS)
            each = likelihoods(line)
            found[row] = [each[line.columns[_folded(other)]] for other in SYMBOLS]
    return found


def derived(scores: np.ndarray) -> dict[str, list[float] | None]:
    """Return pair → middle and slope, from F×S×S log likelihoods."""
    known: dict[str, list[float] | None] = {"": list(USUAL)}
    for one, first in enumerate(SYMBOLS):
        for two, second in enumerate(SYMBOLS):
            if one != two:
                drawn_one, drawn_two = (scores[:, row, one] - scores[:, row, two] for row in (one, two))
                pair = told(drawn_one, drawn_two)
                if pair is None or is_unusual(pair):
                    known[first + second] = pair
    return known


def is_unusual(pair: list[float]) -> bool:
    return any(abs(value - usual) > most for value, usual, most in zip(pair, USUAL, UNUSUAL, strict=True))


def told(drawn_one: np.ndarray, drawn_two: np.ndarray) -> list[float] | None:
    ones, twos = drawn_one[~np.isnan(drawn_one)], drawn_two[~np.isnan(drawn_two)]
    if min(len(ones), len(twos)) < 5:
        return None
    spread = max(MIN_SPREAD, float(np.sqrt((ones.var() + twos.var()) / 2)))
    apart = float(np.median(ones) - np.median(twos))
    if apart < LEAST * spread:
        return None
    return [round(float(np.median(ones) + np.median(twos)) / 2, 1), round(min(USUAL[1], apart / spread**2), 2)]


if __name__ == "__main__":
    sys.exit(main())
