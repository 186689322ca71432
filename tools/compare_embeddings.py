"""Why EfficientNet looks at 288 px, pools with p = 3; where it looks for a subject; why through windows of half size.

    python tools/compare_embeddings.py [inputs] [localise] [windows]

`inputs`: pairs of plain product photographs, every input side and exponent: AUC, equal error rate, recall at 1 % false
accepts. `localise`: the same photographs in pairs, by what is looked at: the whole, its middle, or where the subject is
found, with more or less room; at the end what the room chosen on the other kinds of subject reaches on each kind.
`windows`: templates of three references against pictures shown plain and as half and a quarter of a scene, by
what is looked at beside the whole: recall at the threshold that 1 % of other subjects reach in each way of showing.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import combinations
from unittest.mock import patch

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from photo_collections import Photo, families, products
from scipy.stats import rankdata

from consistency import facets
from consistency.embedders.efficientnet_module import build
from consistency.embedders.embedder import load_embedder
from consistency.embedders.pooling import generalised_mean
from consistency.localisation import subject_box
from consistency.references import build_template
from consistency.region import Box
from consistency.runtime.weights import WEIGHTS, verify

SIDES = (224, 256, 288, 320)
EXPONENTS = (1.0, 2.0, 3.0, 4.0)
MARGINS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)
FRACTIONS = (0.4, 0.5, 0.6, 0.7)
FAR = 0.01


def main() -> None:
    """Print the comparisons that the command line names, or both."""
    photos = list(products())
    for name, compare in (("inputs", compare_inputs), ("localise", compare_places), ("windows", compare_windows)):
        if len(sys.argv) == 1 or name in sys.argv[1:]:
            compare(photos)


def compare_inputs(photos: Sequence[Photo]) -> None:
    """Print a row per input side and exponent."""
    plain = [photo for photo in photos if photo.view == "plain"]
    names = np.array([photo.subject for photo in plain])
    upper = np.triu_indices(len(plain), 1)
    is_same = (names[:, None] == names[None])[upper]
    network = build(verify(WEIGHTS["efficientnet_lite0"]))
    for side in SIDES:
        maps = np.concatenate([feature_map(network, photo.pixels, side) for photo in plain])
        for exponent in EXPONENTS:
            vectors = generalised_mean(maps, exponent).astype(np.float64)
            vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
            found = (vectors @ vectors.T)[upper]
            print(f"{side} px  p = {exponent:g}  {summary(found[is_same], found[~is_same])}", flush=True)


def feature_map(network: torch.nn.Module, pixels: NDArray[np.uint8], side: int) -> NDArray[np.float32]:
    """Return the 1×h×w×d map of one picture at one input side."""
    small = cv2.resize(pixels, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)
    with torch.inference_mode():
        maps = network(torch.from_numpy((small - 127) / 128).permute(2, 0, 1)[None])
    return np.ascontiguousarray(maps.numpy().transpose(0, 2, 3, 1))


def compare_places(photos: Sequence[Photo]) -> None:
    """Print a row per place that is looked at."""
    plain = [photo for photo in photos if photo.view == "plain"]
    embed = load_embedder("efficientnet").embed
    whole = [embed([photo.pixels]) for photo in plain]
    sizes = [photo.pixels.shape[:2] for photo in plain]
    middle = [Box(round(w * 0.1), round(h * 0.1), round(w * 0.8), round(h * 0.8)) for h, w in sizes]
    print("whole    ", pair_summary(plain, np.concatenate([each.pooled for each in whole])), flush=True)
    print("middle   ", pair_summary(plain, looked_at(plain, middle, embed)), flush=True)
    found = {}
    for margin in MARGINS:
        boxes = [subject_box(each, *size, margin=margin) for each, size in zip(whole, sizes, strict=True)]
        found[margin] = looked_at(plain, [box for box in boxes if box], embed)
        print(f"room {margin:.2f}", pair_summary(plain, found[margin]), flush=True)
    print("room chosen on other kinds:", held_out_choice(plain, found))


def looked_at(photos: Sequence[Photo], boxes: Sequence[Box], embed: facets.Embed) -> NDArray[np.float32]:
    """Return the vectors of one box of each photograph."""
    return embed([facets.crop(photo.pixels, box) for photo, box in zip(photos, boxes, strict=True)]).pooled


def pair_summary(photos: Sequence[Photo], vectors: NDArray[np.float32], kind: frozenset[str] = frozenset()) -> str:
    """Return the summary of all pairs, or of those with a photograph of one kind of subject."""
    return summary(*pairs(photos, vectors, kind, is_of_kind=bool(kind)))


def pairs(
    photos: Sequence[Photo], vectors: NDArray[np.float32], kind: frozenset[str], *, is_of_kind: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the cosines of pairs of one subject and of two, those with a subject of the kind or those without."""
    names = np.array([photo.subject for photo in photos])
    left, right = np.triu_indices(len(names), 1)
    cosines = vectors.astype(np.float64) / np.linalg.norm(vectors, axis=1, keepdims=True)
    found = (cosines[left] * cosines[right]).sum(axis=1)
    inside = np.isin(names[left], list(kind)) | np.isin(names[right], list(kind))
    is_same = names[left] == names[right]
    return found[is_same & (inside == is_of_kind)], found[~is_same & (inside == is_of_kind)]


def held_out_choice(photos: Sequence[Photo], found: dict[float, NDArray[np.float32]]) -> str:
    """Return, for every kind of subject, the room with the best area under the curve on all other kinds."""
    alike = families()
    kinds = {frozenset({photo.subject}) | alike.get(photo.subject, frozenset()) for photo in photos}
    rows = []
    for kind in sorted(kinds, key=sorted):
        best = max(found, key=lambda margin: area(*pairs(photos, found[margin], kind, is_of_kind=False)))
        rows.append(f"{min(kind)}: {best:g}, AUC {area(*pairs(photos, found[best], kind, is_of_kind=True)):.4f}")
    return "; ".join(rows)


def compare_windows(photos: Sequence[Photo]) -> None:
    """Print a row per size of the windows and way of showing."""
    embed = load_embedder("efficientnet").embed
    references = [facets.see_reference(photo.pixels, embed) for photo in photos]
    closely = [facets.see_closely(photo.pixels, embed([photo.pixels]), embed) for photo in photos]
    report("no windows", photos, references, closely)
    for fraction in FRACTIONS:
        with patch.object(facets, "WINDOW_FRACTION", fraction):
            report(
                f"windows {fraction}", photos, references, [facets.see_subject(photo.pixels, embed) for photo in photos]
            )


def report(name: str, photos: Sequence[Photo], references: Sequence[facets.Seen], looks: Sequence[facets.Seen]) -> None:
    """Print recall for every way of showing."""
    found: dict[str, tuple[list[float], list[float]]] = {}
    for subject in sorted({photo.subject for photo in photos}):
        own = [index for index, photo in enumerate(photos) if (photo.subject, photo.view) == (subject, "plain")]
        for drawn in list(combinations(own, 3))[::3]:
            template = build_template(subject, "subject", [references[index] for index in drawn])
            names = {photos[index].name for index in drawn}
            for photo, look in zip(photos, looks, strict=True):
                if photo.subject == subject and photo.name in names:
                    continue
                similarity = template.score(look).similarity
                found.setdefault(photo.view, ([], []))[photo.subject != subject].append(similarity or 0.0)
    for view, (same, others) in found.items():
        print(f"{name:13s} {view:8s} {summary(np.array(same), np.array(others))}", flush=True)


def summary(same: NDArray[np.float64], others: NDArray[np.float64]) -> str:
    """Return AUC, equal error rate and recall at 1 % false accepts."""
    errors = [
        max((others >= limit).mean(), (same < limit).mean()) for limit in np.quantile(same, np.linspace(0, 0.5, 400))
    ]
    recall = (same >= np.quantile(others, 1 - FAR)).mean()
    return f"AUC {area(same, others):.4f}  EER {min(errors):.3f}  recall at 1 % FAR {recall:.3f}"


def area(same: NDArray[np.float64], others: NDArray[np.float64]) -> float:
    """Return the area under the curve: how often one of the same is more alike than one of the others."""
    ranks = rankdata(np.concatenate([same, others]))
    return float((ranks[: len(same)].sum() - len(same) * (len(same) + 1) / 2) / (len(same) * len(others)))


if __name__ == "__main__":
    main()
