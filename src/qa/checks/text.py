"""Does the picture say what it must, and nothing it must not?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar, Self

from consistency.errors import shorten
from consistency.region import Region
from qa.asset import Asset, Brief
from qa.checks.check import Rule
from qa.checks.quoting import quoted, quoted_beside
from qa.checks.required_texts import RequiredMatch, applying, look_again, required_texts, typeface_of
from qa.checks.text_options import ForbiddenText, TextOptions
from qa.checks.text_placing import judge_placing, placing_rules
from qa.checks.text_setting import with_setting
from qa.checks.text_strangers import counted, judge_unexpected, reported, said, unexpected_rules
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.text.layout import Word, chains
from qa.text.quarters import at_new_places, forbidden_looks
from qa.text.reader import TextLine
from qa.text.references import ReferenceTexts
from qa.text.spelling import count_edits, explain
from qa.text.verification import MatchStatus, TextMatch
from qa.verdict import Finding, Fix, FixKind, Level, Limit, Scalar, Status

MAX_WRONG = 20
"""Wrong characters whose boxes a finding names."""


class TextCheck:
    """Required, forbidden and unexpected text. `contrast` judges how well required text stands out.

    Args:
        options: The kit's section `text`.
        references: The texts that the kit's own pictures carry, read when first needed.
    """

    name: ClassVar[str] = "text"
    version: ClassVar[int] = 6
    section: ClassVar[str] = "text"
    needs: frozenset[Need] = frozenset({Need.LINES})
    Options: ClassVar[type[TextOptions]] = TextOptions

    def __init__(self, options: TextOptions, references: ReferenceTexts) -> None:
        self._options = options
        self._references = references

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit has no section `text`.

        Raises:
            UnusableFont: A font file that the kit names for a text cannot be drawn with.
        """
        if not kit.has(cls.section):
            return None
        options = kit.section(cls.section, TextOptions)
        for entry in options.texts:
            if entry.level is not Level.OFF:
                typeface_of(entry, kit.files)
        return cls(options, ReferenceTexts(kit.files))

    def rules(self, brief: Brief) -> Sequence[Rule]:
        """Return the rules that apply under this brief."""
        required = [Rule(f"text.{e.id}", e.level, quoted(e.value)) for e in applying(self._options, brief)]
        forbidden = [Rule(rule, e.level, f"no {e.pattern}") for rule, e in self._forbidden(brief)]
        placing = placing_rules(self._options, brief)
        return [*required, *placing, *forbidden, *unexpected_rules(self._options.unexpected)]

    def judge(self, asset: Asset, evidence: Evidence) -> Sequence[Finding]:
        """Return one finding per applying rule.

        Raises:
            MissingBackend: The kit's reader is not on this machine.
        """
        if not self.rules(asset.brief):
            return []
        found = required_texts(self._options, evidence)
        backend = evidence.engines.reader().spec.id
        findings = [with_setting(judge_required(m, backend), m, evidence) for m in found.matches]
        findings += judge_placing(self._options, found.matches, evidence, backend)
        forbidden = self._forbidden(asset.brief)
        rows = [row for look in looks_for_forbidden(evidence) for row in chains(look)] if forbidden else []
        claimed: set[int] = set()
        for rule, entry in forbidden:
            hits = at_new_places([words for row in rows for words in entry.term.find(row)])
            claimed |= {id(word.line) for words in hits for word in words}
            findings.append(judge_forbidden(rule, entry, hits, backend))
        left = [run for run in found.left if not any(id(word.line) in claimed for word in run)]
        return [*findings, *judge_unexpected(left, self._options.unexpected, evidence, self._references)]

    def _forbidden(self, brief: Brief) -> list[tuple[str, ForbiddenText]]:
        named = self._options.named_forbidden()
        return [(f"text.forbidden.{name}", entry) for name, entry in named if entry.applies(brief)]


def judge_required(match: RequiredMatch, backend: str) -> Finding:
    """Return the finding about one required text."""
    entry = match.entry
    finding = Finding(
        rule=f"text.{entry.id}",
        check="text",
        code="met",
        level=entry.level,
        status=Status.PASS,
        unit="edits",
        limit=Limit("<=", entry.max_edits),
        expected=quoted(match.text or entry.value),
        backend=backend,
    )
    if match.problem is not None:
        look = Fix(FixKind.HUMAN_REVIEW, None, {"expected": match.text or entry.value})
        return _unmet(finding, match.problem.code, Status.NOT_EVALUABLE, str(match.problem), (look,))
    return _judge_verified(finding, match)


def _judge_verified(finding: Finding, match: RequiredMatch) -> Finding:
    verified = match.verified
    if verified is None or verified.status is MatchStatus.MISSING:
        return _unmet(finding, "text.missing", Status.FAIL, verified.reason if verified else "not looked for")
    where = Region(verified.box) if verified.box else None
    located = replace(finding, where=where, evidence=_figures(match, verified))
    if verified.read:
        edits = count_edits(match.text, verified.read, match.entry.rules)
        expected, read = quoted_beside(match.text, verified.read)
        located = replace(located, value=float(edits), expected=expected, observed=read)
    if verified.status is MatchStatus.MATCH:
        return located
    code, observed = f"text.{verified.status.value}", _observed(verified, located.observed)
    if verified.status is MatchStatus.MISMATCH:
        retext = Fix(FixKind.RETEXT, where, {"expected": match.text})
        return _unmet(located, code, Status.FAIL, observed, (retext,))
    return _unmet(
        located, code, Status.NOT_EVALUABLE, observed, (Fix(FixKind.HUMAN_REVIEW, where, {"expected": match.text}),)
    )


def _figures(match: RequiredMatch, verified: TextMatch) -> dict[str, Scalar]:
    """Return what the looks said: how sure, how many, and where each wrong character stands."""
    figures: dict[str, Scalar] = {"read": shorten(verified.read), "margin": round(verified.margin, 2)}
    if match.span is not None:
        figures["confidence"] = round(match.span.confidence, 2)
    figures["looks"] = ", ".join(each.name for each in verified.looks)
    if verified.differences:
        figures["wrong_at"] = "; ".join(str(wrong.box) for wrong in verified.differences[:MAX_WRONG])
    return figures


def _observed(verified: TextMatch, read: str) -> str:
    """Return what was read, in quotes, with what differs in words; a doubt that no reading shows by its reason."""
    if not verified.read:
        return verified.reason
    told = explain([wrong.difference for wrong in verified.differences])
    reason = verified.reason if verified.status is MatchStatus.ABSTAINED or not told else ""
    return f"{read} ({'; '.join(part for part in (told, reason) if part)})"


def looks_for_forbidden(evidence: Evidence) -> tuple[Sequence[TextLine], ...]:
    """Return the lines of every look in which forbidden texts are searched; a further one is taken once per picture."""
    return forbidden_looks(evidence.lines(), lambda: look_again(evidence, "quarters"))


def judge_forbidden(rule: str, entry: ForbiddenText, hits: Sequence[Sequence[Word]], backend: str) -> Finding:
    """Return the finding about one forbidden text: every place it stands."""
    finding = counted(rule, entry.level, len(hits), "matches", backend)
    finding = replace(finding, expected=f"no {shorten(entry.pattern)}")
    return reported(finding, "text.forbidden", hits, [said(words) for words in hits])


def _unmet(finding: Finding, code: str, status: Status, observed: str, fixes: tuple[Fix, ...] = ()) -> Finding:
    return replace(finding, code=code, status=status, observed=observed, fixes=fixes)
