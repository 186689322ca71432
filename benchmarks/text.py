"""How fast text is read and verified, beside RapidOCR's own pipeline on the same pictures in one run.

    python benchmarks/text.py [--pictures 12] [--rounds 5] [--quick] [--out results.json]

Pictures of 1024² with three lines of text; everything warm, one process for all. The peer is `RapidOCR()` as its
package ships it: its default configuration, models and engine, nothing downloaded. Rounds alternate, picture by
picture; a ratio is the median over rounds and pictures of the peer's seconds by ours on the same picture. "verified"
reads every line and takes the second look at one critical line. The ablation changes one thing at a time from our
defaults. "batched" is `read_batch` over all pictures, as a gate calls it: one picture a core. Beside the times stands
how many of the lines each contender read exactly, spaces aside.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from consistency.runtime.sessions import open_session
from consistency.runtime.weights import WEIGHTS, verify
from qa.text.charset import recogniser_symbols
from qa.text.crops import attempts
from qa.text.detection import DetectionOptions, detect
from qa.text.matching import Expected
from qa.text.rapidocr import RapidOcrReader
from qa.text.reader import Reader, ReaderSpec, load_reader
from qa.text.recognition import prepare
from qa.text.sighting import Sight
from qa.text.verification import verify_lines

Pixels = NDArray[np.uint8]
Texts = Callable[[Pixels], Sequence[str]]

SIDE = 1024
HEADLINES = ("SUMMER SALE", "New season, new colours", "Only this week", "FRESHLY ROASTED")
PRICES = ("from 49,90 EUR", "now $ 1,249.90", "2 for 19,99 EUR", "Save 15 % today")
LEGAL = (
    "Terms and conditions apply",
    "While stocks last, in store only",
    "Offer ends on 31 August",
    "Drink responsibly",
)
AIMS = {"read_float32": 3.0, "read_bfloat16": 4.5, "verified_float32": 2.5, "verified_bfloat16": 3.5}


def main() -> int:
    options = parse()
    logging.disable(logging.CRITICAL)
    scenes = [scene(seed) for seed in range(options.pictures)]
    contenders = {"peer": peer(), **ours(), **({} if options.quick else ablation())}
    seconds, exact = race(contenders, scenes, options.rounds)
    ratios = {name: ratio(seconds["peer"], each) for name, each in seconds.items()}
    result = {
        "pictures": len(scenes),
        "rounds": options.rounds,
        "cores": len(os.sched_getaffinity(0)),
        "milliseconds": {name: round(1000 * statistics.median(each), 1) for name, each in seconds.items()},
        "ratio_to_peer": {name: round(each, 2) for name, each in ratios.items()},
        "aims": {name: {"aim": aim, "is_met": bool(ratios[name] >= aim)} for name, aim in AIMS.items()},
        "lines_exact": {name: f"{count} of {3 * len(scenes)}" for name, count in exact.items()},
        "batched": batched([pixels for pixels, _ in scenes], options.rounds),
        "stages_milliseconds": stages(scenes),
    }
    print(json.dumps(result, indent=2))
    if options.out:
        Path(options.out).write_text(json.dumps(result, indent=2) + "\n")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="2 pictures, 1 round, no ablation")
    parser.add_argument("--out")
    options = parser.parse_args()
    if options.quick:
        options.pictures, options.rounds = 2, 1
    return options


def scene(seed: int) -> tuple[Pixels, tuple[str, str, str]]:
    """Return a picture with a blurred, grained background and a headline, a price and small print on it."""
    rng = np.random.default_rng(seed)
    coarse = rng.uniform(150, 235, (6, 6, 3)).astype(np.float32)
    ground = cv2.resize(coarse, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) + rng.normal(0, 4, (SIDE, SIDE, 3))
    image = Image.fromarray(np.clip(ground, 0, 255).astype(np.uint8))
    texts = tuple(str(rng.choice(words)) for words in (HEADLINES, PRICES, LEGAL))
    pen = ImageDraw.Draw(image)
    for text, size, top in zip(texts, (72, 48, 24), (120, 480, 900), strict=True):
        pen.text((int(rng.integers(40, 160)), top), text, font=ImageFont.load_default(size), fill=(20, 24, 48))
    return np.asarray(image), texts


def peer() -> Texts:
    """Return RapidOCR's own pipeline with its defaults."""
    from rapidocr import RapidOCR

    pipeline = RapidOCR()
    return lambda pixels: pipeline(np.ascontiguousarray(pixels[:, :, ::-1])).txts or ()


def ours() -> dict[str, Texts]:
    """Return reading and verifying in both precisions."""
    readers = {precision: load_reader("rapidocr", precision=precision) for precision in ("float32", "bfloat16")}
    reading = {f"read_{precision}": texts_of(reader) for precision, reader in readers.items()}
    verifying = {f"verified_{precision}": verified(reader) for precision, reader in readers.items()}
    return {**reading, **verifying}


def texts_of(reader: Reader) -> Texts:
    return lambda pixels: [line.text for line in reader.read(pixels)]


def verified(reader: Reader) -> Texts:
    """Return a run that reads every line and verifies one, the price, as a critical text."""

    def run(pixels: Pixels) -> Sequence[str]:
        lines = reader.read(pixels)
        if lines:
            critical = lines[min(1, len(lines) - 1)].text
            verify_lines(Sight.of(reader, pixels, lines), Expected(critical), is_critical=True)
        return [line.text for line in lines]

    return run


def ablation() -> dict[str, Texts]:
    """Return our reader with one thing changed at a time."""
    whole = DetectionOptions(area=SIDE * SIDE, max_shrink=1.0)
    return {
        "engine onnxruntime": texts_of(built(engine="onnxruntime")),
        "detection at 1024²": texts_of(built(options=whole)),
        "detection at 640²": texts_of(built(options=DetectionOptions(area=640 * 640))),
        "detection at 1024², engine onnxruntime": texts_of(built(engine="onnxruntime", options=whole)),
        "one thread": texts_of(built(threads=1)),
    }


def built(
    *, engine: str = "openvino", options: DetectionOptions | None = None, threads: int | None = None
) -> RapidOcrReader:
    """Return the default reader with another engine, resolution or number of threads."""
    models = [verify(WEIGHTS[name]).read_bytes() for name in ("ppocrv6_det_small", "ppocrv6_rec_small")]
    detector, recogniser = (open_session(model, engine=engine, threads=threads) for model in models)
    spec = ReaderSpec("ablation", (), "")
    return RapidOcrReader(detector, recogniser, recogniser_symbols(models[1]), spec, options=options)


def race(
    contenders: Mapping[str, Texts], scenes: Sequence[tuple[Pixels, tuple[str, ...]]], rounds: int
) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Return each contender's seconds per picture and round, and the lines it read exactly."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    exact = dict.fromkeys(contenders, 0)
    for name, contender in contenders.items():
        for pixels, texts in scenes:
            found = {text.replace(" ", "") for text in contender(pixels)}
            exact[name] += sum(text.replace(" ", "") in found for text in texts)
    for _ in range(rounds):
        for pixels, _texts in scenes:
            for name, contender in contenders.items():
                started = time.perf_counter()
                contender(pixels)
                seconds[name].append(time.perf_counter() - started)
    return seconds, exact


def ratio(theirs: Sequence[float], own: Sequence[float]) -> float:
    return statistics.median(a / b for a, b in zip(theirs, own, strict=True))


def batched(pictures: Sequence[Pixels], rounds: int) -> dict[str, dict[str, float]]:
    """Return milliseconds a picture of `read_batch` over all pictures, and its ratio to the peer one by one."""
    pipeline = peer()
    runs: dict[str, Callable[[], object]] = {"peer": lambda: [pipeline(each) for each in pictures]}
    for precision in ("float32", "bfloat16"):
        reader = load_reader("rapidocr", precision=precision)
        runs[f"read_{precision}"] = lambda reader=reader: reader.read_batch(pictures)
    for run in runs.values():
        run()
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            seconds[name].append(timed(run) / len(pictures))
    return {
        name: {
            "milliseconds": round(1000 * statistics.median(each), 1),
            "ratio_to_peer": round(ratio(seconds["peer"], each), 2),
        }
        for name, each in seconds.items()
    }


def stages(scenes: Sequence[tuple[Pixels, tuple[str, ...]]]) -> dict[str, float]:
    """Return median milliseconds of detection, and of three lines read alone, each in its bucket, and as one batch."""
    models = [verify(WEIGHTS[name]).read_bytes() for name in ("ppocrv6_det_small", "ppocrv6_rec_small")]
    detector, recogniser = (open_session(model) for model in models)
    options = DetectionOptions()
    times: dict[str, list[float]] = {"detection": [], "lines, each alone": [], "lines, padded to one batch": []}
    for pixels, _ in scenes:
        regions = detect(detector, pixels, options)
        times["detection"].append(timed(lambda p=pixels: detect(detector, p, options)))
        crops = [prepare(next(attempts(pixels, region)).crops[0].pixels)[0] for region in regions]
        widest = max(crop.shape[3] for crop in crops)
        batch = np.concatenate([np.pad(crop, ((0, 0),) * 3 + ((0, widest - crop.shape[3]),)) for crop in crops])
        for name, inputs in (("lines, each alone", crops), ("lines, padded to one batch", [batch])):
            run = lambda each=inputs: [recogniser.run({recogniser.inputs[0]: one}) for one in each]  # noqa: E731
            run()
            times[name].append(timed(run))
    return {name: round(1000 * statistics.median(each), 1) for name, each in times.items()}


def timed(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
