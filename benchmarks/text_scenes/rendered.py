"""Texts drawn right and wrong by one glyph, in any face, size, colour and place: what each rule says of them."""

from __future__ import annotations

import itertools
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context

from rates import rate

from qa.text import Reader, load_reader
from text_scenes.extent import Extent
from text_scenes.faces import find_faces
from text_scenes.pictures import Scene, draw_picture
from text_scenes.rules import RULES
from text_scenes.visibility import VISIBLE

SIZE_BANDS = (14, 20, 28, 40, 80, 161)
DOUBTFUL = ("abstained", "illegible", "unsupported")
BATCH = 64


@dataclass(frozen=True)
class Judged:
    """One text without its picture, and what each rule said."""

    kind: str
    corruption: str
    is_visible: bool
    cap_height: float
    background: str
    is_turned: bool
    face: str
    expected: str
    drawn: str
    seed: int
    statuses: dict[str, str]

    @property
    def is_wrong(self) -> bool:
        return bool(self.corruption)

    @property
    def size(self) -> str:
        low, high = next(b for b in itertools.pairwise(SIZE_BANDS) if b[0] - 1 <= self.cap_height < b[1])
        return f"{low}-{high - 1} px"


def measure(extent: Extent) -> dict[str, object]:
    judged = judge_all(extent)
    right = [j for j in judged if not j.is_wrong]
    wrong = [j for j in judged if j.is_wrong and j.is_visible]
    hidden = [j for j in judged if j.is_wrong and not j.is_visible]
    return {
        "seed": extent.seed,
        "right": len(right),
        "wrong": len(wrong),
        "invisible_below": VISIBLE,
        "faces": sorted({j.face for j in judged}),
        "rules": {rule: told(rule, right, wrong, hidden) for rule in RULES},
    }


def judge_all(extent: Extent) -> list[Judged]:
    """Return as many right texts, and as many visibly wrong ones, as are asked for, in the order of their seeds."""
    find_faces()
    right = wrong = 0
    kept, started = [], time.perf_counter()
    with get_context("fork").Pool(extent.processes) as pool:
        for batch in itertools.count(extent.seed, BATCH if extent.texts > 100 else 8):
            size = BATCH if extent.texts > 100 else 8
            for each in itertools.chain(*pool.map(judge_picture, range(batch, batch + size), chunksize=4)):
                counts = wrong if each.is_wrong and each.is_visible else right if not each.is_wrong else 0
                if counts < extent.texts:
                    kept.append(each)
                    wrong += each.is_wrong and each.is_visible
                    right += not each.is_wrong
            print(f"rendered: {right} right, {wrong} wrong, {time.perf_counter() - started:.0f} s", file=sys.stderr)
            if min(right, wrong) >= extent.texts:
                return kept
    return kept


def judge_picture(seed: int) -> list[Judged]:
    scenes = draw_picture(seed)
    if not scenes:
        return []
    lines = reader().read(scenes[0].image)
    return [
        judge(scene, seed, {name: rule(reader(), scene.image, lines, scene.expected) for name, rule in RULES.items()})
        for scene in scenes
    ]


@lru_cache(maxsize=1)
def reader() -> Reader:
    """The default reader, one a process, on one thread."""
    return load_reader(threads=1)


def judge(scene: Scene, seed: int, statuses: dict[str, str]) -> Judged:
    return Judged(
        scene.kind,
        scene.corruption,
        scene.visible_change >= VISIBLE,
        scene.cap_height,
        scene.background,
        bool(scene.rotation),
        scene.face,
        scene.expected,
        scene.drawn,
        seed,
        statuses,
    )


def told(rule: str, right: Sequence[Judged], wrong: Sequence[Judged], hidden: Sequence[Judged]) -> dict[str, object]:
    """Return the figures of one rule: over all, at 20 px and more, and by what the texts differ in."""
    groupings: dict[str, Callable[[Judged], str]] = {
        "kind": lambda j: j.kind,
        "size": lambda j: j.size,
        "background": lambda j: j.background,
        "turned": lambda j: "turned" if j.is_turned else "level",
    }
    large = [[j for j in group if j.cap_height >= 20] for group in (right, wrong)]
    return {
        "all": errors(rule, right, wrong),
        "from_20_px": errors(rule, *large),
        "false_accept_by_corruption": {
            name: accepted(rule, list(group)) for name, group in grouped(wrong, lambda j: j.corruption)
        },
        **{
            f"by_{name}": {
                value: errors(rule, [j for j in right if key(j) == value], [j for j in wrong if key(j) == value])
                for value in sorted({key(j) for j in (*right, *wrong)})
            }
            for name, key in groupings.items()
        },
        "invisible": dict(Counter(j.statuses[rule] for j in hidden)),
    }


def grouped(judged: Sequence[Judged], key: Callable[[Judged], str]) -> Iterator[tuple[str, Iterator[Judged]]]:
    return itertools.groupby(sorted(judged, key=key), key)


def errors(rule: str, right: Sequence[Judged], wrong: Sequence[Judged]) -> dict[str, object]:
    said = [j.statuses[rule] for j in right]
    doubt = sum(status == "abstained" for status in said)
    refused = sum(status not in ("match", "abstained") for status in said)
    return {
        "false_accept": accepted(rule, wrong),
        "false_reject": rate(refused, len(right)),
        "abstained_on_right": rate(doubt, len(right)),
        "abstained_on_wrong": rate(sum(j.statuses[rule] == "abstained" for j in wrong), len(wrong)),
        "said_of_right": dict(Counter(said)),
    }


def accepted(rule: str, wrong: Sequence[Judged]) -> dict[str, object]:
    return rate(sum(j.statuses[rule] == "match" for j in wrong), len(wrong))
