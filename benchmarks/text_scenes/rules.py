"""The rules that are compared: what each says of one expected text in a picture whose lines were read once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rapidfuzz import fuzz

from qa.text.matching import Expected, match
from qa.text.reader import TextLine
from qa.text.sighting import Sight
from qa.text.spelling import Rules, comparable, count_edits
from qa.text.typeface import Typeface
from qa.text.verification import verify_lines

EXACT = Rules()
LIKE = 60.0
"""Share in percent of the characters alike, from which a line that is not the text is called a wrong one."""

Rule = Callable[[Sight, str], str]


def verified(sight: Sight, expected: str, typeface: Typeface | None = None) -> str:
    """`qa.text.verify` in mode exact."""
    return verify_lines(sight, Expected(expected, typeface=typeface), is_critical=True).status.value


def read_and_compare(sight: Sight, expected: str) -> str:
    """The plain rule: some line, as read, is the expected text."""
    return within_edits(sight.lines, expected, 0)


def read_within_one_edit(sight: Sight, expected: str) -> str:
    """The plain tolerant rule: some line is the expected text but for one character."""
    return within_edits(sight.lines, expected, 1)


def within_edits(lines: Sequence[TextLine], expected: str, most: int) -> str:
    if any(count_edits(expected, line.text, EXACT) <= most for line in lines):
        return "match"
    wanted = comparable(expected, EXACT)
    is_near = any(fuzz.ratio(wanted, comparable(line.text, EXACT)) >= LIKE for line in lines)
    return "mismatch" if is_near else "missing"


def read_joined(sight: Sight, expected: str) -> str:
    """As the plain rule, on neighbouring lines joined and parts of lines: `qa.text.matching`."""
    (span,) = match(sight.lines, [Expected(expected)]).spans
    return "missing" if span is None else "match" if span.is_match else "mismatch"


PLAIN: dict[str, Rule] = {"read_and_compare": read_and_compare, "read_within_one_edit": read_within_one_edit}
RULES: dict[str, Rule] = {"verify": verified, **PLAIN, "read_joined": read_joined}
