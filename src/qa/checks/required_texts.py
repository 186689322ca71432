"""Where the required texts of an asset stand: worked out once, for the checks of text and of contrast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from consistency.errors import NotEvaluable, shorten
from qa.asset import Brief
from qa.checks.text_options import RequiredText, TextOptions
from qa.evidence import Evidence
from qa.kit.options import fill, literal
from qa.text.languages import spellings, unknown_letters
from qa.text.layout import Word
from qa.text.matching import Expected, Span, match
from qa.text.reader import Reader, TextLine
from qa.text.second_look import LOOKS, shown_in
from qa.text.sighting import Sight
from qa.text.spelling import plain
from qa.text.typeface import Typeface, UnusableFont, open_typeface
from qa.text.verification import TextMatch, unknown_symbol, verify_span

MAX_LENGTH = 1000
"""Characters of a filled text; more is no text for a picture."""


@dataclass(frozen=True, eq=False)
class RequiredMatch:
    """A required text of the kit and what stands for it.

    Attributes:
        entry: The kit's entry.
        text: The text with its {placeholders} filled; "" where the brief has no value.
        span: The words that are it, or nearly; None where there are none.
        verified: Whether they are it; None where it cannot be looked for.
        problem: Why it cannot be looked for.
    """

    entry: RequiredText
    text: str
    span: Span | None = None
    verified: TextMatch | None = None
    problem: NotEvaluable | None = None


@dataclass(frozen=True, eq=False)
class RequiredTexts:
    """The required texts of one asset, and the words that none of them explains."""

    matches: tuple[RequiredMatch, ...]
    left: tuple[tuple[Word, ...], ...]


def applying(options: TextOptions, brief: Brief) -> tuple[RequiredText, ...]:
    """Return the required texts that apply under a brief."""
    return tuple(entry for entry in options.texts if entry.applies(brief))


def required_texts(options: TextOptions, evidence: Evidence) -> RequiredTexts:
    """Find the required texts of an asset among the lines read, all of them jointly, and verify each where it stands.

    What the first look does not find is looked for again, in every one of LOOKS, before it is called missing.

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
    named = [_set_in(_wanted(entry, brief, reader), evidence.files) for entry in applying(options, brief)]
    wanted = [_nearest_spelling(each, lines) for each in named]
    sought = [index for index, each in enumerate(wanted) if each.problem is None]
    expected = {index: _expected(wanted[index], evidence.files) for index in sought}
    matching = match(lines, list(expected.values()))
    spans = dict(zip(sought, matching.spans, strict=True))
    sight = Sight(reader, evidence.image.pixels, lines, partial(look_again, evidence))
    sights = dict.fromkeys(range(len(wanted)), sight)
    for name in LOOKS:
        missing = [index for index in sought if spans[index] is None]
        if not missing:
            break
        again = match(look_again(evidence, name), [expected[index] for index in missing]).spans
        spans.update(zip(missing, again, strict=True))
        found = [index for index in missing if spans[index] is not None]
        sights.update(dict.fromkeys(found, replace(sight, pixels=shown_in(name, sight.pixels)) if found else sight))
    verified = (_verified(each, expected.get(at), spans.get(at), sights[at]) for at, each in enumerate(wanted))
    return RequiredTexts(tuple(verified), matching.left)


def _set_in(wanted: RequiredMatch, files: Mapping[str, bytes]) -> RequiredMatch:
    """Return it with what keeps it from being set in its font: a letter of the brief that the file lacks."""
    typeface = typeface_of(wanted.entry, files)
    missing = None if typeface is None else typeface.missing(wanted.text)
    if missing is None:
        return wanted
    (name,) = wanted.entry.font or ("",)
    known = f"a font with a glyph for {missing!r}"
    problem = NotEvaluable("text.font_lacks_letter", known, f"{name} without one", "state another font file")
    return replace(wanted, problem=wanted.problem or problem)


def _nearest_spelling(wanted: RequiredMatch, lines: Sequence[TextLine]) -> RequiredMatch:
    """Return it with the text spelt as it is in the picture, where its language spells capitals otherwise."""
    entry, best = wanted.entry, -1.0
    forms = spellings(entry.language or "", wanted.text, is_case_strict=entry.case == "strict")
    if wanted.problem is not None or len(forms) == 1:
        return wanted
    nearest = wanted
    for form in forms:
        (span,) = match(lines, [Expected(form, entry.rules)]).spans
        if span is not None and span.similarity > best:
            nearest, best = replace(wanted, text=form), span.similarity
    return nearest


def typeface_of(entry: RequiredText, files: Mapping[str, bytes]) -> Typeface | None:
    """Return the font that an entry names, None where it names none.

    Args:
        entry: Of the kit.
        files: The kit's files, by name.

    Raises:
        UnusableFont: It cannot be drawn with; the message names entry and file.
    """
    if not entry.font:
        return None
    (name,) = entry.font
    try:
        return checked_typeface(files[name], entry)
    except UnusableFont as error:
        raise UnusableFont(
            f"{error.expected} for text.required {entry.id}", f"{name}: {error.got}", error.hint
        ) from None


def checked_typeface(data: bytes, entry: RequiredText) -> Typeface:
    """Return the typeface of a font file that has every letter that an entry's text has whatever the brief says."""
    typeface = open_typeface(data)
    missing = typeface.missing(literal(entry.value))
    if missing is not None:
        raise UnusableFont(f"a font with a glyph for {missing!r}", "one without", "state another font file")
    return typeface


def _expected(wanted: RequiredMatch, files: Mapping[str, bytes]) -> Expected:
    return Expected(wanted.text, wanted.entry.rules, typeface_of(wanted.entry, files))


def _verified(wanted: RequiredMatch, expected: Expected | None, span: Span | None, sight: Sight) -> RequiredMatch:
    if expected is None:
        return wanted
    verified = verify_span(span, sight, expected, is_critical=wanted.entry.mode == "exact")
    return RequiredMatch(wanted.entry, wanted.text, verified.span or span, verified)


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
        NotEvaluable: It is empty, too long or no longer than the edits allowed ("brief.missing_value"), or it has
            a symbol, or its language a letter, that the reader does not know ("text.unsupported").
    """
    if not plain(text):
        raise NotEvaluable("brief.missing_value", f"text for {entry.value!r}", "nothing", "give the brief a value")
    if len(text) > MAX_LENGTH:
        raise NotEvaluable("brief.missing_value", f"at most {MAX_LENGTH} characters of text", len(text))
    if not entry.is_told_apart(text):
        expected = f"more than {entry.max_edits} characters of text, as max_edits is {entry.max_edits}"
        raise NotEvaluable("brief.missing_value", expected, shorten(text), "lower max_edits or give a longer text")
    strange = unknown_letters(entry.language, reader.charset) if entry.language else ""
    if strange:
        known = f"a reader of every letter of {entry.language}"
        raise NotEvaluable("text.unsupported", known, f"{reader.spec.name} lacks {strange}", "use another reader")
    symbol = unknown_symbol(Expected(text, entry.rules), reader)
    if symbol is not None:
        known = f"symbols that {reader.spec.name} reads"
        raise NotEvaluable("text.unsupported", known, shorten(symbol), "use another reader")
