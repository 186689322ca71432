"""A pipeline: generate, gate, keep what passes, mend what can be mended, generate the rest again.

    python examples/pipeline.py

The generator is a stand-in: it draws the demo's advertisement, and often gets something wrong. Put yours in its place:
a function of the brief and the attempt that returns a path, bytes, a PIL picture or an array.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

import qa
from qa.demo.brand import HEADLINES, PRICES, kit_text, write_kit
from qa.demo.faults import FAULTS, Artwork
from qa.demo.files import encode
from qa.demo.scenes import Scene, draw

MISTAKES = (
    ("headline_typo", 2.0),
    ("marlow_blue", 9.0),
    ("marlow_blue", 3.5),
    ("marlow_red", 9.0),
    ("aspect_off", 0.30),
)


def main(orders: int = 8) -> Counter[str]:
    """Run a few orders through the pipeline and count what became of them."""
    outcomes: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        gate = qa.Gate(write_kit(Path(folder), kit_text()))
        for brief in briefs(orders):
            picture, outcome = produce(gate, brief)
            outcomes[outcome] += 1
            if picture is not None:
                (Path(folder) / f"{brief.id}.png").write_bytes(picture)
    print(", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common()))
    return outcomes


def produce(gate: qa.Gate, brief: qa.Brief) -> tuple[bytes | None, str]:
    """Generate until a picture may be kept, or the kit's attempts are used up."""
    for attempt in range(1, gate.kit.policy.max_attempts + 1):
        picture = generate(brief, attempt)
        verdict = gate.judge(picture, brief, name=f"{brief.id}.{attempt}", attempt=attempt, stop_at="reject")
        print(verdict)
        if verdict.decision == "accept":
            return picture, f"kept at attempt {attempt}"
        if verdict.decision == "fix":
            return mend(gate, picture, verdict, brief)
    return None, "given up"


def mend(gate: qa.Gate, picture: bytes, verdict: qa.Verdict, brief: qa.Brief) -> tuple[bytes | None, str]:
    """Apply what the gate proposes; a picture that it does not accept afterwards is for a person."""
    repair = gate.fix(picture, verdict, brief)
    for left in repair.left:
        print(f"left {left}")
    if repair.verdict.decision == "accept":
        print(repair.verdict)
        return repair.data, "mended"
    return None, "for a person to mend"


def briefs(orders: int) -> Iterator[qa.Brief]:
    """Yield what is ordered."""
    for number in range(orders):
        words = {"headline": HEADLINES[number % len(HEADLINES)], "price": PRICES[number % len(PRICES)]}
        yield qa.Brief(id=f"order-{number:02d}", subjects=("bottle",), values=words)


def generate(brief: qa.Brief, attempt: int) -> bytes:
    """Draw the advertisement that a brief asks for, at the first attempt with a mistake more often than not."""
    rng = np.random.default_rng([len(brief.id), int(brief.id[-2:]), attempt])
    scene = Scene(seed=int(rng.integers(1 << 30)), headline=brief.values["headline"], price=brief.values["price"])
    art = Artwork(scene)
    if rng.random() < (0.7 if attempt == 1 else 0.2):
        fault, size = MISTAKES[int(rng.integers(len(MISTAKES)))]
        art = FAULTS[fault](art, size, rng)
    return encode(draw(art.scene), art.form)


if __name__ == "__main__":
    main()
