"""The nearest colour of a palette and its ΔE00 for all 2^24 colours of 8 bits: computed once each, then looked up.

An entry of 32 bits is the ΔE00 as a float32, whose last five bits give way to the index (`pack`), so that a picture is
read, looked up and written in one pass. A table starts empty and takes in colours as pictures bring them; each is
computed once by `palette_exact`, so the result is the same however and whenever a colour came in.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from consistency.runtime.cache import Cache, default_cache
from qa.color.palette_exact import Codes, Float64, all_by_candidates, by_candidates, candidate_masks, nearest_of_codes
from qa.color.threads import over_blocks

Map: TypeAlias = tuple[NDArray[np.uint8], NDArray[np.float32]]
"""Index of the nearest colour, and its ΔE00."""

COLORS = 1 << 24
INDEX_MASK = 31
DELTA_MASK = 0x7FFFFFE0
KNOWN = 0x80000000
"""The sign bit of a float that is never negative says that the entry is there."""

PIXELS = 1 << 16
"""Pixels looked up at a time: fewer calls count for more here than staying in a core's own cache."""

COMPUTED = 1 << 16
"""Colours computed at a time: enough that two threads seldom wait for each other between two steps of NumPy."""

LARGEST_KEPT = (32 << 20) - (1 << 13)
"""Bytes of the largest block that glibc learns from, its own header apart (M_MMAP_THRESHOLD in mallopt(3))."""

KIND = "palettes"
LAYOUT = f"1 {sys.byteorder}"


class ColorTable:
    """The table of one palette.

    Args:
        palette: L*a*b* of the colours, k×3 float64, k ≤ 32.
        entries: 2^24 packed entries, zero where not known; None starts empty.
    """

    def __init__(self, palette: Float64, entries: NDArray[np.uint32] | None = None) -> None:
        self.palette = palette
        self.is_complete = entries is not None
        self.entries = np.zeros(COLORS, np.uint32) if entries is None else entries

    def look_up(self, pixels: NDArray[np.uint8], threads: int) -> Map:
        """Return index and ΔE00, both n, of n×3 contiguous pixels; colours not yet known are computed first."""
        index, delta = np.empty(len(pixels), np.uint8), np.empty(len(pixels), np.float32)

        def write(part: slice) -> Codes:
            return self._write(pixels[part], index[part], delta[part])

        unknown = [codes for codes in over_blocks(write, len(pixels), PIXELS, threads) if len(codes)]
        if unknown:
            self.fill(distinct(np.concatenate(unknown)), threads)
            over_blocks(write, len(pixels), PIXELS, threads)
        return index, delta

    def _write(self, pixels: NDArray[np.uint8], index: NDArray[np.uint8], delta: NDArray[np.float32]) -> Codes:
        """Write the map of a block, and return the codes that are not known."""
        # Four bytes B, G, R, 255 are a code less 2^24: an index counted from the end.
        codes = cv2.cvtColor(pixels[None], cv2.COLOR_RGB2BGRA).view("<i4").ravel()
        found = np.take(self.entries, codes, mode="wrap")
        np.bitwise_and(found, INDEX_MASK, out=index, casting="unsafe")
        np.bitwise_and(found, DELTA_MASK, out=delta.view(np.uint32))
        if self.is_complete or found.min() >= KNOWN:
            return codes[:0]
        return np.asarray(codes[found < KNOWN] & (COLORS - 1), np.int32)

    def fill(self, codes: Codes | None, threads: int) -> None:
        """Compute the entries of `codes`, each named once; of all colours where that is None."""
        keep_pages()
        masks = candidate_masks(self.palette.tobytes(), threads)
        codes = all_by_candidates(masks) if codes is None else by_candidates(codes, masks)

        def compute(part: slice) -> None:
            self.entries[codes[part]] = pack(*nearest_of_codes(codes[part], self.palette, masks))

        over_blocks(compute, len(codes), COMPUTED, threads)

    def complete(self, threads: int) -> None:
        """Compute all entries, unless they are there."""
        if not self.is_complete:
            self.fill(None, threads)
            self.is_complete = True


def keep_pages() -> None:
    """Let glibc keep the pages of freed planes: so it does once a block larger than they are was freed.

    Until then it gives blocks over 128 KiB back and clears fresh pages for the next, which doubles the time of a table.
    """
    np.empty(LARGEST_KEPT, np.uint8)


def distinct(codes: Codes) -> Codes:
    """Return codes in order, each once: ten times as fast as `np.unique`, which hashes them."""
    is_present = np.zeros(COLORS, np.bool_)
    is_present[codes] = True
    return np.flatnonzero(is_present).astype(np.int32)


def pack(index: NDArray[np.uint8], delta: Float64) -> NDArray[np.uint32]:
    """Return entries: ΔE00 to 18 bits of mantissa, an error of at most 4 parts in a million, and the index."""
    bits = delta.astype(np.float32).view(np.uint32)
    # Half a step first, so that cutting the last bits rounds to the nearest.
    return (bits + np.uint32((INDEX_MASK + 1) // 2)) & np.uint32(DELTA_MASK) | index | np.uint32(KNOWN)


@lru_cache(maxsize=4)
def shared_table(palette: bytes, key: str) -> ColorTable:
    """Return the process's table of a palette: from disk where it is kept there, else empty.

    Args:
        palette: L*a*b*, k×3 float64, as bytes.
        key: What it is kept under.
    """
    labs = np.frombuffer(palette).reshape(-1, 3)
    return stored_table(labs, key, default_cache()) or ColorTable(labs)


def stored_table(palette: Float64, key: str, cache: Cache) -> ColorTable | None:
    """Return the table that a cache keeps, None where it has none."""
    content = cache.get_bytes(KIND, f"{LAYOUT} {key}")
    if content is None or len(content) != 4 * COLORS:
        return None
    # Copied: NumPy asks for large pages for its own memory, and a table is read at random.
    return ColorTable(palette, np.frombuffer(content, np.uint32).copy())


def keep_table(table: ColorTable, key: str, cache: Cache) -> None:
    """Keep a complete table on disk, 64 MB."""
    cache.put_bytes(KIND, f"{LAYOUT} {key}", table.entries.tobytes())
