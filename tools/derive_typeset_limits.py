"""Derive `ALIKE`, `APART`, `OTHER_FACE` and `ONE_WRONG` in `qa/text/typeset.py`: from where a font tells letters.

    python tools/derive_typeset_limits.py [--pictures 60] [--processes 2]

Pairs of look-alikes are drawn in every third face: how far apart those are that differ by half a stroke's square, the
measure by which `benchmarks/text_truth.py` calls a wrong glyph visible. Then texts are drawn as that benchmark does, on
seeds from 1,300,000, which it never uses, and held against their own font and against another one: how unlike a line is
as a whole, and how unlike that of its letters is that is least as the font draws it. Printed are percentiles; the
limits were read off them.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from text_scenes.faces import find_faces  # noqa: E402
from text_scenes.judging import other_face, reader, typeface_of  # noqa: E402
from text_scenes.pictures import Scene, draw_picture  # noqa: E402
from text_scenes.visibility import VISIBLE, visible_change  # noqa: E402

from qa.text.matching import Expected, match  # noqa: E402
from qa.text.pieces import pieces_of  # noqa: E402
from qa.text.set_line import CAP, REACH, SetLine  # noqa: E402
from qa.text.sighting import Sight  # noqa: E402
from qa.text.typeset import Typeset  # noqa: E402
from qa.text.written import written_lines  # noqa: E402

FIRST_SEED = 1_300_000
PAIRS = (
    *(("PRIPA", 2, "l"), ("kr1090", 3, "O"), ("SALO", 3, "0"), ("vacat", 2, "C"), ("PIPA", 1, "1"), ("sixs", 2, "X")),
    *(("some", 0, "S"), ("Rosa", 1, "ó"), ("11,9", 2, ".")),
)
"""Words, and a letter of each with another that some face draws nearly the same."""

SHARES = (1, 5, 10, 25, 50, 75, 90, 95)


class Unlike(NamedTuple):
    """One text held against a font: whether it is right, whether the font is its own, and by how much it differs."""

    is_right: bool
    is_own: bool
    line: float
    worst: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=60)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    visible = np.array([apart for change, apart in pairs_apart() if change >= VISIBLE])
    print(f"{len(visible)} pairs that differ visibly are apart by at least {visible.min():.4f}; {told(visible)}")
    seeds = range(FIRST_SEED, FIRST_SEED + options.pictures)
    with get_context("fork").Pool(options.processes) as pool:
        found = [each for texts in pool.imap(texts_in, seeds, chunksize=2) for each in texts]
    for is_right, is_own in ((True, True), (False, True), (True, False)):
        own = [each for each in found if (each.is_right, each.is_own) == (is_right, is_own)]
        name = f"{'right' if is_right else 'wrong'} texts, {'their own' if is_own else 'another'} font"
        print(f"{len(own)} {name}: the line {told([each.line for each in own])}")
        print(f"    its least letter {told([each.worst for each in own])}")
    return 0


def told(values: object) -> str:
    return ", ".join(
        f"{share} % {value:.3f}" for share, value in zip(SHARES, np.percentile(values, SHARES), strict=True)
    )


def pairs_apart() -> Iterator[tuple[float, float]]:
    """Yield how visibly two words differ, and how far apart the font draws them, as a share of the ink."""
    blank = SetLine(np.zeros((80, 100), np.float32), (0.0,), CAP)
    for face in find_faces()[::3]:
        for word, place, letter in PAIRS:
            other = word[:place] + letter + word[place + 1 :]
            if face.has(word + other):
                first, second = (around(blank, face.name, text, place) for text in (word, other))
                width = min(first.shape[1], second.shape[1])
                change = ((first[:, :width] - second[:, :width]) ** 2).sum() / (first**2).sum()
                yield visible_change(face, word, other), float(change)


def around(line: SetLine, face: str, text: str, place: int) -> np.ndarray:
    drawn = line.draw(typeface_of(face), text)
    middle = (drawn.ends[place] + drawn.ends[place + 1]) / 2
    return drawn.cover[:, int(middle - REACH * line.cap) : int(middle + REACH * line.cap)]


def texts_in(seed: int) -> list[Unlike]:
    scenes = draw_picture(seed)
    if not scenes:
        return []
    sight = Sight.of(reader(), scenes[0].image)
    visible = [scene for scene in scenes if not scene.corruption or scene.visible_change >= VISIBLE]
    named = [(scene, is_own) for scene in visible for is_own in (True, False)[: 1 if scene.corruption else 2]]
    found = map(partial(unlike, sight), *zip(*named, strict=True)) if named else ()
    return [each for each in found if each is not None]


def unlike(sight: Sight, scene: Scene, is_own: bool) -> Unlike | None:
    """Return how unlike a text is; None where it is not found, or has not the size or width of the font's letters."""
    typeface = typeface_of(scene.face if is_own else other_face(scene))
    expected = Expected(scene.expected, typeface=typeface)
    (span,) = match(sight.lines, [expected]).spans
    if span is None:
        return None
    pieces = pieces_of(span)
    written = written_lines(scene.expected, pieces, expected.rules)
    if written is None:
        return None
    lines = Typeset(typeface, pieces, written, sight.pixels, expected.rules).unlikeness()
    letters = [letter for line in lines for letter in line]
    if not letters:
        return None
    return Unlike(not scene.corruption, is_own, float(np.median(letters)), max(letters))


if __name__ == "__main__":
    sys.exit(main())
