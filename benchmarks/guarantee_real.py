"""Similarities of photographs to subjects, as a population to draw labels from: references are never scored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from guarantee_populations import Array, Population
from identity_looks import SHARED, Looks, Photo, in_scenes, photographs, unit
from numpy.typing import NDArray
from photo_collections import families

FOLDER = SHARED / "identity_products"
DRAWS = 40
"""Choices of references, for each subject."""

REFERENCES = 3
BAD = 0.25


@dataclass(frozen=True, eq=False)
class Pool:
    """Scored photographs.

    Attributes:
        score: Similarity to a subject, rounded as the gate rounds it.
        is_bad: Whether it shows another one.
        subject: Whose references it was compared with.
    """

    score: Array
    is_bad: NDArray[np.bool_]
    subject: NDArray[np.intp]

    def population(self, subjects: NDArray[np.intp] | None = None) -> Population:
        """Return what is drawn from, a quarter of it bad; of all subjects or of some."""
        mine = np.isin(self.subject, self.subject if subjects is None else subjects)
        good, bad = (np.sort(self.score[mine & (self.is_bad == kind)]) for kind in (False, True))

        def draw(rng: np.random.Generator, shape: tuple[int, ...]) -> tuple[Array, NDArray[np.bool_]]:
            wrong = rng.random(shape) < BAD
            return np.where(wrong, rng.choice(bad, shape), rng.choice(good, shape)), wrong

        def truth(thresholds: Array) -> tuple[Array, Array]:
            right, wrong = (1 - np.searchsorted(each, thresholds, side="left") / each.size for each in (good, bad))
            accepted = (1 - BAD) * right + BAD * wrong
            return right, BAD * wrong / np.maximum(accepted, 1e-300)

        return Population(draw, truth)

    def halves(self, count: int) -> Iterator[tuple[NDArray[np.intp], Population]]:
        """Yield subjects to label, a random half, and the population of the others."""
        names = np.unique(self.subject)
        for split in range(count):
            shuffled = np.random.default_rng(split).permutation(names)
            yield shuffled[: names.size // 2], self.population(shuffled[names.size // 2 :])

    def auc(self) -> float:
        """Return the area under the curve."""
        good, bad = np.sort(self.score[~self.is_bad]), self.score[self.is_bad]
        below = (np.searchsorted(good, bad, side="left") + np.searchsorted(good, bad, side="right")) / 2
        return round(float(1 - below.mean() / good.size), 4)


def is_here() -> bool:
    """Whether the photographs are on this machine."""
    return FOLDER.is_dir()


def pools(cache: Path | None) -> Mapping[str, Pool]:
    """Return the photographs against other subjects and against look-alikes, plain and small in street scenes."""
    looks, photos = Looks(cache), photographs(is_quick=False)
    alike = families()
    kinds = {name: alike.get(name, frozenset()) for name in sorted({photo.subject for photo in photos})}
    every = {name: frozenset(kinds) - {name} for name in kinds}
    tenth = in_scenes(photos, 0.1)
    return {
        "photographs, all other subjects": scored(looks, photos, photos, every),
        "photographs, look-alikes": scored(looks, photos, photos, kinds),
        "a tenth of a street scene, all other subjects": scored(looks, photos, tenth, every),
        "a tenth of a street scene, look-alikes": scored(looks, photos, tenth, kinds),
    }


def scored(looks: Looks, photos: list[Photo], shown: list[Photo], others: Mapping[str, frozenset[str]]) -> Pool:
    """Return the scores of what is shown against templates of three random references of each subject."""
    owner = np.array([photo.subject for photo in photos])
    reference = np.stack([looks.reference(photo) for photo in photos])
    seen = [looks.asset(photo) for photo in shown]
    rows: list[tuple[float, bool, int]] = []
    for number, name in enumerate(sorted(others)):
        own = np.flatnonzero(owner == name)
        rivals = np.flatnonzero(np.isin(owner, list(others[name])))
        for draw in range(DRAWS if rivals.size and own.size > REFERENCES else 0):
            chosen = np.random.default_rng([draw, number]).choice(own, REFERENCES, replace=False)
            template = unit(reference[chosen].mean(axis=0)[None])[0]
            for kind, places in ((False, np.setdiff1d(own, chosen)), (True, rivals)):
                rows += [(round(float((seen[at] @ template).max()), 4), kind, number) for at in places]
    score, is_bad, subject = zip(*rows, strict=True)
    return Pool(np.array(score), np.array(is_bad), np.array(subject))
