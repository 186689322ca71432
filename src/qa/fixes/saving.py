"""A repaired canvas as the bytes of a file: the same format, profile, metadata and quality as it came."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from qa.fixes.canvas import Canvas
from qa.fixes.png_chunks import with_pixels


def encode(canvas: Canvas) -> bytes:
    """Return a canvas as a file."""
    return WRITERS.get(canvas.origin.kind, as_png)(canvas)


def as_png(canvas: Canvas) -> bytes:
    """Return a PNG; where the picture came as one, all its other chunks stay."""
    samples, alpha = as_stored(canvas)
    if samples.dtype == np.uint16:
        new: bytes = import_module("qa.fixes.deep").write_deep(samples, alpha)
    else:
        new = saved(picture_of(samples, alpha), "PNG", compress_level=6)
    is_own = canvas.origin.kind == "PNG" and canvas.origin.is_own
    return with_pixels(canvas.origin.data, new) if is_own else new


def as_stored(canvas: Canvas) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Return samples and alpha turned back as the file stores them."""
    turn = canvas.origin.orientation
    return laid(canvas.samples, turn), None if canvas.alpha is None else laid(canvas.alpha, turn)


def laid(plane: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Return an upright H×W… array as a file of EXIF orientation 1..8 stores it: the inverse of turning it upright."""
    if orientation in (2, 3, 6, 7):
        plane = plane[:, ::-1]
    if orientation in (3, 4, 7, 8):
        plane = plane[::-1]
    if orientation >= 5:
        plane = plane.swapaxes(0, 1)
    return np.ascontiguousarray(plane)


def picture_of(samples: NDArray[Any], alpha: NDArray[Any] | None) -> Pillow.Image:
    """Return 8-bit samples and alpha as a PIL image."""
    return Pillow.fromarray(samples if alpha is None else np.dstack([samples, alpha]))


def saved(picture: Pillow.Image, kind: str, **options: Any) -> bytes:
    """Return a PIL image as the bytes of a file."""
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


WRITERS: Mapping[str, Callable[[Canvas], bytes]] = {"PNG": as_png}
"""Format → how it is written."""
