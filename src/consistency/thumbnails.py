"""Small squeezed pictures: what an anchor keeps of its references, to show them and to know their copies."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

THUMBNAIL_SIDE = 64

COPY_DEVIATION = 10.0
"""Root mean square difference, of 255, of thumbnails that still show one picture: copies of 512 px at JPEG quality 30
reach 3.4, different photographs of one product begin at 28 (`benchmarks/identity.py --only copies`)."""


def squeezed(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return an H×W×3 picture squeezed to 64×64×3."""
    side = (THUMBNAIL_SIDE, THUMBNAIL_SIDE)
    return np.asarray(Pillow.fromarray(pixels).resize(side, Pillow.Resampling.BOX), np.uint8)


def copied(thumbnail: NDArray[np.uint8], thumbnails: NDArray[np.uint8]) -> int | None:
    """Return the place of the reference, of n×64×64×3, that a squeezed picture repeats, or None."""
    apart = ((thumbnails.astype(np.float64) - thumbnail) ** 2).mean(axis=(1, 2, 3)) ** 0.5
    nearest = int(apart.argmin())
    return nearest if apart[nearest] <= COPY_DEVIATION else None
