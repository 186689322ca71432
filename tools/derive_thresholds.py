"""Derives the identity thresholds that hold before a calibration, from photographs, and writes them into the package.

    python tools/derive_thresholds.py [--face-pack FOLDER] [--embedder NAME …] [--dry-run]

For every subject and number of references n, templates are built from every choice of n of its plain photographs (at
most DRAWS of them). The accept threshold is the one that 1 % of look-alikes reach; the reject threshold the one that
1 % of the subject's own pictures miss. Pictures are shown plain and as half and a quarter of a scene; each way counts a
third. Intervals: 90 %, bootstrap over subjects. Where the reject threshold would be the higher one, both promises hold
anywhere between: the two are then swapped, so that what lies between is left to a person.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from photo_collections import ROOT, Photo, families, people, products

from consistency.embedders.embedder import load_embedder
from consistency.faces.finder import load_face_finder
from consistency.facets import Seen, face_of, see_reference, see_subject
from consistency.references import build_template

TARGET = ROOT / "src/qa/checks/identity_thresholds.json"
FACE_PACK = ROOT.parent / "shared/models/insightface_root/models/small"
RATE = 0.01
DRAWS = 20
MOST_REFERENCES = 4
BOOTSTRAPS = 300


@dataclass(frozen=True, eq=False)
class Look:
    """What a facet shows of one photograph as a picture to judge, and as a reference where it may be one."""

    photo: Photo
    seen: Seen
    reference: Seen | None


@dataclass(frozen=True, eq=False)
class Trials:
    """Similarities of pictures to templates: whose template, how much each trial counts."""

    subject: NDArray[np.str_]
    similarity: NDArray[np.float64]
    weight: NDArray[np.float64]


def options_of(page: str) -> argparse.Namespace:
    """Return which models to derive for, from the command line."""
    parser = argparse.ArgumentParser(description=page.splitlines()[0])
    parser.add_argument("--face-pack", type=Path, default=FACE_PACK)
    parser.add_argument("--embedder", nargs="*", default=["efficientnet"])
    parser.add_argument("--dry-run", action="store_true")
    return parser.parse_args()


def main() -> None:
    """Derive all thresholds and write them."""
    options = options_of(__doc__)
    entries = [entry for name in options.embedder for entry in subject_entries(name)]
    if options.face_pack.is_dir():
        entries += face_entries(options.face_pack)
    record = {"format": "qa.identity_thresholds", "version": 1, "rate": RATE, "thresholds": entries}
    if not options.dry_run:
        TARGET.write_text(json.dumps(record, indent=1) + "\n")
    for entry in entries:
        print({key: entry[key] for key in entry if key not in ("spec", "data", "views")})


def subject_entries(name: str) -> Iterator[dict[str, Any]]:
    """Yield the thresholds of one embedder by number of references."""
    spec, looks, alike = product_looks(name)
    for count in range(1, MOST_REFERENCES + 1):
        same, others = trials(looks, count, alike)
        yield entry("subject", spec, count, same, others, "products and pets, look-alikes of one kind")


def product_looks(name: str) -> tuple[str, list[Look], dict[str, frozenset[str]]]:
    """Return an embedder's spec id, what it sees of the products, and who looks like whom."""
    embedder = load_embedder(name)
    looks = [
        Look(
            photo,
            see_subject(photo.pixels, embedder.embed),
            see_reference(photo.pixels, embedder.embed) if photo.view == "plain" else None,
        )
        for photo in products()
    ]
    return embedder.spec.id, looks, families()


def face_entries(pack: Path) -> Iterator[dict[str, Any]]:
    """Yield the thresholds of one face pack by number of references."""
    spec, looks, alike = face_looks(pack)
    for count in range(1, MOST_REFERENCES):
        same, others = trials(looks, count, alike)
        yield entry("face", spec, count, same, others, "portraits and stills, all other people")


def face_looks(pack: Path) -> tuple[str, list[Look], dict[str, frozenset[str]]]:
    """Return a face pack's spec id, what it sees of the portraits, and everybody else for each person."""
    finder = load_face_finder(f"insightface:{pack}")
    found = [(photo, face_of(finder.find([photo.pixels])[0], finder.spec.id)) for photo in people()]
    looks = [Look(photo, seen, seen) for photo, seen in found if not seen.code]
    subjects = {look.photo.subject for look in looks}
    return finder.spec.id, looks, {subject: frozenset(subjects - {subject}) for subject in subjects}


def trials(looks: Sequence[Look], count: int, alike: dict[str, frozenset[str]]) -> tuple[Trials, Trials]:
    """Return the trials of subjects against themselves and against their look-alikes."""
    same: list[tuple[str, float, float]] = []
    others: list[tuple[str, float, float]] = []
    for subject in sorted({look.photo.subject for look in looks}):
        own = [look for look in looks if look.photo.subject == subject]
        rivals = [look for look in looks if look.photo.subject in alike.get(subject, ())]
        plain = [look for look in own if look.reference is not None]
        drawn = draws(plain, count)
        for references in drawn:
            template = build_template(subject, "facet", [look.reference for look in references if look.reference])
            names = {look.photo.name for look in references}
            rest = [look for look in own if look.photo.name not in names]
            for kept, pool in ((same, rest), (others, rivals)):
                kept += [
                    (subject, float(template.score(look.seen).similarity or 0.0), 1 / (len(drawn) * len(pool)))
                    for look in pool
                ]
    return as_trials(same), as_trials(others)


def draws(plain: Sequence[Look], count: int) -> list[tuple[Look, ...]]:
    """Return choices of `count` references that leave at least one photograph, DRAWS of them at most."""
    if len(plain) <= count:
        return []
    every = list(combinations(plain, count))
    step = max(1, len(every) / DRAWS)
    return [every[int(index * step)] for index in range(min(DRAWS, len(every)))]


def as_trials(rows: Iterable[tuple[str, float, float]]) -> Trials:
    """Return rows as columns."""
    subjects, similarities, weights = zip(*rows, strict=True)
    return Trials(np.array(subjects), np.array(similarities), np.array(weights))


def entry(facet: str, spec: str, count: int, same: Trials, others: Trials, data: str) -> dict[str, Any]:
    """Return the record of one pair of thresholds."""
    groups = families() if facet == "subject" else {}
    pairs = np.array([thresholds(*resampled(same, others, seed)) for seed in range(BOOTSTRAPS)])
    accept, reject = thresholds(same, others)
    (low_accept, high_accept), (low_reject, high_reject) = (np.quantile(column, (0.05, 0.95)) for column in pairs.T)
    return {
        "spec": spec,
        "facet": facet,
        "references": count,
        "accept": round(accept, 4),
        "reject": round(reject, 4),
        "accept_interval": [round(float(low_accept), 4), round(float(high_accept), 4)],
        "reject_interval": [round(float(low_reject), 4), round(float(high_reject), 4)],
        "subjects": len(set(same.subject)),
        "same_trials": len(same.similarity),
        "other_trials": len(others.similarity),
        "same_accepted": round(share(same, accept), 4),
        "same_rejected": round(1 - share(same, reject), 4),
        "others_accepted": round(share(others, accept), 4),
        "others_rejected": round(1 - share(others, reject), 4),
        "held_out": held_out(same, others, groups),
        "data": data,
    }


def held_out(same: Trials, others: Trials, groups: Mapping[str, frozenset[str]]) -> dict[str, float]:
    """Return the shares that thresholds reach on subjects whose kind had no part in deriving them."""
    sums = np.zeros(4)
    names = sorted(set(same.subject))
    kinds = {frozenset({name}) | groups.get(name, frozenset()) for name in names}
    for kind in kinds:
        mine = [np.isin(each.subject, list(kind)) for each in (same, others)]
        accept, reject = thresholds(*(kept(each, ~own) for each, own in zip((same, others), mine, strict=True)))
        for place, (each, own) in enumerate(zip((same, others), mine, strict=True)):
            part = kept(each, own)
            sums[2 * place] += part.weight[part.similarity >= accept].sum() / each.weight.sum()
            sums[2 * place + 1] += part.weight[part.similarity < reject].sum() / each.weight.sum()
    keys = ("same_accepted", "same_rejected", "others_accepted", "others_rejected")
    return dict(zip(keys, (round(float(value), 4) for value in sums), strict=True))


def kept(trials: Trials, mask: NDArray[np.bool_]) -> Trials:
    """Return some of the trials."""
    return Trials(trials.subject[mask], trials.similarity[mask], trials.weight[mask])


def thresholds(same: Trials, others: Trials) -> tuple[float, float]:
    """Return the higher and the lower threshold."""
    few_false_accepts = quantile(others, 1 - RATE)
    few_false_rejects = quantile(same, RATE)
    return max(few_false_accepts, few_false_rejects), min(few_false_accepts, few_false_rejects)


def quantile(trials: Trials, rate: float) -> float:
    """Return the weighted quantile."""
    order = np.argsort(trials.similarity)
    mass = np.cumsum(trials.weight[order])
    return float(trials.similarity[order][np.searchsorted(mass, rate * mass[-1])])


def share(trials: Trials, threshold: float) -> float:
    """Return the weighted share at or above a threshold."""
    return float(trials.weight[trials.similarity >= threshold].sum() / trials.weight.sum())


def resampled(same: Trials, others: Trials, seed: int) -> tuple[Trials, Trials]:
    """Return the trials with subjects drawn with replacement."""
    subjects = sorted(set(same.subject))
    drawn = np.random.default_rng(seed).integers(0, len(subjects), len(subjects))
    counts = dict(zip(subjects, np.bincount(drawn, minlength=len(subjects)), strict=True))
    return reweighted(same, counts), reweighted(others, counts)


def reweighted(trials: Trials, counts: dict[str, Any]) -> Trials:
    """Return the trials with each subject counting as often as it was drawn."""
    factor = np.array([counts.get(subject, 0) for subject in trials.subject], np.float64)
    return Trials(trials.subject, trials.similarity, trials.weight * factor)


if __name__ == "__main__":
    main()
