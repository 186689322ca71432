"""Make the pictures of docs/identity.md from the demo's: an anchor as a notebook shows it, a map, missing landmarks.

    make demo && .venv/bin/python tools/identity_pictures.py qa-demo

The map is that of a reference whose product has a patch over its label; landmarks are those that an ad with such a
patch lacks.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
from docs_picture import browser, trimmed
from PIL import Image

from consistency import Anchor, load_image
from consistency.region import Box

IMAGES = Path(__file__).resolve().parents[1] / "docs" / "images"
WIDTH, HIGH = 900, 320


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("demo", type=Path)
    options = parser.parse_args()
    references = sorted((options.demo / "refs/bottle").glob("*.png"))
    anchor = Anchor.from_references("bottle", references)
    photograph(anchor._repr_html_(), IMAGES / "anchor.webp")
    pixels = load_image(references[0]).on_background((255, 255, 255)).pixels
    changed, place = relabelled(pixels)
    scores = [anchor.score(each).facets["subject"] for each in (pixels, changed)]
    panels = [pixels, changed, *(heated(each, score.where) for each, score in zip((changed,), scores[1:], strict=True))]
    row = np.concatenate([shrunk(each) for each in panels], axis=1)
    Image.fromarray(row).save(IMAGES / "difference.webp", quality=82, method=6)
    inside = scores[1].where[place.slices].mean() / scores[1].where.mean()
    print(
        f"similarity {scores[0].similarity} and {scores[1].similarity}; the map is {inside:.1f} times its mean inside"
    )
    ad = load_image(options.demo / "assets/ad_01.jpg").pixels
    patched, _ = relabelled(ad)
    before, after = (anchor.score(each).changes["reprinted"] for each in (ad, patched))
    row = np.concatenate([shrunk(each) for each in (ad, patched, dotted(patched, after.places))], axis=1)
    Image.fromarray(row).save(IMAGES / "changes.webp", quality=82, method=6)
    print(f"reprinted {before.value} and {after.value}")
    return 0


def photograph(html: str, target: Path) -> None:
    """Save a piece of HTML as a browser shows it."""
    with tempfile.TemporaryDirectory() as folder:
        page, shot = Path(folder) / "page.html", Path(folder) / "shot.png"
        page.write_text(f"<meta charset=utf-8><body style='margin:16px;font:14px sans-serif'>{html}", encoding="utf-8")
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1")
        size = f"--window-size={WIDTH},1200"
        subprocess.run(
            [browser(), *flags, size, f"--screenshot={shot}", page.as_uri()], check=True, capture_output=True
        )
        trimmed(Image.open(shot).convert("RGB")).save(target, quality=82, method=6)


def relabelled(pixels: np.ndarray) -> tuple[np.ndarray, Box]:
    """Return a picture whose subject has a patch of another colour over its middle, and where."""
    height, width = pixels.shape[:2]
    place = Box(round(0.42 * width), round(0.55 * height), round(0.16 * width), round(0.16 * height))
    changed = pixels.copy()
    changed[place.slices] = (250, 214, 60)
    middle = (place.left + place.width // 2, place.top + place.height // 2)
    cv2.circle(changed, middle, place.width // 4, (190, 30, 60), -1, cv2.LINE_AA)
    return changed, place


def heated(pixels: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return a picture under its map, from blue (alike) to red (unlike)."""
    scale = np.rint(255 * values / max(float(values.max()), 1e-6)).astype(np.uint8)
    colours = cv2.cvtColor(cv2.applyColorMap(scale, cv2.COLORMAP_TURBO), cv2.COLOR_BGR2RGB)
    return np.asarray(cv2.addWeighted(pixels, 0.45, colours, 0.55, 0), np.uint8)


def dotted(pixels: np.ndarray, places: np.ndarray | None) -> np.ndarray:
    """Return a picture with a dot at each place."""
    drawn = pixels.copy()
    for across, down in np.zeros((0, 2)) if places is None else places:
        cv2.circle(drawn, (round(across), round(down)), max(4, len(pixels) // 130), (255, 0, 160), -1, cv2.LINE_AA)
    return drawn


def shrunk(pixels: np.ndarray) -> np.ndarray:
    width = round(pixels.shape[1] * HIGH / pixels.shape[0])
    return np.asarray(cv2.resize(pixels, (width, HIGH), interpolation=cv2.INTER_AREA), np.uint8)


if __name__ == "__main__":
    sys.exit(main())
