"""The models of one gate: named by the kit, loaded on first use, once, whatever the thread."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import TypeVar

from consistency.embedders.embedder import Embedder, load_embedder
from consistency.errors import ConsistencyError
from consistency.faces.finder import FaceFinder, load_face_finder
from qa.kit.kit import ModelOptions
from qa.text.reader import Reader, load_reader

T = TypeVar("T")


class Engines:
    """Lazily loaded embedder, face finder and reader.

    A model that could not be loaded is not tried again: every later request raises the same error.

    Args:
        models: The kit's `models:` section.
        threads: Inference threads per model; None leaves the choice to the runtime.
        device: "cpu" or "cuda".
    """

    def __init__(self, models: ModelOptions, *, threads: int | None = None, device: str = "cpu") -> None:
        self._models = models
        self._threads = threads
        self._device = device
        self._loaded: dict[str, object] = {}
        self._lock = RLock()

    def embedder(self) -> Embedder:
        """Return the kit's embedder."""
        models = self._models
        return self._once(
            "embedder",
            lambda: load_embedder(models.embedder, precision=models.precision, device=self._device, threads=self._threads),
        )

    def face_finder(self) -> FaceFinder:
        """Return the kit's face finder."""
        return self._once("faces", lambda: load_face_finder(self._models.faces, device=self._device, threads=self._threads))

    def reader(self) -> Reader:
        """Return the kit's text reader."""
        models = self._models
        return self._once(
            "reader",
            lambda: load_reader(models.reader, precision=models.precision, device=self._device, threads=self._threads),
        )

    def specs(self) -> dict[str, str]:
        """Return role → spec id of the models loaded so far."""
        with self._lock:
            return {role: part.spec.id for role, part in sorted(self._loaded.items()) if hasattr(part, "spec")}

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
