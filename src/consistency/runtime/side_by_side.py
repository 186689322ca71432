"""Several calls of one network at once, a thread each: on a CPU the way to run most of them in the least time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import TypeVar

from consistency.runtime.cores import available_cores
from consistency.runtime.sessions import Session

Given = TypeVar("Given")
Found = TypeVar("Found")

MOST = 8
"""Calls at once: each holds its own activations."""


class SideBySide:
    """A session for many calls, opened when the first many come; one for single calls is faster for those.

    Two threads on one picture wait for each other at every layer; one on each of two pictures do not. What comes out is
    the same to the bit.

    Args:
        open_session: Returns a session that takes `count` calls at once, one thread each.
        count: Calls at once, at least 2.
    """

    def __init__(self, open_session: Callable[[], Session], count: int) -> None:
        self._open, self._count = open_session, count
        self._session: Session | None = None
        self._lock = Lock()

    def is_for(self, calls: int) -> bool:
        """Whether so many calls keep all threads busy for most of the time."""
        return calls >= 2 * self._count

    def map(self, run: Callable[[Session, Given], Found], given: Sequence[Given]) -> list[Found]:
        """Return what `run` makes of each, in the order given."""
        with self._lock:
            if self._session is None:
                self._session = self._open()
            session = self._session
        with ThreadPoolExecutor(min(self._count, len(given))) as pool:
            return list(pool.map(lambda each: run(session, each), given))


def calls_at_once(threads: int | None) -> int:
    """Return how many calls run at once with this many threads, None for all of the machine's."""
    return min(MOST, threads or available_cores())
