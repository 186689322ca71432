"""Make the picture of docs/identity.md that shows which faces are taken for drawings: one photograph in many ways.

python tools/drawn_picture.py

The photograph is one that scikit-image carries. First photographs, then drawings; told ones are framed.
"""

from __future__ import annotations

import sys

import cv2
import numpy as np
from photo_collections import ROOT
from photo_treatments import PHOTOGRAPHED
from picture_filters import Pixels
from PIL import Image
from skimage import data
from stylisations import DRAWN, Style

from consistency.faces.drawn import drawing_test, surrounded
from consistency.faces.finder import Face
from consistency.region import Box

TARGET = ROOT / "docs/images/drawn.webp"
FACE = Face(Box(183, 69, 88, 105), 0.82, np.zeros((5, 2), np.float32), None)
"""Where the face finder finds it."""

SIDE, FRAME = 128, 4
TOLD = (214, 40, 40)
PHOTOGRAPHS = ("plain", "compressed", "blurred", "black_and_white", "contrasty", "vivid", "grainy", "tinted")
DRAWINGS = ("oil", "watercolour", "stylised", "pencil_grey", "comic", "few_colours", "halftone", "woodcut")


def main() -> int:
    """Draw both rows and save them."""
    rows = [
        [tile(styles[name]) for name in names] for styles, names in ((PHOTOGRAPHED, PHOTOGRAPHS), (DRAWN, DRAWINGS))
    ]
    picture = np.concatenate([np.concatenate(row, axis=1) for row in rows])
    Image.fromarray(picture).save(TARGET, quality=80, method=6)
    print(f"{TARGET}: {TARGET.stat().st_size / 1000:.0f} kB")
    return 0


def tile(style: Style) -> Pixels:
    """Return the face made by a style, framed where it is taken for drawn."""
    pixels = style(data.astronaut(), FACE.box.width, np.random.default_rng(0))
    (is_drawn,) = drawing_test().are_drawn(pixels, [FACE])
    part = surrounded(pixels, FACE.box, 0.5)
    small = cv2.resize(part[: part.shape[1]], (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.rectangle(small, (0, 0), (SIDE - 1, SIDE - 1), TOLD, FRAME) if is_drawn else small, np.uint8)


if __name__ == "__main__":
    sys.exit(main())
