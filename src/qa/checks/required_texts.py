"""Where the required texts of an asset stand: worked out once, for the checks of text and of contrast."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from consistency.errors import NotEvaluable, shorten
from qa.asset import Brief
from qa.checks.text_options import RequiredText, TextOptions
from qa.evidence import Evidence
from qa.kit.options import fill
from qa.text.layout import Word
from qa.text.matching import Expected, Span, match
from qa.text.reader import Reader, TextLine
from qa.text.second_look import LOOKS
from qa.text.spelling import plain

MAX_LENGTH = 1000
"""Characters of a filled text; more is no text for a picture."""


@dataclass(frozen=True, eq=False)
class RequiredMatch:
    """A required text of the kit and what stands for it.

    Attributes:
        entry: The kit's entry.
        text: The text with its {placeholders} filled; "" where the brief has no value.
        span: The words that are it, or nearly; None where there are none.
        problem: Why it cannot be looked for.
    """

    entry: RequiredText
    text: str
    span: Span | None = None
    problem: NotEvaluable | None = None


@dataclass(frozen=True, eq=False)
class RequiredTexts:
    """The required texts of one asset, and the words that none of them explains."""

    matches: tuple[RequiredMatch, ...]
    left: tuple[tuple[Word, ...], ...]


def applying(options: TextOptions, brief: Brief) -> tuple[RequiredText, ...]:
    """Return the required texts that apply under a brief."""
    return tuple(entry for entry in options.required if entry.applies(brief))


def required_texts(options: TextOptions, evidence: Evidence) -> RequiredTexts:
    """Find the required texts of an asset among the lines read, all of them jointly.

    What the first look does not find is looked for again, smaller and closer, before it is called missing.

    Raises:
        MissingBackend: The kit's reader is not on this machine.
    """
    return evidence.recall(("required texts", options), lambda: _found(options, evidence))


def look_again(evidence: Evidence, name: str) -> tuple[TextLine, ...]:
    """Return the lines that a further look reads, taken once per picture.

    Args:
        evidence: The picture and its reader.
        name: A key of `LOOKS`.
    """
    look = partial(LOOKS[name], evidence.engines.reader(), evidence.image.pixels)
    return evidence.recall(("lines", name), look)


def _found(options: TextOptions, evidence: Evidence) -> RequiredTexts:
    brief = evidence.asset.brief
    lines, reader = evidence.lines(), evidence.engines.reader()
    wanted = [_wanted(entry, brief, reader) for entry in applying(options, brief)]
    sought = [index for index, each in enumerate(wanted) if each.problem is None]
    expected = {index: Expected(wanted[index].text, wanted[index].entry.rules) for index in sought}
    matching = match(lines, list(expected.values()))
    spans = dict(zip(sought, matching.spans, strict=True))
    for name in LOOKS:
        missing = [index for index in sought if spans[index] is None]
        if not missing:
            break
        again = look_again(evidence, name)
        spans.update(zip(missing, match(again, [expected[index] for index in missing]).spans, strict=True))
    matches = [RequiredMatch(each.entry, each.text, spans.get(at), each.problem) for at, each in enumerate(wanted)]
    return RequiredTexts(tuple(matches), matching.left)


def _wanted(entry: RequiredText, brief: Brief, reader: Reader) -> RequiredMatch:
    try:
        text = fill(entry.value, brief)
        check_readable(text, entry, reader)
    except NotEvaluable as problem:
        return RequiredMatch(entry, "", problem=problem)
    return RequiredMatch(entry, text)


def check_readable(text: str, entry: RequiredText, reader: Reader) -> None:
    """Refuse a text that this reader could never confirm.

    Raises:
        NotEvaluable: It is empty, too long or no longer than the edits allowed ("brief.missing_value"), or has a
            symbol that the reader does not know ("text.unsupported").
    """
    if not plain(text):
        raise NotEvaluable("brief.missing_value", f"text for {entry.value!r}", "nothing", "give the brief a value")
    if len(text) > MAX_LENGTH:
        raise NotEvaluable("brief.missing_value", f"at most {MAX_LENGTH} characters of text", len(text))
    if not entry.is_told_apart(text):
        expected = f"more than {entry.max_edits} characters of text, as max_edits is {entry.max_edits}"
        raise NotEvaluable("brief.missing_value", expected, shorten(text), "lower max_edits or give a longer text")
    for symbol in dict.fromkeys(plain(text)):
        if not symbol.isspace() and not is_known(symbol, entry, reader):
            raise NotEvaluable(
                "text.unsupported", f"symbols that {reader.spec.name} reads", shorten(symbol), "use another reader"
            )


def is_known(symbol: str, entry: RequiredText, reader: Reader) -> bool:
    """Whether the reader can output a symbol, in either case where case is ignored."""
    forms = {symbol} if entry.case == "strict" else {symbol, symbol.upper(), symbol.lower()}
    return not reader.charset.isdisjoint(forms)
