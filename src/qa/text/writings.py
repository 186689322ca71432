"""The ways in which words of a picture can be written as one string, so that no spacing hides a forbidden text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from statistics import median

from qa.text.confusables import without_marks
from qa.text.expression import WINDOW
from qa.text.layout import HYPHENS, Chain, Word
from qa.text.spelling import plain

Writing = tuple[str, tuple[int, ...]]
"""A text, and for each of its characters the index of its word."""

SPACED = 3
"""Letters that stand alone in a row are one word set wide from this many on: "a b" and "Vitamin C B" are none."""

WIDE = 1.6
"""Between two of them a gap this many times the usual one is the space between two words."""

SET_APART = re.compile(r"\w(?:[.\-_*·•~|/]{1,3}\w){2,}")
"""Letters with signs between them: F.R.E.E, f-r-e-e, and r.i.s.k.-.f.r.e.e, where a hyphen is of the word."""

LEAST_PART = 2
"""Letters on either side of a line break without a hyphen that may belong to one word."""


def writings(chain: Chain, is_folded: bool) -> dict[str, tuple[int, ...]]:
    """Return each way to write a chain and, for each character, the index of its word.

    With single spaces; with words joined that a hyphen splits over two lines; where look-alikes count, also with
    words joined over line breaks without one, and with letters joined that are set wide or have signs between them.

    Args:
        chain: The words.
        is_folded: Whether accents and letter spacing do not count.
    """
    shown = [without_marks(plain(word.text)) if is_folded else plain(word.text) for word in chain.words]
    found = dict(_joined(chain, shown, ends) for ends in (_with_spaces, _without_hyphens))
    if is_folded and len(chain.words) > chain.own:
        found |= dict([_joined(chain, shown, _without_breaks)])
    if is_folded and any(_is_apart(text) for text in shown):
        found |= dict([_joined(chain, [_close(text) for text in shown], _unspaced)])
    return found


End = Callable[[Sequence[Word], Sequence[str], int], str]


def _joined(chain: Chain, shown: Sequence[str], end: End) -> Writing:
    """Return the chain's text, each word ended as `end` says.

    Rows after the first are continued for one window; beyond it no match can have begun in the first row.
    """
    text, owners, own_length = "", [], 0
    for index in range(len(chain.words)):
        piece = end(chain.words, shown, index) if index + 1 < len(chain.words) else shown[index]
        text += piece
        owners += [index] * len(piece)
        own_length = len(text) if index < chain.own else own_length
        if len(text) > own_length + WINDOW:
            break
    return text, tuple(owners)


def _with_spaces(_: Sequence[Word], shown: Sequence[str], index: int) -> str:
    return shown[index] + " "


def _without_hyphens(words: Sequence[Word], shown: Sequence[str], index: int) -> str:
    is_broken = words[index + 1].line is not words[index].line and shown[index].endswith("-")
    return shown[index][:-1] if is_broken else shown[index] + " "


def _without_breaks(words: Sequence[Word], shown: Sequence[str], index: int) -> str:
    """Join words over a line break: in a narrow column no hyphen need say that a word goes on."""
    own, after = shown[index], shown[index + 1]
    if words[index + 1].line is words[index].line or not own:
        return own + " "
    if own[-1] in HYPHENS or (after[:1] in HYPHENS and after[1:2].isalpha()):
        # The hyphen may be the word's own: risk- / free, risk / -free.
        return own
    is_one = min(len(own), len(after)) >= LEAST_PART and own[-1].isalnum() and after[:1].isalnum()
    return own if is_one else own + " "


def _unspaced(words: Sequence[Word], shown: Sequence[str], index: int) -> str:
    """Join letters that stand alone, but for the wider gaps between words."""
    run = next((run for run in _runs(words, shown) if run.start <= index < run.stop - 1), None)
    if run is None:
        return shown[index] + " "
    gaps = {at: _gap(words[at], words[at + 1]) for at in range(run.start, run.stop - 1)}
    usual = median(gaps.values())
    return shown[index] + " " * (gaps[index] > WIDE * max(usual, 1e-6))


def _runs(words: Sequence[Word], shown: Sequence[str]) -> Iterator[range]:
    """Yield runs of letters that stand alone in one line."""
    start = 0
    for at in range(len(words) + 1):
        goes_on = at < len(words) and _is_letter(shown[at]) and (at == start or words[at].line is words[at - 1].line)
        if not goes_on:
            if at - start >= SPACED:
                yield range(start, at)
            start = at if at < len(words) and _is_letter(shown[at]) else at + 1


def _is_letter(text: str) -> bool:
    return len(text) == 1 and not text.isspace()


def _gap(first: Word, second: Word) -> float:
    """Return how far the middles of two letters are apart: a reader's word boxes meet halfway."""
    return abs(_middle(second) - _middle(first))


def _middle(word: Word) -> float:
    return sum(x for x, _ in word.quad) / 4


def _is_apart(text: str) -> bool:
    return _is_letter(text) or SET_APART.search(text) is not None


def _close(text: str) -> str:
    """Return text without the signs between its single letters."""
    return SET_APART.sub(lambda match: "".join(letter for letter in match[0] if letter.isalnum()), text)
