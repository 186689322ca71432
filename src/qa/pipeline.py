"""Assets through decoding, inference and checks on a few threads, in input order, with flat memory.

Decoding runs on its own threads; one thread prepares what models measure, for as many assets as wait for it; checks
run on their own threads. What is measured together never changes a result (see the contract suites), so a slow
source is answered asset by asset and a fast one in batches.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
Decoded = TypeVar("Decoded")
Result = TypeVar("Result")

BATCH = 4
"""Most assets that inference takes together."""

IN_FLIGHT = 12
"""Most assets alive at a time: what bounds the memory."""


@dataclass(frozen=True)
class Stages(Generic[Item, Decoded, Result]):
    """What happens to an item: decode it, prepare it together with others that wait, finish it.

    What is wrong with one item belongs into its result; an exception ends the whole run.
    """

    decode: Callable[[Item], Decoded]
    prepare: Callable[[Sequence[Decoded]], None]
    finish: Callable[[Decoded], Result]


@dataclass(frozen=True)
class Ticket(Generic[Decoded, Result]):
    """One item on its way: its decoding under way, and the result to come."""

    decoded: Future[Decoded]
    result: Future[Result] = field(default_factory=Future)


class Line(Generic[Item, Decoded, Result]):
    """The threads of one run. `submit` from one thread; leave the context to stop what has not begun."""

    def __init__(self, stages: Stages[Item, Decoded, Result], threads: int) -> None:
        self._stages = stages
        self._waiting: deque[Ticket[Decoded, Result]] = deque()
        self._decoders = ThreadPoolExecutor(threads, "qa-decode")
        self._inference = ThreadPoolExecutor(1, "qa-inference")
        self._checkers = ThreadPoolExecutor(threads, "qa-check")

    def __enter__(self) -> Line[Item, Decoded, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        for pool in (self._decoders, self._inference, self._checkers):
            pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, item: Item) -> Future[Result]:
        """Send an item on its way."""
        ticket: Ticket[Decoded, Result] = Ticket(self._decoders.submit(self._stages.decode, item))
        self._waiting.append(ticket)
        self._inference.submit(self._prepare_waiting)
        return ticket.result

    def _prepare_waiting(self) -> None:
        tickets = self._take()
        try:
            decoded = [ticket.decoded.result() for ticket in tickets]
            if decoded:
                self._stages.prepare(decoded)
            for ticket, ready in zip(tickets, decoded, strict=True):
                self._checkers.submit(self._finish, ticket, ready)
        except BaseException as error:
            for ticket in tickets:
                ticket.result.set_exception(error)

    def _take(self) -> list[Ticket[Decoded, Result]]:
        """Take the oldest waiting ticket, and those right behind it that are decoded already."""
        taken: list[Ticket[Decoded, Result]] = []
        while self._waiting and len(taken) < BATCH and (not taken or self._waiting[0].decoded.done()):
            taken.append(self._waiting.popleft())
        return taken

    def _finish(self, ticket: Ticket[Decoded, Result], decoded: Decoded) -> None:
        try:
            ticket.result.set_result(self._stages.finish(decoded))
        except BaseException as error:
            ticket.result.set_exception(error)


def run_ordered(items: Iterable[Item], stages: Stages[Item, Decoded, Result], *, threads: int) -> Iterator[Result]:
    """Yield one result per item, in the items' order, while later items are under way.

    Args:
        items: Drawn in the caller's thread, at most `IN_FLIGHT` ahead of what was yielded; may be endless.
        stages: What happens to each.
        threads: Threads for decoding, and as many for checks.

    Raises:
        Exception: Whatever `items` raises, after the results of the items drawn before it; whatever a stage raises.
    """
    with Line(stages, threads) as line:
        under_way: deque[Future[Result]] = deque()
        drawing = drawn(items)
        for item in drawing.items:
            under_way.append(line.submit(item))
            while under_way and (under_way[0].done() or len(under_way) >= IN_FLIGHT):
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()
        if drawing.error is not None:
            raise drawing.error


@dataclass
class Drawing(Generic[Item]):
    """A source being drawn from; an error it raised is kept until what came before is delivered."""

    items: Iterator[Item]
    error: Exception | None = None


def drawn(source: Iterable[Item]) -> Drawing[Item]:
    """Return a drawing of `source` that ends where the source raises, the error kept."""
    drawing: Drawing[Item]

    def draw() -> Iterator[Item]:
        try:
            yield from source
        except Exception as error:
            drawing.error = error

    drawing = Drawing(draw())
    return drawing
