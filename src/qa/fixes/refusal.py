"""The error that a fix does not fit a picture, and what it hands out for another editor."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image as Pillow

from consistency.errors import ConsistencyError
from consistency.region import Mask


@dataclass(frozen=True, eq=False)
class Handout:
    """What an editor that repaints parts of pictures needs to do what the gate did not.

    Attributes:
        mask: What it is to repaint, in pixels of the upright picture.
        prompt: What it is to paint, in words.
    """

    mask: Mask
    prompt: str

    def mask_png(self) -> bytes:
        """Return the mask as a PNG of the picture's size: white is to be repainted, black stays."""
        stream = io.BytesIO()
        Pillow.fromarray(self.mask.decode().astype(np.uint8) * 255).save(stream, "PNG")
        return stream.getvalue()


class CannotFix(ConsistencyError):
    """A fix that cannot be applied to this picture; the message says why."""

    code = "fix.impossible"
    handout: Handout | None = None
    """For an inpainting editor, where one could do it."""

    def with_handout(self, handout: Handout) -> CannotFix:
        """Return the error with what to hand to an inpainting editor."""
        self.handout = handout
        return self
