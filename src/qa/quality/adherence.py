"""Does a picture fit its prompt better than pictures made for other prompts do: vectors of both in, ranks out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from consistency.errors import InputError

LEAST_OTHERS = 8
"""Pictures of other prompts below which a rank among them says little: by chance one of nine is first."""

CERTAIN = 2.326
"""Deviations, one side, that chance exceeds in 1 % of batches."""

DIGITS = 4
"""Similarities are rounded to these decimals before they are compared."""

Float64 = NDArray[np.float64]


@dataclass(frozen=True)
class Rank:
    """How one picture's fit to its prompt compares with that of pictures made for other prompts.

    Attributes:
        similarity: Cosine of the picture and its prompt, in [-1, 1].
        better: Pictures of other prompts that fit this prompt at least as well, each less what it fits any prompt.
        others: Pictures of other prompts.
    """

    similarity: float
    better: int
    others: int

    @property
    def share(self) -> float:
        """Share of the others that fit at least as well, in [0, 1]; any, for a picture made for something else."""
        return self.better / self.others


def ranks(pictures: Float64, texts: Float64, prompt_of: Sequence[int]) -> list[Rank | None]:
    """Return the rank of every picture; None where fewer than `LEAST_OTHERS` pictures have another prompt.

    A picture that resembles every text is taken down by its mean similarity to all prompts, since models of pictures
    and texts have such hubs.

    Args:
        pictures: n×d, of unit length.
        texts: m×d, of unit length, one for each prompt.
        prompt_of: Which prompt is each picture's.

    Reference:
        The correction for hubs: Conneau et al. 2018 (arXiv 1710.04087), eq. 6, with the mean over all in place of the
        nearest ten.
    """
    if pictures.ndim != 2 or texts.ndim != 2 or pictures.shape[1] != texts.shape[1] or len(prompt_of) != len(pictures):
        raise InputError("pictures n×d, texts m×d, n prompts", f"{pictures.shape}, {texts.shape}, {len(prompt_of)}")
    prompts = np.asarray(prompt_of, np.intp)
    found: list[Rank | None] = [None] * len(prompts)
    habit = pictures @ texts.mean(axis=0)
    for prompt in np.unique(prompts):
        similarity = pictures @ texts[prompt]
        fit = np.round(similarity - habit, DIGITS)
        others = np.sort(fit[prompts != prompt])
        if len(others) >= LEAST_OTHERS:
            for place in np.flatnonzero(prompts == prompt):
                better = len(others) - int(np.searchsorted(others, fit[place], side="left"))
                found[place] = Rank(round(float(similarity[place]), DIGITS) + 0.0, better, len(others))
    return found


def are_told_apart(found: Sequence[Rank]) -> bool:
    """Whether the pictures as a whole fit their own prompts better than chance: else no rank among them says anything.

    The mean share of pictures that have nothing to do with their prompts is one half, with the variance of a uniform
    share over their number.
    """
    mean = sum(rank.share for rank in found) / len(found) if found else 0.5
    return 0.5 - mean > CERTAIN * math.sqrt(1 / (12 * max(len(found), 1)))
