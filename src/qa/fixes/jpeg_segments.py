"""JPEG files segment by segment: new pixels in, metadata as it was. Source: ITU-T T.81, annex B."""

from __future__ import annotations

from collections.abc import Iterator

START, SCAN = b"\xff\xd8", 0xDA
JFIF, EXTENDED, ADOBE, COMMENT = 0xE0, 0xE2, 0xEE, 0xFE
MULTI_PICTURE, ICC = b"MPF\0", b"ICC_PROFILE\0"


def with_pixels(original: bytes, new: bytes, *, is_own: bool = True) -> bytes:
    """Return the new JPEG with the metadata of the original.

    EXIF, XMP, profile, resolution, comments stay to the byte. Adobe's segment goes, since the new pixels are stored
    as YCbCr; so does the list of further pictures, whose places would be wrong.

    Args:
        original: The file that was repaired.
        new: The repaired pixels.
        is_own: Whether the pixels are in the original's colour space; else the new file's profile is kept.
    """
    kept = [whole for marker, whole in segments(original) if is_kept(marker, whole, is_own)]
    added = [] if is_own else [whole for marker, whole in segments(new) if marker == EXTENDED]
    rest = [whole for marker, whole in segments(new) if not is_metadata(marker)]
    return b"".join((START, *kept, *added, *rest))


def is_metadata(marker: int) -> bool:
    """Whether a segment speaks about the picture and is no part of it."""
    return JFIF <= marker <= 0xEF or marker == COMMENT


def is_kept(marker: int, whole: bytes, is_own: bool) -> bool:
    """Whether a segment of the original still holds for new pixels."""
    content = whole[4:]
    if not is_metadata(marker) or marker == ADOBE or content.startswith(MULTI_PICTURE):
        return False
    return is_own or not content.startswith(ICC)


def segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield marker and whole bytes of each segment; the last one is the first scan with all that follows."""
    position = len(START)
    while position + 4 <= len(data):
        if data[position] != 0xFF:
            return
        if data[position + 1] == 0xFF:  # fill byte (B.1.1.2)
            position += 1
            continue
        marker = data[position + 1]
        if marker == SCAN:
            yield marker, data[position:]
            return
        size = int.from_bytes(data[position + 2 : position + 4], "big") + 2
        yield marker, data[position : position + size]
        position += size
