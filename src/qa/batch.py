"""A finished batch: its verdicts in input order, what was found about it as a whole, and a summary."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

from consistency.runtime.tables import load_entry
from qa.verdict import Decision, Finding, Status, Verdict


@dataclass(frozen=True)
class Summary:
    """Counts over a batch.

    Attributes:
        total: Assets judged.
        decisions: Decision → assets; every decision is listed.
        needs_review: Assets a person has to look at, audit aside.
        audit: Assets drawn for a human look.
        rules: Rule → status → assets, passes left out.
        seconds: Wall time of the run.
    """

    total: int
    decisions: Mapping[str, int]
    needs_review: int
    audit: int
    rules: Mapping[str, Mapping[str, int]]
    seconds: float

    @property
    def assets_per_second(self) -> float:
        """Assets judged per second of wall time."""
        return self.total / self.seconds if self.seconds > 0 else 0.0

    def __str__(self) -> str:
        parts = [f"{count} {decision}" for decision, count in self.decisions.items()]
        return f"{self.total} assets: {', '.join(parts)}; {self.needs_review} need a person"


@dataclass(frozen=True)
class Batch(Sequence[Verdict]):
    """The verdicts of `Gate.judge_many`; iterate it as often as you like.

    Attributes:
        verdicts: One per asset, in input order.
        findings: What was found about the batch, or about assets beside each other; they change no verdict.
        seconds: Wall time of the run.
    """

    verdicts: tuple[Verdict, ...]
    findings: tuple[Finding, ...] = ()
    seconds: float = 0.0

    @overload
    def __getitem__(self, index: int) -> Verdict: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Verdict]: ...
    def __getitem__(self, index: int | slice) -> Verdict | Sequence[Verdict]:
        return self.verdicts[index]

    def __len__(self) -> int:
        return len(self.verdicts)

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self.verdicts)

    @property
    def summary(self) -> Summary:
        """Counts over the batch."""
        return summarise(self.verdicts, self.seconds)

    def __str__(self) -> str:
        return str(self.summary)

    def _repr_html_(self) -> str:
        html: str = load_entry(NOTEBOOK, "batch", "notebook view")(self)
        return html


NOTEBOOK = {"batch": "qa.reports.notebook:batch_html"}


def summarise(verdicts: Sequence[Verdict], seconds: float) -> Summary:
    """Return the counts over verdicts."""
    decisions = Counter(verdict.decision for verdict in verdicts)
    rules: dict[str, Counter[str]] = {}
    for finding in (f for verdict in verdicts for f in verdict.findings if f.status is not Status.PASS):
        rules.setdefault(finding.rule, Counter())[str(finding.status)] += 1
    return Summary(
        total=len(verdicts),
        decisions={str(decision): decisions[decision] for decision in Decision},
        needs_review=sum(verdict.needs_review for verdict in verdicts),
        audit=sum(verdict.audit for verdict in verdicts),
        rules={rule: dict(sorted(rules[rule].items())) for rule in sorted(rules)},
        seconds=seconds,
    )
