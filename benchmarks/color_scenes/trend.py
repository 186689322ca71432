"""How often a drift along a batch is reported, and how often noise is.

Drawn are readings: the kit's colour, one of seven, plus noise of equal spread in the three axes of ΔE00, plus a
straight move in a random direction. "Noise of ΔE 1" means that readings are ΔE00 1 from the truth in the mean, so
0.63 in each axis. Heavy tails are Student's t of 3 degrees with the same spread. Alike neighbours (autoregressive)
break the assumption that the order is free; they are reported beside. `pictures` are files through the whole gate.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image as Pillow
from rates import rate

from consistency.colorspace import lab_to_srgb
from qa.asset import Asset
from qa.checks.trend import TrendCheck
from qa.color.weights import even_differences
from qa.gate import Gate
from qa.kit.kit import BrandKit

COLORS = ("#0055aa", "#cc2233", "#2f7d4f", "#f2c230", "#777777", "#4a2d7a", "#eceae6")
INSIDE = ("#3a6ea5", "#b5454f", "#4f8a63")
"""Colours of pictures: far enough inside sRGB that a file can show the whole move."""
SHARE = np.sqrt(np.pi / 8)
"""Spread of one axis over the mean length of three."""

QUIET = "sharpness: {level: off}\nexposure: {level: off}\nduplicates: {level: off}\n"


@dataclass(frozen=True)
class Noise:
    """What is drawn: mean ΔE00 of the noise, its tails, how alike neighbours are, colours in the kit."""

    delta_e00: float
    heavy: bool = False
    likeness: float = 0.0
    colors: int = 1
    count: int = 50


def measure(quick: bool) -> dict[str, object]:
    """Return power and false alarms."""
    drawn, quiet = (20, 40) if quick else (200, 1000)
    return {
        "drift_of_2_reported": {
            **{f"noise {level}": reported(drawn, Noise(level), 2.0) for level in (0.5, 1.0, 1.5, 2.0, 2.5, 3.0)},
            "noise 1, six colours": reported(drawn // 4, Noise(1.0, colors=6), 2.0),
            "noise 1, heavy tails": reported(drawn, Noise(1.0, heavy=True), 2.0),
            "noise 1, neighbours alike .5": reported(drawn // 4, Noise(1.0, likeness=0.5), 2.0),
        },
        "noise_only_reported": {
            **{f"noise {level}": reported(quiet, Noise(level), 0.0) for level in (0.5, 1.0, 2.0, 3.0)},
            "noise 3, heavy tails": reported(quiet, Noise(3.0, heavy=True), 0.0),
            "noise 3, 8 assets": reported(quiet, Noise(3.0, count=8), 0.0),
            "noise 3, six colours": reported(quiet // 4, Noise(3.0, colors=6), 0.0),
            "one wrong asset": reported(quiet // 4, Noise(0.5), 0.0, wrong=1),
            **{
                f"noise 2, neighbours alike {a}": reported(quiet // 2, Noise(2.0, likeness=a), 0.0)
                for a in (0.3, 0.5, 0.7)
            },
        },
        "interval_of_95_holds_2": intervals(drawn),
        "pictures": pictures(quick),
    }


def reported(batches: int, noise: Noise, total: float, wrong: int = 0) -> dict[str, object]:
    """Return how many batches have a finding; the first colour of each moves."""
    found = [any(f.status == "fail" for f in judged(seed, noise, total, wrong)) for seed in range(batches)]
    return rate(sum(found), batches)


def intervals(batches: int) -> dict[str, object]:
    """Return how often the interval of a drift of 2 holds it."""
    found = [judged(seed, Noise(1.0), 2.0)[0].evidence for seed in range(batches)]
    return rate(sum(f["interval_low"] <= 2.0 <= f["interval_high"] for f in found), batches)


def judged(seed: int, noise: Noise, total: float, wrong: int = 0) -> list[object]:
    """Return the findings about one batch of readings."""
    random = np.random.default_rng((seed, 3))
    chosen = [COLORS[(seed + i) % len(COLORS)] for i in range(noise.colors)]
    check, kit_lab = check_of(tuple(chosen))
    labs = {}
    for index, name in enumerate(kit_lab):
        lab = readings(random, kit_lab[name], noise, total if index == 0 else 0.0)
        lab[random.integers(0, len(lab), wrong)] += (10, 10, 10)
        labs[name] = lab.round(3).tolist()
    traces = [{"asset": f"{i}", "colors": {name: lab[i] for name, lab in labs.items()}} for i in range(noise.count)]
    return list(check.conclude(traces))


@cache
def check_of(colors: tuple[str, ...]) -> tuple[TrendCheck, dict[str, np.ndarray]]:
    """Return the check of a kit with these colours and their L*a*b*."""
    entries = ", ".join(f'c{index}: {{value: "{color}"}}' for index, color in enumerate(colors))
    check = TrendCheck.from_kit(BrandKit.from_text(f"kit: 1\ncolors: {{{entries}}}\n"))
    if check is None:
        raise RuntimeError("a kit with colours has a trend check")
    return check, {name: np.asarray(check.references[name]) for name in check.references}


def readings(random: np.random.Generator, lab: np.ndarray, noise: Noise, total: float) -> np.ndarray:
    """Return count×3 L*a*b* of one colour along a batch."""
    drawn = random.normal(size=(noise.count, 3))
    if noise.heavy:
        drawn /= np.sqrt(random.chisquare(3, (noise.count, 1)))  # t of 3 degrees over √3, its own spread: variance 1
    for place in range(1, noise.count if noise.likeness else 0):
        drawn[place] = noise.likeness * drawn[place - 1] + np.sqrt(1 - noise.likeness**2) * drawn[place]
    direction = random.normal(size=3)
    moved = total * np.outer(np.linspace(0, 1, noise.count), direction / np.linalg.norm(direction))
    to_lab = np.linalg.inv(np.stack([even_differences(lab + unit, lab) for unit in np.eye(3)], axis=1))
    return np.asarray(lab + (moved + noise.delta_e00 * SHARE * drawn) @ to_lab.T)


def pictures(quick: bool) -> dict[str, object]:
    """Return how many batches of 50 JPEG files are reported, with a drift of 2 and with none, noise 0.5."""
    batches = 1 if quick else 6
    return {
        "drift of 2": rate(sum(seen(seed, 2.0) for seed in range(batches)), batches),
        "no drift": rate(sum(seen(seed, 0.0) for seed in range(batches)), batches),
    }


def seen(seed: int, total: float) -> bool:
    """Return whether the gate reports a batch of flat labels on a grainy ground, saved as JPEG 80."""
    random = np.random.default_rng((seed, 4))
    color = INSIDE[seed % 3]
    _, known = check_of((color,))
    labs = readings(random, known["c0"], Noise(0.5), total)
    gate = Gate(BrandKit.from_text(f'kit: 1\ncolors: {{c0: {{value: "{color}", accept: 4}}}}\n{QUIET}'), threads=1)
    assets = [Asset.read(drawn_picture(random, lab), name=f"{i:02}.jpg") for i, lab in enumerate(labs)]
    return any(finding.status == "fail" for finding in gate.judge_many(assets).findings)


def drawn_picture(random: np.random.Generator, lab: np.ndarray) -> bytes:
    """Return a JPEG of 320×320 pixels with a label of one colour."""
    ground = random.integers(60, 200, 3) + random.normal(0, 12, (320, 320, 1))
    pixels = np.clip(ground, 0, 255).astype(np.uint8)
    left, top = random.integers(20, 140, 2)
    pixels[top : top + 120, left : left + 150] = np.clip(np.round(lab_to_srgb(lab) * 255), 0, 255)
    buffer = io.BytesIO()
    Pillow.fromarray(pixels).save(buffer, "JPEG", quality=80)
    return buffer.getvalue()
