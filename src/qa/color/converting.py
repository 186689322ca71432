"""From a caller's picture to CIE L*a*b*, once it is known to be one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from consistency import colorspace
from consistency.errors import InputError
from consistency.image import Image


def to_lab(image: Image | NDArray[Any]) -> NDArray[np.float32]:
    """Return L*a*b* (D65) of sRGB colours.

    Args:
        image: An `Image`, whose full colour is taken where it is wider than sRGB; or an array …×3, uint8 or floats in
            [0, 1].

    Returns:
        …×3 float32, within 0.01 of float64.

    Raises:
        InputError: Another shape or type; floats out of [0, 1], or NaN.

    Example:
        >>> to_lab(np.array([255, 255, 255], np.uint8)).round().tolist()
        [100.0, 0.0, 0.0]
    """
    if isinstance(image, Image):
        return colorspace.to_lab(image)
    if not isinstance(image, np.ndarray):
        raise InputError("an Image, or an array …×3", type(image).__name__, "use load_image()")
    if image.dtype.kind == "f" and image.size:
        low, high = float(image.min()), float(image.max())
        # NaN fails every comparison, so it is refused here too.
        if not (low >= 0 and high <= 1):
            raise InputError("floats in [0, 1] without NaN", f"{low:.4g} to {high:.4g}", "divide by 255, or clip them")
    return colorspace.to_lab(image)
