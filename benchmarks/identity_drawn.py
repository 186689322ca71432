"""How many faces are taken for drawings in folders of drawings, and in folders of photographs?

    python benchmarks/identity_drawn.py [--drawn FOLDER …] [--photographed FOLDER …] [--faces PACK] [--out FILE]

Folders are searched with all below them; every face of at least 32 pixels that the face finder finds counts. Intervals
are 95 %, Wilson. Times are of one core, for one face and for finding it, on a photograph that scikit-image carries.
Figures of the pictures that the test was fitted to, by fits without them: `tools/derive_drawn.py --dry-run`.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from identity_honesty import PACK
from identity_looks import Pixels
from photo_collections import ENDINGS
from portraits import ASTRONAUT
from rates import rate

from consistency.embedders.embedder import load_embedder
from consistency.errors import ImageError
from consistency.faces.drawn import EMBEDDER, DrawingTest, drawing_test
from consistency.faces.finder import Face, FaceFinder, load_face_finder
from consistency.facets import SMALLEST_FACE
from consistency.image import load_image

LARGEST = 1400
"""Longer side that pictures are shrunk to."""


def main() -> int:
    """Measure the folders that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--drawn", nargs="*", type=Path, default=[])
    parser.add_argument("--photographed", nargs="*", type=Path, default=[])
    parser.add_argument("--faces", default=str(PACK))
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    finder = load_face_finder(f"insightface:{options.faces}")
    result = {
        "drawn": {str(folder): measured(folder, finder) for folder in options.drawn},
        "photographed": {str(folder): measured(folder, finder) for folder in options.photographed},
        "milliseconds_of_a_core": timed(options.faces),
    }
    print(json.dumps(result, indent=1, ensure_ascii=False))
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0


def measured(folder: Path, finder: FaceFinder) -> dict[str, object]:
    """Return how many faces below a folder are taken for drawn, and on which pictures those are that are not."""
    told, others, total = 0, [], 0
    for file, pixels in pictures(folder):
        faces = clear(finder.find([pixels])[0])
        drawn = drawing_test().are_drawn(pixels, faces)
        told, total = told + sum(drawn), total + len(drawn)
        others += [str(file.relative_to(folder))] * (len(drawn) - sum(drawn))
    return {"taken_for_drawn": rate(told, total), "taken_for_photographed": others}


def pictures(folder: Path) -> Iterator[tuple[Path, Pixels]]:
    """Yield every readable picture, no larger than LARGEST."""
    for file in sorted(file for file in folder.rglob("*") if file.suffix.lower() in ENDINGS):
        try:
            pixels = load_image(file).on_background((255, 255, 255)).pixels
        except ImageError:
            continue
        scale = LARGEST / max(pixels.shape[:2])
        if scale < 1:
            pixels = np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
        if min(pixels.shape[:2]) >= SMALLEST_FACE:
            yield file, pixels


def clear(faces: Sequence[Face]) -> list[Face]:
    """Return the faces that are large enough to be compared."""
    return [face for face in faces if min(face.box.width, face.box.height) >= SMALLEST_FACE]


def timed(pack: str, rounds: int = 20) -> dict[str, float]:
    """Return the median time of one core for one face, and for finding it."""
    finder, test = load_face_finder(f"insightface:{pack}", threads=1), DrawingTest(load_embedder(EMBEDDER, threads=1))
    pixels = load_image(ASTRONAUT).on_background((255, 255, 255)).pixels
    faces = finder.find([pixels])[0][:1]
    looks: dict[str, Callable[[], object]] = {
        "drawn": lambda: test.are_drawn(pixels, faces),
        "found": lambda: finder.find([pixels]),
    }
    spent: dict[str, list[float]] = {name: [] for name in looks}
    for _ in range(rounds):
        for name, look in looks.items():
            start = time.process_time()
            look()
            spent[name].append(1000 * (time.process_time() - start))
    return {name: round(float(np.median(times)), 1) for name, times in spent.items()}


if __name__ == "__main__":
    sys.exit(main())
