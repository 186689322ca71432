"""What a line says: its crop through the recogniser, decoded greedily with the place of each character.

Reference: Graves et al. 2006, "Connectionist temporal classification", doi:10.1145/1143844.1143891.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

from consistency.region import Box
from consistency.runtime.sessions import Session
from qa.text.detection import Float32, Pixels, model_input, resized
from qa.text.emissions import Emissions
from qa.text.long_lines import windowed

HEIGHT = 48
"""Rows of the recogniser's input."""

MIN_WIDTH, STEP, MAX_WIDTH = 160, 32, 1600
"""Crops are padded to a multiple of STEP, at least MIN_WIDTH. Padding to 320, as in training, read as many of 180
rendered lines exactly (175) as padding to 160. A crop longer than MAX_WIDTH is read in windows."""

LONGEST = 32_000
"""A line longer than this is squeezed, which bounds memory: some 2000 characters."""

VERTICAL_RATIO = 1.5
"""A crop this many times higher than wide holds text that runs up or down."""


@dataclass(frozen=True)
class Reading:
    """Text of one crop: mean probability of its characters, and where along the crop, in [0, 1], each one is."""

    text: str
    confidence: float
    positions: tuple[float, ...]


def observe(session: Session, crop: Pixels, symbols: Sequence[str], scale: float = 1.0) -> Emissions:
    """Return what the recogniser says about one upright crop, padded to a bucket chosen by its own width and run alone.

    Args:
        session: The recogniser.
        crop: h×w×3 uint8 sRGB, one line of text.
        symbols: What each class stands for, the blank first.
        scale: How many times wider than it is the crop is shown.
    """
    prepared, width = prepare(crop, scale)
    if prepared.shape[3] <= MAX_WIDTH:
        probabilities = _run(session, prepared)
    else:
        probabilities = windowed(partial(_run, session), prepared, STEP)
    return Emissions.compact(probabilities, symbols, width / prepared.shape[3])


def _run(session: Session, prepared: Float32) -> Float32:
    (output,) = session.run({session.inputs[0]: prepared}).values()
    probabilities: Float32 = output[0]
    return probabilities


def prepare(crop: Pixels, scale: float = 1.0) -> tuple[Float32, int]:
    """Return the 1×3×48×bucket input of a crop, and how many of its columns are picture."""
    height, width = crop.shape[:2]
    wide = min(LONGEST, max(1, math.ceil(HEIGHT * width * scale / height)))
    bucket = max(MIN_WIDTH, math.ceil(wide / STEP) * STEP)
    padded = np.zeros((1, 3, HEIGHT, bucket), np.float32)
    padded[..., :wide] = model_input(resized(crop, HEIGHT, wide))
    return padded, wide


def decode(probabilities: Float32, symbols: Sequence[str], filled: float = 1.0) -> Reading:
    """Return the greedy reading of steps×classes probabilities: repeats merged, blanks dropped.

    Args:
        probabilities: One row a time step, class 0 the blank.
        symbols: What each class stands for.
        filled: Share of the steps that lie on picture rather than padding.
    """
    best = probabilities.argmax(axis=1)
    is_start = (best != 0) & (best != np.concatenate(([0], best[:-1])))
    steps = np.flatnonzero(is_start)
    if not steps.size:
        return Reading("", 0.0, ())
    text = "".join(symbols[index] for index in best[steps])
    confidence = float(probabilities[steps, best[steps]].mean(dtype=np.float64))
    places = np.clip((steps + 0.5) / len(best) / filled, 0, 1)
    return Reading(text, confidence, tuple(float(place) for place in places))


def crop_quad(image: Pixels, quad: Float32) -> Pixels:
    """Return the part of a picture inside a quadrilateral, straightened: side 0→1 of `quad` becomes its top."""
    width = max(1, round(float(max(np.linalg.norm(quad[0] - quad[1]), np.linalg.norm(quad[3] - quad[2])))))
    height = max(1, round(float(max(np.linalg.norm(quad[0] - quad[3]), np.linalg.norm(quad[1] - quad[2])))))
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad.astype(np.float32), flat)
    straight = cv2.warpPerspective(image, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return straight.astype(np.uint8, copy=False)


def upright_box(points: Float32, shape: tuple[int, ...], quad: Float32) -> Box:
    """Return the box in a picture that encloses some points of a straightened part of it; see `crop_quad`.

    Args:
        points: n×2 of x, y in the straightened part.
        shape: Of the straightened part: height, width, and whatever follows.
        quad: 4×2, its corners in the picture.
    """
    flat = np.array([[0, 0], [shape[1], 0], [shape[1], shape[0]], [0, shape[0]]], np.float32)
    matrix = cv2.getPerspectiveTransform(flat, quad.astype(np.float32))
    there = cv2.perspectiveTransform(points[:, None].astype(np.float32), matrix)[:, 0]
    (left, top), (right, bottom) = np.floor(there.min(axis=0)), np.ceil(there.max(axis=0))
    return Box(int(left), int(top), max(1, int(right - left)), max(1, int(bottom - top)))


def is_vertical(quad: Float32) -> bool:
    """Whether the text inside a quadrilateral runs up or down rather than along its top."""
    height = np.linalg.norm(quad[0] - quad[3]) + np.linalg.norm(quad[1] - quad[2])
    width = np.linalg.norm(quad[0] - quad[1]) + np.linalg.norm(quad[3] - quad[2])
    return bool(height >= VERTICAL_RATIO * width)
