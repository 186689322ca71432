"""Lines longer than the recogniser takes at once: read in overlapping windows and joined where both see a gap."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from qa.text.detection import Float32
from qa.text.tiling import spans_of

WINDOW = 1600
"""Columns of the recogniser's input that are read at once in a line that is too long for one run."""

Run = Callable[[Float32], Float32]
"""1×3×48×W input → T×C probabilities, its steps evenly spaced along W."""


def windowed(run: Run, prepared: Float32, step: int) -> Float32:
    """Return the T×C probabilities of a long line.

    A window hands over to the next at a step between two characters, the nearest to the middle of their overlap at
    which both say blank, so that no character on a seam is read twice or not at all.

    Args:
        run: The recogniser.
        prepared: 1×3×48×W input, W a multiple of `step`.
        step: Windows begin at multiples of this; a multiple of the columns in one time step.
    """
    spans = list(spans_of(prepared.shape[3], WINDOW, step))
    joined = run(prepared[..., spans[0][0] : spans[0][1]])
    columns = (spans[0][1] - spans[0][0]) / len(joined)
    for start, end, kept, _ in spans[1:]:
        found = run(prepared[..., start:end])
        first, seam = round(start / columns), round(kept / columns)
        seam = first + _gap(joined[first:], found[: len(joined) - first], seam - first)
        joined = np.concatenate([joined[:seam], found[seam - first :]])
    return joined


def _gap(left: Float32, right: Float32, wanted: int) -> int:
    """Return the step nearest to the one wanted at which both windows say blank; the one wanted where there is none."""
    both = np.flatnonzero((left.argmax(axis=1) == 0) & (right.argmax(axis=1) == 0))
    return int(both[np.abs(both - wanted).argmin()]) if both.size else wanted
