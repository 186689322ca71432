"""How often the gate is right on pictures of which everything is known, because they are drawn.

    python benchmarks/gate_truth.py [--seed 0] [--n 2000] [--quick] [--out results.json]

Half of the assets are clean: any place, light, scale, size, JPEG quality 60 to 95, every property within the kit's
limits. Half have one or two faults of random kind and size, on both sides of each limit. Kit: 1 subject, 3 colours,
2 texts, all default checks. Every rate has its 95 % interval (Wilson 1927). Pictures are drawn as the gate asks for
them and not kept.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from rates import rate

from qa.asset import Brief, Unread
from qa.demo.brand import kit_text, write_kit
from qa.demo.campaign import random_artwork
from qa.demo.faults import FAULTS, Artwork, Planted
from qa.demo.files import FileForm, encode
from qa.demo.scenes import Scene, draw
from qa.gate import Gate
from qa.verdict import Decision, Status, Verdict

SIZES: dict[str, tuple[float, float]] = {
    "marlow_blue": (0.7, 9.0),
    "marlow_red": (0.7, 9.0),
    "marlow_green": (0.7, 9.0),
    "p3_mislabelled": (1, 1),
    "headline_typo": (1, 3),
    "headline_missing": (1, 1),
    "price_digit": (1, 1),
    "price_missing": (1, 1),
    "wrong_product": (1, 1),
    "headline_contrast": (1.8, 7.5),
    "aspect_off": (0.005, 0.16),
    "too_small": (560, 1000),
    "truncated": (0.1, 0.9),
    "blur": (0.5, 8),
    "glare": (0.005, 0.08),
}
"""Fault → smallest and largest size, drawn evenly on a logarithmic scale."""

WARNING_ONLY = ("blur", "glare")
TOUCHES: dict[str, set[str]] = {
    "marlow_blue": {"colour", "panel"},
    "marlow_red": {"colour"},
    "marlow_green": {"colour"},
    "p3_mislabelled": {"colour", "panel"},
    "headline_typo": {"headline"},
    "headline_missing": {"headline"},
    "headline_contrast": {"headline", "panel"},
    "price_digit": {"price"},
    "price_missing": {"price"},
    "wrong_product": {"product"},
    "blur": {"product"},
    "glare": {"product"},
    "aspect_off": {"frame"},
    "too_small": {"frame"},
}
"""What a fault changes; two faults of one asset never change the same thing, so that both stay as planted."""

WORDS = (
    "WAKE",
    "SLOW",
    "COLD",
    "CALM",
    "MORNING",
    "TASTE",
    "REST",
    "RISE",
    "BREW",
    "QUIET",
    "SUMMER",
    "FRESH",
    "NIGHT",
)
QUICK = 20


@dataclass(frozen=True)
class Judged:
    """One asset after the gate: what was planted, what was said."""

    planted: tuple[Planted, ...]
    decision: Decision
    needs_review: bool
    stopped_by: tuple[str, ...]
    warned: tuple[str, ...]

    @classmethod
    def of(cls, art: Artwork, verdict: Verdict) -> Judged:
        warned = tuple(f.rule for f in verdict.findings if f.status in (Status.WARN, Status.FAIL))
        stopped = tuple(f"{f.rule} {f.code}" for f in verdict.blocking)
        return cls(art.planted, verdict.decision, verdict.needs_review, stopped, warned)

    @property
    def is_accepted(self) -> bool:
        return self.decision is Decision.ACCEPT and not self.needs_review


def main() -> int:
    options = parse()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        gate = Gate(write_kit(Path(folder), kit_text(with_legal=False)), threads=options.threads)
        judged = list(judge_all(gate, options.seed, options.n))
    report = {"seed": options.seed, "assets": options.n, "seconds": round(time.perf_counter() - started, 1)}
    report.update(tabulate(judged))
    print(json.dumps(report, indent=2))
    if options.out:
        Path(options.out).write_text(json.dumps(report, indent=2) + "\n")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--n", type=int, default=2000)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} assets")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--out")
    options = parser.parse_args()
    if options.quick:
        options.n = QUICK
    return options


def judge_all(gate: Gate, seed: int, count: int) -> Iterator[Judged]:
    """Yield every asset's outcome, in order; a picture is drawn when the gate takes it."""
    waiting: list[Artwork] = []

    def assets() -> Iterator[Unread]:
        for index in range(count):
            art, asked = artwork(seed, index)
            waiting.append(art)
            brief = Brief(id=str(index), values={"headline": asked.headline, "price": asked.price})
            yield Unread(encode(draw(art.scene), art.form), f"{index:05d}{art.form.suffix}", brief)

    for done, verdict in enumerate(gate.stream(assets())):
        yield Judged.of(waiting[done], verdict)
        if done % 50 == 49:
            print(f"{done + 1} of {count}", file=sys.stderr)


def artwork(seed: int, index: int) -> tuple[Artwork, Scene]:
    """Return asset `index` of a seed, and the scene that was asked for; even ones are clean."""
    rng = np.random.default_rng([seed, index, 5])
    scene = replace(
        random_artwork(rng).scene,
        scale=float(rng.uniform(0.65, 1.0)),
        shade=float(rng.uniform(0, 0.7)),
        turn=float(rng.uniform(-25, 25)),
        headline=" ".join(str(word) for word in rng.choice(WORDS, int(rng.integers(2, 4)), replace=False)),
        price=f"${rng.uniform(1, 200):.2f}",
    )
    art = Artwork(scene, FileForm("JPEG", int(rng.integers(60, 96))))
    if index % 2 == 0:
        return art, scene
    for fault in chosen_faults(rng):
        low, high = SIZES[fault]
        art = FAULTS[fault](art, float(np.exp(rng.uniform(np.log(low), np.log(high)))), rng)
    return art, scene


def chosen_faults(rng: np.random.Generator) -> list[str]:
    """Return one or two faults that change different things; a cut-off file stands alone."""
    first, second = (str(name) for name in rng.choice(list(SIZES), 2, replace=False))
    is_alone = rng.random() < 0.5 or "truncated" in (first, second) or TOUCHES[first] & TOUCHES[second]
    return [first] if is_alone else [first, second]


def tabulate(judged: list[Judged]) -> dict[str, object]:
    """Return every rate of the report."""
    clean = [one for one in judged if not one.planted]
    stopping = [one for one in judged if one.planted and hardest(one).fault not in WARNING_ONLY]
    by_fault: dict[str, dict[str, list[Judged]]] = defaultdict(lambda: defaultdict(list))
    overall: dict[str, list[Judged]] = defaultdict(list)
    for one in stopping:
        distance = distance_of(hardest(one).excess)
        by_fault[hardest(one).fault][distance].append(one)
        overall[distance].append(one)
    return {
        "clean": {
            "accepted": rate(sum(one.is_accepted for one in clean), len(clean)),
            "sent_to_a_person": rate(sum(one.needs_review for one in clean), len(clean)),
            "wrongly_stopped": rate(sum(is_stopped(one) for one in clean), len(clean)),
            "stopped_by": dict(Counter(rule for one in clean for rule in one.stopped_by).most_common()),
            "warned_by": dict(Counter(rule for one in clean for rule in one.warned).most_common()),
        },
        "faulty_accepted": {distance: accepted(found) for distance, found in sorted(overall.items())},
        "faulty_accepted_by_fault": {
            fault: {distance: accepted(found) for distance, found in sorted(parts.items())}
            for fault, parts in sorted(by_fault.items())
        },
        "faulty_decided_as_planted": rate(sum(is_as_planted(one) for one in stopping), len(stopping)),
        "warned": {fault: warnings_of(judged, fault) for fault in WARNING_ONLY},
    }


def hardest(one: Judged) -> Planted:
    """Return the planted thing that is furthest beyond its limit, of those that should stop an asset."""
    return max(one.planted, key=lambda plant: (plant.fault not in WARNING_ONLY, plant.excess))


def distance_of(excess: float) -> str:
    """Return how far beyond its limit something is, in words that sort."""
    return "below the limit" if excess <= 1 else "1 to 1.5 times" if excess < 1.5 else "1.5 times or more"


def is_stopped(one: Judged) -> bool:
    return one.decision is not Decision.ACCEPT and not one.needs_review


def is_as_planted(one: Judged) -> bool:
    wanted = {plant.decision for plant in one.planted}
    hard = next((said for said in (Decision.REJECT, Decision.FIX) if said in wanted), Decision.ACCEPT)
    return one.decision is hard


def accepted(found: list[Judged]) -> dict[str, object]:
    """Return the rate of assets accepted without a person."""
    return rate(sum(one.is_accepted for one in found), len(found))


def warnings_of(judged: list[Judged], fault: str) -> dict[str, object]:
    """Return how often a fault of level warn was noticed, by thirds of its range of sizes."""
    low, high = (math.log(size) for size in SIZES[fault])
    rule = {"blur": "sharpness", "glare": "exposure"}[fault]
    thirds: dict[str, list[bool]] = defaultdict(list)
    for one in judged:
        for plant in (p for p in one.planted if p.fault == fault):
            third = min(2, int(3 * (math.log(plant.size) - low) / (high - low)))
            edges = [math.exp(low + (high - low) * step / 3) for step in (third, third + 1)]
            thirds[f"{edges[0]:.3g} to {edges[1]:.3g}"].append(rule in one.warned)
    return {size: rate(sum(found), len(found)) for size, found in sorted(thirds.items())}


if __name__ == "__main__":
    sys.exit(main())
