"""EasyOCR's recogniser on one line: the crop that EasyOCR makes, and what the network says before it decides.

The steps are those of easyocr 1.7, `recognition.py` and `utils.py`, by its own functions: a crop is resized to the
network's rows and padded by its last column to a multiple of them, chosen by its own width. Class 0 is the CTC blank.
What the chosen languages do not use is set to nothing and the rest is scaled up to one. A crop that is read with little
certainty is read once more with its contrast stretched, and the surer of the two counts, for the text and for the
probabilities alike, so that a likelihood is always about the pixels that were read.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import cv2
import numpy as np
import torch
from easyocr.recognition import AlignCollate, custom_mean
from easyocr.utils import compute_ratio_and_resize, four_point_transform
from numpy.typing import NDArray
from PIL import Image
from torch.backends import cudnn

from qa.text.emissions import Emissions
from qa.text.reader import Quad
from qa.text.recognition import LONGEST, crop_quad

Grey = NDArray[np.uint8]
Float32 = NDArray[np.float32]

HEIGHT = 64
"""Rows of the input of EasyOCR's own recognisers: `imgH` in easyocr/config.py."""

FAINT, STRETCHED = 0.1, 0.5
"""EasyOCR's defaults `contrast_ths` and `adjust_contrast`: below this certainty a crop is read again, and the contrast
that it is then given."""


class LineRecogniser:
    """The recogniser of an `easyocr.Reader`, asked for probabilities rather than for text.

    Args:
        reader: With languages and recogniser.
        height: Rows of the recogniser's input.
    """

    def __init__(self, reader: Any, height: int = HEIGHT) -> None:
        self._network, self._device, self._height = reader.recognizer.eval(), reader.device, height
        self.charset = frozenset(reader.character) & frozenset(reader.lang_char)
        names = ("", *reader.character)
        self._is_ignored = np.array([bool(name) and name not in self.charset for name in names])
        # EasyOCR's lists for Arabic and Devanagari have some symbols twice.
        self.symbols = tuple(dict.fromkeys(names))
        self._columns = np.array([self.symbols.index(name) for name in names])

    def observe(self, grey: Grey, quad: Quad, scale: float = 1.0) -> Emissions:
        """Return what the recogniser says about one line, shown alone.

        Args:
            grey: H×W uint8.
            quad: Corners in pixels, clockwise from the top left of the text.
            scale: How many times wider than it is the line is shown.
        """
        crop = fitted(cropped(grey, quad), self._height, scale)
        plain, filled = prepared(crop, self._height)
        found = self._probabilities(plain)
        if certainty(found) < FAINT:
            stretched, _ = prepared(crop, self._height, STRETCHED)
            second = self._probabilities(stretched)
            found = found if certainty(found) > certainty(second) else second
        return Emissions.compact(self._by_symbol(found), self.symbols, filled)

    def _probabilities(self, prepared: torch.Tensor) -> Float32:
        """Return T×C probabilities; a step that knows only what the languages do not use says nothing: zeros."""
        # EasyOCR's networks take a second argument that those with CTC do not use.
        unused = torch.zeros((1, prepared.shape[3] // 10 + 1), dtype=torch.int64, device=self._device)
        # TF32 keeps 10 bits of the mantissa: probabilities would leave the spec's float32.
        with torch.inference_mode(), cudnn.flags(enabled=True, allow_tf32=False):
            said = torch.softmax(self._network(prepared.to(self._device), unused)[0].float(), dim=1)
        known: Float32 = said.cpu().numpy().copy()
        known[:, self._is_ignored] = 0
        total = known.sum(axis=1, keepdims=True)
        np.divide(known, total, out=known, where=total > 0)
        return known

    def _by_symbol(self, probabilities: Float32) -> Float32:
        if len(self.symbols) == len(self._columns):
            return probabilities
        sums = np.zeros((len(probabilities), len(self.symbols)), np.float32)
        np.add.at(sums.T, self._columns, probabilities.T)
        return sums


def certainty(probabilities: Float32) -> float:
    """Return how sure EasyOCR is of its greedy reading, in [0, 1]; lower the longer the line."""
    best = probabilities.max(axis=1)[probabilities.argmax(axis=1) != 0]
    return float(custom_mean(best)) if best.size else 0.0


def within(quad: Quad, height: int, width: int) -> Quad:
    """Return corners moved into a picture: EasyOCR's boxes may begin outside."""
    first, second, third, fourth = (
        (min(max(0.0, float(x)), float(width)), min(max(0.0, float(y)), float(height))) for x, y in quad
    )
    return first, second, third, fourth


def cropped(grey: Grey, quad: Quad) -> Grey:
    """Return what of a picture lies inside a quadrilateral, at least one pixel.

    Upright boxes are cut and others straightened as EasyOCR does; only what it has no answer for, a side of less than
    two pixels, is straightened by `crop_quad`.
    """
    corners = np.array(within(quad, *grey.shape), np.float32)
    (left, top), (right, bottom) = np.rint(corners[[0, 2]]).astype(int)
    is_upright = (np.rint(corners) == [[left, top], [right, top], [right, bottom], [left, bottom]]).all()
    if is_upright and left < right and top < bottom:
        return grey[top:bottom, left:right]
    sides = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1)
    straight: Grey = four_point_transform(grey, corners) if sides.min() >= 2 else crop_quad(grey, corners)
    return straight


def fitted(crop: Grey, height: int, scale: float) -> Grey:
    """Return a crop `scale` times as wide, squeezed to `LONGEST` columns at `height` rows, which bounds memory."""
    tall, wide = crop.shape
    most = LONGEST // height
    size = (max(1, min(round(wide * scale), tall * most)), min(tall, wide * most))
    return crop if size == (wide, tall) else cv2.resize(crop, size, interpolation=cv2.INTER_LINEAR).astype(np.uint8)


def prepared(crop: Grey, height: int, contrast: float = 0.0) -> tuple[torch.Tensor, float]:
    """Return the 1×1×height×W input of a crop, and the share of its columns that is picture.

    Args:
        crop: h×w uint8.
        height: Rows of the recogniser's input.
        contrast: Contrast in (0, 1] up to which a paler crop is stretched; 0 leaves it.
    """
    resized, ratio = compute_ratio_and_resize(crop, crop.shape[1], crop.shape[0], height)
    width = math.ceil(ratio) * height
    collate = AlignCollate(imgH=height, imgW=width, keep_ratio_with_pad=True, adjust_contrast=contrast)
    tensor: torch.Tensor = collate([Image.fromarray(resized)])
    return tensor, min(1.0, math.ceil(height * resized.shape[1] / resized.shape[0]) / width)


@contextmanager
def quiet() -> Iterator[None]:
    """Silence what EasyOCR's calls into torch and Pillow warn of: pinned memory without a GPU, and old names."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=UserWarning, module=r"torch\..*")
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        warnings.filterwarnings("ignore", category=FutureWarning)
        yield
