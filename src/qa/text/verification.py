"""Does a picture say exactly what it should? An expected text judged by its likelihood, not by one greedy reading."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal

from consistency.errors import InputError, shorten
from consistency.region import Box
from qa.text.change import Change
from qa.text.letters import WrongCharacter, wrong_characters
from qa.text.looks import Look
from qa.text.matching import Expected, Span, match
from qa.text.neighbours import lone_neighbour, parted_number
from qa.text.outcome import Outcome, Weights, decide, standings
from qa.text.reader import Pixels, Reader, check_pixels, load_reader
from qa.text.shapes import NEAR, Shapes
from qa.text.sighting import Sight, found_again, looks_at, overlap, shapes_of
from qa.text.spelling import Rules, comparable, count_edits, first_control, plain
from qa.text.typeface import UnusableFont, read_typeface

ILLEGIBLE = 0.5
"""Below this confidence the reader guesses: what differs is then a person's to read, not a typo. It is the limit under
which the package's own pipeline drops a line."""

SLIPS = 2
"""Wrong characters inside a text up to which they are slips; more may be a word that the detector lost."""

MAX_LENGTH = 1000
"""Characters of an expected text; more is no text for a picture."""


class MatchStatus(StrEnum):
    """What is known about an expected text."""

    MATCH = "match"
    MISMATCH = "mismatch"
    MISSING = "missing"
    ILLEGIBLE = "illegible"
    ABSTAINED = "abstained"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True)
class TextMatch:
    """What verification found.

    Attributes:
        status: Only "match" means that the text is right; "abstained" and "illegible" are for a person to look at.
        expected: The text that should stand there.
        read: What stands there instead, by the first look that says so; the text as read where it matches.
        differences: Each wrong character with its box; empty for a match, and where nothing is known.
        box: Where the text stands; None where it was not found.
        margin: Least of the looks' margins: how many times likelier the text is than its nearest rival, as a natural
            logarithm; negative where a rival is likelier.
        looks: What each look says, in the order taken.
        reason: Why it is no match, in words.
        span: The words that were judged; None where the text was not found.
    """

    status: MatchStatus
    expected: str
    read: str = ""
    differences: tuple[WrongCharacter, ...] = ()
    box: Box | None = None
    margin: float = 0.0
    looks: tuple[Look, ...] = ()
    reason: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)


def verify(
    image: Pixels,
    expected: str,
    mode: Literal["exact", "tolerant"] = "exact",
    reader: Reader | None = None,
    *,
    rules: Rules | None = None,
    font: str | os.PathLike[str] | bytes | None = None,
) -> TextMatch:
    """Say whether a text stands in a picture as it should.

    For one text. Where a picture has several, read it once and use `verify_lines`; where the rules of a brand are
    written in a kit, use the gate.

    Args:
        image: H×W×3 uint8 sRGB.
        expected: The text, 1 to 1000 characters.
        mode: "exact" for prices, legal text and trademarks: no wrong character, two looks that agree. "tolerant"
            allows `rules.max_edits` wrong characters.
        reader: One of `load_reader`; the default one where left out, loaded anew at each call.
        rules: What counts as the same: edits, case, spaces, punctuation.
        font: The file of the font that the text is set in, or its bytes: what a reader cannot tell, such as I
            from l, is then told by which text lies on the line as it draws them. One that the text is not set in is set
            aside.

    Raises:
        InputError: An empty, overlong or unprintable text, an image that is none, rules that contradict the mode, a
            file that is no font, or one that lacks a letter of the text.

    Example:
        >>> import numpy as np
        >>> from PIL import Image, ImageDraw, ImageFont
        >>> picture = Image.new("RGB", (420, 110), "white")
        >>> pen = ImageDraw.Draw(picture)
        >>> pen.text((30, 25), "SUMER SALE", fill="black", font=ImageFont.load_default(48))
        >>> found = verify(np.array(picture), "SUMMER SALE")
        >>> found.status.value, found.read, str(found.differences[0])
        ('mismatch', 'SUMER SALE', 'missing M at 4')
    """
    reader = reader or load_reader()
    rules = rules or Rules()
    if not isinstance(reader, Reader) or mode not in ("exact", "tolerant"):
        raise InputError("a reader of load_reader, and mode exact or tolerant", (type(reader).__name__, mode))
    if (mode == "exact") == bool(rules.max_edits):
        raise InputError("max_edits of 0 in mode exact, at least 1 in mode tolerant", (mode, rules.max_edits))
    typeface = None if font is None else read_typeface(font)
    missing = None if typeface is None else typeface.missing(check_text(expected, rules))
    if missing is not None:
        raise UnusableFont(f"a font with a glyph for {missing!r}", "one without", "state the font that it is set in")
    wanted = Expected(check_text(expected, rules), rules, typeface)
    return verify_lines(Sight.of(reader, check_pixels(image)), wanted, is_critical=mode == "exact")


def check_text(text: str, rules: Rules) -> str:
    """Return an expected text that can be verified.

    Raises:
        InputError: It is empty, longer than 1000 characters, unprintable, or no longer than the edits allowed.
    """
    if not isinstance(text, str) or not comparable(text, rules):
        raise InputError("a text with at least one character that is compared", text)
    if len(text) > MAX_LENGTH:
        raise InputError(f"at most {MAX_LENGTH} characters of text", len(text))
    is_shown = all(character.isprintable() or character.isspace() for character in text)
    if not is_shown or first_control(text) is not None:
        raise InputError("a text without control characters", shorten(text))
    if rules.max_edits >= len(comparable(text, rules)):
        raise InputError(f"more than {rules.max_edits} characters, as many edits are allowed", shorten(text))
    return text


def verify_lines(sight: Sight, expected: Expected, *, is_critical: bool = True) -> TextMatch:
    """Say whether a text stands in a picture whose lines are read; see `verify`.

    Args:
        sight: The picture and its lines.
        expected: The text and its rules.
        is_critical: Whether a match needs two looks that agree even where the first is sure.
    """
    strange = unknown_symbol(expected, sight.reader)
    if strange is not None:
        reason = f"{sight.reader.spec.name} cannot read {shorten(strange)}"
        return TextMatch(MatchStatus.UNSUPPORTED, expected.text, reason=reason)
    (span,) = match(sight.lines, [expected]).spans
    return verify_span(span, sight, expected, is_critical=is_critical)


def unknown_symbol(expected: Expected, reader: Reader) -> str | None:
    """Return the first symbol of a text that the reader cannot output, in either case where case does not count."""
    control = first_control(expected.text)
    if control is not None:
        return control
    for symbol in dict.fromkeys(plain(expected.text)):
        forms = {symbol} if expected.rules.is_case_strict else {symbol, symbol.upper(), symbol.lower()}
        if comparable(symbol, expected.rules) and reader.charset.isdisjoint(forms):
            return symbol
    return None


def verify_span(span: Span | None, sight: Sight, expected: Expected, *, is_critical: bool = True) -> TextMatch:
    """Say whether a text stands where it was found; what is not found or not right is looked for again.

    Args:
        span: Where the text was found among the lines, or None.
        sight: The picture and its lines.
        expected: The text and its rules.
        is_critical: Whether a match needs two looks that agree even where the first is sure.
    """
    first = None if span is None else _judged(span, sight, is_critical)
    if first is not None and (first.status is MatchStatus.MATCH or _is_settled(first)):
        return first
    for other in found_again(span, sight, expected):
        second = _judged(other.span, other.sight, is_critical)
        if first is None or second.status is MatchStatus.MATCH:
            first = second
        if first.status is MatchStatus.MATCH:
            break
    return first or _not_found(sight, expected)


def _is_settled(found: TextMatch) -> bool:
    """Whether no other reading of the picture could find a text right: a slip inside it is none of the detector's.

    Detectors cut letters off at the ends of a line and lose whole words, never one letter between others.
    """
    places = [wrong.difference.place for wrong in found.differences]
    is_inside = min(places, default=1) > 1 and max(places, default=1) < len(plain(found.expected))
    is_one_line = found.span is not None and len({id(word.line) for word in found.span.words}) == 1
    return found.status is MatchStatus.MISMATCH and is_inside and is_one_line and len(places) <= SLIPS


def _not_found(sight: Sight, expected: Expected) -> TextMatch:
    faint = [line for line in sight.lines if line.confidence < ILLEGIBLE]
    if faint:
        reason = f"something that could be text was read as {shorten(faint[0].text)}"
        return TextMatch(MatchStatus.ILLEGIBLE, expected.text, box=faint[0].box, reason=reason)
    reason = "other text only" if sight.lines else "no text at all"
    return TextMatch(MatchStatus.MISSING, expected.text, reason=reason)


def _judged(span: Span, sight: Sight, is_critical: bool) -> TextMatch:
    looks: list[Look] = []
    weights: dict[Change, float | None] = {}
    outcome, rules = Outcome.DOUBT, span.expected.rules
    wanted, shapes = comparable(span.expected.text, rules), shapes_of(span, sight)
    for each in looks_at(span, sight):
        looks.append(each)
        if len(looks) > 1 and shapes is not None:
            weights.update(weighed(looks, shapes, weights))
        outcome = decide(wanted, looks, weights, rules, is_critical=is_critical)
        if outcome is not Outcome.DOUBT:
            break
    found = replace(_told(span, looks, outcome, sight, is_critical), span=span)
    if outcome is not Outcome.DOUBT or found.status is not MatchStatus.ABSTAINED:
        return found
    return replace(found, reason=_doubt(looks, weights))


def _doubt(looks: Sequence[Look], weights: Weights) -> str:
    """Return what could stand there as well."""
    standing = standings(looks, weights)
    nearest = min(standing, key=lambda change: (standing[change], change), default=None)
    return "the looks at it do not agree" if nearest is None else f"{shorten(nearest.rival)} is nearly as likely"


def weighed(looks: Sequence[Look], shapes: Shapes, known: Weights) -> Weights:
    """Return what the letters look like alone, of every change that a look or they name and that is not known yet.

    What a further look brought near is weighed again.
    """
    lines = {} if known else dict.fromkeys(shapes.rivals(), 0.0)
    for each in looks:
        for change, margin in each.margins.items():
            lines[change] = min(margin, lines.get(change, margin))
    asked = ((change, line) for change, line in lines.items() if shapes.may_tell(change, line))
    return {change: shapes.margin(change, line) for change, line in asked if line < NEAR or change not in known}


def _told(span: Span, looks: Sequence[Look], outcome: Outcome, sight: Sight, is_critical: bool) -> TextMatch:
    found = TextMatch(
        MatchStatus.MATCH,
        span.expected.text,
        span.read,
        box=span.box,
        margin=min(each.least for each in looks),
        looks=tuple(looks),
    )
    if outcome is Outcome.RIGHT:
        found = replace(found, read=_read_as(span, looks))
        doubt = _unlikely_alone(span, sight) if is_critical else None
        return found if doubt is None else replace(found, status=MatchStatus.ABSTAINED, reason=doubt)
    return _differing(found, span, outcome)


def _unlikely_alone(span: Span, sight: Sight) -> str | None:
    """Return what may change what a text says of which every letter is right, or None."""
    beside, parted = lone_neighbour(span, sight.lines), parted_number(span)
    if beside is not None:
        return f"{shorten(beside)} stands right beside it"
    lines = {id(word.line): word.line.box for word in span.words}.values()
    if any(overlap(*pair) for pair in itertools.combinations(lines, 2)):
        return "it was found in lines that lie one over the other"
    return None if parted is None else f"its figures stand apart: {shorten(parted)}"


def _read_as(span: Span, looks: Sequence[Look]) -> str:
    """Return what a right text was read as: the first reading within the edits allowed, else the text itself."""
    rules = span.expected.rules
    reads = (span.read, *(each.read for each in looks))
    within = (read for read in reads if count_edits(span.expected.text, read, rules) <= rules.max_edits)
    return next(within, span.expected.text)


def _differing(found: TextMatch, span: Span, outcome: Outcome) -> TextMatch:
    rules = span.expected.rules
    wanted = comparable(span.expected.text, rules)
    reads = [span.read, *(each.read for each in found.looks)]
    read = next((each for each in reads if comparable(each, rules) != wanted), span.read)
    wrong = wrong_characters(span, read)
    told = replace(found, read=read, differences=wrong)
    if outcome is Outcome.WRONG and span.confidence >= ILLEGIBLE:
        return replace(told, status=MatchStatus.MISMATCH, reason=", ".join(map(str, wrong[:4])))
    if span.confidence < ILLEGIBLE:
        return replace(told, status=MatchStatus.ILLEGIBLE, reason=f"read with a confidence of {span.confidence:.2f}")
    return replace(told, status=MatchStatus.ABSTAINED, reason="the looks at it do not agree")
