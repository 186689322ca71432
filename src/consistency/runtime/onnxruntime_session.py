"""Inference by onnxruntime: where OpenVINO has no wheel, and on CUDA."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

from consistency.errors import InputError, MissingBackend
from consistency.runtime.sessions import Array, Session, check_device

PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}


class OnnxRuntimeSession(Session):
    """A model compiled by onnxruntime; its `run` is safe from several threads by itself."""

    engine = "onnxruntime"

    def __init__(
        self, model: Path | bytes | Any, *, precision: str, threads: int | None, device: str, streams: int = 1
    ) -> None:
        del streams
        if precision != "float32":
            raise InputError("float32 with onnxruntime", precision, "bfloat16 needs OpenVINO")
        if not isinstance(model, (Path, bytes)):
            raise InputError("an ONNX file or its bytes", type(model).__name__)
        self._session = ort.InferenceSession(
            model if isinstance(model, bytes) else str(model),
            _options(threads),
            providers=_providers(device),
        )
        check_provider(self._session, device)
        self.inputs = tuple(port.name for port in self._session.get_inputs())
        self.outputs = tuple(port.name for port in self._session.get_outputs())

    def run(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        """Run on named arrays; the outputs are fresh arrays."""
        found = self._session.run(None, {name: np.ascontiguousarray(array) for name, array in feeds.items()})
        return dict(zip(self.outputs, found, strict=True))


def _options(threads: int | None) -> Any:
    options = ort.SessionOptions()
    options.log_severity_level = 3
    if threads is not None:
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
    return options


def provider_of(device: str) -> str:
    """Return the name of onnxruntime's provider for a device.

    Raises:
        InputError: It is none of `sessions.DEVICES`.
        MissingBackend: This build of onnxruntime is without it; left to itself it would take the CPU.
    """
    check_device(device)
    if PROVIDERS[device] not in ort.get_available_providers():
        raise MissingBackend("onnxruntime with CUDA", "the CPU build", "pip install onnxruntime-gpu")
    return PROVIDERS[device]


def check_provider(session: Any, device: str) -> None:
    """Refuse a session that did not get the device it was opened for: onnxruntime takes the CPU where that fails.

    Raises:
        MissingBackend: It runs elsewhere.
    """
    if PROVIDERS[device] not in session.get_providers():
        raise MissingBackend("a CUDA device", "none that onnxruntime can use", 'use device="cpu"')


def _providers(device: str) -> list[Any]:
    wanted = provider_of(device)
    # TF32 keeps 10 bits of the mantissa: cosines would leave the spec's float32.
    return [(wanted, {"use_tf32": "0"})] if device == "cuda" else [wanted]
