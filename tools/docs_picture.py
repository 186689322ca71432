"""Make the picture of README and docs: a few cards of the demo's report, photographed by a headless browser.

make demo && .venv/bin/python tools/docs_picture.py qa-demo/report/report.html ad_25 ad_11
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
TARGET = Path(__file__).resolve().parents[1] / "docs" / "images" / "findings.webp"
WIDTH, TALLEST = 1100, 2400


def main() -> int:
    """Photograph the cards that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("report", type=Path)
    parser.add_argument("assets", nargs="+", help="parts of the names of the assets to show")
    options = parser.parse_args()
    program = browser()
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(only(options.report.read_text(encoding="utf-8"), options.assets), encoding="utf-8")
        shot = Path(folder) / "shot.png"
        flags = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1")
        size = f"--window-size={WIDTH},{TALLEST}"
        subprocess.run([program, *flags, size, f"--screenshot={shot}", page.as_uri()], check=True, capture_output=True)
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        trimmed(Image.open(shot).convert("RGB")).save(TARGET, quality=82, method=6)
    print(f"{TARGET}: {TARGET.stat().st_size / 1000:.0f} kB")
    return 0


def browser() -> str:
    """Return the path of a browser that takes pictures.

    Raises:
        SystemExit: There is none.
    """
    found = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if found is None:
        raise SystemExit(f"needs one of {', '.join(BROWSERS)}")
    return found


def only(page: str, assets: list[str]) -> str:
    """Return the report with only these cards, without its content policy, which allows no other style."""
    others = "".join(f':not([data-name*="{name}"])' for name in assets)
    style = f"article.card{others}, .tools, body > section, body > footer {{ display: none !important }}"
    style += "svg.bar { display: block } body { min-height: 0 }"
    page = re.sub(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", page)
    return page.replace("</head>", f"<style>{style}</style></head>")


def trimmed(picture: Image.Image) -> Image.Image:
    """Return the picture without the empty rows at its end."""
    rows = np.asarray(picture).reshape(picture.height, -1)
    last = int(np.flatnonzero((rows != rows[-1]).any(axis=1)).max(initial=0))
    return picture.crop((0, 0, picture.width, min(picture.height, last + 24)))


if __name__ == "__main__":
    sys.exit(main())
