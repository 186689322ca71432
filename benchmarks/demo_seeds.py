"""How far the gate agrees with the demo's planted truth, over campaigns that it was never tuned on.

    python benchmarks/demo_seeds.py [--seeds 100 101 …] [--quick] [--out results.json]

Each seed draws another campaign of forty assets. Rates are over all assets of all seeds, with their 95 % interval
(Wilson 1927); assets of one campaign are drawn independently of each other.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from rates import rate

from qa.demo.run import run_demo

NEVER_TUNED_ON = range(100, 120)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs="+", default=list(NEVER_TUNED_ON))
    parser.add_argument("--quick", action="store_true", help="seed 0 alone")
    parser.add_argument("--out")
    options = parser.parse_args()
    rows = [measure(seed) for seed in ([0] if options.quick else options.seeds)]
    result = {
        "decisions": rate(sum(r["decisions_right"] for r in rows), sum(r["assets"] for r in rows)),
        "reasons": rate(sum(r["reasons_right"] for r in rows), sum(r["reasons"] for r in rows)),
        "seconds_per_seed": round(sum(r["seconds"] for r in rows) / len(rows), 1),
        "seeds": rows,
    }
    print(json.dumps(result, indent=2, ensure_ascii=False))
    if options.out:
        Path(options.out).write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def measure(seed: int) -> dict[str, object]:
    """Return how one campaign was judged, with every disagreement in words."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        demo = run_demo(Path(folder), seed)
    found = demo.agreement
    assets = len(demo.campaign.truth.assets)
    reasons = assets + len(demo.campaign.truth.batch)
    row = {
        "seed": seed,
        "assets": assets,
        "decisions_right": round(found.decisions * assets),
        "reasons": reasons,
        "reasons_right": round(found.reasons * reasons),
        "seconds": round(time.perf_counter() - started, 1),
        "disagreements": [str(one) for one in found.disagreements],
    }
    print(f"seed {seed}: {found}, {row['seconds']} s", file=sys.stderr, flush=True)
    return row


if __name__ == "__main__":
    sys.exit(main())
