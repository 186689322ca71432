"""Where the ink of a required text lies in the picture: line by line, by its strokes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import cv2
import numpy as np

from consistency.errors import NotEvaluable
from qa.checks.contrast import F32, lines_of, with_margin_quad
from qa.color.contrast import main_axis, stroke_mask
from qa.text.cap_height import BoolMask, CapBand, Letters, cap_band
from qa.text.layout import Word
from qa.text.letters import start_of
from qa.text.reader import Pixels

REACH = 1.2
"""The strokes come so near to both ends of the line's box, in box heights; else letters there were not told from the
background, and nobody knows where the text ends."""

NOT_MEASURED = "text.not_measured"


@dataclass(frozen=True)
class InkedLine:
    """A line of a text by its ink, in pixels of the picture; fractions where it is turned.

    Attributes:
        left: Where the ink begins.
        top: Its highest place.
        right: Where it ends.
        bottom: Its lowest place.
        cap_top: Where capitals begin.
        baseline: Where they end.
        cap_height: Height of the capitals along the line's own upright.
        told_by: What the capitals' height was measured on.
    """

    left: float
    top: float
    right: float
    bottom: float
    cap_top: float
    baseline: float
    cap_height: float
    told_by: str


def inked_lines(words: Sequence[Word], pixels: Pixels) -> tuple[InkedLine, ...]:
    """Measure each line of a text.

    Args:
        words: The words it was found in, on one or several lines.
        pixels: H×W×3 uint8.

    Raises:
        NotEvaluable: Letters cannot be told from their background, or are no straight line ("text.not_measured").
    """
    return tuple(_inked(line, pixels) for line in lines_of(words))


def _inked(words: Sequence[Word], pixels: Pixels) -> InkedLine:
    if words[0].line.shape != "straight":
        raise NotEvaluable(NOT_MEASURED, "text on a straight line", f"a {words[0].line.shape} one")
    crop, margin, quad = with_margin_quad(words, pixels)
    try:
        strokes = stroke_mask(main_axis(crop, margin), margin)
    except NotEvaluable as problem:
        raise NotEvaluable(NOT_MEASURED, problem.expected, problem.got or "a cluttered line") from problem
    _check_reach(strokes, margin)
    band = cap_band(strokes, letter_columns(words, quad, crop.shape[1]))
    return _placed(strokes, band, quad)


def _check_reach(strokes: BoolMask, margin: int) -> None:
    height, width = strokes.shape
    columns = np.flatnonzero(strokes.any(axis=0))
    room = margin + REACH * (height - 2 * margin)
    if columns[0] > room or width - 1 - columns[-1] > room:
        raise NotEvaluable(NOT_MEASURED, "letters that can be told from their background", "some at an end that cannot")


def letter_columns(words: Sequence[Word], quad: np.ndarray[tuple[int, ...], F32], width: int) -> Letters:
    """Return the characters of words of one line, each with the column of its middle in the straightened crop."""
    along = (quad[1] - quad[0]) / max(float(np.linalg.norm(quad[1] - quad[0])), 1e-9)
    stretch = width / max(float(np.linalg.norm(quad[1] - quad[0])), 1e-9)
    found = []
    for line, own in groupby(words, key=lambda word: word.line):
        places = line.positions or tuple((at + 0.5) / len(line.text) for at in range(len(line.text)))
        first, last = np.array(line.quad[0]), np.array(line.quad[1])
        for word in own:
            start = start_of(word.quad, line)
            for at, character in enumerate(word.text, start):
                point = first + places[at] * (last - first)
                found.append((character, float((point - quad[0]) @ along) * stretch))
    return found


def _placed(strokes: BoolMask, band: CapBand, quad: np.ndarray[tuple[int, ...], F32]) -> InkedLine:
    height, width = strokes.shape
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(flat, quad)

    def laid(points: np.ndarray[tuple[int, ...], F32]) -> np.ndarray[tuple[int, ...], F32]:
        return np.asarray(cv2.perspectiveTransform(points.reshape(-1, 1, 2), matrix)[:, 0], np.float32)

    rows, columns = np.nonzero(strokes)
    ink = laid(np.stack([columns + 0.5, rows + 0.5], axis=1).astype(np.float32))
    middle = float(columns.min() + columns.max() + 1) / 2
    cap = laid(np.array([[middle, band.top], [middle, band.bottom]], np.float32))
    (left, top), (right, bottom) = ink.min(axis=0) - 0.5, ink.max(axis=0) + 0.5
    edges = [round(float(v), 1) for v in (left, top, right, bottom, cap[0, 1], cap[1, 1])]
    return InkedLine(edges[0], edges[1], edges[2], edges[3], edges[4], edges[5], round(band.height, 1), band.told_by)
