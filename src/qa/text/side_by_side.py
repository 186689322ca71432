"""Several pictures read at once, each by a thread of its own: on a CPU the way to read most in the least time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from consistency.runtime.cores import available_cores
from qa.text.reader import Pixels, Reader, TextLine

MOST = 8
"""Pictures read at once: each holds its own activations, some 100 MB for a large one."""

SHARED = 2
"""Pictures read at once up to which single ones are read by the same sessions once there are batches: a second pair
takes 0.2 GB of a stream's 1.1 GB and makes it no faster. One picture by itself then takes 1.45 times as long, with one
thread instead of two; with more threads it would lose more, and both pairs are kept."""


class SideBySide:
    """A reader for batches, opened when the first batch comes.

    Two threads on one picture wait for each other at every layer; one on each of two pictures do not. What is read is
    the same to the byte.

    Args:
        open_reader: Returns a reader whose sessions take `count` calls at once, one thread each.
        count: Pictures read at once, at least 2.
    """

    def __init__(self, open_reader: Callable[[], Reader], count: int) -> None:
        self._open = open_reader
        self._count = count
        self._reader: Reader | None = None
        self._lock = Lock()

    def read(self, images: Sequence[Pixels]) -> list[tuple[TextLine, ...]]:
        """Return the lines of several pictures, in the order given."""
        with self._lock:
            if self._reader is None:
                self._reader = self._open()
            reader = self._reader
        with ThreadPoolExecutor(min(self._count, len(images))) as pool:
            return list(pool.map(reader.read, images))


def streams_for(threads: int | None) -> int:
    """Return how many pictures are read at once with this many inference threads, None for all of the machine's."""
    return min(MOST, threads or available_cores())
