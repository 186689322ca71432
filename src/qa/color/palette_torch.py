"""The palette map of torch tensors: on the CPU as for arrays, elsewhere from a table that stays on the device."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from consistency.errors import InputError
from qa.color.palette_table import DELTA_MASK, INDEX_MASK, ColorTable

if TYPE_CHECKING:
    from qa.color.palette import Mode, Palette


def map_tensor(palette: Palette, image: Tensor, mode: Mode, threads: int | None) -> tuple[Tensor, Tensor]:
    """Return index uint8 and ΔE00 float32 of a …×3 uint8 tensor, on its device. See `Palette.nearest`."""
    if image.dtype != torch.uint8 or image.ndim < 2 or image.shape[-1] != 3:
        raise InputError("a tensor …×3 uint8", f"{tuple(image.shape)} {image.dtype}", "channels last, 0 to 255")
    if image.device.type != "cpu" and mode != "exact":
        return look_up(image, resident_entries(palette.prepare(threads=threads), str(image.device)))
    rows = image.detach().cpu().reshape(1, -1, 3).numpy()
    found = palette.nearest(rows, mode=mode, threads=threads)
    index, delta = (torch.from_numpy(plane).reshape(image.shape[:-1]).to(image.device) for plane in found)
    return index, delta


@lru_cache(maxsize=4)
def resident_entries(table: ColorTable, device: str) -> Tensor:
    """Return a table's entries on a device, where they stay: 64 MB."""
    return torch.from_numpy(table.entries.view(np.int32)).to(device)


def look_up(image: Tensor, entries: Tensor) -> tuple[Tensor, Tensor]:
    """Return index and ΔE00 of a …×3 uint8 tensor from entries on its device."""
    red, green, blue = image.unbind(-1)
    codes = torch.add(blue, torch.add(green, red.int(), alpha=256), alpha=256)
    found = torch.index_select(entries, 0, codes.reshape(-1)).reshape(codes.shape)
    return (found & INDEX_MASK).to(torch.uint8), (found & DELTA_MASK).view(torch.float32)
