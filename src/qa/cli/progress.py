"""How far a run is: a bar with rate and time left on a terminal, a plain line every few seconds elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

SECONDS_BETWEEN_LINES = 2.0


class Meter(Protocol):
    """Is told after each asset what is being done ("judging"), how many are done, and of how many."""

    def __call__(self, words: str, done: int, total: int) -> None:
        """Show it."""
        ...


class RateColumn(ProgressColumn):
    """Assets per second."""

    def render(self, task: Task) -> Text:
        """Return the rate of the last assets."""
        return Text(f"{task.speed:.1f}/s" if task.speed else "", style="progress.data.speed")


@contextmanager
def metered(console: Console) -> Iterator[Meter]:
    """Show progress on a console for as long as the context lasts.

    Args:
        console: On stderr; stdout belongs to the report.
    """
    if not console.is_terminal:
        yield LineMeter(console)
        return
    columns = (
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        RateColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True, speed_estimate_period=10) as progress:
        task = progress.add_task("loading", total=None)
        yield lambda words, done, total: progress.update(task, description=words, completed=done, total=total)


class LineMeter:
    """Writes a plain line every few seconds, and one for the last asset."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._words = ""
        self._started = self._said = monotonic()

    def __call__(self, words: str, done: int, total: int) -> None:
        """Say how far it is, where enough time has passed."""
        now = monotonic()
        if words != self._words:
            self._words = words
            self._started = self._said if done else now
        if done < total and now - self._said < SECONDS_BETWEEN_LINES:
            return
        self._said = now
        rate = done / max(now - self._started, 1e-9)
        left = f", {(total - done) / rate:.0f} s left" if done < total else ""
        self._console.print(f"{words}: {done} of {total}, {rate:.1f}/s{left}", markup=False, highlight=False)
