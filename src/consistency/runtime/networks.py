"""Networks that are defined in torch, opened for inference: through OpenVINO on the CPU, in torch elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

from consistency.runtime.sessions import Session, open_session
from consistency.runtime.tables import load_entry

CONVERTERS = {"openvino": "consistency.runtime.converted:converted_graph"}


def open_network(
    name: str,
    build: Callable[[], Any],
    input_shape: tuple[int, ...],
    *,
    precision: str = "float32",
    threads: int | None = None,
    device: str = "cpu",
    engine: str = "auto",
    dtype: str = "float32",
    streams: int = 1,
) -> Session:
    """Open a torch module for inference.

    Args:
        name: What determines its outputs: architecture, weights' sha256, layer.
        build: Makes the module, in evaluation mode; not called when a converted graph is in the cache.
        input_shape: Of its one input, batch first.
        precision: "float32" or "bfloat16".
        threads: Threads of this session; torch, on the CPU, keeps the process's own setting.
        device: "cpu" or "cuda".
        dtype: Of its input: "float32" or "int64".
        engine: "openvino", "torch", or "auto": OpenVINO on the CPU where it is installed, else torch.
        streams: Calls that run at once, as in `open_session`.
    """
    chosen = engine if engine != "auto" else _preferred(device)
    converter = load_entry(CONVERTERS, chosen, "converter") if chosen in CONVERTERS else None
    model = converter(name, build, input_shape, dtype=dtype) if converter is not None else build()
    return open_session(model, precision=precision, threads=threads, device=device, engine=chosen, streams=streams)


def _preferred(device: str) -> str:
    return "openvino" if device == "cpu" and find_spec("openvino") is not None else "torch"
