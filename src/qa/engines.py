"""The models of one gate: named by the kit, loaded on first use, once, whatever the thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import RLock
from typing import Protocol, TypeVar, runtime_checkable

from consistency.embedders.embedder import Embedder, load_embedder
from consistency.errors import ConsistencyError
from consistency.faces.drawn import EMBEDDER, DrawingTest
from consistency.faces.finder import FaceFinder, load_face_finder
from qa.kit.kit import ModelOptions
from qa.text.reader import Reader, load_reader

T = TypeVar("T")


class Identified(Protocol):
    """Anything that says by an id which model it is."""

    @property
    def id(self) -> str:
        """Architecture, weights and preprocessing in one string."""
        ...


@runtime_checkable
class HasSpec(Protocol):
    """A loaded model."""

    @property
    def spec(self) -> Identified:
        """Which model it is."""
        ...


class Engines:
    """Lazily loaded embedder, face finder and reader.

    A model that could not be loaded is not tried again: every later request raises the same error.

    Args:
        models: The kit's `models:` section.
        threads: Inference threads per model; None leaves the choice to the runtime.
        device: "cpu" or "cuda".
        reader: In place of the kit's; None loads that.
    """

    def __init__(
        self, models: ModelOptions, *, threads: int | None = None, device: str = "cpu", reader: Reader | None = None
    ) -> None:
        self._models = models
        self._threads = threads
        self._device = device
        self._loaded: dict[str, object] = {} if reader is None else {"reader": reader}
        self._lock = RLock()

    def embedder(self) -> Embedder:
        """Return the kit's embedder."""
        models = self._models
        return self._once(
            "embedder",
            lambda: load_embedder(
                models.embedder, precision=models.precision, device=self._device, threads=self._threads
            ),
        )

    def face_finder(self) -> FaceFinder:
        """Return the kit's face finder."""
        return self._once(
            "faces", lambda: load_face_finder(self._models.faces, device=self._device, threads=self._threads)
        )

    def drawing_test(self) -> DrawingTest:
        """Return what tells drawn faces, by the kit's embedder where that is the one it needs."""

        def load() -> DrawingTest:
            if (self._models.embedder, self._models.precision) == (EMBEDDER, "float32"):
                return DrawingTest(self.embedder())
            return DrawingTest(load_embedder(EMBEDDER, device=self._device, threads=self._threads))

        return self._once("drawings", load)

    def reader(self) -> Reader:
        """Return the kit's text reader."""
        models = self._models
        return self._once(
            "reader",
            lambda: load_reader(models.reader, precision=models.precision, device=self._device, threads=self._threads),
        )

    def specs(self, roles: Iterable[str]) -> dict[str, str]:
        """Return role → spec id of those of these models that could be loaded."""
        with self._lock:
            parts = {role: self._loaded.get(role) for role in sorted(roles)}
        return {role: part.spec.id for role, part in parts.items() if isinstance(part, HasSpec)}

    def _once(self, role: str, load: Callable[[], T]) -> T:
        with self._lock:
            if role not in self._loaded:
                try:
                    self._loaded[role] = load()
                except ConsistencyError as error:
                    self._loaded[role] = error
            part = self._loaded[role]
        if isinstance(part, ConsistencyError):
            raise part
        return part  # type: ignore[return-value]
