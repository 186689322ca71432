"""Are the letters well formed? A reader reads over a missing or an added stroke."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar, Self

from consistency.region import Region
from qa.asset import Asset, Brief
from qa.checks.check import Rule
from qa.checks.glyph_lines import glyphs_of
from qa.checks.required_texts import required_texts, typeface_of
from qa.checks.text_options import TextOptions
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.kit.options import KitOptions
from qa.text.glyph_drawing import drawn_glyph
from qa.text.glyphs import Glyph, Malformation, beside_font, malformations
from qa.text.typeface import Typeface
from qa.verdict import Finding, Level, Limit, Status

LIMIT = 0.4
"""Highest score at which a letter counts as well formed; chosen on seeds from 1,000,000 of the benchmark of texts, at
2 % false alarms."""

RULE = "glyphs.shape"
SHOWN = 5


class GlyphsOptions(KitOptions):
    """The kit's section `glyphs`.

    Attributes:
        level: How hard the rule is.
    """

    level: Level = Level.WARN


class GlyphsCheck:
    """Letters of one name in one line, held against each other, or against the font that the kit names for the text.

    Args:
        options: The kit's section `glyphs`.
        text: The kit's section `text`, which names fonts.
        fonts: Id of a required text → its font.
    """

    name: ClassVar[str] = "glyphs"
    version: ClassVar[int] = 1
    section: ClassVar[str] = "glyphs"
    needs: frozenset[Need] = frozenset({Need.LINES})
    Options: ClassVar[type[GlyphsOptions]] = GlyphsOptions

    def __init__(self, options: GlyphsOptions, text: TextOptions, fonts: Mapping[str, Typeface]) -> None:
        self._options = options
        self._text = text
        self._fonts = dict(fonts)

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit has no section `glyphs` or puts it off.

        Raises:
            UnusableFont: A font file that the kit names for a text cannot be drawn with.
        """
        options = kit.section(cls.section, GlyphsOptions)
        if not kit.has(cls.section) or options.level is Level.OFF:
            return None
        text = kit.section("text", TextOptions)
        fonts = ((entry.id, typeface_of(entry, kit.files)) for entry in text.texts)
        return cls(options, text, {name: typeface for name, typeface in fonts if typeface is not None})

    def rules(self, brief: Brief) -> Sequence[Rule]:
        """Return the one rule."""
        return [Rule(RULE, self._options.level, "letters of one kind that look alike")]

    def judge(self, asset: Asset, evidence: Evidence) -> Sequence[Finding]:
        """Return the finding about the letters of all lines; not run where no letter stands twice in a line.

        Raises:
            MissingBackend: The kit's reader is not on this machine.
        """
        (rule,) = self.rules(asset.brief)
        finding = Finding(
            rule=rule.id,
            check=self.name,
            code="met",
            level=rule.level,
            status=Status.PASS,
            limit=Limit("<=", LIMIT),
            expected=rule.description,
            backend=evidence.engines.reader().spec.id,
        )
        found = compared(glyphs_of(evidence.lines(), evidence.image.pixels), self._fonts_of_lines(evidence))
        if not found:
            missing = "no letter stands twice in a line and alone, or none can be told from its background"
            return [replace(finding, code="glyphs.not_measured", status=Status.NOT_RUN, observed=missing)]
        return [judged(finding, found)]

    def _fonts_of_lines(self, evidence: Evidence) -> dict[int, Typeface]:
        if not self._fonts:
            return {}
        numbers = {id(line): number for number, line in enumerate(evidence.lines())}
        spans = [(m.entry.id, m.span) for m in required_texts(self._text, evidence).matches if m.span is not None]
        owned = ((numbers.get(id(word.line)), name) for name, span in spans for word in span.words)
        return {number: self._fonts[name] for number, name in owned if number is not None and name in self._fonts}


def compared(glyphs: Sequence[Glyph], fonts: Mapping[int, Typeface]) -> list[Malformation]:
    """Hold each letter against its line's font where that is known, else against its peers.

    Args:
        glyphs: The letters of one picture.
        fonts: Number of a line → its font; a line that is plainly set in another is judged as one without.
    """
    known: list[Malformation] = []
    for number, typeface in fonts.items():
        known += beside_font([glyph for glyph in glyphs if glyph.line == number], partial(drawn_glyph, typeface))
    judged_lines = {each.glyph.line for each in known}
    return known + malformations([glyph for glyph in glyphs if glyph.line not in judged_lines])


def score(malformation: Malformation) -> float:
    """Return how malformed a letter is: its residual, less what its line's other letters differ by."""
    return round(malformation.residual - malformation.spread / 2, 3)


def judged(finding: Finding, found: Sequence[Malformation]) -> Finding:
    """Return the finding with the worst letters."""
    worst = sorted(found, key=lambda each: (-score(each), each.glyph.box))
    finding = replace(finding, value=score(worst[0]), evidence={"compared": len(found)})
    wrong = [each for each in worst if score(each) > LIMIT]
    if not wrong:
        return finding
    told = ", ".join(f"{each.glyph.letter} at {each.glyph.box}" for each in wrong[:SHOWN])
    observed = f"{told}: unlike the others of {'its' if len(wrong) == 1 else 'their'} kind"
    return replace(
        finding,
        code="glyphs.malformed",
        status=Status.FAIL,
        where=Region(wrong[0].glyph.box),
        observed=observed,
    )
