"""Does an anchor tell its subject from others? On photographs of 16 products and pets, look-alikes among them.

    python benchmarks/identity.py [--quick] [--only PART …] [--cache FOLDER] [--out FILE]

Parts: `pairs` (picture against picture), `templates` (three random references), `looks` (further looks at a reference),
`alike` (who is taken for whom), `scenes` (pasted into street scenes), `wrong` (wrong references among right ones),
`defects` (recoloured, label swapped, logo removed, mirrored, stretched: by similarity), `changes` (the same by what an
anchor says of changes), `generated` (pictures made from references), `copies` (thumbnails of copies and of other
photographs), `honesty` (what cannot be scored).

Beside the anchor's, three ways to compare whole pictures by cosine: `baseline`, the mean of the features, centred on
the mean of all pictures here, which no gate could know; `centred`, the default embedding, centred likewise; `plain`,
the default embedding as it comes; on pairs also `likeness`, the anchor's less a share of the distance of colours.
Intervals are 90 %, bootstrap over subjects, differences paired.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from identity_changes import changes
from identity_colours import colours_apart, paired, weights_by_kind, with_colours
from identity_defects import defects
from identity_generated import generated
from identity_honesty import honesty
from identity_looks import SHARED, Looks, Photo, Vectors, in_scenes, photographs, recompressed, unit
from identity_measures import (
    BOOTSTRAPS,
    Trials,
    by_subject,
    compared,
    draws_of_subjects,
    interval,
    measures,
    named,
    threshold,
)
from identity_wrong import wrong_references
from photo_collections import families

from consistency.cohort import known_cohorts, normalised
from consistency.score import COLOURS
from consistency.thumbnails import squeezed

REFERENCES = 3
DRAWS = 200
FRACTIONS = (0.5, 0.25, 0.1)
SHOWN = 12
"""Look-alikes listed."""

Score = Callable[[Vectors, Vectors], Vectors]


def main() -> int:
    """Measure what the command line names, print it, write it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="five photographs of six subjects, three draws")
    parser.add_argument("--only", nargs="+", choices=sorted(PARTS), default=list(PARTS))
    parser.add_argument("--cache", type=Path, help="where embeddings are kept between runs")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if not (SHARED / "identity_products").is_dir():
        print(f"skipped: {SHARED / 'identity_products'} is not on this machine")
        return 0
    bench = Bench(Looks(options.cache), photographs(options.quick), 3 if options.quick else DRAWS)
    result = {part: PARTS[part](bench) for part in options.only}
    print(json.dumps(result, indent=1))
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return 0


class Bench:
    """Photographs and how they are looked at."""

    def __init__(self, looks: Looks, photos: Sequence[Photo], draws: int) -> None:
        self.looks, self.photos, self.draws = looks, photos, draws
        self.names = sorted({photo.subject for photo in photos})
        self.owner = np.array([self.names.index(photo.subject) for photo in photos])
        whole = np.stack([looks.whole(photo) for photo in photos])
        mean = np.stack([looks.mean_pooled(photo) for photo in photos])
        self.ways: Mapping[str, Vectors] = {
            "baseline": unit(mean - mean.mean(axis=0)),
            "centred": unit(whole - whole.mean(axis=0)),
            "plain": whole,
            "anchor": np.stack([looks.reference(photo) for photo in photos]),
        }

    def own(self, subject: int) -> np.ndarray:
        """Return the places of a subject's photographs."""
        return np.flatnonzero(self.owner == subject)

    def drawn(self, subject: int, draw: int, count: int = REFERENCES) -> np.ndarray:
        """Return which photographs are references in a draw."""
        return np.random.default_rng([7, draw, subject]).choice(self.own(subject), count, replace=False)


def pairs(bench: Bench) -> dict[str, object]:
    """Return every pair of photographs, compared directly."""
    left, right = np.triu_indices(len(bench.photos), 1)
    trials = {
        way: Trials((vectors[left] * vectors[right]).sum(axis=1), bench.owner[left], bench.owner[right])
        for way, vectors in bench.ways.items()
    }
    apart = colours_apart(bench.looks, bench.photos)
    trials["likeness"] = with_colours(trials["anchor"], apart[left, right], COLOURS)
    found = summary(bench, {way: [each] for way, each in trials.items()}, BOOTSTRAPS)
    found["likeness_minus"] = paired(trials["likeness"], trials, len(bench.names))
    return {**found, "weight_of_colours": weights_by_kind(trials["anchor"], apart[left, right], bench.names)}


def templates(bench: Bench) -> dict[str, object]:
    """Return templates of three references against all other photographs, over random draws."""
    trials = {way: [trials_of(bench, vectors, draw, mean_score) for draw in range(bench.draws)]
              for way, vectors in bench.ways.items()}  # fmt: skip
    found = summary(bench, trials, BOOTSTRAPS // 10)
    anchors = bench.ways["anchor"]
    others = {name: mean_of(bench, anchors, score) for name, score in SCORES.items()}
    return {**found, "other_scores_of_the_anchor_s_looks": others}


def looks(bench: Bench) -> dict[str, object]:
    """Return what further looks at references add: pairs and templates, the pictures to judge looked at as ever."""
    once = bench.ways["anchor"]
    room = {margin: np.stack([bench.looks.with_room(photo, margin) for photo in bench.photos]) for margin in (0.0, 0.2)}
    mirrored = np.stack([bench.looks.with_room(photo, 0.1, is_mirrored=True) for photo in bench.photos])
    ways = {"one": once, "mirrored": unit(once + mirrored), "more_and_less_room": unit(once + room[0.0] + room[0.2])}
    return {
        name: {
            "one_reference": named(measures(against(bench, references, once))),
            "three_references": mean_of(bench, references, mean_score, once),
        }
        for name, references in ways.items()
    }


def alike(bench: Bench) -> dict[str, object]:
    """Return who is taken for whom at 1 % over all: template of three, share of the other's photographs."""
    every = [trials_of(bench, bench.ways["anchor"], draw, mean_score) for draw in range(bench.draws)]
    taken = np.zeros((len(bench.names), len(bench.names)))
    for trials in every:
        hit = trials.score >= threshold(trials)
        np.add.at(taken, (trials.left[hit], trials.right[hit]), 1)
    counts = np.bincount(bench.owner)
    shares = taken / (counts[None] * len(every))
    np.fill_diagonal(shares, 0)
    order = np.dstack(np.unravel_index(np.argsort(-shares, axis=None), shares.shape))[0]
    kin = families()
    return {
        "taken_for": [
            {
                "template": bench.names[a],
                "picture": bench.names[b],
                "share": round(float(shares[a, b]), 4),
                "of_one_kind": bench.names[b] in kin.get(bench.names[a], ()),
            }
            for a, b in order[:SHOWN]
            if shares[a, b] > 0
        ]
    }


def scenes(bench: Bench) -> dict[str, object]:
    """Return templates of three against pictures to judge, plain and pasted, at one threshold for all of them."""
    views = {"plain": bench.photos, **{f"{fraction:g}": in_scenes(bench.photos, fraction) for fraction in FRACTIONS}}
    assets = {view: [bench.looks.asset(photo) for photo in photos] for view, photos in views.items()}
    whole = {view: [bench.looks.whole(photo)[None] for photo in photos] for view, photos in views.items()}
    ways = {"anchor": (bench.ways["anchor"], assets), "plain": (bench.ways["plain"], whole)}
    found: dict[str, object] = {}
    for way, (references, shown) in ways.items():
        recalls = {view: [] for view in views}
        for draw in range(min(bench.draws, 50)):
            trials = {view: trials_of(bench, references, draw, mean_score, places) for view, places in shown.items()}
            limit = np.mean([threshold(each) for each in trials.values()])
            for view, each in trials.items():
                recalls[view].append(float((each.score[each.is_same] >= limit).mean()))
        found[way] = {view: round(float(np.mean(each)), 4) for view, each in recalls.items()}
    return found


def wrong(bench: Bench) -> dict[str, object]:
    """Return whether wrong references are named."""
    more = np.stack([bench.looks.reference(photo) for photo in in_scenes(bench.photos, 0.5)])
    return wrong_references(bench.ways["anchor"], more, bench.owner, bench.names, 10 * bench.draws)


def copies(bench: Bench) -> dict[str, object]:
    """Return how far thumbnails of copies, of 512 px at JPEG quality 30, lie from the original, and others from it."""
    thumbs = np.stack([squeezed(photo.pixels) for photo in bench.photos]).astype(np.float64)
    copied = np.stack([squeezed(recompressed(photo.pixels)) for photo in bench.photos]).astype(np.float64)
    apart = ((thumbs[:, None] - copied[None]) ** 2).mean(axis=(2, 3, 4)) ** 0.5
    own, others = apart.diagonal(), apart[~np.eye(len(apart), dtype=bool)]
    return {"farthest_copy": round(float(own.max()), 2), "nearest_other": round(float(others.min()), 2)}


def summary(bench: Bench, trials: Mapping[str, Sequence[Trials]], times: int) -> dict[str, object]:
    """Return the measures of each way with their spread over subjects and draws, and ours beside the others'."""
    counts = draws_of_subjects(len(bench.names), times=times)
    spreads = {
        way: np.stack([np.mean([measures(each, each.weights(row)) for each in draws], axis=0) for row in counts])
        for way, draws in trials.items()
    }
    found: dict[str, object] = {}
    for way, draws in trials.items():
        values = np.stack([measures(each) for each in draws])
        found[way] = {**named(values.mean(axis=0)), "interval": interval(spreads[way])}
        if len(draws) > 1:
            found[way]["over_draws"] = interval(values)
    found["tpr_by_subject"] = by_subject(joined(trials["anchor"]), bench.names)
    found["anchor_minus"] = {way: compared(spreads["anchor"], spreads[way]) for way in trials if way != "anchor"}
    return found


def joined(trials: Sequence[Trials]) -> Trials:
    """Return the trials of several draws as one."""
    return Trials(*(np.concatenate([getattr(each, part) for each in trials]) for part in ("score", "left", "right")))


def against(bench: Bench, references: Vectors, judged: Vectors) -> Trials:
    """Return every picture as the one reference for every other."""
    left, right = np.nonzero(~np.eye(len(references), dtype=bool))
    return Trials((references[left] * judged[right]).sum(axis=1), bench.owner[left], bench.owner[right])


def trials_of(
    bench: Bench, references: Vectors, draw: int, score: Score, judged: Sequence[Vectors] | Vectors | None = None
) -> Trials:
    """Return one draw of references of every subject against every other photograph; the best place counts."""
    shown = references if judged is None else judged
    rows = []
    for subject in range(len(bench.names)):
        drawn = bench.drawn(subject, draw)
        rest = np.setdiff1d(np.arange(len(bench.photos)), drawn)
        values = [float(score(references[drawn], np.atleast_2d(shown[place])).max()) for place in rest]
        rows.append((np.array(values), np.full(len(rest), subject), bench.owner[rest]))
    return Trials(*(np.concatenate(column) for column in zip(*rows, strict=True)))


def mean_of(bench: Bench, references: Vectors, score: Score, judged: Vectors | None = None) -> dict[str, float]:
    """Return the measures over all draws."""
    return named(
        np.mean([measures(trials_of(bench, references, draw, score, judged)) for draw in range(bench.draws)], axis=0)
    )


def mean_score(references: Vectors, places: Vectors) -> Vectors:
    """Return cosines to the mean of the references: what an anchor does."""
    return places @ unit(references.mean(axis=0))


def weighted_score(references: Vectors, places: Vectors) -> Vectors:
    """Return cosines to a mean in which a reference at 30° from the others counts half."""
    others = unit(references.sum(axis=0) - references)
    degrees = np.degrees(np.arccos(np.clip((references * others).sum(axis=1), -1, 1)))
    return places @ unit((references / (1 + (degrees / 30) ** 2)[:, None]).sum(axis=0))


def soft_score(references: Vectors, places: Vectors) -> Vectors:
    """Return a soft maximum over the references as sub-centres, κ = 20."""
    return np.asarray(np.log(np.exp(20 * places @ references.T).mean(axis=1)) / 20)


def centred_score(references: Vectors, places: Vectors) -> Vectors:
    """Return cosines of what is left without the mean of the cohort that the package carries."""
    (cohort,) = known_cohorts().values()
    centre = cohort.mean(axis=0, dtype=np.float64)
    return unit(places - centre) @ unit(unit(references - centre).mean(axis=0))


def normalised_score(references: Vectors, places: Vectors) -> Vectors:
    """Return the score set against the cohort that the package carries."""
    (cohort,) = known_cohorts().values()
    template = unit(references.mean(axis=0))
    return np.array([normalised(template, place, cohort) for place in places])


SCORES: Mapping[str, Score] = {
    "mean": mean_score,
    "weighted": weighted_score,
    "nearest": lambda references, places: (places @ references.T).max(axis=1),
    "soft_maximum": soft_score,
    "centred_on_the_cohort": centred_score,
    "normalised": normalised_score,
}
PARTS: Mapping[str, Callable[[Bench], dict[str, object]]] = {
    "pairs": pairs,
    "templates": templates,
    "looks": looks,
    "alike": alike,
    "scenes": scenes,
    "wrong": wrong,
    "defects": lambda bench: defects(bench.looks, bench.photos, is_quick=bench.draws < DRAWS),
    "changes": lambda bench: changes(bench.looks, bench.photos, is_quick=bench.draws < DRAWS),
    "generated": lambda bench: generated(bench.looks, is_quick=bench.draws < DRAWS),
    "copies": copies,
    "honesty": lambda bench: honesty(bench.looks),
}

if __name__ == "__main__":
    sys.exit(main())
