"""Inference by torch: on CUDA, and where OpenVINO has no wheel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch.backends import cudnn

from consistency.errors import InputError, MissingBackend
from consistency.runtime.sessions import Array, Session, check_device

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


class TorchSession(Session):
    """A torch module with one input and one or more outputs.

    `threads` has no effect: torch has one setting for the whole process, which is not ours to touch. On the CPU the
    pictures of a batch run one by one: torch's results otherwise depend on the batch size.
    """

    engine = "torch"

    def __init__(self, model: Any, *, precision: str, threads: int | None, device: str, streams: int = 1) -> None:
        del streams
        if not isinstance(model, torch.nn.Module):
            raise InputError("a torch module", type(model).__name__)
        check_torch_device(device)
        self._device, self._dtype = device, DTYPES[precision]
        self._module = model.eval().to(device, self._dtype).to(memory_format=torch.channels_last)
        self.inputs: tuple[str, ...] = ("input",)
        self.outputs: tuple[str, ...] = ("output",)

    def run(self, feeds: Mapping[str, Array]) -> dict[str, Array]:
        """Run on the one named array; the outputs are copies."""
        (batch,) = feeds.values()
        step = len(batch) if self._device == "cuda" else 1
        parts = [self._forward(batch[start : start + step]) for start in range(0, len(batch), step)]
        found = [np.concatenate(column) for column in zip(*parts, strict=True)]
        self.outputs = tuple(f"output_{index}" for index in range(len(found)))
        return dict(zip(self.outputs, found, strict=True))

    def _forward(self, batch: Array) -> tuple[Array, ...]:
        given = torch.from_numpy(np.ascontiguousarray(batch)).to(device=self._device)
        tensor = given.to(self._dtype) if given.is_floating_point() else given
        tensor = tensor.contiguous(memory_format=torch.channels_last) if tensor.ndim == 4 else tensor
        # TF32 keeps 10 bits of the mantissa: cosines would leave the spec's float32.
        with torch.inference_mode(), cudnn.flags(enabled=True, allow_tf32=False):
            found = self._module(tensor)
        outputs = found if isinstance(found, (tuple, list)) else (found,)
        return tuple(output.float().cpu().numpy().copy() for output in outputs)


def check_torch_device(device: str) -> None:
    """Refuse a device that torch does not see.

    Raises:
        InputError: It is none of `sessions.DEVICES`.
        MissingBackend: It is not on this machine.
    """
    check_device(device)
    if device == "cuda" and not torch.cuda.is_available():
        raise MissingBackend("a CUDA device", "none that torch sees", 'use device="cpu"')
