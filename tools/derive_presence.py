"""Derives from which similarity a subject counts as found on a picture, and writes it into the package.

    python tools/derive_presence.py [--face-pack FOLDER] [--embedder NAME …] [--dry-run]

By the trials of `derive_thresholds.py`: templates of n references against further pictures of the subject, and against
those of look-alikes, of faces against everybody else's. The floor is where both errors are equal: as large a share of
its own pictures lies below as of the others' reaches it. Interval: 90 %, bootstrap over subjects. Held out: both shares
on subjects whose kind had no part in deriving the floor.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from derive_thresholds import (
    BOOTSTRAPS,
    MOST_REFERENCES,
    Look,
    Trials,
    face_looks,
    kept,
    options_of,
    product_looks,
    resampled,
    share,
    trials,
)
from photo_collections import ROOT, families

from consistency.presence import FORMAT, VERSION

TARGET = ROOT / "src/consistency/presence.json"


def main() -> None:
    """Derive all floors and write them."""
    options = options_of(__doc__)
    entries = [entry for name in options.embedder for entry in entries_of("subject", *product_looks(name))]
    if options.face_pack.is_dir():
        entries += entries_of("face", *face_looks(options.face_pack))
    if not options.dry_run:
        TARGET.write_text(json.dumps({"format": FORMAT, "version": VERSION, "floors": entries}, indent=1) + "\n")
    for each in entries:
        print(each)


def entries_of(facet: str, spec: str, looks: list[Look], alike: dict[str, frozenset[str]]) -> Iterator[dict[str, Any]]:
    """Yield the floors of one model by number of references."""
    for count in range(1, MOST_REFERENCES + (facet == "subject")):
        same, others = trials(looks, count, alike)
        floor = equal_error(same, others)
        spread = [equal_error(*resampled(same, others, seed)) for seed in range(BOOTSTRAPS)]
        yield {
            "spec": spec,
            "facet": facet,
            "references": count,
            "floor": round(floor, 4),
            "interval": [round(float(edge), 4) for edge in np.quantile(spread, (0.05, 0.95))],
            "subjects": len(set(same.subject)),
            "own_below": round(1 - share(same, floor), 4),
            "others_above": round(share(others, floor), 4),
            "held_out": held_out(same, others, families() if facet == "subject" else {}),
        }


def equal_error(same: Trials, others: Trials) -> float:
    """Return the similarity at which as many of the same lie below as of the others at or above."""
    scores = np.concatenate([same.similarity, others.similarity])
    order = np.argsort(scores, kind="stable")
    below = np.concatenate([same.weight / same.weight.sum(), np.zeros(len(others.weight))])[order].cumsum()
    above = 1 - np.concatenate([np.zeros(len(same.weight)), others.weight / others.weight.sum()])[order].cumsum()
    place = int(np.argmax(below >= above))
    return float(scores[order][place : place + 2].mean())


def held_out(same: Trials, others: Trials, groups: Mapping[str, frozenset[str]]) -> dict[str, float]:
    """Return both errors on subjects whose kind had no part in deriving the floor."""
    names = sorted(set(same.subject))
    below = above = 0.0
    for kind in {frozenset({name}) | groups.get(name, frozenset()) for name in names}:
        mine = [np.isin(each.subject, list(kind)) for each in (same, others)]
        floor = equal_error(*(kept(each, ~own) for each, own in zip((same, others), mine, strict=True)))
        own, rivals = (kept(each, part) for each, part in zip((same, others), mine, strict=True))
        below += own.weight[own.similarity < floor].sum() / same.weight.sum()
        above += rivals.weight[rivals.similarity >= floor].sum() / others.weight.sum()
    return {"own_below": round(float(below), 4), "others_above": round(float(above), 4)}


if __name__ == "__main__":
    main()
