"""Texts of which one letter is malformed, a quarter of it erased or a stroke added, and texts that are whole.

Each is judged without its font, by its other letters, and with it (`--font` changes nothing here).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import cv2
import numpy as np
from PIL import ImageFont
from rates import rate

from qa.checks.glyphs import LIMIT, malformed
from qa.text.glyphs import AMBIGUOUS, Malformation
from qa.text.matching import Expected, match
from text_scenes.backdrops import Random
from text_scenes.extent import Extent
from text_scenes.faces import Mask, draw_mask
from text_scenes.judging import over_pictures, reader, typeface_of
from text_scenes.pictures import Scene, Wording, draw_picture, pick_setting
from text_scenes.strings import KINDS, write

FLAWS = ("erased", "added")
ERASED = 0.15
"""Share of a letter's ink that its erased quarter holds at least."""

ADDED = 0.15
"""Share of a letter's ink that an added stroke brings at least."""

FALSE_ALARM = 0.02
MOST = 4000


@dataclass(frozen=True)
class Flawed(Wording):
    """A text with a letter to be malformed; `corruption` says which flaw."""

    place: int = 0
    seed: int = 0


@dataclass(frozen=True)
class Seen:
    """What the comparison says of one text: None where no letter of it can be compared."""

    flaw: str
    is_twice: bool
    size: float
    score: float | None


def measure(extent: Extent) -> dict[str, object]:
    seen = see(extent, 30 if extent.is_quick else min(extent.texts, MOST))
    ways = {"without_the_font": [pair[0] for pair in seen], "with_its_font_named": [pair[1] for pair in seen]}
    return {name: summary(texts) for name, texts in ways.items()}


def summary(seen: list[Seen]) -> dict[str, object]:
    whole = [each.score for each in seen if not each.flaw and each.score is not None]
    limit = float(np.quantile(whole, 1 - FALSE_ALARM)) if whole else 0.0
    return {
        "texts": len(seen),
        "compared": rate(sum(each.score is not None for each in seen), len(seen)),
        "at_the_limit_of_the_check": {"limit": LIMIT, **figures(seen, LIMIT)},
        "at_2_percent_false_alarms": {"limit": round(limit, 3), **figures(seen, limit)},
    }


def figures(seen: list[Seen], limit: float) -> dict[str, object]:
    def alarmed(texts: list[Seen]) -> dict[str, object]:
        return rate(sum(each.score is not None and each.score > limit for each in texts), len(texts))

    compared = [each for each in seen if each.score is not None]
    flawed = {flaw: [each for each in seen if each.flaw == flaw] for flaw in FLAWS}
    return {
        "false_alarm_of_compared": alarmed([each for each in compared if not each.flaw]),
        "false_alarm_of_all": alarmed([each for each in seen if not each.flaw]),
        **{f"found_{flaw}_of_all": alarmed(texts) for flaw, texts in flawed.items()},
        **{
            f"found_{flaw}_where_the_letter_stands_twice": alarmed([each for each in texts if each.is_twice])
            for flaw, texts in flawed.items()
        },
        "found_twice_from_28_px": alarmed([each for each in seen if each.flaw and each.is_twice and each.size >= 28]),
    }


def see(extent: Extent, count: int) -> list[tuple[Seen, Seen]]:
    seen: list[tuple[Seen, Seen]] = []
    for each in chain.from_iterable(over_pictures(see_picture, extent)):
        seen.append(each)
        if len(seen) >= count:
            break
    return seen


def see_picture(seed: int) -> list[tuple[Seen, Seen]]:
    """Return each text of a picture as seen without its font and with it."""
    scenes = draw_picture(seed, word, flawed)
    if not scenes:
        return []
    pixels = scenes[0].image
    lines = reader().read(pixels)
    sought = match(lines, [Expected(scene.expected, typeface=typeface_of(scene.face)) for scene in scenes])
    alone, beside = (malformed(lines, spans, pixels) for spans in ([], [span for span in sought.spans if span]))
    return [(seen_in(scene, alone), seen_in(scene, beside)) for scene in scenes]


def seen_in(scene: Scene, compared: Sequence[Malformation]) -> Seen:
    found = [each for each in compared if is_inside(each, scene)]
    flaw, _, place = scene.corruption.partition("@")
    is_twice = bool(flaw) and scene.drawn.count(scene.drawn[int(place)]) > 1
    best = max(found, key=lambda each: each.score, default=None)
    return Seen(flaw, is_twice, scene.cap_height, best.score if best else None)


def is_inside(letter: Malformation, scene: Scene) -> bool:
    left, top, right, bottom = scene.box
    box = letter.box
    x, y = box.left + box.width / 2, box.top + box.height / 2
    return left <= x <= right and top <= y <= bottom


def word(rng: Random, width: int) -> Flawed | None:
    setting = pick_setting(rng)
    kind = KINDS[int(rng.integers(len(KINDS)))]
    text = write(rng, kind)
    text = text.upper() if setting.face.is_caseless else text
    places = [at for at, letter in enumerate(text) if letter.isalnum() and letter not in AMBIGUOUS]
    if not places or not setting.holds(text, width):
        return None
    flaw = ("", "", *FLAWS)[int(rng.integers(4))]
    place = places[int(rng.integers(len(places)))]
    seed = int(rng.integers(1 << 30))
    return Flawed(text, text, kind, f"{flaw}@{place}" if flaw else "", setting, 1.0, place, seed)


def flawed(font: ImageFont.FreeTypeFont, wording: Wording) -> Mask:
    """Return a text's coverage with its letter malformed."""
    mask = draw_mask(font, wording.drawn)
    if not isinstance(wording, Flawed) or not wording.corruption:
        return mask
    before, after = (
        on_canvas(draw_mask(font, wording.drawn[:end]), mask) for end in (wording.place, wording.place + 1)
    )
    own = cv2.subtract(after, before)
    if not (own > 127).any():
        return mask
    rng = np.random.default_rng(wording.seed)
    return erased(rng, mask, own) if wording.corruption.startswith("erased") else added(rng, mask, own)


def on_canvas(part: Mask, mask: Mask) -> Mask:
    canvas = np.zeros_like(mask)
    rows, columns = min(part.shape[0], mask.shape[0]), min(part.shape[1], mask.shape[1])
    canvas[:rows, :columns] = part[:rows, :columns]
    return canvas


def bounds(own: Mask) -> tuple[int, int, int, int]:
    rows, columns = np.flatnonzero(own.max(axis=1) > 127), np.flatnonzero(own.max(axis=0) > 127)
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def erased(rng: Random, mask: Mask, own: Mask) -> Mask:
    left, top, right, bottom = bounds(own)
    x, y = (left + right) // 2, (top + bottom) // 2
    quarters = [
        (slice(a, b), slice(c, d))
        for a, b in ((top - 1, y), (y, bottom + 1))
        for c, d in ((left - 1, x), (x, right + 1))
    ]
    ink = own.sum(dtype=float)
    rich = [quarter for quarter in quarters if own[quarter].sum(dtype=float) >= ERASED * ink]
    chosen = rich[int(rng.integers(len(rich)))]
    result = mask.copy()
    result[chosen] = cv2.subtract(mask[chosen], own[chosen])
    return result


def added(rng: Random, mask: Mask, own: Mask) -> Mask:
    left, top, right, bottom = bounds(own)
    depth = cv2.distanceTransform((own > 127).astype(np.uint8), cv2.DIST_L2, 5)
    width = max(1, round(4 * float(depth[own > 127].mean()) - 1))
    best = mask
    for _ in range(30):
        ends = [(int(rng.integers(left, right)), int(rng.integers(top, bottom))) for _ in range(2)]
        best = mask.copy()
        cv2.line(best, ends[0], ends[1], 255, width, cv2.LINE_AA)
        if best.sum(dtype=float) - mask.sum(dtype=float) >= ADDED * own.sum(dtype=float):
            break
    return best
