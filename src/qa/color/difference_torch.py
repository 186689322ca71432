"""CIEDE2000 of torch tensors, on the device they lie on."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from consistency.errors import InputError
from qa.color.ciede2000 import difference
from qa.color.difference import check_shapes


def tensor_difference(lab_a: Any, lab_b: Any) -> Tensor:
    """Return the CIEDE2000 difference of …×3 L*a*b* tensors; one of the two may be anything array-like.

    See `qa.color.delta_e00`.
    """
    first, second = together(lab_a, lab_b)
    check_shapes(tuple(first.shape), tuple(second.shape))
    for lab in (first, second):
        if not bool(torch.isfinite(lab).all()):
            raise InputError("finite L*a*b* values", "NaN or infinity", "leave those pixels out")
    planes_a, planes_b = first.unbind(-1), second.unbind(-1)
    result: Tensor = difference((planes_a[0], planes_a[1], planes_a[2]), (planes_b[0], planes_b[1], planes_b[2]), torch)
    return result


def together(lab_a: Any, lab_b: Any) -> tuple[Tensor, Tensor]:
    """Return both in float64 on the device of the one that is a tensor."""
    devices = {value.device for value in (lab_a, lab_b) if isinstance(value, Tensor)}
    if len(devices) > 1:
        names = " and ".join(sorted(map(str, devices)))
        raise InputError("tensors on one device", names, "move one of them with .to()")
    device = devices.pop()
    try:
        first, second = (torch.as_tensor(value, dtype=torch.float64, device=device) for value in (lab_a, lab_b))
    except (TypeError, ValueError, RuntimeError) as error:
        raise InputError("L*a*b* numbers, on a device that knows float64", error) from error
    return first, second
