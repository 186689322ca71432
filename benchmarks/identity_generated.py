"""Pictures that a model made from references: how alike they are, and whether one made without them stands out."""

from __future__ import annotations

import json
from pathlib import Path

from identity_looks import SHARED, Looks

from consistency import Anchor

EXAMPLES = "generated_vs_reference/assets/examples"
CONDITIONED, DRIFTED = "5many2one", "6t2i"
"""One prompt, one seed: made from three references, and from the prompt alone."""


def generated(looks: Looks, *, is_quick: bool = False) -> dict[str, object]:
    """Return the similarity of each result to each of its references, and of the two made from one prompt.

    `result`: to an anchor of that reference alone, where it is most alike; `changes`: what can be told of it.
    `drifted_below`: in how many of the references the picture made without them is less alike.
    """
    folder = SHARED / EXAMPLES
    if not folder.is_dir():
        return {"skipped": f"{folder} is not on this machine"}
    found: dict[str, object] = {}
    for config in sorted(folder.glob("*/config.json")):
        result = config.parent / "result.png"
        anchors = {} if is_quick else references(looks, config.parent)
        if anchors:
            found[config.parent.name] = {name: said(anchor, result) for name, anchor in anchors.items()}
    pair = {
        name: [similarity(anchor, folder / each / "result.png") for each in (CONDITIONED, DRIFTED)]
        for name, anchor in references(looks, folder / CONDITIONED).items()
    }
    below = sum(drifted < kept for kept, drifted in pair.values())
    means = [round(sum(column) / len(pair), 4) for column in zip(*pair.values(), strict=True)]
    return {**found, "with_and_without_references": pair, "means": means, "drifted_below": f"{below} of {len(pair)}"}


def references(looks: Looks, folder: Path) -> dict[str, Anchor]:
    """Return name → anchor of each reference that a result was made from."""
    stated = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    files = [folder / str(value) for key, value in sorted(stated.items()) if key.startswith("image_ref")]
    return {file.name: Anchor.from_references(file.stem, [file], embedder=looks.embedder) for file in files}


def similarity(anchor: Anchor, picture: Path) -> float:
    """Return how alike a picture is; -1 where nothing can be said."""
    found = anchor.score(picture).facets["subject"].similarity
    return -1.0 if found is None else found


def said(anchor: Anchor, picture: Path) -> dict[str, object]:
    """Return similarity, deviations above generic pictures, and the changes that can be told."""
    score = anchor.score(picture)
    subject = score.facets["subject"]
    told = {kind: change.value for kind, change in score.changes.items() if change.value is not None}
    return {"similarity": subject.similarity, "normalised": subject.normalised, "changes": told}
