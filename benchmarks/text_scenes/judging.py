"""Drawing and judging pictures in several processes, in the order of their seeds."""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar
from zlib import crc32

from qa.text import Reader, load_reader
from qa.text.sighting import Sight
from qa.text.typeface import Typeface, read_typeface
from text_scenes.extent import Extent
from text_scenes.faces import find_faces
from text_scenes.pictures import Scene, draw_picture
from text_scenes.rules import PLAIN, RULES, verified
from text_scenes.visibility import VISIBLE

Result = TypeVar("Result")

SIZE_BANDS = (14, 20, 28, 40, 80, 161)


@dataclass(frozen=True)
class Judged:
    """One text without its picture, and what each rule said of it."""

    expected: str
    drawn: str
    kind: str
    corruption: str
    is_visible: bool
    cap_height: float
    face: str
    background: str
    is_turned: bool
    seed: int
    statuses: dict[str, str]

    @property
    def group(self) -> str:
        """Whether it is right, visibly wrong or invisibly so."""
        return "right" if not self.corruption else "wrong" if self.is_visible else "invisible"

    @property
    def size(self) -> str:
        low, high = next(band for band in itertools.pairwise(SIZE_BANDS) if self.cap_height < band[1])
        return f"{low}-{high - 1} px"


def judge_texts(extent: Extent) -> list[Judged]:
    """Return as many right texts, and as many visibly wrong ones, as are asked for."""
    left = {"right": extent.texts, "wrong": extent.texts, "invisible": sys.maxsize}
    kept: list[Judged] = []
    for each in itertools.chain.from_iterable(judged_pictures(extent)):
        if left[each.group]:
            left[each.group] -= 1
            kept.append(each)
        if not left["right"] and not left["wrong"]:
            break
    return kept


def judged_pictures(extent: Extent) -> Iterator[list[Judged]]:
    """Yield the judged texts of seed after seed; those of an earlier run that kept them are not judged again."""
    judge = partial(judge_picture, easyocr=extent.easyocr, font=extent.font, precision=extent.precision)
    if not extent.keep:
        yield from over_pictures(judge, extent)
        return
    path = Path(extent.keep)
    earlier = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    for line in earlier:
        yield [Judged(**record) for record in json.loads(line)]
    with path.open("a", encoding="utf-8") as file:
        for found in over_pictures(judge, replace(extent, seed=extent.seed + len(earlier))):
            file.write(json.dumps([asdict(each) for each in found], ensure_ascii=False) + "\n")
            file.flush()
            yield found


def over_pictures(judge: Callable[[int], Result], extent: Extent) -> Iterator[Result]:
    """Yield what `judge` says of seed after seed, without end, a batch of them at a time in every process."""
    find_faces()
    size, started = 4 if extent.is_quick else 64, time.perf_counter()
    with get_context("fork").Pool(extent.processes) as pool:
        for first in itertools.count(extent.seed, size):
            yield from pool.map(judge, range(first, first + size), chunksize=max(1, size // 16))
            done, seconds = first + size - extent.seed, time.perf_counter() - started
            print(f"{done} pictures, {seconds:.0f} s", file=sys.stderr)


def judge_picture(seed: int, easyocr: str = "", font: str = "", precision: str = "float32") -> list[Judged]:
    scenes = draw_picture(seed)
    if not scenes:
        return []
    sight = Sight.of(reader(precision=precision), scenes[0].image)
    judges = {name: partial(rule, sight) for name, rule in RULES.items()}
    if easyocr:
        other = Sight.of(reader(f"easyocr:en:{easyocr}"), scenes[0].image)
        judges |= {f"easyocr {name}": partial(rule, other) for name, rule in PLAIN.items()}
    return [
        judged(
            scene, seed, {name: judge(scene.expected) for name, judge in judges.items()} | with_font(sight, scene, font)
        )
        for scene in scenes
    ]


def with_font(sight: Sight, scene: Scene, font: str) -> dict[str, str]:
    """Judge a text whose font is named: its own, or some other."""
    if not font:
        return {}
    name = scene.face if font == "own" else other_face(scene)
    return {f"verify, {font} font named": verified(sight, scene.expected, typeface_of(name))}


@lru_cache(maxsize=512)
def typeface_of(name: str) -> Typeface:
    return read_typeface(next(face.path for face in find_faces() if face.name == name))


def other_face(scene: Scene) -> str:
    """Return the name of some other face, ever the same one for the same text."""
    names = [face.name for face in find_faces() if face.name != scene.face]
    return names[crc32(f"{scene.face} {scene.drawn}".encode()) % len(names)]


@lru_cache(maxsize=2)
def reader(name: str = "auto", precision: str = "float32") -> Reader:
    """The reader, one a process, on one thread."""
    return load_reader(name, precision=precision, threads=1)


def judged(scene: Scene, seed: int, statuses: dict[str, str]) -> Judged:
    return Judged(
        expected=scene.expected,
        drawn=scene.drawn,
        kind=scene.kind,
        corruption=scene.corruption,
        is_visible=scene.visible_change >= VISIBLE,
        cap_height=scene.cap_height,
        face=scene.face,
        background=scene.background,
        is_turned=bool(scene.rotation),
        seed=seed,
        statuses=statuses,
    )
