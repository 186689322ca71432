"""What somebody wears: the part of the body below a face, by its shape and its colours."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from consistency.colours import colour_vector
from consistency.embedders.embedder import Pixels
from consistency.facets import BEHIND, Embed, Seen, crop, is_plain, nothing, seen_at, unit
from consistency.region import Box

HEAD = 0.130
TORSO = 0.870 - 0.530
SHOULDERS = 0.259
"""Heights over a person's own: head, chin to hips, width of the shoulders. Drillis and Contini 1966, as in Winter 2009,
Biomechanics and Motor Control of Human Movement, figure 4.1; isbn 978-0-470-39818-0."""

FACE_OF_HEAD = 0.8
"""A detector's box reaches from the chin to the hairline, the head to its top."""

SMALLEST_SHARE = 0.25
"""Of a torso's height, what has to be in the picture: a collar is no outfit."""


def clothing_box(face: Box, others: Sequence[Box], height: int, width: int) -> Box | None:
    """Return where the torso below a face is, cut half way to the faces beside it; None where too little is shown.

    Args:
        face: The face.
        others: The other faces of the picture; those of less than half its height stand behind and cut nothing.
        height, width: Pixels of the picture.
    """
    stature = face.height / FACE_OF_HEAD / HEAD
    middle = face.left + face.width / 2
    half = SHOULDERS * stature / 2
    beside = [other.left + other.width / 2 for other in others if other.height >= BEHIND * face.height]
    left = max([middle - half, *((middle + centre) / 2 for centre in beside if centre < middle)])
    right = min([middle + half, *((middle + centre) / 2 for centre in beside if centre > middle)])
    torso = TORSO * stature
    box = Box(round(left), face.bottom, max(1, round(right) - round(left)), max(1, round(torso)))
    shown = box.clipped(height, width)
    return shown if shown is not None and shown.height >= SMALLEST_SHARE * torso else None


def see_clothing(pixels: Pixels, face: Box, others: Sequence[Box], embed: Embed, spec: str) -> Seen:
    """Look at what is worn below a face: its embedding for the shape, its colours, each counting half.

    Args:
        pixels: H×W×3 uint8 sRGB.
        face: The face of who wears it.
        others: The other faces of the picture.
        embed: What turns pictures into features.
        spec: Spec ids of embedder and face finder.
    """
    box = clothing_box(face, others, *pixels.shape[:2])
    if box is None:
        return nothing(spec, "not_evaluable", "the picture ends too close below the face to show what is worn")
    part = crop(pixels, box)
    if is_plain(part):
        return nothing(spec, "not_evaluable", "what is below the face is of one colour")
    shape = unit(embed([part]).pooled[0])
    vector = np.concatenate([shape, colour_vector(part.reshape(-1, 3))])
    return seen_at((box,), vector[None], spec)
