"""The product photographs as the library sees them, remembered on disk so that a second run takes seconds."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from photo_collections import SHARED, Photo, pasted  # noqa: E402

from consistency import facets  # noqa: E402
from consistency.colouring import colouring  # noqa: E402
from consistency.display import jpeg_bytes  # noqa: E402
from consistency.embedders.embedder import Embedder, load_embedder  # noqa: E402
from consistency.image import load_image  # noqa: E402
from consistency.localisation import subject_box  # noqa: E402

Pixels = NDArray[np.uint8]
Vectors = NDArray[np.float64]

SCENES = "text/scenes/det_toy_dataset/imgs/test"
"""Street photographs: busy, and none of them behind any product."""

CANVAS = (1024, 1024)
QUICK = ("backpack", "berry_bowl", "can", "clock", "dog", "dog6")


class Looks:
    """Unit vectors of pictures under a name, from the cache folder where they lie there.

    Args:
        folder: Where they are kept; None keeps nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self.embedder: Embedder = load_embedder("efficientnet")
        self._folder = folder
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def remembered(self, key: str, measure: Callable[[], Vectors]) -> Vectors:
        """Return what is known under a key, measured the first time."""
        if self._folder is None:
            return measure()
        full = f"{self.embedder.spec.id}|{facets.VERSION}|{facets.MARGIN}|{key}"
        path = self._folder / f"{hashlib.sha256(full.encode()).hexdigest()[:32]}.npy"
        if not path.exists():
            np.save(path, measure().astype(np.float32))
        return np.load(path).astype(np.float64)

    def whole(self, photo: Photo) -> Vectors:
        """Return the vector of the whole picture."""
        return self.remembered(f"whole|{key_of(photo)}", lambda: unit(self.embedder.embed([photo.pixels]).pooled)[0])

    def mean_pooled(self, photo: Photo) -> Vectors:
        """Return the mean of the whole picture's features."""

        def measure() -> Vectors:
            dense = self.embedder.embed([photo.pixels]).dense
            return unit(dense.reshape(-1, dense.shape[-1]).mean(axis=0))  # type: ignore[union-attr]

        return self.remembered(f"mean|{key_of(photo)}", measure)

    def reference(self, photo: Photo) -> Vectors:
        """Return the vector of a reference."""
        return self.remembered(
            f"reference|{key_of(photo)}",
            lambda: unit(facets.see_reference(photo.pixels, self.embedder.embed).vectors)[0],
        )

    def asset(self, photo: Photo) -> Vectors:
        """Return the vectors of all places that are looked at in a picture to judge, n×d."""
        return self.remembered(
            f"asset|{key_of(photo)}", lambda: unit(facets.see_subject(photo.pixels, self.embedder.embed).vectors)
        )

    def colours(self, photo: Photo) -> Vectors:
        """Return what colours the subject of a reference has, where it is looked at."""

        def measure() -> Vectors:
            (box,) = facets.see_reference(photo.pixels, self.embedder.embed).boxes
            return np.asarray(colouring(photo.pixels, box), np.float64)

        return self.remembered(f"colours|{key_of(photo)}", measure)

    def with_room(self, photo: Photo, margin: float, *, is_mirrored: bool = False) -> Vectors:
        """Return the vector of the subject where it is found, with other room around it or mirrored."""

        def measure() -> Vectors:
            embed = self.embedder.embed
            box = subject_box(embed([photo.pixels]), *photo.pixels.shape[:2], margin=margin)
            part = photo.pixels if box is None else facets.crop(photo.pixels, box)
            return unit(embed([np.ascontiguousarray(part[:, ::-1]) if is_mirrored else part]).pooled)[0]

        return self.remembered(f"room|{margin}|{is_mirrored}|{key_of(photo)}", measure)


def photographs(is_quick: bool = False) -> list[Photo]:
    """Return every product photograph, or five of a few subjects."""
    folders = sorted(folder for folder in (SHARED / "identity_products").iterdir() if folder.is_dir())
    if is_quick:
        folders = [folder for folder in folders if folder.name in QUICK]
    most = 5 if is_quick else None
    return [
        Photo(folder.name, file.name, "plain", load_image(file).pixels)
        for folder in folders
        for file in sorted(folder.glob("*.jpg"))[:most]
    ]


def in_scenes(photos: Sequence[Photo], fraction: float) -> list[Photo]:
    """Return the photographs pasted into street scenes at a share of their area."""
    files = sorted((SHARED / SCENES).glob("*.jpg"))
    scenes = [cv2.resize(square(load_image(file).pixels), CANVAS, interpolation=cv2.INTER_CUBIC) for file in files]
    return [
        Photo(photo.subject, photo.name, f"{fraction:g}", pasted(photo.pixels, scenes[i % len(scenes)], fraction, i))
        for i, photo in enumerate(photos)
    ]


def square(pixels: Pixels) -> Pixels:
    """Return the square in the middle."""
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return np.ascontiguousarray(pixels[top : top + side, left : left + side])


def recompressed(pixels: Pixels) -> Pixels:
    """Return a copy as it comes back from the web: 512×512, JPEG quality 30."""
    small = cv2.resize(pixels, (512, 512), interpolation=cv2.INTER_AREA)
    return load_image(jpeg_bytes(small, 30)).pixels


def key_of(photo: Photo) -> str:
    """Return the hash of what is seen."""
    return hashlib.sha256(str(photo.pixels.shape).encode() + photo.pixels.tobytes()).hexdigest()


def unit(vectors: NDArray[np.float32] | Vectors) -> Vectors:
    """Return vectors of unit length."""
    rows = np.asarray(vectors, np.float64)
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True))
