"""References of one facet as vectors, and how alike a picture is to them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from consistency.calibration.curves import Curve, stated_probability
from consistency.cohort import cohort_for, normalised
from consistency.errors import AnchorError, InputError, SpecMismatch
from consistency.faces.view import FaceView
from consistency.facets import Seen
from consistency.region import Box

DIGITS = 4
"""Similarities are rounded to these decimals before anything is done with them."""


@dataclass(frozen=True)
class FacetScore:
    """How alike a picture is to an anchor in one facet.

    Attributes:
        similarity: Cosine to the template, or to the nearest of several looks, in [-1, 1], rounded to 4 decimals; None
            where not evaluable.
        normalised: The similarity in deviations above those to generic pictures, rounded to 2 decimals; None where the
            package knows no such pictures for the model. For comparing subjects and models, never for deciding.
        probability: Calibrated probability of being the same, 0.001 to 0.999; None without a curve: see
            `Anchor.calibrated`.
        status: "measured" or "not_evaluable".
        reason: Why it could not be measured, in words.
        code: The same as a code: "no_face", "not_evaluable", "taken" by another subject; "" where measured.
        box: Where the picture is most alike; None is the whole picture.
        nearest_similarity: Cosine to the nearest single reference.
        not_like_similarity: Cosine to the nearest reference it must not look like; None without such.
        where: H×W float32 in [0, 1], how unlike each place is to every reference, 0 outside the box; None where that
            is not known. To look at: its level differs from subject to subject.
    """

    similarity: float | None
    probability: float | None = None
    status: str = "measured"
    reason: str = ""
    code: str = ""
    box: Box | None = None
    nearest_similarity: float | None = None
    not_like_similarity: float | None = None
    normalised: float | None = None
    where: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)
    view: FaceView | None = None

    @property
    def is_measured(self) -> bool:
        """Whether there is a similarity."""
        return self.status == "measured"


@dataclass(frozen=True)
class Dropped:
    """A reference that is not part of a template.

    Attributes:
        index: Its place among the references, from 0.
        facet: The facet it does not speak for.
        reason: Why, in words.
    """

    index: int
    facet: str
    reason: str


@dataclass(frozen=True, eq=False)
class Template:
    """What is known of one facet.

    The references count alike: weights by their distance from the others, their nearest one alone and soft maxima of
    them were no better than their mean (`benchmarks/identity.py --only templates`).

    Attributes:
        spec: Spec id of the model that made the vectors.
        references: n×d float32 of unit length.
        not_like: m×d float32 of unit length, m ≥ 0.
        dropped: References that were left out, with the reason.
        has_looks: Whether the references may show looks of their own, as of outfits: then a picture need be like one.
    """

    spec: str
    references: NDArray[np.float32]
    not_like: NDArray[np.float32]
    dropped: tuple[Dropped, ...] = ()
    has_looks: bool = False

    def __post_init__(self) -> None:
        if (
            self.references.ndim != 2
            or not len(self.references)
            or self.references.shape[1:] != self.not_like.shape[1:]
        ):
            raise InputError("references n×d and not_like m×d", f"{self.references.shape}, {self.not_like.shape}")
        for vectors in (self.references, self.not_like):
            lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
            if vectors.dtype != np.float32 or not np.allclose(lengths, 1, atol=1e-3):
                raise InputError("float32 vectors of unit length", vectors.dtype)
        if np.linalg.norm(self.references.astype(np.float64).mean(axis=0)) < 1e-6:
            raise AnchorError("references with something in common", "vectors that cancel out")

    @property
    def mean(self) -> NDArray[np.float64]:
        """The template itself, d: the mean of the references, of unit length."""
        centre = self.references.astype(np.float64).mean(axis=0)
        return np.asarray(centre / np.linalg.norm(centre))

    @property
    def centres(self) -> NDArray[np.float64]:
        """What a picture is compared with, k×d: the template, or each reference that has a look of its own."""
        return self.references.astype(np.float64) if self.has_looks else self.mean[None]

    @property
    def own_similarities(self) -> NDArray[np.float64]:
        """Cosine of each reference to the mean of the others, n values in [-1, 1]; none for a single reference.

        How far the subject's own pictures lie apart: what a new picture of it may be expected to reach at least. Of
        references with looks of their own, the cosine to the nearest other one.
        """
        vectors = self.references.astype(np.float64)
        if len(vectors) < 2:
            return np.zeros(0)
        if self.has_looks:
            return np.asarray((vectors @ vectors.T - 3 * np.eye(len(vectors))).max(axis=1))
        others = vectors.sum(axis=0) - vectors
        lengths = np.maximum(np.linalg.norm(others, axis=1), 1e-12)
        return np.asarray((vectors * others).sum(axis=1) / lengths)

    def score(self, seen: Seen) -> FacetScore:
        """Compare what a picture shows with the references: the most similar place counts.

        Raises:
            SpecMismatch: The picture was seen by another model.
        """
        self._require(seen)
        if seen.code:
            return FacetScore(None, status="not_evaluable", reason=seen.reason, code=seen.code)
        vectors = seen.vectors.astype(np.float64)
        similarities = (vectors @ self.centres.T).max(axis=1)
        best = int(similarities.argmax())
        return FacetScore(
            round(float(similarities[best]), DIGITS) + 0.0,
            box=seen.boxes[best],
            nearest_similarity=_nearest(vectors, self.references),
            not_like_similarity=_nearest(vectors, self.not_like) if len(self.not_like) else None,
            normalised=self._normalised(vectors[best]),
            view=seen.views[best] if seen.views else None,
        )

    def similarities(self, seen: Seen) -> NDArray[np.float64]:
        """Return the cosine of each place that was seen to the nearest centre, n values rounded to 4 decimals.

        Raises:
            SpecMismatch: The picture was seen by another model.
        """
        self._require(seen)
        cosines = seen.vectors.astype(np.float64) @ self.centres.T
        return np.asarray(np.round(cosines.max(axis=1), DIGITS)) + 0.0

    def _require(self, seen: Seen) -> None:
        if seen.spec != self.spec:
            raise SpecMismatch(f"embeddings of {self.spec}", seen.spec, "rebuild the anchor")
        if not seen.code and seen.vectors.shape[1:] != self.references.shape[1:]:
            wanted, got = self.references.shape[1], seen.vectors.shape[1]
            raise SpecMismatch(f"embeddings of {wanted} numbers", got, "rebuild the anchor: another version made it")

    def _normalised(self, seen: NDArray[np.float64]) -> float | None:
        cohort = cohort_for(self.spec)
        if cohort is None or cohort.shape[1:] != seen.shape:
            return None
        return round(normalised(self.mean, seen, cohort), 2) + 0.0


def _nearest(vectors: NDArray[np.float64], others: NDArray[np.float32]) -> float:
    return round(float((vectors @ others.T.astype(np.float64)).max()), DIGITS) + 0.0


def with_probability(score: FacetScore, curve: Curve | None) -> FacetScore:
    """Return a score with the probability that a curve gives its similarity; as it is without either."""
    if curve is None or score.similarity is None:
        return score
    return replace(score, probability=stated_probability(curve, score.similarity))
