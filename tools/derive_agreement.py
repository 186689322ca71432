"""Derives how alike references of one subject are at least, and writes it into the package.

    python tools/derive_agreement.py [--face-pack FOLDER] [--embedder NAME …] [--dry-run]

For every subject, every choice of `SET` of its photographs: the lowest of their mean cosines to the other ones of the
set. The floor is what 99 % of those reach, subjects counting alike. Interval: 90 %, bootstrap over subjects. Held out:
the share of photographs that would be left out wrongly, their subject having had no part in deriving the floor.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from derive_thresholds import options_of
from numpy.typing import NDArray
from photo_collections import ROOT, Photo, people, products

from consistency.agreement import FORMAT, VERSION
from consistency.embedders.embedder import load_embedder
from consistency.faces.finder import load_face_finder
from consistency.facets import face_of, see_reference

TARGET = ROOT / "src/consistency/agreement.json"
RATE = 0.01
SET = 4
"""References of a usual anchor; of more, each one's mean cosine varies less."""

BOOTSTRAPS = 1000


def main() -> None:
    """Derive all floors and write them."""
    options = options_of(__doc__)
    entries = [subject_entry(name) for name in options.embedder]
    if options.face_pack.is_dir():
        entries.append(face_entry(options.face_pack))
    if not options.dry_run:
        TARGET.write_text(
            json.dumps({"format": FORMAT, "version": VERSION, "rate": RATE, "floors": entries}, indent=1) + "\n"
        )
    for each in entries:
        print(each)


def subject_entry(name: str) -> dict[str, Any]:
    """Return the floor of one embedder."""
    embedder = load_embedder(name)
    looks = [
        (photo, see_reference(photo.pixels, embedder.embed).vectors[0]) for photo in products() if photo.view == "plain"
    ]
    return entry("subject", embedder.spec.id, looks)


def face_entry(pack: Path) -> dict[str, Any]:
    """Return the floor of one face pack."""
    finder = load_face_finder(f"insightface:{pack}")
    found = [(photo, face_of(finder.find([photo.pixels])[0], finder.spec.id)) for photo in people()]
    return entry("face", finder.spec.id, [(photo, seen.vectors[0]) for photo, seen in found if not seen.code])


def entry(facet: str, spec: str, looks: Sequence[tuple[Photo, NDArray[np.float32]]]) -> dict[str, Any]:
    """Return the record of one floor."""
    lowest = {subject: lowest_of(vectors) for subject, vectors in by_subject(looks).items() if len(vectors) >= SET}
    names = sorted(lowest)
    drawn = np.random.default_rng(0).integers(0, len(names), (BOOTSTRAPS, len(names)))
    spread = [floor_of([lowest[names[index]] for index in row]) for row in drawn]
    wrong = [(lowest[name] < floor_of([lowest[other] for other in names if other != name])).mean() for name in names]
    return {
        "spec": spec,
        "facet": facet,
        "floor": floor_of([lowest[name] for name in names]),
        "interval": [round(float(edge), 4) for edge in np.quantile(spread, (0.05, 0.95))],
        "subjects": len(names),
        "held_out_sets_with_a_false_drop": round(float(np.mean(wrong)), 4),
    }


def by_subject(looks: Sequence[tuple[Photo, NDArray[np.float32]]]) -> Mapping[str, NDArray[np.float64]]:
    """Return subject → its vectors."""
    names = sorted({photo.subject for photo, _ in looks})
    return {
        name: np.stack([vector for photo, vector in looks if photo.subject == name]).astype(np.float64)
        for name in names
    }


def lowest_of(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return, for every choice of `SET` vectors, the lowest mean cosine of one to the others."""
    found = []
    for chosen in combinations(range(len(vectors)), SET):
        part = vectors[list(chosen)]
        found.append((((part @ part.T).sum(axis=1) - 1) / (SET - 1)).min())
    return np.array(found)


def floor_of(lowest: Sequence[NDArray[np.float64]]) -> float:
    """Return the quantile over subjects that count alike."""
    values = np.concatenate(lowest)
    weights = np.concatenate([np.full(len(each), 1 / len(each)) for each in lowest])
    order = np.argsort(values)
    mass = np.cumsum(weights[order])
    return round(float(values[order][np.searchsorted(mass, RATE * mass[-1])]), 4)


if __name__ == "__main__":
    main()
