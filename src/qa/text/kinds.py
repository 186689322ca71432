"""What kind of unexpected text something is: what a person would do about it differs."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from qa.text.gibberish import is_gibberish
from qa.text.layout import Word
from qa.text.reader import Pixels
from qa.text.signatures import is_signature
from qa.text.watermarks import is_watermark

Run = tuple[Word, ...]


class TextKind(StrEnum):
    """Kinds, the most telling first; `OTHER` reads as words and has no particular place."""

    WATERMARK = "watermark"
    GIBBERISH = "gibberish"
    SIGNATURE = "signature"
    OTHER = "other"


def kinds_of(runs: Sequence[Run], around: Sequence[Run], pixels: Pixels) -> list[TextKind]:
    """Return the kind of each run of words.

    Args:
        runs: What is to be told apart.
        around: All runs that nothing explains, these too, surely read or not: what stands beside them counts.
        pixels: The picture, H×W×3 uint8.
    """
    return [_kind(run, around, pixels) for run in runs]


def _kind(run: Run, around: Sequence[Run], pixels: Pixels) -> TextKind:
    if is_watermark(run, around, pixels):
        return TextKind.WATERMARK
    # A scribble in a corner that reads as letter salad is a signature all the same.
    if is_signature(run, around, *pixels.shape[:2]):
        return TextKind.SIGNATURE
    return TextKind.GIBBERISH if is_gibberish(" ".join(word.text for word in run)) else TextKind.OTHER
