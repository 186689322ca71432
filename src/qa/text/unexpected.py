"""Text that should make people look twice: long and clear enough to be text at all, and seen twice."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz

from qa.text.forbidden import Term
from qa.text.layout import Chain, Word
from qa.text.matching import match
from qa.text.reader import TextLine
from qa.text.references import LOOSE, KnownTexts
from qa.text.spelling import comparable

MIN_LETTERS = 3
"""Letters and digits; patterns on photographs read as one or two characters far more often than as three."""

MIN_CONFIDENCE = 0.9
"""Of 0.8, 0.85, 0.9 and 0.95 the highest that lost no text rendered on photographs of one half of the subjects; figures
of false alarms are in docs/figures.md."""

MIN_AGREEMENT = 80.0
"""Share in percent of the characters that two looks read alike: a short word the same, a line with a slip."""


def unexplained(left: Sequence[tuple[Word, ...]], ignored: Sequence[Term] = ()) -> list[tuple[Word, ...]]:
    """Return the runs of words worth a warning, without those that an ignored pattern matches.

    Args:
        left: Runs of neighbouring words that no expected string explains.
        ignored: Patterns of text that may stand anywhere.
    """
    return [run for run in left if is_clear(run) and not any(term.find(Chain(run, len(run))) for term in ignored)]


def seen_again(runs: Sequence[tuple[Word, ...]], again: Sequence[TextLine]) -> list[tuple[Word, ...]]:
    """Return the runs that another look at the same picture reads as clearly, and nearly the same.

    Print reads alike at two sizes; a pattern taken for letters seldom does.

    Args:
        runs: Runs of words of the first look.
        again: Lines of the other look.
    """
    clear = [comparable(_text(run), LOOSE) for run in match(again, []).left if is_clear(run)]
    return [run for run in runs if _is_among(comparable(_text(run), LOOSE), clear)]


def unknown(runs: Sequence[tuple[Word, ...]], known: KnownTexts) -> list[tuple[Word, ...]]:
    """Return the runs that do not stand on the references."""
    return [run for run in runs if not known.explain(_text(run))]


def is_clear(run: Sequence[Word]) -> bool:
    """Whether a run is text with high probability: enough letters, read surely."""
    letters = sum(character.isalnum() for word in run for character in word.text)
    return letters >= MIN_LETTERS and run[0].confidence >= MIN_CONFIDENCE


def _is_among(text: str, others: Sequence[str]) -> bool:
    return any(fuzz.ratio(text, other) >= MIN_AGREEMENT for other in others)


def _text(run: Sequence[Word]) -> str:
    return " ".join(word.text for word in run)
