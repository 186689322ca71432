"""A line of a picture cut out and straightened, with the place of each of its letters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from qa.text.detection import Float32
from qa.text.ink import LineInk
from qa.text.letter_features import LineLetters
from qa.text.letter_shapes import letter_shapes
from qa.text.looks import View, grown, letter_places
from qa.text.pieces import Piece
from qa.text.reader import Pixels
from qa.text.recognition import crop_quad
from qa.text.spelling import Rules


@dataclass(frozen=True, eq=False)
class LineCrop:
    """A line cut out and straightened.

    Attributes:
        image: h×w×3 uint8 sRGB.
        margin: Pixels of background above and below.
        columns: Where the middle of each character of the whole line is.
        quad: Its corners in the picture, 4×2 float32, from the upper left.
    """

    image: Pixels
    margin: int
    columns: tuple[float, ...]
    quad: Float32


def crop_line(piece: Piece, image: Pixels, rules: Rules, room: float, beside: float = 0.0) -> LineCrop | None:
    """Cut out a piece's line; None of a bent line, or where its letters' places are not known.

    Args:
        piece: The text on this line.
        image: H×W×3 uint8 sRGB.
        rules: What counts as the same.
        room: Background shown around the line, as a share of its height; at least three pixels.
        beside: What is shown more at both ends, as a share of its height.
    """
    if piece.line.shape != "straight" or piece.line.emissions is None or not piece.whole:
        return None
    quad = np.array(piece.line.quad)
    height = float(np.linalg.norm(quad[3] - quad[0]))
    margin = max(3, round(room * height))
    share = margin / max(height, 1.0)
    corners = np.array(grown(piece.line.quad, View(share + beside, share)), np.float32)
    crop = crop_quad(image, corners)
    places = letter_places(piece, piece.line.emissions, rules)
    if not places:
        return None
    start = margin + beside * height
    return LineCrop(crop, margin, tuple(start + at * (crop.shape[1] - 2 * start) for at in places), corners)


def cut_letters(piece: Piece, image: Pixels, rules: Rules, room: float) -> LineLetters | None:
    """Return the letters of a piece's line; None of a bent line, or where its ink cannot be told; see `crop_line`."""
    crop = crop_line(piece, image, rules, room)
    ink = None if crop is None else LineInk.of(crop.image, crop.margin)
    if crop is None or ink is None:
        return None
    small = frozenset(len(piece.before) + at + next_to for at in piece.signs for next_to in (0, 1))
    parted = ink.parted(list(zip(piece.whole, crop.columns, strict=True)))
    return LineLetters(parted, piece.whole, crop.columns, small, letter_shapes().log_widths)
