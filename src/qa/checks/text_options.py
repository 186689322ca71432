"""The kit's section `text`: what must, must not and should not be written, and how it must stand out."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from consistency.errors import InputError, shorten
from qa.asset import Brief
from qa.checks.text_places import PICTURE, Alignment, Identifier, SafeArea
from qa.kit.conditions import Names
from qa.kit.lengths import LengthRangeOption
from qa.kit.options import ColorOption, KitOptions, Pattern, Template, When, fill, placeholders, refuse
from qa.kit.patterns import FileName
from qa.text.forbidden import Term, check_pattern
from qa.text.kinds import TextKind
from qa.text.languages import LANGUAGES, foreign_letter, language_of
from qa.text.spelling import Rules, comparable, plain
from qa.verdict import Level

RESERVED = frozenset({"unexpected", "forbidden", PICTURE})


def _check_bounded(pattern: str) -> str:
    try:
        return check_pattern(pattern)
    except InputError as error:
        raise refuse(error.expected, error.hint) from None


def _check_not_blank(text: str) -> str:
    if not plain(text):
        raise refuse("text with at least one character that can be seen")
    return text


def _read_language(tag: str) -> str:
    language = language_of(tag)
    if language is None:
        raise refuse("a language such as de or de-AT", f"known are {', '.join(LANGUAGES)}")
    return language


LanguageTag = Annotated[str, AfterValidator(_read_language)]
"""A language by its tag, such as de or de-AT; only the language counts."""

BoundedPattern = Annotated[Pattern, AfterValidator(_check_bounded)]
"""A regular expression that is searched in bounded time."""


class RequiredText(KitOptions):
    """A text that must stand in the picture.

    Attributes:
        id: Its name in rules: `text.<id>`, `contrast.<id>`.
        value: The text; may have {placeholders}.
        mode: "exact", for prices, legal text and trademarks, allows no wrong character and wants two looks that agree;
            "tolerant" allows `max_edits` wrong characters; told by `max_edits` where left out.
        max_edits: Characters that may be missing, extra or others; fewer than the text has.
        case: Whether A and a differ.
        spaces: Whether spaces count; readers lose and insert them, so that by default they do not.
        punctuation: Whether signs of punctuation count; currency signs always do.
        language: Of the text: the reader must know all of its letters, and its rules of case and line breaks hold.
        cap_height: Heights its capitals may have.
        align: Edges that must agree with those of other texts, the picture or a box.
        font: The font file that the text is set in: look-alikes are told by how it draws them, and a repair sets the
            text in it; without one a wrong text is not repaired.
        color: The colour that a repair gives the letters; that of the wrong ones where left out.
        level: How hard the rule is.
        when: The briefs it applies to.
        locale: Short for `when: {locale: …}`.
    """

    id: Identifier
    value: Annotated[Template, Field(max_length=1000), AfterValidator(_check_not_blank)]
    mode: Literal["exact", "tolerant"] | None = None
    max_edits: Annotated[int, Field(ge=0, le=20)] = 0
    case: Literal["strict", "ignore"] = "strict"
    spaces: Literal["ignore", "strict"] = "ignore"
    punctuation: Literal["strict", "ignore"] = "strict"
    language: LanguageTag | None = None
    cap_height: LengthRangeOption | None = None
    align: tuple[Alignment, ...] = ()
    font: FileName = ()
    color: ColorOption | None = None
    level: Level = Level.BLOCK
    when: When = When()
    locale: Names = ()

    @model_validator(mode="after")
    def _mode_and_edits_agree(self) -> Self:
        if self.id in RESERVED:
            raise refuse(f"an id other than {', '.join(sorted(RESERVED))}")
        if self.mode == "exact" and self.max_edits:
            raise refuse("no max_edits beside mode exact", "write mode: tolerant, or leave max_edits out")
        if self.mode == "exact" and self.punctuation == "ignore":
            raise refuse("punctuation: strict beside mode exact", "4,90 and 490 are two prices")
        if self.mode == "tolerant" and not self.max_edits:
            raise refuse("max_edits of at least 1 beside mode tolerant")
        self._check_language()
        if not placeholders(self.value):
            self._check_told_apart(fill(self.value, Brief()))
        return self

    def _check_language(self) -> None:
        strange = foreign_letter(self.language, self.value) if self.language else None
        if strange is not None:
            known = f"a text in the letters of {self.language}"
            raise refuse(known, f"{strange!r} is {unicodedata.name(strange)}")

    def _check_told_apart(self, text: str) -> None:
        if not self.is_told_apart(text):
            characters = f"the characters compared of {shorten(text)!r}"
            hint = "as many edits as characters turn the text into any other"
            raise refuse(f"max_edits below {self.length(text)}, {characters}", hint)

    @property
    def rules(self) -> Rules:
        """What counts as the same text."""
        strict = (self.case == "strict", self.spaces == "strict", self.punctuation == "strict")
        return Rules(self.max_edits, *strict, language=self.language or "")

    def length(self, text: str) -> int:
        """Return how many characters of a filled text are compared."""
        return len(comparable(text, self.rules))

    def is_told_apart(self, text: str) -> bool:
        """Whether the edits allowed leave at least one character of a filled text that must be right."""
        return self.max_edits < max(self.length(text), 1)

    def applies(self, brief: Brief) -> bool:
        """Whether it applies to an asset with this brief."""
        return self.level is not Level.OFF and self.when.applies(brief) and When(locale=self.locale).applies(brief)


class ForbiddenText(KitOptions):
    """A text that must not stand in the picture.

    Attributes:
        pattern: A regular expression, searched in rows and across line breaks.
        id: Its name in the rule `text.forbidden.<id>`; its number in the list, from 1, where left out.
        fold: Whether look-alike characters and leetspeak count as the letters of the pattern.
        case: Whether A and a differ.
        level: How hard the rule is.
        when: The briefs it applies to.
    """

    pattern: BoundedPattern
    id: Identifier | None = None
    fold: Literal["confusables", "none"] = "confusables"
    case: Literal["strict", "ignore"] = "ignore"
    level: Level = Level.BLOCK
    when: When = When()

    @property
    def term(self) -> Term:
        """What is searched for."""
        return Term(self.pattern, self.fold == "confusables", self.case == "strict")

    def applies(self, brief: Brief) -> bool:
        """Whether it applies to an asset with this brief."""
        return self.level is not Level.OFF and self.when.applies(brief)


class UnexpectedText(KitOptions):
    """Text that neither the kit, the brief nor the references explain.

    Attributes:
        level: How hard the rule is.
        gibberish: The same for letter salad: then a rule of its own, as for the two below; as `level` where left out.
        watermark: The same for marks of ownership or of a preview.
        signature: The same for names that stand small in a corner.
        ignore: Patterns of text that may stand anywhere.
    """

    level: Level = Level.WARN
    gibberish: Level | None = None
    watermark: Level | None = None
    signature: Level | None = None
    ignore: tuple[BoundedPattern, ...] = ()

    @property
    def own_levels(self) -> dict[TextKind, Level]:
        """The kinds that have a level, and so a rule, of their own."""
        stated = {
            TextKind.WATERMARK: self.watermark,
            TextKind.GIBBERISH: self.gibberish,
            TextKind.SIGNATURE: self.signature,
        }
        return {kind: level for kind, level in stated.items() if level is not None}


class ContrastOptions(KitOptions):
    """How much required text must stand out from the background it touches.

    Attributes:
        ratio: Lowest contrast ratio (WCAG 2.2); 4.5 is level AA.
        large_ratio: The same for large text: capitals at least 24 px high.
        level: How hard the rule is.
    """

    ratio: Annotated[float, Field(ge=1, le=21)] = 4.5
    large_ratio: Annotated[float, Field(ge=1, le=21)] = 3.0
    level: Level = Level.BLOCK


class TextOptions(KitOptions):
    """The section `text`.

    Attributes:
        required: Texts that must stand in the picture, as stated; `texts` has them with what holds for all.
        forbidden: Texts that must not.
        unexpected: Text that nothing explains.
        font: The font file of the required texts that name none of their own.
        cap_height: Heights that the capitals of required texts may have where they state none of their own.
        safe_area: How far required texts must stay from the picture's edges; all that apply hold.
        contrast: How much required text must stand out.
    """

    required: tuple[RequiredText, ...] = ()
    forbidden: tuple[ForbiddenText, ...] = ()
    unexpected: UnexpectedText = UnexpectedText()
    font: FileName = ()
    cap_height: LengthRangeOption | None = None
    safe_area: tuple[SafeArea, ...] = ()
    contrast: ContrastOptions = ContrastOptions()

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        _refuse_twice(entry.id for entry in self.required)
        _refuse_twice(name for name, _ in self.named_forbidden())
        for entry in self.required:
            _check_targets(entry, {other.id for other in self.required} - {entry.id})
        return self

    @property
    def texts(self) -> tuple[RequiredText, ...]:
        """The required texts, each with the font and the cap height that hold for it."""
        return tuple(
            entry.model_copy(
                update={"font": entry.font or self.font, "cap_height": entry.cap_height or self.cap_height}
            )
            for entry in self.required
        )

    def named_forbidden(self) -> list[tuple[str, ForbiddenText]]:
        """Return the forbidden texts with their names: the id, or the number in the list."""
        return [(entry.id or str(number), entry) for number, entry in enumerate(self.forbidden, 1)]


def _check_targets(entry: RequiredText, others: set[str]) -> None:
    for target in (alignment.to for alignment in entry.align):
        if isinstance(target, str) and target != PICTURE and target not in others:
            hint = f"{entry.id} names {target!r}; others are {', '.join(sorted(others)) or 'none'}"
            raise refuse("an alignment to the id of another required text, picture or a box", hint)


def _refuse_twice(names: Iterable[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise refuse(f"ids that differ; {twice[0]!r} stands twice")
