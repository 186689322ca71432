"""What is kept of each reference so that a change of its subject can be told: landmarks, those it shares, colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from consistency.colouring import LENGTH, colouring
from consistency.embedders.embedder import Pixels
from consistency.errors import InputError
from consistency.landmarks import SIDE, Landmarks, landmarks_of, matched
from consistency.region import Box


@dataclass(frozen=True, eq=False)
class View:
    """One reference's subject.

    Attributes:
        landmarks: Places of it that can be found again.
        votes: n uint8, how many other references show each landmark in its place.
        colours: What `colouring` says of it.
    """

    landmarks: Landmarks
    votes: NDArray[np.uint8]
    colours: NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.votes.shape != (len(self.landmarks),) or self.votes.dtype != np.uint8:
            raise InputError(f"{len(self.landmarks)} votes uint8", f"{self.votes.shape} {self.votes.dtype}")
        is_share = self.colours.shape == (LENGTH,) and self.colours.dtype == np.float32
        if not is_share or not bool(((self.colours >= 0) & (self.colours <= 1)).all()):
            raise InputError(f"{LENGTH} float32 colours in [0, 1]", f"{self.colours.shape} {self.colours.dtype}")
        if any(not 1 <= length <= SIDE for length in self.landmarks.size):
            raise InputError(f"a view of 1 to {SIDE} pixels", self.landmarks.size)


def view_of(pixels: Pixels, box: Box | None) -> View:
    """Return what a picture alone shows of the subject in a box (None: the whole picture); nothing is shared yet."""
    landmarks = landmarks_of(pixels, box)
    return View(landmarks, np.zeros(len(landmarks), np.uint8), colouring(pixels, box))


def views_of(pictures: Sequence[Pixels], boxes: Sequence[Box | None]) -> tuple[View, ...]:
    """Return the views of an anchor's references, each landmark with the number of others that show it.

    Args:
        pictures: H×W×3 uint8 sRGB each.
        boxes: Where each shows the subject; None is the whole picture.
    """
    return voted([view_of(pixels, box) for pixels, box in zip(pictures, boxes, strict=True)])


def voted(alone: Sequence[View]) -> tuple[View, ...]:
    """Return views of one subject, each landmark with the number of others among them that show it."""
    votes = [np.zeros(len(view.landmarks), np.uint8) for view in alone]
    for first in range(len(alone)):
        for second in range(first + 1, len(alone)):
            match = matched(alone[first].landmarks, alone[second].landmarks)
            votes[first][match.pairs[:, 0]] += 1
            votes[second][match.pairs[:, 1]] += 1
    return tuple(View(view.landmarks, each, view.colours) for view, each in zip(alone, votes, strict=True))


def to_tensors(views: Sequence[View]) -> dict[str, NDArray[Any]]:
    """Return views as arrays under names, landmarks one view after the other; nothing of no views."""
    if not views:
        return {}
    return {
        "views.points": np.concatenate([view.landmarks.points for view in views]),
        "views.descriptors": np.concatenate([view.landmarks.descriptors for view in views]),
        "views.votes": np.concatenate([view.votes for view in views]),
        "views.counts": np.array([len(view.landmarks) for view in views], np.int32),
        "views.sizes": np.array([view.landmarks.size for view in views], np.int32),
        "views.colours": np.stack([view.colours for view in views]),
    }


def from_tensors(tensors: Mapping[str, NDArray[Any]]) -> tuple[View, ...]:
    """Return the views that `to_tensors` wrote.

    Raises:
        KeyError: An array is missing.
        InputError: They do not fit together, or hold what no view does.
    """
    points, descriptors, votes, counts, sizes, colours = (
        tensors[f"views.{part}"] for part in ("points", "descriptors", "votes", "counts", "sizes", "colours")
    )
    is_counted = counts.ndim == 1 and counts.dtype == np.int32 and bool((counts >= 0).all())
    if not is_counted or sizes.shape != (len(counts), 2) or sizes.dtype != np.int32 or len(colours) != len(counts):
        raise InputError("a count, a size and colours per view", (counts.shape, sizes.shape, colours.shape))
    total = int(counts.sum(dtype=np.int64))
    if not len(points) == len(descriptors) == len(votes) == total:
        raise InputError(f"{total} landmarks", (len(points), len(descriptors), len(votes)))
    ends = counts.cumsum()
    return tuple(
        View(
            Landmarks(points[end - count : end], descriptors[end - count : end], (int(size[0]), int(size[1]))),
            votes[end - count : end],
            colour,
        )
        for count, end, size, colour in zip(counts, ends, sizes, colours, strict=True)
    )
