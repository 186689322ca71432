"""Colour files with 16 bits per channel: Pillow keeps 8 of them, OpenCV all."""

from __future__ import annotations

import struct

import cv2
import numpy as np
from numpy.typing import NDArray


def decode_sixteen_bit(data: bytes, eight_bit: NDArray[np.uint8]) -> NDArray[np.uint16] | None:
    """Decode a PNG or TIFF with 16 bits per channel.

    Args:
        data: The file's bytes.
        eight_bit: The same picture at 8 bits, H×W×3, as Pillow read it.

    Returns:
        H×W×3 uint16; None where OpenCV cannot read the file or reads another picture than Pillow.
    """
    if data.startswith(b"\x89PNG") and not has_whole_chunks(data):
        return None
    try:
        read = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        if error.code == cv2.Error.StsNoMem:
            raise MemoryError(str(error)) from error
        return None
    if read is None or read.dtype != np.uint16:
        return None
    deep: NDArray[np.uint16] = read.astype(np.uint16, copy=False)
    colour = np.repeat(deep[..., None], 3, axis=2) if deep.ndim == 2 else deep[..., 2::-1]
    if colour.shape != eight_bit.shape:
        return None
    apart = np.abs((colour >> 8).astype(np.int16) - eight_bit)
    return np.ascontiguousarray(colour) if apart.max() <= 1 else None


def has_whole_chunks(png: bytes) -> bool:
    """Tell whether every chunk ends inside the file: OpenCV reserves what a damaged length asks for, up to 4 GB."""
    position = 8
    while position + 12 <= len(png):
        size, name = struct.unpack_from(">I4s", png, position)
        position += size + 12
        if name == b"IEND":
            return bool(position <= len(png))
    return False
