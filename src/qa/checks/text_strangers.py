"""Findings about texts that should not stand in a picture: how many places, and of unexpected ones of what kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from consistency.errors import shorten
from consistency.region import Box, Region
from qa.checks.check import Rule
from qa.checks.quoting import quoted
from qa.checks.required_texts import look_again
from qa.checks.text_options import UnexpectedText
from qa.checks.text_setting import erasing
from qa.evidence import Evidence
from qa.text.forbidden import Term
from qa.text.kinds import TextKind, kinds_of
from qa.text.layout import Word, around
from qa.text.references import ReferenceTexts
from qa.text.unexpected import seen_again, unexplained, unknown
from qa.verdict import Finding, Level, Limit, Status

RULE = "text.unexpected"

EXPECTED = "only text that kit, brief or references show"

CODES = {
    TextKind.WATERMARK: "text.watermark",
    TextKind.GIBBERISH: "text.gibberish",
    TextKind.SIGNATURE: "text.signature",
    TextKind.OTHER: "text.unexpected",
}

Run = Sequence[Word]


def unexpected_rules(options: UnexpectedText) -> list[Rule]:
    """Return the rules about text that nothing explains: one, and one for each kind that has a level of its own."""
    own = [Rule(f"{RULE}.{kind}", level, f"no {kind}") for kind, level in options.own_levels.items()]
    return [rule for rule in (Rule(RULE, options.level, EXPECTED), *own) if rule.level is not Level.OFF]


def judge_unexpected(
    left: Sequence[tuple[Word, ...]], options: UnexpectedText, evidence: Evidence, references: ReferenceTexts
) -> list[Finding]:
    """Return the findings about text that nothing explains.

    Args:
        left: Runs of neighbouring words that no required or forbidden text explains.
        options: What the kit says of them.
        evidence: The picture and its reader.
        references: The texts on the kit's own pictures.
    """
    rules = unexpected_rules(options)
    if not rules:
        return []
    runs = unexplained(left, [Term(pattern, is_folded=False) for pattern in options.ignore])
    if runs:
        runs = unknown(runs, references.read(evidence.engines.reader()))
    if runs:
        runs = seen_again(runs, look_again(evidence, "smaller"))
    told = list(zip(runs, kinds_of(runs, left, evidence.image.pixels), strict=True))
    backend = evidence.engines.reader().spec.id
    return [
        _judge_rule(rule, [each for each in told if _rule_of(each[1], options) == rule.id], backend) for rule in rules
    ]


def _rule_of(kind: TextKind, options: UnexpectedText) -> str:
    return f"{RULE}.{kind}" if kind in options.own_levels else RULE


def _judge_rule(rule: Rule, told: Sequence[tuple[Run, TextKind]], backend: str) -> Finding:
    """Return the finding of one rule: its code is that of the most telling kind, each text says its own."""
    finding = replace(counted(rule.id, rule.level, len(told), "lines", backend), expected=rule.description)
    if not told:
        return finding
    kinds = Counter(kind for _, kind in told)
    code = next(CODES[kind] for kind in TextKind if kind in kinds)
    shown = [said(run) if kind is TextKind.OTHER else f"{said(run)} ({kind})" for run, kind in told]
    counts = {kind.value: kinds[kind] for kind in TextKind if kind in kinds}
    return replace(reported(finding, code, [run for run, _ in told], shown), evidence=counts)


def counted(rule: str, level: Level, count: int, unit: str, backend: str) -> Finding:
    """Return the finding of a rule that allows no place, before anything is said of the places."""
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


def reported(finding: Finding, code: str, hits: Sequence[Run], shown: Sequence[str]) -> Finding:
    """Return the finding with what was read and where, and the fix that takes all of it away; as it is without hits.

    Args:
        finding: As `counted` gives it.
        code: Why it fails.
        hits: The words of each place.
        shown: What to say of each place.
    """
    if not hits:
        return finding
    regions = regions_of(hits)
    whole = reduce(Box.union, (region.box for region in regions if region.box is not None))
    failed = replace(finding, code=code, status=Status.FAIL, observed=shorten(", ".join(shown)))
    return replace(failed, where=regions[0], fixes=(erasing(hits, regions, Region(whole)),))


def regions_of(hits: Sequence[Run]) -> tuple[Region, ...]:
    """Return the box of each run of words, each once, from the top."""
    return tuple(Region(box) for box in sorted({around(words) for words in hits}, key=lambda b: (b.top, b.left)))


def said(words: Run) -> str:
    """Return words as they were read, in quotes."""
    return quoted(" ".join(word.text for word in words))
