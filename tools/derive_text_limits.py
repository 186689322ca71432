"""Derive `WEIGHING` in `qa/text/outcome.py`: what counts over rivals of each kind, and from where a text is right.

    python tools/derive_text_limits.py [--right 170] [--wrong 300] [--price 0.3] [--processes 2]

Draws texts as `benchmarks/text_truth.py` does, on seeds from 1,100,000 and 1,200,000, which the benchmark never uses:
pictures of right texts alone, and of ones that are wrong by a glyph. Every text gets all looks, and every rival what
its letters look like. Then each number of each kind in turn is set to what costs least on a grid, the limits (`sure`)
fitted anew for every value tried, twice over. A right text that is not accepted costs one part in a hundred of all
right ones, a wrong one accepted `--price`. Of values that cost the same the first is taken, of limits the strictest.

What is against a text (AGAINST, FAR_AGAINST, NEARLY) was chosen by hand on the same seeds: it moves texts between
"wrong" and "for a person", never to "right".
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from text_scenes.faces import find_faces  # noqa: E402
from text_scenes.judging import reader  # noqa: E402
from text_scenes.pictures import Scene, Wording, draw_picture, word  # noqa: E402
from text_scenes.strings import Random  # noqa: E402
from text_scenes.visibility import VISIBLE  # noqa: E402

from qa.text.alike import Kind  # noqa: E402
from qa.text.looks import VIEWS, emissions_of, look  # noqa: E402
from qa.text.matching import Expected, match  # noqa: E402
from qa.text.outcome import AGREEING, MOST, WEIGHING, standings  # noqa: E402
from qa.text.pieces import pieces_of  # noqa: E402
from qa.text.shapes import Shapes  # noqa: E402
from qa.text.sighting import Sight  # noqa: E402
from qa.text.verification import weighed  # noqa: E402

RIGHT_SEED, WRONG_SEED = 1_100_000, 1_200_000
KINDS = tuple(Kind)
LIMITS = np.arange(-4.0, 8.5, 0.5)
GRIDS: Mapping[str, tuple[float, ...]] = {
    "shape_for": (1.0, 0.5, 1.5, 2.0, 3.0),
    "shape_against": (1.0, 0.5, 1.5, 2.0),
    "unseen": (0.0, 1.0, 2.0, 4.0, 7.0),
    "line_most": (MOST, 8.0, 6.0, 4.0, 2.0),
}
ROUNDS = 2
UNFOUND = -99.0


class Told(NamedTuple):
    """What speaks for a text over one rival, after so many looks.

    `shape` is NaN where the letters' shapes are mute.
    """

    looks: int
    kind: int
    line: float
    shape: float


Numbers = dict[str, np.ndarray]
"""Name of a field of `Weighing` → its value for each of KINDS."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--right", type=int, default=170)
    parser.add_argument("--wrong", type=int, default=300)
    parser.add_argument("--price", type=float, default=0.3)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    find_faces()
    with get_context("fork").Pool(options.processes) as pool:
        right, wrong = (
            [text for found in pool.imap(partial(texts_in, is_wrong), seeds, chunksize=4) for text in found]
            for is_wrong, seeds in (
                (False, range(RIGHT_SEED, RIGHT_SEED + options.right)),
                (True, range(WRONG_SEED, WRONG_SEED + options.wrong)),
            )
        )
    print(f"{len(right)} right and {len(wrong)} wrong texts")
    numbers, limits = fitted(Table.of(right), Table.of(wrong), options.price)
    for at, kind in enumerate(KINDS):
        print(f"  {kind.value:8} sure {limits[at]}  " + "  ".join(f"{name} {numbers[name][at]}" for name in GRIDS))
    return 0


def texts_in(is_wrong: bool, seed: int) -> list[list[Told]]:
    scenes = draw_picture(seed, partial(worded, is_wrong))
    if not scenes:
        return []
    sight = Sight.of(reader(), scenes[0].image)
    return [told(sight, each) for each in scenes if each.visible_change >= VISIBLE]


def worded(is_wrong: bool, rng: Random, width: int) -> Wording | None:
    tried = (word(rng, width) for _ in range(6))
    return next((each for each in tried if each is not None and bool(each.corruption) == is_wrong), None)


def told(sight: Sight, scene: Scene) -> list[Told]:
    """Return what is told of a text; nothing where it is not found, so that it is never accepted."""
    expected = Expected(scene.expected)
    (span,) = match(sight.lines, [expected]).spans
    if span is None:
        return []
    pieces, scorer = pieces_of(span), reader()
    looks = [look(name, pieces, emissions_of(name, pieces, sight.pixels, scorer), expected.rules) for name in VIEWS]
    weights = weighed(looks, Shapes(pieces, sight.pixels, expected.rules), {})
    plain = {kind: replace(each, line_most=MOST, unseen=0.0) for kind, each in WEIGHING.items()}
    found = []
    for count in range(AGREEING, len(looks) + 1):
        for change, line in standings(looks[:count], dict.fromkeys(weights, 0.0), plain).items():
            weight = weights.get(change, 0.0)
            found.append(Told(count - AGREEING, KINDS.index(change.kind), line, np.nan if weight is None else weight))
    return found


class Table(NamedTuple):
    """What is told of many texts, as columns, and which text each row is of."""

    texts: int
    rows: np.ndarray
    told: np.ndarray

    @classmethod
    def of(cls, texts: list[list[Told]]) -> Table:
        rows = np.repeat(np.arange(len(texts)), [len(each) for each in texts])
        return cls(len(texts), rows, np.array([row for each in texts for row in each], float).reshape(-1, 4))

    def least(self, numbers: Numbers) -> np.ndarray:
        """Return the least standing over the rivals of each kind: texts × looks × kinds."""
        looks, kinds = (self.told[:, at].astype(int) for at in (0, 1))
        line, shape = self.told[:, 2], self.told[:, 3]
        share = np.where(shape > 0, numbers["shape_for"][kinds], numbers["shape_against"][kinds])
        capped = np.minimum(line, numbers["line_most"][kinds]) + share * np.nan_to_num(shape)
        found = np.full((self.texts, len(VIEWS) - AGREEING + 1, len(KINDS)), UNFOUND)
        found[np.unique(self.rows)] = MOST
        standing = np.where(np.isnan(shape), line - numbers["unseen"][kinds], capped)
        np.minimum.at(found, (self.rows, looks, kinds), standing)
        return found


def fitted(right: Table, wrong: Table, price: float) -> tuple[Numbers, np.ndarray]:
    numbers = {name: np.full(len(KINDS), grid[0]) for name, grid in GRIDS.items()}
    limits = np.full(len(KINDS), 1.5)
    for _ in range(ROUNDS):
        for name, grid in GRIDS.items():
            for kind in range(len(KINDS)):
                tried = []
                for order, value in enumerate(grid):
                    numbers[name][kind] = value
                    cost, found = cheapest(right.least(numbers), wrong.least(numbers), limits, price)
                    tried.append((round(cost, 3), order, value, found))
                _, _, numbers[name][kind], limits = min(tried, key=lambda each: each[:2])
    return numbers, limits


def cheapest(right: np.ndarray, wrong: np.ndarray, limits: np.ndarray, price: float) -> tuple[float, np.ndarray]:
    limits = limits.copy()
    cost = np.inf
    for _ in range(2):
        for kind in range(len(KINDS)):
            rest = np.arange(len(KINDS)) != kind
            best = [
                np.where((each[:, :, rest] >= limits[rest]).all(axis=2), each[:, :, kind], UNFOUND).max(axis=1)
                for each in (right, wrong)
            ]
            costs = [100 * float((best[0] < limit).mean()) + price * int((best[1] >= limit).sum()) for limit in LIMITS]
            cost, _, limits[kind] = min(
                (round(each, 4), -limit, limit) for each, limit in zip(costs, LIMITS, strict=True)
            )
    return cost, limits


if __name__ == "__main__":
    sys.exit(main())
