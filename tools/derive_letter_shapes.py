"""Derive `qa/text/letter_shapes.json`: which symbol a letter's ink is, fitted to letters cut out of drawn pictures.

    python tools/derive_letter_shapes.py [--pictures 6000] [--held-out 0.33] [--processes 2]

Texts are drawn as `benchmarks/text_truth.py` draws them, upright, on seeds from 3,000,000, which the benchmark never
uses: texts of its kinds, their case sometimes swapped, and symbols at random, so that every one stands beside every
other. Their letters are cut out by the code that cuts them out of a picture (`qa.text.letter_features`), from a box
that is off by as much as a detector's. A classifier with one hidden layer is fitted to them, by Adam with decoupled
decay (Loshchilov and Hutter 2019, arXiv:1711.05101), all symbols as frequent as one another (logit adjustment, Menon et
al. 2021, arXiv:2007.07314). In a seventh of the letters what stands beside them is left out, as on a line of one.

With `--held-out` a share of the families is kept from the fit and the table is not written: printed is how often, in
faces it never saw, each pair in CLOSE is told wrong, told wrong by more than three, and told right by more than two.

Widths of letters beside one another, which the features need, come first: the logarithm of a symbol's ink width in a
face is taken as the sum of a part of the face and a part of the symbol, each fitted to the other until they rest.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from text_scenes.faces import Face, draw_mask, find_faces  # noqa: E402
from text_scenes.pictures import Scene, Setting, Wording, draw_picture, pick_setting  # noqa: E402
from text_scenes.strings import KINDS, Random, write  # noqa: E402
from text_scenes.words import ACCENTED  # noqa: E402

from qa.text.ink import LineInk  # noqa: E402
from qa.text.letter_features import BESIDE, LineLetters  # noqa: E402
from qa.text.letter_shapes import TABLE  # noqa: E402
from qa.text.looks import View, grown  # noqa: E402
from qa.text.reader import Quad  # noqa: E402
from qa.text.recognition import crop_quad  # noqa: E402
from qa.text.shapes import ROOM  # noqa: E402

FIRST_SEED = 3_000_000
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
SIGNS = "€£¥©®°&%+-/?!.,:;()'#*@|$~="
MARKED = (
    "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿĀāĂăĄąĆćČčĎďĐđĒēĖėĘęĚěĞğĢģĪīĮįİıĶķĹĺĻļĽľŁł"
    "ŃńŅņŇňŐőŒœŔŕŘřŚśŞşŠšŢţŤťŪūŮůŰűŲųŸŹźŻżŽž"
)
"""Letters of the Latin alphabets of Europe that are not plain."""

FREQUENT = "".join(
    sorted({form for word in ACCENTED for letter in word for form in (letter, letter.upper()) if form in MARKED})
)
ALIKE = "Il1|O0oSs5$iíìïıj"
POOLS = (LETTERS, FREQUENT, MARKED, ALIKE, LETTERS + SIGNS + MARKED)

WIDE = "ABCDEFGHKLMNOPQRSTUVWXYZabcdeghkmnopqrsuvwxyz023456789"
"""Without the narrow ones, whose width is that of a stroke."""

LARGEST = 80.0
"""Cap height in pixels; larger letters look no different."""

CLOSE = (
    *("Il", "1l", "1I", "O0", "o0", "oO", "sS", "vV", "xX", "cC", "zZ", "wW", "uU", "ÑŇ", "ŃŇ", "ŃÑ", "ŮÜ", "ŮÛ", "UŮ"),
    *("ÏÎ", "ÏÍ", "ïî", "ïi", "íi", "ŹŽ", "TŤ", "éè", "ôó", "öÖ", "śŚ", "ôÔ", "çc", "çÇ", "S$", "¥Y", "®R", "gq", "ce"),
)
HIDDEN, ROUNDS, BATCH, RATE, DECAY = 160, 24, 512, 4e-3, 1e-3
NOISE, DROPPED, ALONE, SMOOTHED = 0.05, 0.15, 0.15, 0.01
LEAST = 40
"""Letters of a symbol, of all families, below which it is left out."""

DIGITS = 2000
"""A table's numbers are whole, those of a row at most so large."""


class Letter(NamedTuple):
    """One letter cut out of a picture."""

    symbol: str
    family: str
    features: np.ndarray


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=6000)
    parser.add_argument("--held-out", type=float, default=0.0)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    find_faces()
    widths = log_widths()
    seeds = range(FIRST_SEED, FIRST_SEED + options.pictures)
    with get_context("fork").Pool(options.processes) as pool:
        found = [each for letters in pool.imap(partial(letters_in, widths), seeds, chunksize=8) for each in letters]
    counts = Counter(each.symbol for each in found)
    symbols = "".join(sorted(symbol for symbol, count in counts.items() if count >= LEAST))
    letters = [each for each in found if each.symbol in symbols]
    print(f"{len(letters)} letters of {len(symbols)} symbols")
    is_held = held_out([each.family for each in letters], options.held_out)
    layers = fitted(letters, symbols, ~is_held)
    if options.held_out:
        report(layers, [each for each, held in zip(letters, is_held, strict=True) if held], symbols)
        return 0
    hidden, output = map(rows_of, layers)
    record = {"symbols": symbols, "log_widths": widths, "hidden": hidden, "output": output}
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":")).replace("],[", "],\n[")
    (ROOT / "src/qa/text" / TABLE).write_text(text + "\n", encoding="utf-8")
    print(f"{len(text)} bytes")
    return 0


def letters_in(widths: Mapping[str, float], seed: int) -> list[Letter]:
    rng = np.random.default_rng((seed, 5))
    return [letter for scene in draw_picture(seed, wording) for letter in letters_of(scene, rng, widths)]


def wording(rng: Random, width: int) -> Wording | None:
    setting = pick_setting(rng)
    setting = Setting(setting.face, min(setting.cap_height, LARGEST), 0.0)
    text = written(rng) if rng.random() < 0.4 else "".join(map(str, picked(rng)))
    text = "".join(each for each in text if is_drawn(setting.face, each))
    return Wording(text, text, "", "", setting) if len(text) >= 2 and setting.holds(text, width) else None


def is_drawn(face: Face, symbol: str) -> bool:
    return face.has(symbol) and not (face.is_caseless and symbol.islower())


def written(rng: Random) -> str:
    text = write(rng, KINDS[int(rng.integers(len(KINDS)))]).replace("™", "").replace(" ", "")[:24]
    return text.swapcase() if rng.random() < 0.25 else text


def picked(rng: Random) -> list[str]:
    pools = [POOLS[int(rng.integers(len(POOLS)))] for _ in range(int(rng.integers(2, 13)))]
    return [pool[int(rng.integers(len(pool)))] for pool in pools]


def letters_of(scene: Scene, rng: Random, widths: Mapping[str, float]) -> list[Letter]:
    """Cut a text out as a detector's box would, and its letters out of it."""
    box = box_of(scene, rng)
    height = float(np.linalg.norm(box[3] - box[0]))
    margin = max(3, round(ROOM * height))
    share = margin / max(height, 1.0)
    crop = crop_quad(scene.image, np.array(grown(quad_of(box), View(share, share)), np.float32))
    ink = LineInk.of(crop, margin)
    if ink is None:
        return []
    scale = (crop.shape[1] - 2 * margin) / float(np.linalg.norm(box[1] - box[0]))
    face = faces()[scene.face]
    off = rng.normal(0, 0.08, len(scene.drawn)) * scene.cap_height
    middles = scene.box[0] - box[0][0] + middles_of(face, scene) + off
    columns = tuple(margin + middles * scale)
    line = LineLetters(
        ink.parted(list(zip(scene.drawn, columns, strict=True))), scene.drawn, columns, log_widths=widths
    )
    shown = ((place, line.features(place)) for place in line.bounds)
    return [Letter(scene.drawn[at], face.family, each.astype(np.float16)) for at, each in shown if each is not None]


def box_of(scene: Scene, rng: Random) -> np.ndarray:
    """Return corners 4×2 around a text: up to an eighth of its height off, half of them a degree or so askew."""
    left, top, right, bottom = scene.box
    off = rng.uniform(0, 0.12, 4) * (bottom - top)
    left, top, right, bottom = left - off[0], top - off[1], right + off[2], bottom + off[3]
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
    turn = np.radians(rng.normal()) * (rng.random() < 0.5)
    middle = corners.mean(axis=0)
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    return np.asarray((corners - middle) @ turned.T + middle)


def quad_of(corners: np.ndarray) -> Quad:
    first, second, third, fourth = ((float(x), float(y)) for x, y in corners)
    return first, second, third, fourth


def middles_of(face: Face, scene: Scene) -> np.ndarray:
    font = face.sized(scene.cap_height)
    ends = np.array([font.getlength(scene.drawn[:at]) for at in range(len(scene.drawn) + 1)])
    return (ends[:-1] + ends[1:]) / 2 - font.getbbox(scene.drawn, anchor="ls")[0]


@lru_cache(maxsize=1)
def faces() -> dict[str, Face]:
    return {face.name: face for face in find_faces()}


def log_widths() -> dict[str, float]:
    logs = np.array([[width_of(face, symbol) for symbol in WIDE] for face in find_faces() if not face.is_caseless])
    symbols = logs.mean(axis=0)
    for _ in range(50):
        of_faces = (logs - symbols).mean(axis=1)
        symbols = (logs - of_faces[:, None]).mean(axis=0)
    return {symbol: round(float(value), 2) for symbol, value in zip(WIDE, symbols, strict=True)}


def width_of(face: Face, symbol: str) -> float:
    columns = np.flatnonzero(draw_mask(face.sized(48.0), symbol).max(axis=0) > 127)
    return float(np.log(columns[-1] - columns[0] + 1))


def held_out(families: list[str], share: float) -> np.ndarray:
    """Return which letters are kept from the fit: those of some makers' families, all of a name's first word."""
    makers = np.array([family.split()[0] for family in families])
    names = np.random.default_rng(1).permutation(sorted(set(makers)))
    return np.isin(makers, names[: round(share * len(names))])


Layers = tuple[np.ndarray, np.ndarray]
"""(d+1)×h and (h+1)×S; the last row of each is added whatever the input."""


def fitted(letters: list[Letter], symbols: str, is_fitted: np.ndarray) -> Layers:
    torch.manual_seed(0)
    features = np.array([each.features for each in letters], np.float32)
    names = torch.tensor([symbols.index(each.symbol) for each in letters])
    mean, spread = features[is_fitted].mean(axis=0), features[is_fitted].std(axis=0) + 0.01
    shown, alone = torch.tensor((features - mean) / spread), torch.tensor(-mean / spread)[-BESIDE:]
    counts = torch.bincount(names[is_fitted], minlength=len(symbols)).clamp(min=1)
    rarity = torch.log(counts / counts.sum())
    first, last = nn.Linear(features.shape[1], HIDDEN), nn.Linear(HIDDEN, len(symbols))
    net = nn.Sequential(first, nn.ReLU(), nn.Dropout(DROPPED), last)
    index = torch.tensor(np.flatnonzero(is_fitted))
    steps = len(index) // BATCH
    optimiser = torch.optim.AdamW(net.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=ROUNDS * steps)
    for _ in range(ROUNDS):
        for batch in index[torch.randperm(len(index))][: steps * BATCH].split(BATCH):
            given = shown[batch] + NOISE * torch.randn(len(batch), features.shape[1])
            given[torch.rand(len(batch)) < ALONE, -BESIDE:] = alone
            loss = nn.functional.cross_entropy(net(given) + rarity, names[batch], label_smoothing=SMOOTHED)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    hidden = first.weight.detach().numpy().T / spread[:, None]
    bias = first.bias.detach().numpy() - mean @ hidden
    return np.vstack([hidden, bias]), np.vstack([last.weight.detach().numpy().T, last.bias.detach().numpy()])


def report(layers: Layers, letters: list[Letter], symbols: str) -> None:
    hidden, output = layers
    names = np.array([symbols.index(each.symbol) for each in letters])
    active = np.maximum(np.array([each.features for each in letters], np.float32) @ hidden[:-1] + hidden[-1], 0)
    odds = active @ output[:-1] + output[-1]
    print(f"{(odds.argmax(axis=1) == names).mean():.3f} of {len(names)} letters of faces not fitted named right")
    for first, second in CLOSE:
        one, two = symbols.index(first), symbols.index(second)
        own = (names == one) | (names == two)
        margin = (odds[own, one] - odds[own, two]) * np.where(names[own] == one, 1, -1)
        shares = ((margin < 0).mean(), (margin < -3).mean(), (margin > 2).mean())
        print(f"  {first}{second} " + " ".join(f"{share:.3f}" for share in shares) + f"  of {own.sum()}")


def rows_of(layer: np.ndarray) -> list[list[int]]:
    """Return each row as whole numbers, the first of them how many make one."""
    units = [max(1, 10 ** int(np.floor(np.log10(DIGITS / max(float(np.abs(row).max()), 1e-6))))) for row in layer]
    return [[unit, *(round(float(value) * unit) for value in row)] for unit, row in zip(units, layer, strict=True)]


if __name__ == "__main__":
    sys.exit(main())
