"""What a network's multiply-adds alone would take on this machine: how fast it multiplies, how many there are."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch

MATRIX = 640


def timed(run: Callable[[], object]) -> tuple[float, float]:
    """Return seconds by the wall and of all cores together."""
    wall, processor = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - wall, time.process_time() - processor


def peak_rate() -> float:
    """Return multiply-adds a second of a product of float32 matrices on all cores."""
    left, right = torch.ones(MATRIX, MATRIX), torch.ones(MATRIX, MATRIX)
    with torch.inference_mode():
        return MATRIX**3 / timed(lambda: left @ right)[0]


def multiply_adds(module: torch.nn.Module, side: int) -> int:
    """Return the multiply-adds of all convolutions for one picture."""
    counted: list[int] = []

    def count(layer: torch.nn.Module, _: object, found: torch.Tensor) -> None:
        counted.append(found[0].numel() * layer.weight[0].numel())

    hooks = [each.register_forward_hook(count) for each in module.modules() if isinstance(each, torch.nn.Conv2d)]
    with torch.inference_mode():
        module(torch.zeros(1, 3, side, side))
    for hook in hooks:
        hook.remove()
    return sum(counted)
