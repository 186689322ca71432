"""Derives when a face counts as drawn, and writes it into the package.

    python tools/derive_drawn.py --face-pack FOLDER [--cache FILE] [--dry-run]

Photographs of faces (`portraits`), each through every family of drawing (`stylisations`) and every treatment that a
photograph goes through (`photo_treatments`), both cut out and put on a page (`collages`), faces that code draws
(`cartoon_faces`), and real drawings and paintings. Every face is found again on the picture that came out, and looked
at with room around it by the default embedder; a logistic regression over its features is fitted, all families as heavy
as one another, real drawings as three.

Held out: people in FOLDS parts ("known": the family had a part in the fit, the person had not), and beside each part
families and treatments in BLOCKS ("unknown": neither had). The limit is where, on people who had no part, FALSE_ALARMS
of photographs are taken for drawings, every treatment as heavy as the plain ones.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from cartoon_faces import cartoon_face
from collages import COLLAGES
from numpy.typing import NDArray
from photo_collections import ROOT, Pixels
from photo_treatments import PHOTOGRAPHED
from picture_filters import Random
from portraits import Portrait, portraits
from scipy.optimize import minimize
from stylisations import DRAWN

from consistency.display import jpeg_bytes
from consistency.embedders.embedder import load_embedder
from consistency.faces.drawn import EMBEDDER, FILE, FORMAT, VERSION, surrounded
from consistency.faces.finder import Face, FaceFinder, load_face_finder
from consistency.facets import SMALLEST_FACE
from consistency.image import load_image

Floats = NDArray[np.float64]

TARGET = ROOT / "src/consistency/faces" / FILE
PACK = ROOT.parent / "shared/models/insightface_root/models/small"

ROOMS = (0.1, 0.4)
"""Around a face, over its longer side: close up, where strokes are seen, and with what is drawn around it."""

FALSE_ALARMS = 0.01
SIZES = (44, 320)
"""Pixels of a face's shorter side before it is drawn or treated."""

BRUSHES = (0.5, 1.3)
"""Over how wide brushes, dots and lines are by themselves."""

AROUND = 0.75
"""Room that is drawn around it, over its longer side."""

CARTOONS = 300
BY_HAND, FLAT = "real", "flat cartoon"
WEIGHT_BY_HAND = 3.0
PENALTY = 3e-3
"""Of squared weights beside the mean loss; 1e-3 and 1e-2 measure alike."""

BY_FILTER = frozenset(DRAWN) | {"drawn collage"}
FOLDS, BLOCKS = 4, 6
CLIPPED = 1e-4


@dataclass(frozen=True)
class Sample:
    """A face, cut out of its picture with room around it.

    Attributes:
        person: Whose it is; no two samples of one person are in different folds.
        family: Of drawing or treatment.
        kind: "photographed", "generated" or "drawn", before anything was done to it.
        is_drawn: Whether it is now.
    """

    person: str
    family: str
    kind: str
    is_drawn: bool


def main() -> None:
    """Derive, print and write."""
    options = options_of()
    samples, features, spec = looked_at(options.face_pack, options.cache)
    unknown, known = held_out(samples, features)
    is_photo = np.array([not each.is_drawn for each in samples])
    limit = quantile(known[is_photo], weights_of(samples)[is_photo], 1 - FALSE_ALARMS)
    weights, bias = fitted(samples, features, np.ones(len(samples), bool))
    print(json.dumps(report(samples, unknown, known, limit), indent=1))
    record = {
        "format": FORMAT,
        "version": VERSION,
        "spec": spec,
        "rooms": ROOMS,
        "limit": round(limit, 3),
        "bias": round(bias, 5),
        "photographs": sum(each.family == "plain" for each in samples),
        "people": len({each.person for each in samples if each.family == "plain"}),
        "weights": [round(float(weight), 5) for weight in weights],
    }
    if not options.dry_run:
        TARGET.write_text(json.dumps(record) + "\n", encoding="utf-8")


def options_of() -> argparse.Namespace:
    """Return what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--face-pack", type=Path, default=PACK)
    parser.add_argument("--cache", type=Path, help="where what was looked at is kept between runs")
    parser.add_argument("--dry-run", action="store_true")
    return parser.parse_args()


def looked_at(pack: Path, cache: Path | None) -> tuple[list[Sample], Floats, str]:
    """Return the samples, their features n×d and the embedder's spec id; from the cache where it is there."""
    if cache is not None and cache.is_file():
        stored = np.load(cache)
        rows = zip(*(stored[name].tolist() for name in ("person", "family", "kind", "is_drawn")), strict=True)
        return [Sample(*row) for row in rows], stored["features"].astype(np.float64), str(stored["spec"])
    cv2.setNumThreads(1)
    embedder, samples, rows = load_embedder(EMBEDDER, threads=1), [], []
    for sample, pixels, face in faces(load_face_finder(f"insightface:{pack}", threads=1)):
        samples.append(sample)
        rows.append(embedder.embed([surrounded(pixels, face.box, room) for room in ROOMS]).pooled.ravel())
        if len(samples) % 500 == 0:
            print(f"{len(samples)} faces", flush=True)
    features = np.stack(rows)
    if cache is not None:
        columns = {name: [getattr(each, name) for each in samples] for name in Sample.__annotations__}
        np.savez(cache, features=features, spec=embedder.spec.id, **columns)
    return samples, features.astype(np.float64), embedder.spec.id


def faces(finder: FaceFinder) -> Iterator[tuple[Sample, Pixels, Face]]:
    """Yield every face with the picture that it was found on."""
    for number, portrait in enumerate(portraits(finder)):
        if portrait.kind == "drawn":
            yield Sample(portrait.person, BY_HAND, portrait.kind, True), portrait.pixels, portrait.face
        else:
            yield from made_of(portrait, number, finder)
    for number in range(CARTOONS):
        draw = np.random.default_rng([1, number])
        pixels = cartoon_face(int(draw.integers(100, 600)), draw)
        for face in in_the_middle(pixels, finder):
            yield Sample(f"cartoon {number}", FLAT, "drawn", True), pixels, face


def made_of(portrait: Portrait, number: int, finder: FaceFinder) -> Iterator[tuple[Sample, Pixels, Face]]:
    """Yield what becomes of a photograph: every treatment, every drawing, four of ten through JPEG once more."""
    for index, (family, style) in enumerate((PHOTOGRAPHED | DRAWN | COLLAGES).items()):
        draw = np.random.default_rng([0, number, index])
        pixels, side = resized(portrait, draw)
        brush = round(side * float(np.exp(draw.uniform(*np.log(BRUSHES))))) if family in BY_FILTER else side
        pixels = style(pixels, brush, draw)
        if family != "plain" and draw.random() < 0.4:
            pixels = load_image(jpeg_bytes(pixels, int(draw.integers(60, 96)))).pixels
        for face in in_the_middle(pixels, finder):
            yield Sample(portrait.person, family, portrait.kind, family in BY_FILTER), pixels, face


def resized(portrait: Portrait, draw: Random) -> tuple[Pixels, int]:
    """Return a face with its surroundings, shrunk to a size drawn, and that size."""
    box = portrait.face.box
    part, least = surrounded(portrait.pixels, box, AROUND), min(box.width, box.height)
    scale = min(1.0, float(np.exp(draw.uniform(*np.log(SIZES)))) / least)
    if scale < 1:
        part = np.asarray(cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    return part, round(least * scale)


def in_the_middle(pixels: Pixels, finder: FaceFinder) -> list[Face]:
    """Return the largest face whose middle is near the picture's, if there is one."""
    height, width = pixels.shape[:2]
    near = [
        face
        for face in finder.find([pixels])[0]
        if min(face.box.width, face.box.height) >= SMALLEST_FACE
        and abs(face.box.left + face.box.width / 2 - width / 2) < 0.2 * width
        and abs(face.box.top + face.box.height / 2 - height / 2) < 0.25 * height
    ]
    return near[:1]


def held_out(samples: Sequence[Sample], features: Floats) -> tuple[Floats, Floats]:
    """Return log odds of every sample by fits that saw neither person nor family, and by fits that saw no person."""
    folds, blocks = parts({each.person for each in samples}, FOLDS), family_blocks(samples)
    fold = np.array([folds[each.person] for each in samples])
    block = np.array([blocks.get(each.family, -1) for each in samples])
    unknown, known = np.zeros(len(samples)), np.zeros(len(samples))
    for number in range(FOLDS):
        weights, bias = fitted(samples, features, fold != number)
        known[fold == number] = features[fold == number] @ weights + bias
        for left_out in range(BLOCKS):
            weights, bias = fitted(samples, features, (fold != number) & (block != left_out))
            tested = (fold == number) & (block == left_out)
            unknown[tested] = features[tested] @ weights + bias
    return np.where(block < 0, known, unknown), known


def family_blocks(samples: Sequence[Sample]) -> dict[str, int]:
    """Return the block of every family; plain photographs and real drawings are left out by person alone."""
    drawn = {each.family for each in samples if each.is_drawn} - {BY_HAND}
    treated = {each.family for each in samples if not each.is_drawn} - {"plain"}
    return parts(drawn, BLOCKS) | parts(treated, BLOCKS)


def parts(names: set[str], count: int) -> dict[str, int]:
    """Return name → part, at random, parts of like size."""
    order = np.random.default_rng(0).permutation(sorted(names))
    return {str(name): index % count for index, name in enumerate(order)}


def fitted(samples: Sequence[Sample], features: Floats, is_used: NDArray[np.bool_]) -> tuple[Floats, float]:
    """Return weights and bias of a logistic regression on features as they come, fitted to scaled ones."""
    used = features[is_used]
    centre, scale = used.mean(axis=0), used.std(axis=0) + CLIPPED
    rows = (used - centre) / scale
    is_drawn = np.array([each.is_drawn for each in samples])[is_used]
    heavy = weights_of([each for each, kept in zip(samples, is_used, strict=True) if kept]) / 2
    sign = np.where(is_drawn, 1.0, -1.0)

    def loss(values: Floats) -> tuple[float, Floats]:
        margin = sign * (rows @ values[:-1] + values[-1])
        slope = -sign * heavy / (1 + np.exp(np.clip(margin, -500, 500)))
        gradient = np.append(rows.T @ slope + 2 * PENALTY * values[:-1], slope.sum())
        return float(heavy @ np.logaddexp(0, -margin) + PENALTY * (values[:-1] ** 2).sum()), gradient

    best = minimize(loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 500}).x
    weights = best[:-1] / scale
    return weights, float(best[-1] - centre @ weights)


def weights_of(samples: Sequence[Sample]) -> Floats:
    """Return how heavy each sample is: drawn and photographed sum to 1, families alike among them."""
    family = np.array([each.family for each in samples])
    is_drawn = np.array([each.is_drawn for each in samples])
    heavy = np.zeros(len(samples))
    for name in set(family):
        heavy[family == name] = (WEIGHT_BY_HAND if name == BY_HAND else 1.0) / (family == name).sum()
    for each in (False, True):
        heavy[is_drawn == each] /= heavy[is_drawn == each].sum()
    return heavy


def quantile(values: Floats, weights: Floats, share: float) -> float:
    """Return the value that a share of the weight lies below."""
    order = np.argsort(values)
    return float(values[order][np.searchsorted(weights[order].cumsum() / weights.sum(), share)])


def report(samples: Sequence[Sample], unknown: Floats, known: Floats, limit: float) -> Mapping[str, object]:
    """Return which share of faces is taken for drawn: by family, by kind, and each person drawn by hand."""
    families = np.array([each.family for each in samples])
    kinds = np.array([each.kind for each in samples])
    people = np.array([each.person for each in samples])
    is_drawn = np.array([each.is_drawn for each in samples])

    def told(mine: NDArray[np.bool_]) -> dict[str, float]:
        by_fit = {"unknown": unknown[mine] >= limit, "known": known[mine] >= limit}
        return {"faces": int(mine.sum()), **{name: round(float(each.mean()), 4) for name, each in by_fit.items()}}

    by_hand, drawn = (families == BY_HAND), {}
    for name in sorted(set(families[is_drawn])):
        drawn[name] = told(families == name)
    return {
        "limit": round(limit, 3),
        "drawn": drawn,
        "all families": mean_of([each for name, each in drawn.items() if name != BY_HAND]),
        "by hand": {name: told(by_hand & (people == name)) for name in sorted(set(people[by_hand]))},
        "photographs": {name: told(families == name) for name in sorted(set(families[~is_drawn]))},
        "all treatments": mean_of([told(families == name) for name in sorted(set(families[~is_drawn]))]),
        "by kind": {name: told(~is_drawn & (kinds == name)) for name in ("photographed", "generated")},
    }


def mean_of(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return the mean of families, each as heavy as another."""
    return {name: round(float(np.mean([row[name] for row in rows])), 4) for name in ("unknown", "known")}


if __name__ == "__main__":
    main()
