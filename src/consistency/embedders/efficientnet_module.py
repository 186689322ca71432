"""EfficientNet-Lite0 in torch: serves the one conversion of its weights; a warm run never imports this file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from consistency.errors import WeightsError

STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
"""Repeats, kernel, stride, expansion, channels: Tan and Le 2019, table 1; "Lite" has no squeeze-and-excitation."""

BATCH_NORM_EPSILON = 1e-3
"""Of the TensorFlow originals; torch's own default is 1e-5."""


class EfficientNetLite0(nn.Module):
    """The network up to its last feature map: N×3×S×S in [-1, 1] → N×1280×S/32×S/32; S a multiple of 32."""

    def __init__(self) -> None:
        super().__init__()
        self._conv_stem = nn.Conv2d(3, 32, 3, stride=2, bias=False)
        self._bn0 = _norm(32)
        self._blocks = nn.ModuleList(_blocks())
        self._conv_head = nn.Conv2d(320, 1280, 1, bias=False)
        self._bn1 = _norm(1280)

    def forward(self, pixels: Tensor) -> Tensor:
        """Return the feature map after the last activation, channels second."""
        maps = _activate(self._bn0(self._conv_stem(_pad(pixels, 3, 2))))
        for block in self._blocks:
            maps = block(maps)
        return _activate(self._bn1(self._conv_head(maps)))


class InvertedResidual(nn.Module):
    """Expand 1×1, filter each channel, project 1×1; added to its input where the shapes agree."""

    def __init__(self, inside: int, outside: int, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        wide = inside * expansion
        self._kernel, self._stride = kernel, stride
        self._is_residual = stride == 1 and inside == outside
        if expansion > 1:
            self._expand_conv: nn.Module | None = nn.Conv2d(inside, wide, 1, bias=False)
            self._bn0 = _norm(wide)
        else:
            self._expand_conv = None
        self._depthwise_conv = nn.Conv2d(wide, wide, kernel, stride=stride, groups=wide, bias=False)
        self._bn1 = _norm(wide)
        self._project_conv = nn.Conv2d(wide, outside, 1, bias=False)
        self._bn2 = _norm(outside)

    def forward(self, maps: Tensor) -> Tensor:
        """Return the block's output."""
        inner = maps
        if self._expand_conv is not None:
            inner = _activate(self._bn0(self._expand_conv(inner)))
        inner = _activate(self._bn1(self._depthwise_conv(_pad(inner, self._kernel, self._stride))))
        projected: Tensor = self._bn2(self._project_conv(inner))
        return maps + projected if self._is_residual else projected


def build(weights: Path) -> EfficientNetLite0:
    """Build the network with the weights of a state dict file, in evaluation mode.

    Raises:
        WeightsError: The file does not hold this network's weights.
    """
    state = torch.load(weights, map_location="cpu", weights_only=True)
    network = EfficientNetLite0()
    try:
        network.load_state_dict(_without_classifier(state))
    except RuntimeError as error:
        raise WeightsError("the weights of EfficientNet-Lite0", error) from error
    return network.eval()


def _without_classifier(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {key: value for key, value in state.items() if not key.startswith("_fc.")}


def _blocks() -> list[InvertedResidual]:
    blocks, inside = [], 32
    for repeats, kernel, stride, expansion, outside in STAGES:
        for repeat in range(repeats):
            blocks.append(InvertedResidual(inside, outside, kernel, stride if repeat == 0 else 1, expansion))
            inside = outside
    return blocks


def _activate(maps: Tensor) -> Tensor:
    return functional.relu6(maps)


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=BATCH_NORM_EPSILON)


def _pad(maps: Tensor, kernel: int, stride: int) -> Tensor:
    """Pad as TensorFlow's "same" does on even sides: with stride 2 the surplus goes right and below."""
    total = kernel - stride
    before = total // 2
    return functional.pad(maps, (before, total - before, before, total - before))
