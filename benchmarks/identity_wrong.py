"""Wrong references among right ones: are they named, and is nobody named wrongly?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from identity_looks import Vectors, unit
from identity_measures import Trials, measures
from numpy.typing import NDArray
from photo_collections import families

from consistency.agreement import floor_for, odd_ones
from consistency.embedders.embedder import load_embedder
from consistency.errors import AnchorError

SETS = ((3, 1), (7, 3), (4, 0), (10, 0))
"""Right and wrong references. No subject here has seven photographs: beyond its own, the same ones on half the area of
street scenes stand in."""


def wrong_references(
    vectors: Vectors, more: Vectors, owner: NDArray[np.intp], names: list[str], times: int
) -> dict[str, object]:
    """Return for every kind of set the share of wrong ones named, of right ones dropped, and of sets refused.

    Args:
        vectors: Of the photographs as references.
        more: Of the same in scenes.
        owner: Whose each is.
        names: The subjects.
        times: Sets of each kind.
    """
    floor = floor_for(load_embedder("efficientnet").spec.id, "subject")
    if floor is None:
        raise SystemExit("the package knows no floor for the default embedder")
    found: dict[str, object] = {"floor": floor}
    for right, wrong in SETS:
        for kind in ("any", "one_other", "alike") if wrong else ("none",):
            rng = np.random.default_rng([right, wrong])
            drawn = sets(rng, (vectors, more), owner, names, (right, wrong), kind, times)
            tallies = [tally(*each, floor) for each in drawn]
            found[f"{wrong}_of_{right + wrong}_{kind}"] = rates(np.array(tallies, float), right, wrong)
    return {**found, "equal_error": equal_errors(vectors, owner, floor, times // 20)}


def sets(
    rng: np.random.Generator, pools: tuple[Vectors, Vectors], owner: NDArray[np.intp], names: list[str],
    size: tuple[int, int], kind: str, times: int,
) -> Iterator[tuple[Vectors, int]]:  # fmt: skip
    """Yield vectors with the right ones first, and how many are right."""
    kin = families()
    vectors, more = pools
    for _ in range(times):
        subject = int(rng.integers(len(names)))
        if kind == "alike":
            relatives = [index for index, name in enumerate(names) if name in kin.get(names[subject], ())]
            pool = np.flatnonzero(np.isin(owner, relatives))
        elif kind == "one_other":
            pool = np.flatnonzero(owner == rng.choice([each for each in range(len(names)) if each != subject]))
        else:
            pool = np.flatnonzero(owner != subject)
        if len(pool) < size[1]:
            continue
        own = vectors[owner == subject]
        if len(own) < size[0]:
            own = np.concatenate([own, more[owner == subject]])
        right = own[rng.choice(len(own), size[0], replace=False)]
        yield np.concatenate([right, vectors[rng.choice(pool, size[1], replace=False)]]), size[0]


def tally(vectors: Vectors, right: int, floor: float) -> tuple[int, int, int]:
    """Return how many wrong and right ones were named, and whether the set was refused."""
    try:
        odd = odd_ones(vectors.astype(np.float32), floor)
    except AnchorError:
        return 0, 0, 1
    wrong = sum(each.index >= right for each in odd)
    return wrong, len(odd) - wrong, 0


def rates(tallies: Vectors, right: int, wrong: int) -> dict[str, float]:
    """Return the shares; a refused set names nobody."""
    sums = tallies.sum(axis=0)
    named = {"named": round(float(sums[0] / (wrong * len(tallies))), 4)} if wrong else {}
    dropped = round(float(sums[1] / (right * len(tallies))), 4)
    return {**named, "falsely_dropped": dropped, "sets_refused": round(float(sums[2] / len(tallies)), 4)}


def equal_errors(vectors: Vectors, owner: NDArray[np.intp], floor: float, draws: int) -> dict[str, float]:
    """Return the equal error rate of templates of three right references: alone, beside one wrong, wrong one kept."""
    sums = np.zeros(3)
    for draw in range(draws):
        rng = np.random.default_rng([11, draw])
        rows: list[list[tuple[Vectors, Vectors, Vectors]]] = [[], [], []]
        for subject in range(int(owner.max()) + 1):
            drawn = rng.choice(np.flatnonzero(owner == subject), 3, replace=False)
            stranger = rng.choice(np.flatnonzero(owner != subject), 1)
            rest = np.setdiff1d(np.arange(len(owner)), [*drawn, *stranger])
            four = vectors[[*drawn, *stranger]]
            for place, references in enumerate((vectors[drawn], kept(four, floor), four)):
                scores = vectors[rest] @ unit(references.mean(axis=0))
                rows[place].append((scores, np.full(len(rest), subject), owner[rest]))
        sums += [measures(Trials(*(np.concatenate(part) for part in zip(*each, strict=True))))[1] for each in rows]
    names = ("right_ones_only", "one_wrong_of_four", "one_wrong_of_four_plain_mean")
    return {name: round(float(value), 4) for name, value in zip(names, sums / draws, strict=True)}


def kept(vectors: Vectors, floor: float) -> Vectors:
    """Return the references that stay; all of them where the set would be refused."""
    try:
        odd = {each.index for each in odd_ones(vectors.astype(np.float32), floor)}
    except AnchorError:
        odd = set()
    return vectors[[index for index in range(len(vectors)) if index not in odd]]
