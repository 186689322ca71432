"""How often text is judged right in pictures of which every letter is known, because they are drawn or labelled.

    python benchmarks/text_truth.py [--quick] [--only PART …] [--texts 10000] [--seed 0]
        [--font own] [--precision bfloat16] [--keep judged.jsonl] [--out results.json]

Each part is a module of `text_scenes` that says what it draws and what it counts. Every rate has its 95 % interval
(Wilson 1927). The seeds from 0 are the benchmark's; limits are chosen on seeds from 1,000,000.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path

import cv2
from text_scenes.extent import Extent

PARTS = ("rendered", "photographed", "forbidden", "unexpected", "retext", "glyphs")
QUICK_TEXTS = 12


def main() -> int:
    options = parse()
    # Before any process begins: each has one thread, and a pool of threads does not outlive a fork.
    cv2.setNumThreads(1)
    texts = min(options.texts, QUICK_TEXTS) if options.quick else options.texts
    extent = Extent(
        texts,
        options.seed,
        options.processes,
        options.quick,
        options.easyocr,
        options.font,
        options.keep,
        options.precision,
    )
    result = {}
    for part in options.only:
        started = time.perf_counter()
        result[part] = importlib.import_module(f"text_scenes.{part}").measure(extent)
        print(f"{part}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    print(json.dumps(result, indent=2, ensure_ascii=False))
    if options.out:
        Path(options.out).write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few pictures a part: does it run?")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--texts", type=int, default=Extent.texts, help="right texts drawn, and as many wrong ones")
    parser.add_argument("--seed", type=int, default=0, help="first seed")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--easyocr", default="", help="folder of EasyOCR's weights, to measure it as well")
    parser.add_argument("--font", choices=("own", "other"), default="", help="judge once more with a font named")
    parser.add_argument("--precision", choices=("float32", "bfloat16"), default="float32", help="of the rendered part")
    parser.add_argument("--keep", default="", help="file that the rendered texts are kept in: a killed run goes on")
    parser.add_argument("--out")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
