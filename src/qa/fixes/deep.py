"""Pictures with 16 bits per channel as PNG, read and written whole: Pillow keeps 8 of them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.intake.sixteen_bit import has_whole_chunks

Deep = NDArray[np.uint16]


def read_deep(data: bytes) -> tuple[Deep, Deep | None] | None:
    """Return samples H×W×3 and alpha H×W of a PNG with 16 bits per channel; None where it is none."""
    read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED) if has_whole_chunks(data) else None
    if read is None or read.dtype != np.uint16 or read.ndim != 3:
        return None
    deep: Deep = read.astype(np.uint16, copy=False)
    alpha = np.ascontiguousarray(deep[..., 3]) if deep.shape[2] == 4 else None
    return np.ascontiguousarray(deep[..., 2::-1]), alpha


def write_deep(samples: Deep, alpha: Deep | None) -> bytes:
    """Return a PNG of samples H×W×3 and alpha H×W."""
    planes = samples[..., ::-1] if alpha is None else np.dstack([samples[..., ::-1], alpha])
    _, encoded = cv2.imencode(".png", planes)
    return bytes(encoded)
