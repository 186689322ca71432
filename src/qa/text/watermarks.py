"""Marks of ownership or of a preview, told by what they say or by how they lie over a picture."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from rapidfuzz import fuzz

from qa.text.layout import Word
from qa.text.reader import Pixels
from qa.text.references import LOOSE
from qa.text.spelling import comparable
from qa.text.translucency import is_translucent

STOCK = (
    "shutterstock",
    "istock",
    "adobestock",
    "gettyimages",
    "alamy",
    "dreamstime",
    "depositphotos",
    "123rf",
    "freepik",
)
"""Agencies whose names lie over their previews, and so in what generators learnt from; no word of a language has one
of these in it."""

WHOLE = frozenset({"sample", "preview", "draft", "proof", "specimen", "copy", "donotcopy"})
"""Words that stamp a picture as not released, where they are all that is said: "free sample" is none."""

OWNED = re.compile(r"watermark|copyright|©|\(c\)\s*\d{4}", re.IGNORECASE)
"""What claims a picture for somebody: no text of a brand that nothing explains should."""

REPEATED = 3
"""Places where the same text stands; a slogan stands once, on a pack and its lid perhaps twice."""

ALIKE = 80.0
"""Share in percent of the characters that two places of one mark read alike."""

SLANT = (15.0, 75.0)
"""Degrees from the nearer axis of the picture: text on products and signs leans by less, marks run along a diagonal."""

LARGE = 0.5
"""Share of the picture's longer side that a mark across it reaches over."""

SIGNS = 2
"""Of repeated, slanted, large and translucent so many make a mark; each alone is found on ordinary text."""

Run = tuple[Word, ...]


def is_watermark(run: Run, others: Sequence[Run], pixels: Pixels) -> bool:
    """Whether a text says that it is a watermark, or lies over the picture like one.

    Args:
        run: Neighbouring words.
        others: All runs of the picture, this one too: marks are often repeated.
        pixels: The picture, H×W×3 uint8.
    """
    text = _text(run)
    if says_watermark(text):
        return True
    signs = (is_repeated(text, others), is_slanted(run), is_large(run, pixels))
    line = [word for word in run if word.line is run[0].line]
    return sum(signs) >= SIGNS or (sum(signs) == SIGNS - 1 and is_translucent(line, pixels))


def says_watermark(text: str) -> bool:
    """Whether a text names a picture agency, an owner, or the picture a preview.

    Example:
        >>> says_watermark("SAMPLE"), says_watermark("Free sample"), says_watermark("© 2024 J. Doe")
        (True, False, True)
    """
    said = comparable(text, LOOSE)
    words = {comparable(word, LOOSE) for word in text.split()}
    return (
        OWNED.search(text) is not None
        or said in WHOLE
        or (bool(words) and words <= WHOLE)
        or any(name in said for name in STOCK)
    )


def is_repeated(text: str, others: Sequence[Run]) -> bool:
    """Whether a text stands in several places."""
    said = comparable(text, LOOSE)
    alike = [other for other in others if fuzz.ratio(said, comparable(_text(other), LOOSE)) >= ALIKE]
    return len(alike) >= REPEATED


def is_slanted(run: Run) -> bool:
    """Whether a text runs along a diagonal rather than along an edge."""
    (left, top), (right, bottom) = run[0].quad[0], run[-1].quad[1]
    degrees = abs(math.degrees(math.atan2(bottom - top, right - left))) % 90
    return SLANT[0] <= degrees <= SLANT[1]


def is_large(run: Run, pixels: Pixels) -> bool:
    """Whether a text reaches over much of the picture."""
    length = math.dist(run[0].quad[0], run[-1].quad[1])
    return length >= LARGE * float(max(pixels.shape[:2]))


def _text(run: Run) -> str:
    return " ".join(word.text for word in run)
