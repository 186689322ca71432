"""Ctrl-C: the asset under way is finished, then the run ends with a whole report; a second one ends it at once."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

import typer

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupted(Exception):
    """Raised between two assets after a person or a build server asked to stop."""


@dataclass
class Stop:
    """Whether somebody asked to stop, by which signal."""

    signal: int = 0

    def check(self) -> None:
        """Raise where somebody asked to stop."""
        if self.signal:
            raise Interrupted


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Turn the first Ctrl-C into a request, for as long as the context lasts."""
    stop = Stop()

    def ask(number: int, _frame: FrameType | None) -> None:
        if stop.signal:
            raise KeyboardInterrupt
        stop.signal = number
        typer.echo("\nStopping after the assets under way; press Ctrl-C again to stop at once.", err=True)

    before = {number: signal.signal(number, ask) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
