#!/usr/bin/env python3
"""Where the default limit of the sharpness check comes from.

    python tools/derive_sharpness.py

Prints the 1 % quantile of `detail` over unedited photographs (skimage's and those of shared/data, each once), and how
many of the same photographs lie below the default after a Gaussian blur of 3 px and JPEG 60.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from hashlib import sha256

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray
from photo_collections import ENDINGS, SHARED
from PIL import Image

from consistency.image import load_image
from qa.checks.sharpness import DEFAULT_DETAIL
from qa.quality.sharpness import measure_sharpness

CARRIED = ("astronaut", "chelsea", "coffee", "rocket", "camera", "coins", "grass", "gravel", "brick")
FOLDERS = ("identity_products", "faces")
BLUR_SIGMA, QUALITY, QUANTILE = 3.0, 60, 0.01


def main() -> int:
    sharp, blurred = [], []
    for pixels in photographs():
        sharp.append(measure_sharpness(pixels).detail)
        blurred.append(measure_sharpness(spoiled(pixels)).detail)
    measured = [detail for detail in sharp if detail is not None]
    seen = [detail for detail in blurred if detail is not None]
    caught = sum(detail < DEFAULT_DETAIL for detail in seen)
    print(f"{len(measured)} of {len(sharp)} unedited photographs measured; their 1 % quantile:", end=" ")
    print(f"{np.quantile(measured, QUANTILE):.3f} (default {DEFAULT_DETAIL:g})")
    missed = len(blurred) - len(seen)
    print(f"blurred by {BLUR_SIGMA:g} px: {caught} of {len(seen)} below the default, {missed} not measured")
    return 0


def photographs() -> Iterator[NDArray[np.uint8]]:
    """Yield every photograph once."""
    for name in CARRIED:
        pixels = getattr(skimage.data, name)()
        yield np.ascontiguousarray(pixels if pixels.ndim == 3 else np.stack([pixels] * 3, axis=-1))
    known: set[bytes] = set()
    for path in (path for folder in FOLDERS for path in sorted((SHARED / folder).rglob("*"))):
        if path.suffix.lower() in ENDINGS:
            pixels = load_image(path).pixels
            digest = sha256(pixels).digest()
            if digest not in known:
                known.add(digest)
                yield pixels


def spoiled(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture blurred and saved again."""
    file = io.BytesIO()
    Image.fromarray(cv2.GaussianBlur(pixels, (0, 0), BLUR_SIGMA)).save(file, "JPEG", quality=QUALITY)
    return load_image(file.getvalue()).pixels


if __name__ == "__main__":
    sys.exit(main())
