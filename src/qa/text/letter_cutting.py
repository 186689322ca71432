"""A line of a picture cut out and straightened, with the place of each of its letters."""

from __future__ import annotations

import numpy as np

from qa.text.ink import LineInk
from qa.text.letter_features import LineLetters
from qa.text.letter_shapes import letter_shapes
from qa.text.looks import View, grown, letter_places
from qa.text.pieces import Piece
from qa.text.reader import Pixels
from qa.text.recognition import crop_quad
from qa.text.spelling import Rules


def cut_letters(piece: Piece, image: Pixels, rules: Rules, room: float) -> LineLetters | None:
    """Return the letters of a piece's line; None of a bent line, or where its ink cannot be told.

    Args:
        piece: The text on this line.
        image: H×W×3 uint8 sRGB.
        rules: What counts as the same.
        room: Background looked at around the line, as a share of its height; at least three pixels.
    """
    if piece.line.shape != "straight" or piece.line.emissions is None or not piece.whole:
        return None
    quad = np.array(piece.line.quad)
    height = float(np.linalg.norm(quad[3] - quad[0]))
    margin = max(3, round(room * height))
    share = margin / max(height, 1.0)
    crop = crop_quad(image, np.array(grown(piece.line.quad, View(share, share)), np.float32))
    ink, places = LineInk.of(crop, margin), letter_places(piece, piece.line.emissions, rules)
    if ink is None or not places:
        return None
    inner = crop.shape[1] - 2 * margin
    columns = tuple(margin + at * inner for at in places)
    small = frozenset(len(piece.before) + at + next_to for at in piece.signs for next_to in (0, 1))
    parted = ink.parted(list(zip(piece.whole, columns, strict=True)))
    return LineLetters(parted, piece.whole, columns, small, letter_shapes().log_widths)
