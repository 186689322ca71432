"""Does the picture say what it must, and nothing it must not?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce
from typing import ClassVar, Self

from consistency.errors import shorten
from consistency.region import Box, Region
from qa.asset import Asset, Brief
from qa.checks.check import Rule
from qa.checks.required_texts import RequiredMatch, applying, look_again, required_texts
from qa.checks.text_options import ForbiddenText, TextOptions
from qa.checks.text_placing import judge_placing, placing_rules
from qa.checks.text_setting import erasing, with_setting
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.text.forbidden import Term
from qa.text.layout import Word, around, chains
from qa.text.references import ReferenceTexts
from qa.text.spelling import count_edits, explain
from qa.text.unexpected import seen_again, unexplained, unknown
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
    version: ClassVar[int] = 1
    section: ClassVar[str] = "text"
    needs: frozenset[Need] = frozenset({Need.LINES})
    Options: ClassVar[type[TextOptions]] = TextOptions

    def __init__(self, options: TextOptions, references: ReferenceTexts) -> None:
        self._options = options
        self._references = references

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit has no section `text`."""
        if not kit.has(cls.section):
            return None
        return cls(kit.section(cls.section, TextOptions), ReferenceTexts(kit.files))

    def rules(self, brief: Brief) -> Sequence[Rule]:
        """Return the rules that apply under this brief."""
        required = [Rule(f"text.{e.id}", e.level, quoted(e.value)) for e in applying(self._options, brief)]
        forbidden = [Rule(rule, e.level, f"no {e.pattern}") for rule, e in self._forbidden(brief)]
        level = self._options.unexpected.level
        unexpected = [Rule("text.unexpected", level)] if level is not Level.OFF else []
        return [*required, *placing_rules(self._options, brief), *forbidden, *unexpected]

    def judge(self, asset: Asset, evidence: Evidence) -> Sequence[Finding]:
        """Return one finding per applying rule.

        Raises:
            MissingBackend: The kit's reader is not on this machine.
        """
        found = required_texts(self._options, evidence)
        backend = evidence.engines.reader().spec.id
        findings = [with_setting(judge_required(m, backend), m, evidence) for m in found.matches]
        findings += judge_placing(self._options, found.matches, evidence, backend)
        rows = chains(evidence.lines())
        claimed: set[int] = set()
        for rule, entry in self._forbidden(asset.brief):
            hits = [words for chain in rows for words in entry.term.find(chain)]
            claimed |= {id(word.line) for words in hits for word in words}
            findings.append(judge_forbidden(rule, entry, hits, backend))
        left = [run for run in found.left if not any(id(word.line) in claimed for word in run)]
        return [*findings, *self._unexpected(left, evidence, backend)]

    def _forbidden(self, brief: Brief) -> list[tuple[str, ForbiddenText]]:
        named = self._options.named_forbidden()
        return [(f"text.forbidden.{name}", entry) for name, entry in named if entry.applies(brief)]

    def _unexpected(self, left: Sequence[tuple[Word, ...]], evidence: Evidence, backend: str) -> list[Finding]:
        options = self._options.unexpected
        if options.level is Level.OFF:
            return []
        runs = unexplained(left, [Term(pattern, is_folded=False) for pattern in options.ignore])
        if runs:
            runs = unknown(runs, self._references.read(evidence.engines.reader()))
        if runs:
            runs = seen_again(runs, look_again(evidence, "smaller"))
        return [judge_unexpected(runs, options.level, backend)]


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
        located = replace(located, value=float(edits), observed=quoted(verified.read))
    if verified.status is MatchStatus.MATCH:
        return located
    code, observed = f"text.{verified.status.value}", _observed(verified)
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


def _observed(verified: TextMatch) -> str:
    """Return what was read, with what differs in words; a doubt that no reading shows is told by its reason."""
    if not verified.read:
        return verified.reason
    told = explain([wrong.difference for wrong in verified.differences]) or verified.reason
    return f"{quoted(verified.read)} ({told})"


def judge_forbidden(rule: str, entry: ForbiddenText, hits: Sequence[Sequence[Word]], backend: str) -> Finding:
    """Return the finding about one forbidden text: every place it stands."""
    finding = _count(rule, entry.level, len(hits), "matches", backend)
    finding = replace(finding, expected=f"no {shorten(entry.pattern)}")
    return _reported(finding, "text.forbidden", hits)


def judge_unexpected(runs: Sequence[Sequence[Word]], level: Level, backend: str) -> Finding:
    """Return the finding about text that nothing explains."""
    finding = _count("text.unexpected", level, len(runs), "lines", backend)
    finding = replace(finding, expected="only text that kit, brief or references show")
    return _reported(finding, "text.unexpected", runs)


def quoted(text: str) -> str:
    """Return text in quotes, shortened, control characters escaped."""
    return f'"{shorten(text, 120)}"'


def regions_of(hits: Sequence[Sequence[Word]]) -> tuple[Region, ...]:
    """Return the box of each run of words, each once, from the top."""
    return tuple(Region(box) for box in sorted({around(words) for words in hits}, key=lambda b: (b.top, b.left)))


def _count(rule: str, level: Level, count: int, unit: str, backend: str) -> Finding:
    return Finding(
        rule=rule,
        check="text",
        code="met",
        level=level,
        status=Status.PASS,
        value=float(count),
        unit=unit,
        limit=Limit("<=", 0),
        backend=backend,
    )


def _reported(finding: Finding, code: str, hits: Sequence[Sequence[Word]]) -> Finding:
    if not hits:
        return finding
    regions = regions_of(hits)
    shown = ", ".join(quoted(" ".join(word.text for word in words)) for words in hits)
    whole = reduce(Box.union, (region.box for region in regions if region.box is not None))
    erase = erasing(hits, regions, Region(whole))
    return _unmet(replace(finding, where=regions[0]), code, Status.FAIL, shorten(shown), (erase,))


def _unmet(finding: Finding, code: str, status: Status, observed: str, fixes: tuple[Fix, ...] = ()) -> Finding:
    return replace(finding, code=code, status=status, observed=observed, fixes=fixes)
