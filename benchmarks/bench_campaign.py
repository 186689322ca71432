"""The campaign that the speed benchmark times: clean assets of 1024², one subject, three colours, two texts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from qa.demo.brand import COLORS, kit_text, write_kit
from qa.demo.campaign import random_artwork, write_briefs
from qa.demo.files import FileForm, encode
from qa.demo.scenes import draw

PALETTE = [tuple(round(channel) for channel in color) for color in COLORS.values()]
PRECISIONS = ("float32", "bfloat16")


def write_bench_campaign(folder: Path, *, seed: int, assets: int) -> Path:
    """Write kits for both precisions, briefs and assets (JPEG and PNG in turn); return the folder."""
    rng = np.random.default_rng(seed)
    text = kit_text(with_legal=False)
    write_kit(folder, text)
    for precision in PRECISIONS:
        kit = text.replace("precision: float32", f"precision: {precision}")
        (folder / f"brand_{precision}.yaml").write_text(kit, encoding="utf-8")
    (folder / "assets").mkdir()
    scenes = []
    for index in range(assets):
        scene = replace(random_artwork(rng).scene, width=1024, height=1024)
        form = (FileForm("JPEG", 90), FileForm("PNG"))[index % 2]
        name = f"ad_{index:04d}{form.suffix}"
        (folder / "assets" / name).write_bytes(encode(draw(scene), form))
        scenes.append((name, scene))
    write_briefs(folder, scenes)
    return folder
