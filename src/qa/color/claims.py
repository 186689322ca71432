"""What is claimed as the brand's before anyone looks at its colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from consistency.errors import InputError, NotEvaluable
from consistency.image import Image
from consistency.region import BoolMask, Box

Kind = Literal["box", "mask", "text", "reference"]
"""What claims a region. A logo's region will be one more kind, given as a mask."""

INSIDE = 128
"""Grey value from which a mask's pixel is inside."""

ASPECT_TOLERANCE = 0.01
"""Relative difference of aspect ratio up to which a mask made for another size is laid over a picture."""


@dataclass(frozen=True, eq=False)
class Claim:
    """A part of a picture that has to be of the brand's colour.

    Attributes:
        kind: What says so. In a `box` the region is still to be found; the others are the region.
        box: Around it, inside the picture.
        mask: h×w of the box; None means all of it.
        core: h×w of the box: for letters, the pixels that no background has mixed with.
    """

    kind: Kind
    box: Box
    mask: BoolMask | None = None
    core: BoolMask | None = None

    @property
    def area(self) -> int:
        """Pixels claimed."""
        return self.box.area if self.mask is None else int(self.mask.sum())

    @classmethod
    def of_mask(cls, kind: Kind, mask: BoolMask, core: BoolMask | None = None) -> Claim | None:
        """Return the claim of an H×W mask, or None where it is empty."""
        box = Box.around(mask)
        if box is None:
            return None
        return cls(kind, box, mask[box.slices], None if core is None else core[box.slices])


def read_mask(image: Image) -> BoolMask:
    """Return which pixels of a mask's picture are inside, H×W: white and not transparent.

    Raises:
        InputError: None are.
    """
    inside = image.pixels.mean(axis=2) >= INSIDE
    if image.alpha is not None:
        inside &= image.alpha >= INSIDE
    if not inside.any():
        raise InputError("a mask with white pixels, for what is inside", "none", "paint the brand's region white")
    return np.asarray(inside, np.bool_)


def fitted_mask(mask: BoolMask, height: int, width: int) -> BoolMask:
    """Return a mask at the size of a picture, H×W; scaled where the aspect ratio is the same.

    Raises:
        NotEvaluable: It is for pictures of another shape (code "color.unclear").
    """
    if mask.shape == (height, width):
        return mask
    rows, columns = mask.shape
    if abs(columns * height / (rows * width) - 1) > ASPECT_TOLERANCE:
        expected = f"a mask of the picture's shape, {width}×{height}"
        hint = "give the kit a mask for this format, or a `when`"
        raise NotEvaluable("color.unclear", expected, f"{columns}×{rows}", hint)
    scaled = cv2.resize(mask.astype(np.uint8), (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(scaled > 0)
