"""Inference by OpenVINO on the CPU."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import numpy as np
import openvino as ov

from consistency.errors import MissingBackend
from consistency.runtime.sessions import Array, Session

logger = logging.getLogger(__name__)

HINTS = {"float32": ov.Type.f32, "bfloat16": ov.Type.bf16}


class OpenVinoSession(Session):
    """A model compiled by OpenVINO, with a pool of inference requests.

    In latency mode: with one stream a call uses all of the session's threads and calls from several threads queue; with
    more, as many calls run at once, the threads shared out among them.
    """

    engine = "openvino"

    def __init__(
        self, model: Path | bytes | Any, *, precision: str, threads: int | None, device: str, streams: int = 1
    ) -> None:
        if device != "cpu":
            raise MissingBackend("an engine for CUDA", "openvino", 'use engine="onnxruntime"')
        core = ov.Core()
        if precision == "bfloat16" and "BF16" not in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
            logger.warning("bfloat16 was asked for, and this CPU has none: computed in float32, no faster")
        settings: dict[str, Any] = {
            "INFERENCE_PRECISION_HINT": HINTS[precision],
            "PERFORMANCE_HINT": "LATENCY",
            "NUM_STREAMS": str(streams),
            # Pinned, the sessions of several processes all take the first cores, and the others stand idle.
            "ENABLE_CPU_PINNING": False,
        }
        if threads is not None:
            settings["INFERENCE_NUM_THREADS"] = threads
        self._compiled = core.compile_model(_read(core, model), "CPU", settings)
        self._idle: SimpleQueue[Any] = SimpleQueue()
        self.inputs = tuple(port.any_name for port in self._compiled.inputs)
        self.outputs = tuple(_name(port, index) for index, port in enumerate(self._compiled.outputs))

    def run(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        """Run on named arrays; the outputs are copies."""
        with self._request() as request:
            request.infer({name: np.ascontiguousarray(array) for name, array in feeds.items()})
            return {name: request.get_output_tensor(index).data.copy() for index, name in enumerate(self.outputs)}

    @contextmanager
    def _request(self) -> Iterator[Any]:
        try:
            request = self._idle.get_nowait()
        except Empty:
            request = self._compiled.create_infer_request()
        try:
            yield request
        finally:
            self._idle.put(request)


def _read(core: Any, model: Path | bytes | Any) -> Any:
    if isinstance(model, bytes):
        return core.read_model(model)
    return core.read_model(str(model)) if isinstance(model, Path) else model


def _name(port: Any, index: int) -> str:
    names = sorted(port.get_names())
    return names[0] if names else f"output_{index}"
