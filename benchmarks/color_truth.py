"""How often colour is judged right on pictures whose colours are known, because they are drawn.

    python benchmarks/color_truth.py [--quick] [--only PART …] [--out results.json]

Each part is a module of `color_scenes` that says what it draws and what it counts. Every rate has its 95 % interval
(Wilson 1927). Seeds are fixed; limits were chosen on other seeds.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path

PARTS = ("profiles", "shading", "planted", "clean", "trend", "contrast", "repair")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="few pictures a part: does it run?")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--out")
    options = parser.parse_args()
    result = {}
    for part in options.only:
        started = time.perf_counter()
        result[part] = importlib.import_module(f"color_scenes.{part}").measure(options.quick)
        print(f"{part}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    print(json.dumps(result, indent=2))
    if options.out:
        Path(options.out).write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
