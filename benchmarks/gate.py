"""How fast the gate judges, beside the script one would write first, on the same files in one run.

    python benchmarks/gate.py [--assets 48] [--quick] [--out results.json]

Kit: 1 subject, 3 colours, 2 required texts, every default check; 1024² files; warm. The obvious script reads each
file with RapidOCR as it comes, embeds it alone in torch, and runs skimage's rgb2lab and deltaE_ciede2000 once per
colour; it judges nothing. Rounds alternate, and the ratio is the median over rounds. Memory is the peak of a fresh
process that streams 100 and 1000 assets.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice
from pathlib import Path

import numpy as np
from bench_campaign import PALETTE, write_bench_campaign

from qa import BrandKit, Gate, read_briefs


def main() -> int:
    options = parse()
    if options.memory:
        return stream_and_report(Path(options.memory), options.assets, options.precision)
    with tempfile.TemporaryDirectory() as folder:
        campaign = write_bench_campaign(Path(folder), seed=0, assets=options.assets)
        result = measure(campaign, rounds=options.rounds)
        result["memory"] = {str(n): peak_of_stream(campaign, n) for n in options.memory_sizes}
    result["cores"] = len(os.sched_getaffinity(0))
    print(json.dumps(result, indent=2))
    if options.out:
        Path(options.out).write_text(json.dumps(result, indent=2) + "\n")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--assets", type=int, default=48)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="6 assets, 1 round, small memory runs")
    parser.add_argument("--out")
    parser.add_argument("--memory", help=argparse.SUPPRESS)
    parser.add_argument("--precision", default="float32", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.memory_sizes = (8, 16) if options.quick else (100, 1000)
    if options.quick:
        options.assets, options.rounds = 6, 1
    return options


def measure(campaign: Path, *, rounds: int) -> dict[str, object]:
    """Return assets per second of ours in both precisions and of the obvious script, with ratios."""
    files = sorted((campaign / "assets").iterdir())
    contenders = {
        "ours_float32": gate_of(campaign, "float32"),
        "ours_bfloat16": gate_of(campaign, "bfloat16"),
        "obvious_script": obvious_script(),
    }
    for contender in contenders.values():
        contender(files[:4])
    seconds = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, contender in contenders.items():
            seconds[name].append(timed(contender, files))
    rates = {name: [len(files) / s for s in each] for name, each in seconds.items()}
    ratios = {
        name: statistics.median(a / b for a, b in zip(rates[name], rates["obvious_script"], strict=True))
        for name in contenders
    }
    return {
        "assets": len(files),
        "rounds": rounds,
        "assets_per_second": {name: round(statistics.median(each), 2) for name, each in rates.items()},
        "ratio_to_obvious_script": {name: round(ratio, 2) for name, ratio in ratios.items()},
    }


def timed(run: Callable[[Sequence[Path]], None], files: Sequence[Path]) -> float:
    started = time.perf_counter()
    run(files)
    return time.perf_counter() - started


def gate_of(campaign: Path, precision: str) -> Callable[[Sequence[Path]], None]:
    """Return a run of the gate over files, its briefs read."""
    gate = Gate(BrandKit.load(campaign / f"brand_{precision}.yaml"))
    briefs = read_briefs(campaign / "briefs.csv")

    def run(files: Sequence[Path]) -> None:
        for verdict in gate.stream(files, briefs):
            if not verdict.findings:
                raise SystemExit("a verdict without findings")

    return run


def obvious_script() -> Callable[[Sequence[Path]], None]:
    """Return the script one would write first, with the packages' defaults."""
    import torch
    from PIL import Image
    from rapidocr import RapidOCR
    from skimage.color import deltaE_ciede2000, rgb2lab

    from consistency.embedders.efficientnet import prepare
    from consistency.embedders.efficientnet_module import build
    from consistency.runtime.weights import WEIGHTS, verify

    reader = RapidOCR()
    module = build(verify(WEIGHTS["efficientnet_lite0"]))
    labs = [rgb2lab(np.array([[rgb]], dtype=np.uint8)) for rgb in PALETTE]

    def run(files: Sequence[Path]) -> None:
        for file in files:
            pixels = np.asarray(Image.open(file).convert("RGB"))
            reader(pixels)
            with torch.inference_mode():
                module(torch.from_numpy(prepare(pixels)[None]))
            lab = rgb2lab(pixels)
            for reference in labs:
                deltaE_ciede2000(lab, reference)

    return run


def peak_of_stream(campaign: Path, count: int) -> dict[str, float]:
    """Return the peak memory in GB of a fresh process that streams `count` assets."""
    command = [sys.executable, __file__, "--memory", str(campaign), "--assets", str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def stream_and_report(campaign: Path, count: int, precision: str) -> int:
    files = sorted((campaign / "assets").iterdir())
    gate_of(campaign, precision)(list(islice(cycle(files), count)))
    print(json.dumps({"peak_gb": round(peak_kilobytes() / 2**20, 3)}))
    return 0


def peak_kilobytes() -> int:
    """Return this process's peak resident memory; a child's ru_maxrss would begin with its parent's."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (line,) = [line for line in status.read_text().splitlines() if line.startswith("VmHWM:")]
    return int(line.split()[1])


if __name__ == "__main__":
    sys.exit(main())
