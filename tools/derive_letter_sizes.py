"""Derive `qa/text/letter_widths.json`: how wide letters are beside one another, and print how high.

    python tools/derive_letter_sizes.py

The logarithm of a symbol's ink width in a face is taken as the sum of a part of the face and a part of the symbol, each
fitted to the other until both stand still (two-way analysis of variance without interaction). Written are the symbols'
parts, the standard deviation of what is left, and that of O and 0 alone.

Printed beside it, for `qa/text/letter_heights.py`: by how much small letters differ in height within a face, capitals
likewise, and small letters from where capitals let them be expected; standard deviations of logarithms.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from text_scenes.faces import Face, draw_mask, find_faces  # noqa: E402

from qa.text.letter_widths import TABLE  # noqa: E402

SYMBOLS = "ABCDEFGHKLMNOPQRSTUVWXYZabcdeghkmnopqrsuvwxyz023456789"
"""Without the narrow ones, whose width is that of a stroke."""

SMALL, TALL = "acemnorsuvwxz", "ABDEFGHKLMNPRSTUVWXYZOC"

CAP_HEIGHT = 48.0


def main() -> int:
    faces = [face for face in find_faces() if not face.is_caseless]
    logs = np.array([widths(face) for face in faces])
    symbols = logs.mean(axis=0)
    for _ in range(50):
        of_faces = (logs - symbols).mean(axis=1)
        symbols = (logs - of_faces[:, None]).mean(axis=0)
    left = logs - of_faces[:, None] - symbols
    rounds = [SYMBOLS.index(symbol) for symbol in "O0"]
    record = {
        "faces": len(faces),
        "spread": round(float(left.std()), 3),
        "spread_of_rounds": round(float(left[:, rounds].std()), 3),
        "log_widths": {symbol: round(float(value), 2) for symbol, value in zip(SYMBOLS, symbols, strict=True)},
    }
    text = json.dumps(record, separators=(",", ":"))
    (ROOT / "src/qa/text" / TABLE).write_text(text + "\n", encoding="utf-8")
    print(text)
    small, tall = (np.array([heights(face, letters) for face in faces]) for letters in (SMALL, TALL))
    within = [(each - np.median(each, axis=1, keepdims=True)).std() for each in (small, tall)]
    apart = (np.median(small, axis=1) - np.median(tall, axis=1)).std()
    print(f"heights: small {within[0]:.3f}, capitals {within[1]:.3f}, across {np.hypot(within[0], apart):.3f}")
    return 0


def heights(face: Face, letters: str) -> list[float]:
    rows = (np.flatnonzero(draw_mask(face.sized(CAP_HEIGHT), each).max(axis=1) > 127) for each in letters)
    return [float(np.log(each[-1] - each[0] + 1)) for each in rows]


def widths(face: Face) -> list[float]:
    found = []
    for symbol in SYMBOLS:
        columns = np.flatnonzero(draw_mask(face.sized(CAP_HEIGHT), symbol).max(axis=0) > 127)
        found.append(float(np.log(columns[-1] - columns[0] + 1)))
    return found


if __name__ == "__main__":
    sys.exit(main())
