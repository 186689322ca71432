"""Text that should make people look twice: long and clear enough to be text at all."""

from __future__ import annotations

from collections.abc import Sequence

from qa.text.forbidden import Term
from qa.text.layout import Chain, Word

MIN_LETTERS = 3
"""Letters and digits; patterns on photographs read as one or two characters far more often than as three."""

MIN_CONFIDENCE = 0.8
"""Chosen on 191 unedited photographs, where it leaves 14 with a warning, nearly all of them labels, watermarks or
pages of text; the same pictures it was chosen on, so no estimate for others."""


def unexplained(left: Sequence[tuple[Word, ...]], ignored: Sequence[Term] = ()) -> list[tuple[Word, ...]]:
    """Return the runs of words worth a warning, without those that an ignored pattern matches.

    Args:
        left: Runs of neighbouring words that no expected string explains.
        ignored: Patterns of text that may stand anywhere.
    """
    return [run for run in left if is_clear(run) and not any(term.find(Chain(run, len(run))) for term in ignored)]


def is_clear(run: Sequence[Word]) -> bool:
    """Whether a run is text with high probability: enough letters, read surely."""
    letters = sum(character.isalnum() for word in run for character in word.text)
    return letters >= MIN_LETTERS and run[0].confidence >= MIN_CONFIDENCE
