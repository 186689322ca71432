"""Work on blocks of a picture, spread over the cores this process may use."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from consistency.errors import InputError
from consistency.runtime.cores import available_cores

Result = TypeVar("Result")


def thread_count(wanted: int | None) -> int:
    """Return how many threads to use: as wanted, else one per core that this process may use.

    Raises:
        InputError: Fewer than one.
    """
    if wanted is not None and wanted < 1:
        raise InputError("at least one thread", wanted)
    return available_cores() if wanted is None else wanted


def over_blocks(work: Callable[[slice], Result], count: int, block: int, threads: int) -> list[Result]:
    """Return what `work` gives for each block of `count` items, in order.

    Threads help where `work` spends its time in NumPy and OpenCV, which let each other run.
    """
    blocks = [slice(start, min(start + block, count)) for start in range(0, count, block)]
    if threads == 1 or len(blocks) < 2:
        return [work(part) for part in blocks]
    with ThreadPoolExecutor(min(threads, len(blocks))) as pool:
        return list(pool.map(work, blocks))
