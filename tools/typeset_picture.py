"""Draw `docs/images/typeset.webp`: a line with an I and one with an l, under both texts as the font draws them.

python tools/typeset_picture.py
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from qa.text import load_reader
from qa.text.line_fit import Fit
from qa.text.matching import Expected, match
from qa.text.sighting import Sight, shapes_of
from qa.text.typeface import open_typeface

TARGET = Path(__file__).resolve().parents[1] / "docs" / "images" / "typeset.webp"
EXPECTED, OTHER = "PRIPA Co.", "PRlPA Co."
FONT: bytes = ImageFont.load_default(40).font_bytes  # type: ignore[union-attr]
HEIGHT, WIDTH, HEAD, SIDE, GAP = 96, 380, 26, 100, 12
UNEXPLAINED = 0.6
"""Of the ink: what is drawn black as left unexplained."""


def main() -> int:
    rows = [row for text in (EXPECTED, OTHER) for row in rows_of(text)]
    columns = ("the picture", "as the font draws it", "left unexplained")
    sheet = Image.new("RGB", (SIDE + 3 * (WIDTH + GAP), HEAD + len(rows) * (HEIGHT + GAP)), "white")
    pen, face = ImageDraw.Draw(sheet), ImageFont.load_default(15)
    for at, title in enumerate(columns):
        pen.text((SIDE + at * (WIDTH + GAP), 4), title, fill=(70, 70, 70), font=face)
    for number, (title, cells) in enumerate(rows):
        top = HEAD + number * (HEIGHT + GAP)
        pen.text((4, top + HEIGHT // 3), title, fill=(70, 70, 70), font=face)
        for at, cell in enumerate(cells):
            sheet.paste(shown(cell), (SIDE + at * (WIDTH + GAP), top))
    sheet.save(TARGET, quality=75, method=6)
    print(TARGET)
    return 0


def rows_of(drawn: str) -> list[tuple[str, tuple[NDArray[np.float32], ...]]]:
    image = picture(drawn)
    expected = Expected(EXPECTED, typeface=open_typeface(FONT))
    sight = Sight.of(load_reader(threads=1), image)
    (span,) = match(sight.lines, [expected]).spans
    shapes = None if span is None else shapes_of(span, sight)
    line = None if shapes is None or shapes.typeset is None else shapes.typeset.lines[0]
    if line is None:
        raise SystemExit("the line was not found under its font")
    fits = ((EXPECTED, line.best), (OTHER, line.fit(OTHER)))
    return [(f"{drawn[2]} drawn,\n{text[2]} laid over", cells(fit)) for text, fit in fits]


def picture(drawn: str) -> NDArray[np.uint8]:
    """Return a line on a mottled ground."""
    image = Image.new("RGB", (760, 220), (236, 232, 224))
    face = ImageFont.truetype(io.BytesIO(FONT), 40, layout_engine=ImageFont.Layout.BASIC)
    ImageDraw.Draw(image).text((60, 80), drawn, fill=(18, 26, 60), font=face)
    rng = np.random.default_rng(1)
    mottle = cv2.GaussianBlur(rng.normal(0, 1, (220, 760)), (0, 0), 6)
    grain = rng.normal(0, 5, (220, 760, 1))
    tinted = (mottle / mottle.std() * 14)[..., None] * np.array([1.0, 0.8, 0.5])
    return np.clip(np.asarray(image) + tinted + grain, 0, 255).astype(np.uint8)


def cells(fit: Fit) -> tuple[NDArray[np.float32], ...]:
    """Return the picture, the drawing, and what that leaves unexplained, each in [0, 1]."""
    drawn, seen = fit.drawn.cover, fit.part(slice(0, fit.drawn.cover.shape[1]))
    table = np.column_stack([drawn.ravel(), np.ones(drawn.size)])
    ink, ground = np.linalg.lstsq(table, seen.ravel().astype(np.float64), rcond=None)[0]
    told = (seen - ground) / ink
    return tuple(np.clip(each, 0, 1).astype(np.float32) for each in (told, drawn, abs(told - drawn) / UNEXPLAINED))


def shown(cell: NDArray[np.float32]) -> Image.Image:
    height, width = cell.shape
    scale = min(WIDTH / width, HEIGHT / height)
    size = (round(width * scale), round(height * scale))
    return Image.fromarray(255 - np.rint(255 * cell).astype(np.uint8)).resize(size, Image.Resampling.LANCZOS)


if __name__ == "__main__":
    sys.exit(main())
