"""The campaign that benchmarks run on: clean assets of one size, two kits that differ in precision only."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from qa.demo.brand import COLORS, kit_text, write_kit
from qa.demo.campaign import random_artwork, write_briefs
from qa.demo.files import FileForm, encode
from qa.demo.scenes import draw

SIDE = 1024
PRECISIONS = ("float32", "bfloat16")


def write_bench_campaign(folder: Path, *, seed: int, assets: int) -> Path:
    """Write `assets/`, `briefs.csv`, `palette.json` and a `brand_PRECISION.yaml` each; return the folder.

    The kit has one subject, three colours, two required texts, and every default check. The pictures are 1024².
    """
    for precision in PRECISIONS:
        write_kit(folder, kit_text(with_legal=False, precision=precision), f"brand_{precision}.yaml")
    (folder / "assets").mkdir(exist_ok=True)
    rng = np.random.default_rng([seed, 3])
    rows = []
    for index in range(assets):
        scene = replace(random_artwork(rng).scene, width=SIDE, height=SIDE)
        name = f"ad_{index + 1:04d}.jpg"
        (folder / "assets" / name).write_bytes(encode(draw(scene), FileForm("JPEG", 90)))
        rows.append((name, scene))
    write_briefs(folder, rows)
    palette = [[round(channel) for channel in color] for color in COLORS.values()]
    (folder / "palette.json").write_text(json.dumps(palette), encoding="utf-8")
    return folder
