"""What stays of a picture when it is saved again: a perceptual hash with a colour term, and a thumbnail to be sure."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.colorspace import to_lab
from consistency.errors import StoredFormatError

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]

SIDE = 32
LIGHT_BITS, COLOR_BITS = 8, 4
"""Lowest 8×8 frequencies of lightness and 4×4 of a* and b*: 63 + 2 × 16 signs in two 64-bit words."""

LEVEL_SHIFT = 128
"""a* and b* are kept in bytes, 128 for 0; L* as L* × 2.55."""

LIGHT_SCALE = 2.55

MOST_BITS = 12
"""Bits of the hash that saving again may turn; those of unrelated pictures differ by about half of 95."""

MOST_CHANGE = 3.0
"""Difference in L*, a* or b* of a cell that saving again at JPEG quality 50 stays under where the picture is even."""

EDGE_SHARE = 0.15
"""Share of the contrast around a cell by which it may change besides: a shift of 5 px in 1024."""


@dataclass(frozen=True, eq=False)
class Fingerprint:
    """A picture in 112 bits of hash and 3 KB of thumbnail.

    Attributes:
        words: Two 64-bit words, of lightness and of colour.
        thumbnail: 32×32×3 uint8: L*, a*, b*, each in a byte.
        aspect: Width over height.
    """

    words: tuple[int, int]
    thumbnail: Pixels
    aspect: float

    def record(self) -> dict[str, str | float]:
        """Return the JSON form."""
        return {
            "hash": "".join(f"{word:016x}" for word in self.words),
            "thumbnail": b64encode(self.thumbnail.tobytes()).decode("ascii"),
            "aspect": round(self.aspect, 4),
        }

    @classmethod
    def from_record(cls, record: dict[str, str | float]) -> Fingerprint:
        """Read the JSON form.

        Raises:
            StoredFormatError: It is damaged.
        """
        try:
            digits = str(record["hash"])
            cells = np.frombuffer(b64decode(str(record["thumbnail"]), validate=True), np.uint8)
            words = int(digits[:16], 16), int(digits[16:], 16)
            return cls(words, cells.reshape(SIDE, SIDE, 3), float(record["aspect"]))
        except (KeyError, ValueError) as error:
            raise StoredFormatError("the record of a fingerprint", str(error)) from error

    @cached_property
    def lab(self) -> Floats:
        """The thumbnail in L*a*b*, 32×32×3."""
        cells = self.thumbnail.astype(np.float32)
        return np.stack(
            [cells[..., 0] / LIGHT_SCALE, cells[..., 1] - LEVEL_SHIFT, cells[..., 2] - LEVEL_SHIFT], axis=-1
        )

    @cached_property
    def contrast(self) -> Floats:
        """The range of each channel in the 3×3 cells around each cell, 32×32×3."""
        window = np.ones((3, 3), np.uint8)
        return np.asarray(cv2.morphologyEx(self.lab, cv2.MORPH_GRADIENT, window), np.float32)


def take_fingerprint(pixels: Pixels) -> Fingerprint:
    """Return the fingerprint of an H×W×3 uint8 sRGB picture."""
    small = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    lab = to_lab(np.asarray(small, np.uint8))
    light = signs(lab[..., 0], LIGHT_BITS)[1:]
    color = np.concatenate([signs(lab[..., 1], COLOR_BITS), signs(lab[..., 2], COLOR_BITS)])
    cells = lab * np.array([LIGHT_SCALE, 1, 1]) + np.array([0, LEVEL_SHIFT, LEVEL_SHIFT])
    thumbnail = np.clip(np.rint(cells), 0, 255).astype(np.uint8)
    return Fingerprint((packed(light), packed(color)), thumbnail, pixels.shape[1] / pixels.shape[0])


def signs(channel: Floats, side: int) -> NDArray[np.bool_]:
    """Return whether each of the lowest side×side frequencies is above their median; the mean itself above 0."""
    lowest = cv2.dct(np.ascontiguousarray(channel, np.float32))[:side, :side].ravel()
    is_above = lowest > np.median(lowest[1:])
    is_above[0] = lowest[0] > 0
    return np.asarray(is_above)


def packed(bits: NDArray[np.bool_]) -> int:
    """Return at most 64 bits as a number."""
    return int("".join("1" if bit else "0" for bit in bits), 2)


def is_same_picture(first: Fingerprint, second: Fingerprint) -> bool:
    """Whether two pictures are one, saved or scaled again: no cell differs more than that explains.

    Another price, word or colour on the same scene changes its cells by more.
    """
    if abs(first.aspect / second.aspect - 1) > 0.01:
        return False
    allowed = MOST_CHANGE + EDGE_SHARE * np.maximum(first.contrast, second.contrast)
    return bool((np.abs(first.lab - second.lab) <= allowed).all())


def close_pairs(words: NDArray[np.uint64], others: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which hashes n×2 are within `MOST_BITS` of which others m×2: n×m."""
    turned = np.zeros((len(words), len(others)), np.uint8)
    for word in range(2):
        turned += np.bitwise_count(words[:, None, word] ^ others[None, :, word])
    return np.asarray(turned <= MOST_BITS)
