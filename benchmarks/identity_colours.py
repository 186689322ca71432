"""How much the distance of colours says beside a similarity, chosen without the kind of subject that it is tried on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from identity_looks import Looks, Vectors
from identity_measures import Trials, compared, draws_of_subjects, measures, named
from photo_collections import Photo, families

from consistency.colouring import colour_distance

WEIGHTS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.7)


def colours_apart(looks: Looks, photos: Sequence[Photo]) -> Vectors:
    """Return the distance of colours of each photograph to each other one, n×n."""
    seen = [looks.colours(photo).astype(np.float32) for photo in photos]
    return np.array([[colour_distance(one, other) for other in seen] for one in seen])


def with_colours(trials: Trials, apart: Vectors, weight: float) -> Trials:
    """Return trials whose scores are less by a share of the distance of colours."""
    return Trials(trials.score - weight * apart, trials.left, trials.right)


def paired(ours: Trials, others: Mapping[str, Trials], subjects: int) -> dict[str, object]:
    """Return the paired difference of one way to each other one, over bootstraps of the subjects."""
    counts = draws_of_subjects(subjects)
    own = np.stack([measures(ours, ours.weights(row)) for row in counts])
    found = {}
    for way, each in others.items():
        if each is not ours:
            found[way] = compared(own, np.stack([measures(each, each.weights(row)) for row in counts]))
    return found


def weights_by_kind(trials: Trials, apart: Vectors, names: Sequence[str]) -> dict[str, object]:
    """Return what each weight measures over all, and for each kind what the weight chosen without it measures on it."""
    every = {f"{weight:g}": named(measures(with_colours(trials, apart, weight))) for weight in WEIGHTS}
    return {"over_all": every, "by_kind": [held_out(trials, apart, kind, names) for kind in kinds(names)]}


def held_out(trials: Trials, apart: Vectors, kind: Sequence[str], names: Sequence[str]) -> dict[str, object]:
    """Return the weight with the least equal error on pairs without a kind, and its figures on pairs with it."""
    of_kind = np.isin(np.arange(len(names)), [names.index(name) for name in kind])
    is_out = of_kind[trials.left] | of_kind[trials.right]
    rest, out = ((chosen(trials, part), apart[part]) for part in (~is_out, is_out))
    found = [measures(with_colours(*rest, weight)) for weight in WEIGHTS]
    best = min(range(len(WEIGHTS)), key=lambda index: (round(float(found[index][1]), 5), -found[index][0]))
    return {
        "kind": list(kind),
        "weight": WEIGHTS[best],
        "without_colours": named(measures(with_colours(*out, 0.0))),
        "with_colours": named(measures(with_colours(*out, WEIGHTS[best]))),
    }


def chosen(trials: Trials, part: np.ndarray) -> Trials:
    """Return some of the trials."""
    return Trials(trials.score[part], trials.left[part], trials.right[part])


def kinds(names: Sequence[str]) -> list[list[str]]:
    """Return the subjects by kind, those of no kind together."""
    kin = families()
    known = {frozenset({name, *kin[name]} & {*names}) for name in names if name in kin}
    rest = [name for name in names if not any(name in kind for kind in known)]
    return [*sorted(sorted(kind) for kind in known), *([rest] if rest else [])]
