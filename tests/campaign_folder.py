"""A kit without models and pictures of every outcome, for tests of the command."""

import os
from pathlib import Path

import numpy as np
from PIL import Image

KIT = """\
kit: 1
name: Tiny
colors:
  acme_blue: {value: "#0055aa", accept: 2.0, fix: 9.0, min_area: 1%}
image: {min_short_side: 64, aspect: ["1:1"]}
sharpness: {level: off}
exposure: {level: off}
"""

GOOD, OFF = (0, 85, 170), (28, 102, 184)
"""The brand's colour, and one that can be mended."""


def write_kit(folder: Path, more: str = "") -> Path:
    """Write a kit of one colour and a least size."""
    path = folder / "brand.yaml"
    path.write_text(KIT + more, encoding="utf-8")
    return path


def picture(path: Path, color: tuple[int, int, int] = GOOD, side: int = 96, seed: int = 0) -> Path:
    """Write a picture of grey noise with a square of one colour on it."""
    noise = np.random.default_rng(seed).integers(90, 150, (side, side, 1), np.uint8)
    pixels = np.repeat(noise, 3, axis=2)
    pixels[8 : side // 2 + 8, 8 : side // 2 + 8] = color
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return path


def write_campaign(folder: Path) -> Path:
    """Write five assets: two accepted, one to fix, one rejected, one unreadable; and a file that is no picture."""
    picture(folder / "good.png", seed=1)
    picture(folder / "more" / "fine.png", seed=2)
    picture(folder / "more" / "off.png", OFF, seed=3)
    picture(folder / "small.png", side=48, seed=4)
    (folder / "torn.png").write_bytes((folder / "good.png").read_bytes()[:900])
    (folder / "notes.txt").write_text("no picture", encoding="utf-8")
    return folder


def write_many(folder: Path, count: int) -> Path:
    """Write many names of one picture that takes a while."""
    first = picture(folder / "0000.png", side=1024)
    for number in range(1, count):
        os.link(first, folder / f"{number:04d}.png")
    return folder
