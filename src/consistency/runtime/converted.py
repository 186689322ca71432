"""Networks defined in torch as OpenVINO graphs: converted once, kept in the cache, torch not needed again."""

from __future__ import annotations

import logging
import struct
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import openvino as ov

from consistency.errors import StoredFormatError
from consistency.runtime.cache import Cache, default_cache

logger = logging.getLogger(__name__)

KIND = "graphs"
HEADER = struct.Struct("<QQ")
FORMAT = 1


def converted_graph(
    name: str,
    build: Callable[[], Any],
    input_shape: tuple[int, ...],
    cache: Cache | None = None,
    *,
    dtype: str = "float32",
) -> Any:
    """Return the OpenVINO graph of a torch module, from the cache where it is there and can be loaded.

    Args:
        name: What determines the graph: architecture, weights' sha256, layer. The converter's version is added.
        build: Makes the torch module, in evaluation mode; called only when the graph has to be made.
        input_shape: Of its one input; the first axis, the batch, is left open.
        cache: Where graphs are kept; None takes the default.
        dtype: Of its input: "float32" or "int64".

    Returns:
        An `openvino.Model` with float32 weights, one input and the module's outputs.
    """
    cache = cache or default_cache()
    key = f"{FORMAT}|{name}|{input_shape}|openvino {ov.get_version()}"
    stored = cache.get_bytes(KIND, key)
    if stored is not None:
        try:
            return _unpack(stored)
        except (StoredFormatError, RuntimeError, ValueError):
            logger.warning("a converted graph in the cache cannot be loaded and is made again")
    made = _convert(build(), input_shape, dtype)
    cache.put_bytes(KIND, key, made)
    return _unpack(made)


def _convert(module: Any, input_shape: tuple[int, ...], dtype: str) -> bytes:
    example = _example(module, input_shape, dtype)
    with warnings.catch_warnings():
        # torch.jit.trace, which the converter uses, announces its end; convert_model takes no other form.
        warnings.simplefilter("ignore")
        graph = ov.convert_model(module, example_input=example, input=[(-1, *input_shape[1:])])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.xml"
        ov.save_model(graph, path, compress_to_fp16=False)
        return _pack(path.read_bytes(), path.with_suffix(".bin").read_bytes())


def _example(module: Any, input_shape: tuple[int, ...], dtype: str) -> Any:
    zeros = next(iter(module.parameters())).detach().new_zeros(input_shape)
    return zeros.long() if dtype == "int64" else zeros


def _pack(structure: bytes, weights: bytes) -> bytes:
    return HEADER.pack(len(structure), len(weights)) + structure + weights


def _unpack(stored: bytes) -> Any:
    if len(stored) < HEADER.size or sum(HEADER.unpack_from(stored)) + HEADER.size != len(stored):
        raise StoredFormatError("a converted graph", f"{len(stored)} bytes", "delete the cache")
    middle = HEADER.size + HEADER.unpack_from(stored)[0]
    weights = np.frombuffer(stored, np.uint8, offset=middle)
    return ov.Core().read_model(stored[HEADER.size : middle], ov.Tensor(weights.copy()))
