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

import consistency
import qa
from qa.demo.brand import HEADLINES, PRICES, kit_text, write_kit
from qa.demo.faults import FAULTS, Artwork
from qa.demo.files import FileForm, encode
from qa.demo.scenes import Scene, draw

MISTAKES = (("headline_typo", 2.0), ("marlow_blue", 9.0), ("price_digit", 1.0), ("aspect_off", 0.30))


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
        if verdict.decision == "fix" and can_be_cropped(verdict):
            picture = crop(picture, verdict)
            verdict = gate.judge(picture, brief, name=f"{brief.id}.{attempt} cropped", attempt=attempt)
            print(verdict)
        if verdict.decision == "accept":
            return picture, f"kept at attempt {attempt}"
        if verdict.decision == "fix":
            return None, "for a person to mend"
    return None, "given up"


def can_be_cropped(verdict: qa.Verdict) -> bool:
    """Whether cropping is all that the gate asks for."""
    return not verdict.needs_review and all(fix.kind == "crop_resize" for fix in verdict.plan)


def crop(picture: bytes, verdict: qa.Verdict) -> bytes:
    """Apply the crop that the gate proposes."""
    pixels = consistency.load_image(picture).pixels
    for fix in verdict.plan:
        if fix.where is not None and fix.where.box is not None:
            pixels = pixels[fix.where.box.slices]
    return encode(pixels.astype(np.float32) / 255, FileForm("PNG"))


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
