"""The one door for pictures: anything people hand in becomes an `Image` in sRGB, with what was assumed."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from consistency.errors import ImageError, InputError
from consistency.intake.arrays import array_key, as_array, decode_array
from consistency.intake.decoding import decode_file, decode_pillow, pillow_key
from consistency.intake.files import FileBytes, read_file
from consistency.intake.sources import Decoded, Source
from consistency.region import Box

__all__ = ["MAX_PIXELS", "Image", "ImageSource", "Source", "load_image"]

MAX_PIXELS = 100_000_000
"""Larger pictures are refused from their header: 100 megapixels need 300 MB as bytes, 1.2 GB as floats."""

_CLIP_TOLERANCE = 0.5 / 255
"""Half an 8-bit step: what rounding to `pixels` brings back inside has not been clipped."""


@dataclass(frozen=True, eq=False)
class Image:
    """A picture as the library sees it: upright, in sRGB, read-only. `load_image` makes it.

    Args:
        pixels: H×W×3 uint8 sRGB: what models and people see.
        extended: H×W×3 float32 extended sRGB, which may leave [0, 1]; only where the source is wider or deeper than
            8-bit sRGB.
        alpha: H×W uint8, 255 opaque; None where the source has none. Colours are not premultiplied.
        key: Sha256 of the file's bytes; for arrays, of dtype, shape and C-order bytes.
        source: What the picture was read from.
        assumptions: What had to be assumed to read it, in sentences.
        clipped_fraction: Share of pixels, in [0, 1], whose colour `pixels` cannot show.
    """

    pixels: NDArray[np.uint8]
    extended: NDArray[np.float32] | None
    alpha: NDArray[np.uint8] | None
    key: str
    source: Source
    assumptions: tuple[str, ...] = ()
    clipped_fraction: float = 0.0

    def __post_init__(self) -> None:
        shape = self.pixels.shape
        if self.pixels.dtype != np.uint8 or len(shape) != 3 or shape[2] != 3 or not self.pixels.size:
            raise InputError("pixels H×W×3 uint8", f"{shape} {self.pixels.dtype}", "use load_image()")
        if self.extended is not None and self.extended.shape != shape:
            raise InputError(f"extended {shape}", self.extended.shape)
        if self.alpha is not None and self.alpha.shape != shape[:2]:
            raise InputError(f"alpha {shape[:2]}", self.alpha.shape)
        for plane in (self.pixels, self.extended, self.alpha):
            if plane is not None:
                plane.setflags(write=False)

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.pixels.shape[1])

    def cropped(self, box: Box) -> Image:
        """Return the part inside a box; its key stays that of the whole.

        Raises:
            InputError: The box is not inside the picture.
        """
        if box.clipped(self.height, self.width) != box:
            raise InputError(f"a box inside the {self.width}×{self.height} picture", box)
        extended = None if self.extended is None else self.extended[box.slices].copy()
        alpha = None if self.alpha is None else self.alpha[box.slices].copy()
        return replace(
            self, pixels=self.pixels[box.slices].copy(), extended=extended, alpha=alpha,
            clipped_fraction=clipped_fraction(extended),
        )  # fmt: skip

    def on_background(self, rgb: tuple[int, int, int]) -> Image:
        """Return the picture composited on a plain sRGB colour, as browsers do; itself where it has no alpha.

        Args:
            rgb: The background, 0..255 each.

        Raises:
            InputError: `rgb` is not three whole numbers in 0..255.
        """
        if len(rgb) != 3 or not all(0 <= channel <= 255 for channel in rgb):
            raise InputError("a background of three numbers in 0..255", rgb)
        if self.alpha is None:
            return self
        said = f"transparent pixels composited on #{rgb[0]:02x}{rgb[1]:02x}{rgb[2]:02x}"
        cover = (self.alpha.astype(np.float32) / 255)[..., None]
        ground = np.array(rgb, np.float32)
        pixels = np.rint(_blend(self.pixels, ground, cover)).astype(np.uint8)
        extended = None if self.extended is None else _blend(self.extended, ground / 255, cover)
        return replace(
            self, pixels=pixels, extended=extended, alpha=None, assumptions=(*self.assumptions, said),
            clipped_fraction=clipped_fraction(extended),
        )  # fmt: skip


ImageSource: TypeAlias = (
    str | os.PathLike[str] | bytes | bytearray | memoryview | Pillow.Image | NDArray[Any] | Image | Any
)
"""What `load_image` takes; `Any` stands for torch tensors, which are known by their methods."""


def load_image(source: ImageSource, *, max_pixels: int = MAX_PIXELS) -> Image:
    """Read a picture from wherever it is: the one door to pixels.

    Args:
        source: A path; the bytes of a PNG, JPEG, WebP, AVIF, TIFF or BMP file; a PIL image; an array or torch tensor
            H×W×3 (or H×W grey, H×W×4 with alpha), uint8 or float in [0, 1]; or an `Image`, returned as it is.
        max_pixels: Pictures with more are refused before they are decoded.

    Raises:
        ImageError: The picture cannot be read; `key` holds the sha256 of its bytes where there are any.
        InputError: `source` is none of these things.

    Example:
        >>> import numpy as np
        >>> image = load_image(np.zeros((2, 3, 3), np.uint8))
        >>> image.height, image.width, image.assumptions
        (2, 3, ('no colour profile: read as sRGB',))
    """
    if isinstance(source, Image):
        return source
    if isinstance(source, Pillow.Image):
        decoded = decode_pillow(source, max_pixels)
        return _image(decoded, pillow_key(source))
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _from_bytes(FileBytes(bytes(source)), max_pixels)
    if isinstance(source, (str, os.PathLike)):
        return _from_bytes(read_file(source), max_pixels)
    return _from_array(source, max_pixels)


def clipped_fraction(extended: NDArray[np.float32] | None) -> float:
    """Return the share of pixels with a channel outside [0, 1]; 0 where there is no extended picture."""
    if extended is None:
        return 0.0
    outside = (extended < -_CLIP_TOLERANCE) | (extended > 1 + _CLIP_TOLERANCE)
    return float(outside.any(axis=-1).mean())


def _from_bytes(file: FileBytes, max_pixels: int) -> Image:
    key = hashlib.sha256(file.data).hexdigest()
    try:
        return _image(decode_file(file, max_pixels), key)
    except ImageError as error:
        error.key = key
        raise


def _from_array(source: Any, max_pixels: int) -> Image:
    array = as_array(source)
    key = array_key(array) if array.size <= 4 * max_pixels else ""
    try:
        return _image(decode_array(array, max_pixels, is_tensor=not isinstance(source, np.ndarray)), key)
    except ImageError as error:
        error.key = key
        raise


def _image(decoded: Decoded, key: str) -> Image:
    return Image(
        decoded.pixels,
        decoded.extended,
        decoded.alpha,
        key,
        decoded.source,
        decoded.assumptions,
        clipped_fraction(decoded.extended),
    )


def _blend(above: NDArray[Any], below: NDArray[Any], cover: NDArray[Any]) -> NDArray[np.float32]:
    blended: NDArray[np.float32] = above * cover + below * (1 - cover)
    return blended
