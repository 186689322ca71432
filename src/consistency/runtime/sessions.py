"""The one door to inference: precision, threads, device and outputs that belong to the caller."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

from numpy.typing import NDArray

from consistency.errors import InputError, MissingBackend
from consistency.runtime.tables import load_entry

Array = NDArray[Any]

ENGINES: dict[str, str] = {
    "openvino": "consistency.runtime.openvino_session:OpenVinoSession",
    "onnxruntime": "consistency.runtime.onnxruntime_session:OnnxRuntimeSession",
    "torch": "consistency.runtime.torch_session:TorchSession",
}
"""Inference engines by name, the preferred one first; torch takes modules only, and is never chosen by itself."""

PRECISIONS = ("float32", "bfloat16")
DEVICES = ("cpu", "cuda")


class Session(Protocol):
    """A compiled model; `run` is safe from several threads.

    Attributes:
        engine: Name in ENGINES.
        inputs: Names of the inputs.
        outputs: Names of the outputs, in the model's order.
    """

    engine: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    def run(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        """Run the model on named arrays and return its outputs by name, copied: the caller owns them."""
        ...


def open_session(
    model: Path | bytes | Any,
    *,
    precision: str = "float32",
    threads: int | None = None,
    device: str = "cpu",
    engine: str = "auto",
    streams: int = 1,
) -> Session:
    """Compile a model for inference.

    Args:
        model: An ONNX file or its bytes; OpenVINO also takes its own model objects and .xml files.
        precision: "float32" is enforced (OpenVINO would take bfloat16 by itself); "bfloat16" needs OpenVINO.
        threads: Threads of this session; None leaves the choice to the runtime. No global setting is touched.
        device: "cpu"; "cuda" needs onnxruntime with its CUDA provider.
        engine: A name of ENGINES, or "auto": OpenVINO on the CPU where it is installed, else onnxruntime.
        streams: Calls that OpenVINO runs at once, its threads shared out among them; other engines do as they do.

    Raises:
        InputError: Unknown device, or a thread count below 1.
        MissingBackend: No engine for this device or precision on the machine.
    """
    _validate(precision, threads, device)
    settings = {"precision": precision, "threads": threads, "device": device, "streams": streams}
    candidates = _candidates(engine, device, precision)
    for name in candidates[:-1]:
        with suppress(MissingBackend):
            return _open(name, model, settings)
    return _open(candidates[-1], model, settings)


def _open(name: str, model: Any, settings: Mapping[str, Any]) -> Session:
    opener: Any = load_entry(ENGINES, name, "inference engine")
    session: Session = opener(model, **settings)
    return session


def _candidates(engine: str, device: str, precision: str) -> tuple[str, ...]:
    if engine != "auto":
        return (engine,)
    if device == "cuda":
        return ("onnxruntime",)
    return ("openvino",) if precision == "bfloat16" else ("openvino", "onnxruntime")


def _validate(precision: str, threads: int | None, device: str) -> None:
    if precision not in PRECISIONS:
        raise MissingBackend(f"a precision of {', '.join(PRECISIONS)}", precision)
    check_device(device)
    if threads is not None and threads < 1:
        raise InputError("at least one thread", threads)


def check_device(device: str) -> None:
    """Refuse what is no name of a device.

    Raises:
        InputError: It is none of DEVICES.
    """
    if device not in DEVICES:
        raise InputError(f"a device of {', '.join(DEVICES)}", device)
