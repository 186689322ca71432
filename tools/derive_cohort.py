"""Derives the cohort: generic embeddings that a similarity is set against, from pictures that scikit-image carries.

    python tools/derive_cohort.py [--embedder NAME …]

Each picture as a whole and its four quarters, each looked at as a reference is; those that show nothing are left out.
Centring similarities on them did not pay (`docs/checks/identity.md`); they give a similarity its scale.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import skimage.data
from numpy.typing import NDArray
from photo_collections import ROOT
from safetensors.numpy import save_file

from consistency.embedders.embedder import load_embedder
from consistency.facets import see_reference
from consistency.image import load_image

TARGET = ROOT / "src/consistency/cohort.safetensors"
PICTURES = (
    "astronaut.png", "brick.png", "camera.png", "cell.png", "chelsea.png", "clock_motion.png", "coffee.png",
    "coins.png", "color.png", "grass.png", "gravel.png", "hubble_deep_field.jpg", "ihc.png", "moon.png",
    "motorcycle_left.png", "page.png", "retina.jpg", "rocket.jpg", "text.png",
)  # fmt: skip
"""In the wheel itself: nothing is fetched."""


def main() -> None:
    """Write the cohort of every embedder named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--embedder", nargs="*", default=["efficientnet"])
    tensors = {}
    for name in parser.parse_args().embedder:
        embedder = load_embedder(name)
        seen = [see_reference(pixels, embedder.embed) for pixels in pictures()]
        vectors = np.concatenate([each.vectors for each in seen if not each.code])
        tensors[embedder.spec.id] = vectors.astype(np.float16)
        print(embedder.spec.id, vectors.shape)
    save_file(tensors, TARGET)


def pictures() -> Iterator[NDArray[np.uint8]]:
    """Yield every picture whole, then its quarters."""
    for name in PICTURES:
        pixels = load_image(Path(skimage.data.__file__).parent / name).on_background((255, 255, 255)).pixels
        yield pixels
        down, across = pixels.shape[0] // 2, pixels.shape[1] // 2
        for rows in (slice(None, down), slice(down, None)):
            for columns in (slice(None, across), slice(across, None)):
                yield np.ascontiguousarray(pixels[rows, columns])


if __name__ == "__main__":
    main()
