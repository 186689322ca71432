"""Picture files made in memory."""

import io
import struct
import zlib

import numpy as np
from PIL import Image as Pillow


def encode(picture, kind: str = "PNG", **options) -> bytes:
    """Return an array or PIL image as the bytes of a file."""
    buffer = io.BytesIO()
    (Pillow.fromarray(picture) if isinstance(picture, np.ndarray) else picture).save(buffer, kind, **options)
    return buffer.getvalue()


def with_chunk(data: bytes, name: bytes, content: bytes) -> bytes:
    """Return a PNG with a chunk put in behind its header."""
    return data[:33] + chunk(name, content) + data[33:]


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that claims a size and holds hardly any pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def noise(height: int = 24, width: int = 18, channels: int = 3, seed: int = 0) -> np.ndarray:
    """Return random uint8 pixels, H×W for one channel."""
    shape = (height, width) if channels == 1 else (height, width, channels)
    return np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8)
