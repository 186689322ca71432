"""Are the letters well formed? A reader reads over a missing or an added stroke."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Self

from consistency.region import Box, Region
from qa.asset import Asset, Brief
from qa.checks.check import Rule
from qa.checks.glyph_lines import glyphs_of
from qa.checks.required_texts import required_texts
from qa.checks.text_options import TextOptions
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.kit.options import KitOptions
from qa.text.glyphs import Malformation, malformations
from qa.text.matching import Span
from qa.text.reader import Pixels, TextLine
from qa.text.set_glyphs import beside_font
from qa.text.sighting import typeset_of
from qa.text.spelling import comparable
from qa.text.verification import MatchStatus
from qa.verdict import Finding, Level, Limit, Status

LIMIT = 0.4
"""Highest score at which a letter counts as well formed; chosen on seeds from 1,000,000 of the benchmark of texts, at
2 % false alarms beside letters of the same name and 1 % beside the font."""

RULE = "glyphs.shape"
SHOWN = 5
WHOLE = (MatchStatus.MATCH, MatchStatus.ABSTAINED)
"""What a text was found to be of which every letter is known."""


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
    """

    name: ClassVar[str] = "glyphs"
    version: ClassVar[int] = 2
    section: ClassVar[str] = "glyphs"
    needs: frozenset[Need] = frozenset({Need.LINES})
    Options: ClassVar[type[GlyphsOptions]] = GlyphsOptions

    def __init__(self, options: GlyphsOptions, text: TextOptions) -> None:
        self._options = options
        self._text = text

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit has no section `glyphs` or puts it off."""
        options = kit.section(cls.section, GlyphsOptions)
        if not kit.has(cls.section) or options.level is Level.OFF:
            return None
        return cls(options, kit.section("text", TextOptions))

    def rules(self, brief: Brief) -> Sequence[Rule]:
        """Return the one rule."""
        return [Rule(RULE, self._options.level, "letters as their font, or others of their kind, have them")]

    def judge(self, asset: Asset, evidence: Evidence) -> Sequence[Finding]:
        """Return the finding about the letters of all lines; not run where none can be held against anything.

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
        found = malformed(evidence.lines(), self._spans(evidence), evidence.image.pixels)
        if not found:
            missing = (
                "no text stands in a font that is known, and no letter twice in a line and told from its background"
            )
            return [replace(finding, code="glyphs.not_measured", status=Status.NOT_RUN, observed=missing)]
        return [judged(finding, found)]

    def _spans(self, evidence: Evidence) -> list[Span]:
        """Return where the texts stand that have a font; of a text that is wrong its own rule says so."""
        if not any(entry.font for entry in self._text.texts):
            return []
        return [
            match.span
            for match in required_texts(self._text, evidence).matches
            if match.span is not None and match.verified is not None and match.verified.status in WHOLE
        ]


def malformed(lines: Sequence[TextLine], spans: Sequence[Span], pixels: Pixels) -> list[Malformation]:
    """Hold each letter against its font where that is known and its line is set in it, else against its peers.

    Args:
        lines: The lines read in a picture.
        spans: Where texts stand in it; of those whose font is known the letters are held against that.
        pixels: H×W×3 uint8 sRGB.
    """
    known = [each for span in spans for each in _beside_its_font(span, pixels)]
    left = [each for each in malformations(glyphs_of(lines, pixels)) if not _is_among(each.box, known)]
    height, width = pixels.shape[:2]
    inside = ((each, each.box.clipped(height, width)) for each in (*known, *left))
    return [replace(each, box=box) for each, box in inside if box is not None]


def _beside_its_font(span: Span, pixels: Pixels) -> list[Malformation]:
    """Return its letters beside those of its font; none where it is not known which letters those are.

    What the kit sets aside, case or a kind of dash, or allows, a wrong letter, is drawn otherwise than it is spelt.
    """
    text, rules = plain_spaces(span.expected.text), span.expected.rules
    is_as_spelt = plain_spaces(span.read) == text
    is_forgiven = rules.max_edits > 0 or comparable(span.read, rules) == comparable(text, rules)
    typeset = None if is_forgiven and not is_as_spelt else typeset_of(span, pixels)
    lines = [] if typeset is None else typeset.lines
    return [each for line in lines if line is not None for each in beside_font(line)]


def _is_among(box: Box, known: Sequence[Malformation]) -> bool:
    """Whether a letter is one of those known: its middle lies in the box of one."""
    x, y = box.left + box.width / 2, box.top + box.height / 2
    return any(o.left <= x <= o.right and o.top <= y <= o.bottom for o in (each.box for each in known))


def plain_spaces(text: str) -> str:
    """Return a text with single spaces, composed."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def judged(finding: Finding, found: Sequence[Malformation]) -> Finding:
    """Return the finding with the worst letters."""
    worst = sorted(found, key=lambda each: (-each.score, each.box))
    finding = replace(
        finding,
        value=worst[0].score,
        evidence={"compared": len(found), "beside_fonts": sum(each.has_font for each in found)},
    )
    wrong = [each for each in worst if each.score > LIMIT]
    if not wrong:
        return finding
    told = ", ".join(f"{each.letter} at {each.box}" for each in wrong[:SHOWN])
    kinds = {each.has_font for each in wrong[:SHOWN]}
    others = " or ".join(
        words for words, kind in (("the font's", True), ("others of the kind", False)) if kind in kinds
    )
    return replace(
        finding,
        code="glyphs.malformed",
        status=Status.FAIL,
        where=Region(wrong[0].box),
        observed=f"{told}: unlike {others}",
    )
