"""Derive the limits in `qa/text/outcome.py`: from which standing over its rivals a text is called right.

    python tools/derive_text_limits.py [--pictures 600] [--price 0.3] [--processes 2]

Draws texts as `benchmarks/text_truth.py` does, right ones and ones wrong by a glyph, on seeds from 1,000,000, which the
benchmark never uses. Every text gets all looks, and every rival in doubt a look at its letter alone. Then

1. how much a letter's shape tells beside what the line says, by kind of rival: the ratio of the two coefficients of a
   logistic regression of right against wrong, both groups of equal weight (TELLING);
2. the limits, one for each kind, that cost least, where a right text not accepted costs one part in a hundred of
   all right ones, and a wrong one accepted costs `--price`: each limit in turn over a grid, until all stand
   still (SURE). Few wrong texts come near a limit: what is in the code is that, rounded up by a half or one.

What is against a text (AGAINST, FAR_AGAINST, NEARLY) and what a letter that cannot be looked at loses (UNSEEN) were
chosen by hand on the same seeds: they move texts between "wrong" and "for a person", never to "right".
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from text_scenes.judging import reader  # noqa: E402
from text_scenes.pictures import Scene, draw_picture  # noqa: E402
from text_scenes.visibility import VISIBLE  # noqa: E402

from qa.text.alike import Kind  # noqa: E402
from qa.text.looks import VIEWS, Change, Look, emissions_of, look  # noqa: E402
from qa.text.matching import Expected, match  # noqa: E402
from qa.text.outcome import AGREEING, MOST, TELLING, doubtful, standings  # noqa: E402
from qa.text.pieces import pieces_of  # noqa: E402
from qa.text.shapes import Shapes  # noqa: E402
from qa.text.sighting import Sight  # noqa: E402
from qa.text.verification import weigh  # noqa: E402

FIRST_SEED = 1_000_000
GRID = np.arange(-4.0, 12.0, 0.5)
KINDS = tuple(Kind)


class Seen(NamedTuple):
    """A text that was found, what the looks say, and what the letters of its rivals look like alone."""

    expected: str
    drawn: str
    looks: list[Look]
    weights: dict[Change, float | None]

    @property
    def is_right(self) -> bool:
        return self.expected == self.drawn


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=600)
    parser.add_argument("--price", type=float, default=0.3)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + options.pictures)
    with get_context("fork").Pool(options.processes) as pool:
        texts = [each for found in pool.imap(seen_in, seeds, chunksize=4) for each in found]
    right, wrong = [each for each in texts if each.is_right], [each for each in texts if not each.is_right]
    print(f"{len(right)} right and {len(wrong)} wrong texts that were found")
    for kind in KINDS:
        print(f"  {kind.value:8} shape tells {telling(kind, right, wrong)} times what the line does")
    limits = cheapest(
        np.array([by_kind(each) for each in right]), np.array([by_kind(each) for each in wrong]), options.price
    )
    print({kind.value: float(limit) for kind, limit in zip(KINDS, limits, strict=True)})
    return 0


def seen_in(seed: int) -> list[Seen]:
    scenes = draw_picture(seed)
    if not scenes:
        return []
    sight = Sight.of(reader(), scenes[0].image)
    found = map(partial(seen, sight), (each for each in scenes if each.visible_change >= VISIBLE))
    return [each for each in found if each is not None]


def seen(sight: Sight, scene: Scene) -> Seen | None:
    expected = Expected(scene.expected)
    (span,) = match(sight.lines, [expected]).spans
    if span is None:
        return None
    pieces, scorer = pieces_of(span), reader()
    looks = [look(name, pieces, emissions_of(name, pieces, sight.pixels, scorer), expected.rules) for name in VIEWS]
    shapes = Shapes(pieces, sight.pixels, scorer, expected.rules)
    weights: dict[Change, float | None] = {}
    for taken in range(AGREEING, len(looks) + 1):
        weigh(weights, doubtful(looks[:taken], weights), shapes)
    return Seen(scene.expected, scene.drawn, looks, weights)


def by_kind(each: Seen) -> np.ndarray:
    """Return, for so many looks and more, the least standing over the rivals of each kind."""
    found = np.full((len(VIEWS) - AGREEING + 1, len(KINDS)), MOST)
    for row in range(len(found)):
        for change, value in standings(each.looks[: AGREEING + row], each.weights).items():
            found[row, KINDS.index(change.kind)] = min(found[row, KINDS.index(change.kind)], value)
    return found


def cheapest(right: np.ndarray, wrong: np.ndarray, price: float) -> np.ndarray:
    limits = np.full(len(KINDS), 2.0)

    def cost(at: int, limit: float) -> float:
        tried = np.concatenate([limits[:at], [limit], limits[at + 1 :]])
        refused, passed = 1 - accepted(right, tried).mean(), accepted(wrong, tried).sum()
        return round(100 * float(refused) + price * float(passed), 6)

    for _ in range(4):
        for at in range(len(KINDS)):
            limits[at] = min(GRID, key=lambda limit: (cost(at, limit), -limit))
    return limits


def accepted(standing: np.ndarray, limits: np.ndarray) -> np.ndarray:
    return np.asarray((standing >= limits).all(axis=2).any(axis=1))


def telling(kind: Kind, right: list[Seen], wrong: list[Seen]) -> float | str:
    """Return how much more a letter's shape counts than the looks' mean, of the rivals of a kind."""
    plain = {id(each): standings(each.looks, {}) for each in (*right, *wrong)}
    good = [(plain[id(e)][c], w) for e in right for c, w in known(e) if c.kind is kind]
    bad = [(plain[id(e)][c], w) for e in wrong for c, w in known(e) if c.kind is kind and c.rival == bare(e.drawn)]
    if min(len(good), len(bad)) < 5:
        return f"{TELLING.get(kind, 1.0)} (kept: {len(bad)} wrong ones)"
    values, truth = np.array([*good, *bad]), np.array([1.0] * len(good) + [-1.0] * len(bad))
    share = np.where(truth > 0, 1 / len(good), 1 / len(bad))

    def loss(fit: np.ndarray) -> float:
        return float(
            (share * np.logaddexp(0, -truth * (values @ fit[:2] + fit[2]))).sum() + 1e-3 * (fit[:2] ** 2).sum()
        )

    line, shape, _ = minimize(loss, np.array([0.5, 0.5, 0.0])).x
    return round(float(shape / line), 1)


def known(each: Seen) -> list[tuple[Change, float]]:
    return [(change, weight) for change, weight in each.weights.items() if weight is not None]


def bare(text: str) -> str:
    return text.replace(" ", "")


if __name__ == "__main__":
    sys.exit(main())
