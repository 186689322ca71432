"""Derive `OWN_FACE`, `OTHER_FACE`, `PIXELS`, `FLAW` and `ALIKE` in `qa/text/typeset.py`: from what a font tells.

    python tools/derive_typeset_limits.py [--pictures 60] [--processes 2]

Texts are drawn as `benchmarks/text_truth.py` does, on seeds from 1,300,000, which it never uses: half of them wrong, by
a letter for one that looks like it, where anybody could see it. Each is held against its own font, right ones against
another one as well. Printed are how much of a line its text does not explain, and by how much the font is for the right
text: against the letter that was drawn, or against every change of a right text by a look-alike, a letter less or one
more. The limits were read off them. `ALIKE` comes from how far apart fonts draw look-alikes that can be told and that
cannot.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from text_scenes.faces import Face, find_faces  # noqa: E402
from text_scenes.judging import other_face, reader, typeface_of  # noqa: E402
from text_scenes.pictures import Random, Scene, Wording, draw_picture, pick_setting  # noqa: E402
from text_scenes.strings import KINDS, write  # noqa: E402
from text_scenes.visibility import VISIBLE, visible_change  # noqa: E402

from qa.text.alike import look_alikes  # noqa: E402
from qa.text.change import Change  # noqa: E402
from qa.text.matching import Expected, match  # noqa: E402
from qa.text.sighting import Sight, shapes_of  # noqa: E402
from qa.text.typeset import Told, Typeset  # noqa: E402
from qa.text.written import Part  # noqa: E402

FIRST_SEED = 1_300_000
MOST_CHANGES = 14
"""Changes of a right text that are looked at."""

SHARES = (1, 2, 5, 10, 25, 50, 75, 90, 95, 98, 99)


class Seen(NamedTuple):
    """One change of a text, told by a font."""

    group: str
    unexplained: float
    value: float
    apart: float
    is_visible: bool


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=60)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    seeds = range(FIRST_SEED, FIRST_SEED + options.pictures)
    with get_context("fork").Pool(options.processes) as pool:
        found = [each for texts in pool.imap(seen_in, seeds, chunksize=2) for each in texts]
    for group in ("right", "wrong", "right, another font"):
        own = [each for each in found if each.group == group]
        values = np.array([each.value for each in own if each.is_visible])
        print(f"{group}: {len(own)} changes; unexplained {told([each.unexplained for each in own])}")
        print(f"    for the text {told(values)} of {values.size} that anybody can tell")
        print(f"    above 0 {(values > 0).sum()}, below 0 {(values < 0).sum()}, below -1 {(values < -1).sum()}")
    for is_visible in (True, False):
        apart = [each.apart for each in found if each.is_visible == is_visible and each.apart >= 0]
        print(f"{len(apart)} look-alikes, {'told' if is_visible else 'not told'} by anybody, apart {told(apart)}")
    return 0


def told(values: object) -> str:
    found = np.asarray(values)
    if not found.size:
        return "-"
    return ", ".join(
        f"{share} % {value:.3f}" for share, value in zip(SHARES, np.percentile(found, SHARES), strict=True)
    )


def worded(rng: Random, width: int) -> Wording | None:
    """Return a text, half of them with a look-alike for a letter; None where it has none, or does not fit."""
    setting = pick_setting(rng)
    kind = KINDS[int(rng.integers(len(KINDS)))]
    text = write(rng, kind)
    text = text.upper() if setting.face.is_caseless else text
    others = list(changed(text)) if rng.integers(2) else [text]
    drawn = others[int(rng.integers(len(others)))] if others else text
    if not setting.face.has(text) or not setting.holds(drawn, width):
        return None
    change = visible_change(setting.face, text, drawn) if drawn != text else 1.0
    return Wording(text, drawn, kind, "substituted" if drawn != text else "", setting, change)


def changed(text: str) -> Iterator[str]:
    """Yield a text with one letter after another for one that looks like it."""
    for at, letter in enumerate(text):
        yield from (text[:at] + other + text[at + 1 :] for other in look_alikes(letter))


def seen_in(seed: int) -> list[Seen]:
    scenes = draw_picture(seed, worded)
    if not scenes:
        return []
    sight = Sight.of(reader(), scenes[0].image)
    return [each for scene in scenes for each in seen(sight, scene)]


def seen(sight: Sight, scene: Scene) -> Iterator[Seen]:
    face = next(face for face in find_faces() if face.name == scene.face)
    if scene.corruption:
        yield from told_of(sight, scene, scene.face, "wrong", [scene.drawn], face)
        return
    text = scene.expected
    others = [*changed(text), *(text[:at] + text[at + 1 :] for at in range(0, len(text), 4))]
    others += [text[:at] + text[at] + text[at:] for at in range(2, len(text), 4)]
    order = np.random.default_rng(len(text)).permutation(len(others))[:MOST_CHANGES]
    some = [others[at] for at in order]
    yield from told_of(sight, scene, scene.face, "right", some, face)
    yield from told_of(sight, scene, other_face(scene), "right, another font", some, face)


def told_of(sight: Sight, scene: Scene, name: str, group: str, others: list[str], face: Face) -> Iterator[Seen]:
    expected = Expected(scene.expected, typeface=typeface_of(name))
    (span,) = match(sight.lines, [expected]).spans
    shapes = None if span is None else shapes_of(span, sight)
    typeset = None if shapes is None else shapes.typeset
    if typeset is None or len(typeset.pieces) > 1 or typeset.lines[0] is None:
        return
    for other in others:
        change = Change(0, typeset.pieces[0].text, "".join(other.split()))
        value = typeset.told(change) if change.rival != change.expected else None
        if change.rival != change.expected:
            is_visible = bool(visible_change(face, scene.expected, other) >= VISIBLE)
            unexplained = typeset.lines[0].best.unlike
            yield Seen(group, unexplained, _value(value), _apart(typeset, scene.expected, other), is_visible)


def _value(told: Told | None) -> float:
    return 0.0 if told is None else told.value


def _apart(typeset: Typeset, text: str, other: str) -> float:
    """Return how far apart the font draws two texts that differ by one letter; -1 of any others."""
    differ = [at for at, (first, second) in enumerate(zip(text, other, strict=False)) if first != second]
    if len(text) != len(other) or len(differ) != 1 or typeset.lines[0] is None:
        return -1.0
    at = differ[0]
    return typeset.lines[0].apart(Part(other, at, at + 1), Part(text, at, at + 1))


if __name__ == "__main__":
    sys.exit(main())
