"""Who is on a picture with several subjects? Real face models on portraits, the default embedder on products.

    python benchmarks/identity_sets.py [--quick] [--only PART …] [--out FILE]

Parts: `faces` (portrait against portrait, and three references against the rest), `people` (several people composed
into one picture: who is found in the right place, missing, a stranger), `products` (the same with products and pets,
look-alikes among them), `windows` (those through windows of other sizes), `background` (the same scene behind other
products). Pictures are composed because the data has no labelled ones of several subjects: photographs are shrunk or
enlarged and put side by side on a street scene. What an anchor says alone, without the others of its set, stands beside
it. Intervals of areas and errors are 90 %, bootstrap over subjects; those of shares 95 %, Wilson.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path

import numpy as np
from identity_honesty import PACK
from identity_looks import SHARED, Pixels, photographs, unit
from identity_measures import Trials, draws_of_subjects, interval, measures, named
from identity_together import MOST_STRANGERS, REFERENCES, SET, Composed, alone, put, street_scenes, through, together
from photo_collections import Photo, families, people

from consistency import Anchor
from consistency.embedders.embedder import load_embedder
from consistency.faces.drawn import drawing_test
from consistency.faces.finder import FaceFinder, load_face_finder
from consistency.facets import Seen, face_of
from consistency.surroundings import background_of

FRACTIONS = (0.5, 0.4, 0.3, 0.2)
QUICK = ("amy", "howard", "penny", "raj", "hinton")

DOUBLE = 0.99
"""Cosine of two portraits that are one photograph."""


def main() -> int:
    """Measure what the command line names, print it, write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a few pictures of a few subjects")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS))
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if not (SHARED / "faces").is_dir() or not PACK.is_dir():
        print(f"skipped: {SHARED / 'faces'} or {PACK} is not on this machine")
        return 0
    result = {part: PARTS[part](options.quick) for part in options.only}
    print(json.dumps(result, indent=1, ensure_ascii=False))
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0


def faces(is_quick: bool) -> dict[str, object]:
    """Return how well portraits of one person are told from those of others."""
    looks = portraits(face_finder(), is_quick)
    names = sorted({photo.subject for photo, _ in looks})
    owner = np.array([names.index(photo.subject) for photo, _ in looks])
    vectors = np.stack([vector for _, vector in looks])
    left, right = np.triu_indices(len(looks), 1)
    pairs = Trials((vectors[left] * vectors[right]).sum(axis=1), owner[left], owner[right])
    counts = draws_of_subjects(len(names), times=200 if is_quick else 1000)
    found = {
        "portraits": len(looks),
        "not_evaluable": unseen(face_finder(), is_quick),
        "people": len(names),
        "same_pairs": int(pairs.is_same.sum()),
        "other_pairs": int((~pairs.is_same).sum()),
        "pairs": {**named(measures(pairs)), "interval": interval(spread(pairs, counts))},
        "lowest_same": round(float(pairs.score[pairs.is_same].min()), 4),
        "highest_other": round(float(pairs.score[~pairs.is_same].max()), 4),
    }
    draws = [of_templates(vectors, owner, draw) for draw in range(5 if is_quick else 100)]
    over = np.mean([spread(each, counts[:100]) for each in draws[:20]], axis=0)
    mean = np.mean([measures(each) for each in draws], axis=0)
    return {**found, "three_references": {**named(mean), "interval": interval(over)}}


def people_together(is_quick: bool) -> dict[str, object]:
    """Return who is found on composed pictures of several people."""
    finder = face_finder()
    photos = [photo for photo, _ in portraits(finder, is_quick)]

    def anchor(name: str, chosen: Sequence[Pixels]) -> Anchor:
        return Anchor.from_references(name, chosen, facets=("face",), face_finder=finder)

    bench = Composed(photos, {}, anchor, places=SET + MOST_STRANGERS)
    return bench.measured({"together": together, "alone": alone}, *((1, 2) if is_quick else (10, 25)))


def products_together(is_quick: bool) -> dict[str, object]:
    """Return which products and pets are found on composed pictures; in every other set there are look-alikes."""
    ways = {"together": together, "alone_same_windows": partial(alone, is_crowded=True), "alone": alone}
    return composed_products(is_quick).measured(ways, *((1, 1) if is_quick else (6, 12)))


def windows(is_quick: bool) -> dict[str, object]:
    """Return the same through windows of other sizes."""
    ways = {f"{fraction:g}": partial(through, fraction=fraction) for fraction in FRACTIONS[: 1 if is_quick else None]}
    return composed_products(is_quick).measured(ways, *((1, 1) if is_quick else (2, 10)))


@cache
def composed_products(is_quick: bool) -> Composed:
    """Return composed pictures of products and pets."""
    embedder = load_embedder("efficientnet")

    def anchor(name: str, chosen: Sequence[Pixels]) -> Anchor:
        return Anchor.from_references(name, chosen, embedder=embedder)

    return Composed(photographs(is_quick), families(), anchor, places=SET)


def background(is_quick: bool) -> dict[str, object]:
    """Return how well the same scene is told from others whatever stands before it."""
    photos, scenes = photographs(is_quick), street_scenes()[: 4 if is_quick else None]
    embed = load_embedder("efficientnet").embed
    rng = np.random.default_rng(3)
    rows = []
    for place, scene in enumerate(scenes):
        for photo in (photos[index] for index in rng.choice(len(photos), 4, replace=False)):
            pixels = scene.copy()
            put(pixels, photo.pixels, 260, rng)
            seen = background_of(pixels, embed([pixels]))
            rows.append((place, seen.vectors[0] if not seen.code else None))
    shown = [(place, vector) for place, vector in rows if vector is not None]
    places = np.array([place for place, _ in shown])
    vectors = unit(np.stack([vector for _, vector in shown]))
    left, right = np.triu_indices(len(shown), 1)
    pairs = Trials((vectors[left] * vectors[right]).sum(axis=1), places[left], places[right])
    return {"scenes": len(scenes), "pictures": len(rows), "seen": len(shown), **named(measures(pairs))}


@cache
def face_finder() -> FaceFinder:
    """Return the real face models."""
    return load_face_finder(f"insightface:{PACK}")


@cache
def portraits(finder: FaceFinder, is_quick: bool) -> list[tuple[Photo, np.ndarray]]:
    """Return every portrait with the vector of its largest face, copies of one photograph left out."""
    kept: list[tuple[Photo, np.ndarray]] = []
    for photo in people():
        if is_quick and photo.subject not in QUICK:
            continue
        seen = seen_face(photo, finder)
        if seen.code:
            continue
        vector = unit(seen.vectors)[0]
        if not any(photo.subject == other.subject and vector @ known > DOUBLE for other, known in kept):
            kept.append((photo, vector))
    return kept


def seen_face(photo: Photo, finder: FaceFinder) -> Seen:
    """Return what an anchor sees of the faces of a portrait."""
    drawn = partial(drawing_test().are_drawn, photo.pixels)
    return face_of(finder.find([photo.pixels])[0], finder.spec.id, drawn)


def unseen(finder: FaceFinder, is_quick: bool) -> dict[str, str]:
    """Return which portraits cannot be compared, and why."""
    chosen = [photo for photo in people() if not is_quick or photo.subject in QUICK]
    looks = [(photo, seen_face(photo, finder)) for photo in chosen]
    return {f"{photo.subject}/{photo.name}": seen.reason for photo, seen in looks if seen.code}


def of_templates(vectors: np.ndarray, owner: np.ndarray, draw: int) -> Trials:
    """Return one draw of three references of everybody who has more, against all other portraits."""
    rows = []
    for subject in np.unique(owner):
        own = np.flatnonzero(owner == subject)
        if len(own) <= REFERENCES:
            continue
        drawn = np.random.default_rng([5, draw, int(subject)]).choice(own, REFERENCES, replace=False)
        rest = np.setdiff1d(np.arange(len(owner)), drawn)
        scores = vectors[rest] @ unit(vectors[drawn].mean(axis=0))
        rows.append((scores, np.full(len(rest), subject), owner[rest]))
    return Trials(*(np.concatenate(column) for column in zip(*rows, strict=True)))


def spread(trials: Trials, counts: np.ndarray) -> np.ndarray:
    """Return the measures over bootstraps of subjects."""
    return np.stack([measures(trials, trials.weights(row)) for row in counts])


PARTS: Mapping[str, Callable[[bool], dict[str, object]]] = {
    "faces": faces,
    "people": people_together,
    "products": products_together,
    "windows": windows,
    "background": background,
}

if __name__ == "__main__":
    sys.exit(main())
