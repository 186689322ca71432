"""One row of a file of labels → a label, the reason why it is none, or what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from consistency.calibration.labels import SOURCES
from consistency.errors import shorten
from qa.kit.problems import Problem, Problems, Spot

DIGITS = 4
"""Of a similarity, as the gate rounds it before it compares."""

NOT_FILLED = "not filled in"
UNANSWERED = "drawn at random and not filled in (fill in all: to choose among them breaks the promise)"
WHOLE = "about an asset as a whole"
OTHER_RULE = "of a rule that has no similarity"
NOT_MEASURED = "without a value, as nothing was measured"
TWICE = "said twice of the same picture"


@dataclass(frozen=True)
class Label:
    """What a person said of one asset under one rule.

    Attributes:
        rule: The rule's id.
        is_bad: Whether it should not be accepted.
        value: What the gate measured, a similarity.
        source: "random" or "queue", as in `consistency.calibration.Labels`.
        group: What is not independent shares it; without one the asset itself.
        model: Spec id of the model that measured.
        kit: Hash of the kit it was judged by; "" where the file does not say.
        line: In the file.
        inclusion: Known chance in (0, 1] of a row like this to be in the file; None where it is not known.
    """

    rule: str
    is_bad: bool
    value: float
    source: str
    group: str
    model: str
    kit: str
    line: int
    inclusion: float | None = None


@dataclass(frozen=True)
class Row:
    """The cells of one line, and where to note what is wrong with them."""

    names: list[str]
    cells: list[str]
    spot: Spot
    problems: Problems

    def __getitem__(self, name: str) -> str:
        """Return a cell, "" without such a column; the ' that keeps a spreadsheet from computing is taken away."""
        return self.cells[self.names.index(name)].strip().removeprefix("'") if name in self.names else ""

    def having(self, cells: Mapping[str, str]) -> Row:
        """Return the row with some cells said anew, columns that it lacks added behind its own."""
        said = {**dict(zip(self.names, self.cells, strict=True)), **cells}
        return Row(list(said), list(said.values()), self.spot, self.problems)

    def refuse(self, name: str, expected: str, hint: str = "") -> None:
        """Note what is wrong with a cell: the column counts cells from 1."""
        spot = Spot(self.spot.file, self.spot.line, self.names.index(name) + 1 if name in self.names else 1)
        got = shorten(repr(self[name]), 80) if self[name] else "nothing"
        self.problems.add(Problem(spot, name, expected, got, hint))


@dataclass
class LabelReader:
    """Takes rows one after the other; `labels` holds each picture once a rule, `unanswered` counts rows a rule."""

    rules: Collection[str]
    is_other: Callable[[str], bool]
    labels: dict[tuple[str, str], Label] = field(default_factory=dict)
    models: dict[str, Label] = field(default_factory=dict)
    unanswered: Counter[str] = field(default_factory=Counter)

    def take(self, row: Row) -> str:
        """Take a row; return why it is left out, "" where it is taken or refused."""
        rule = row["rule"]
        if not row["ok_or_bad"]:
            is_missed = bool(row["value"]) and rule in self.rules
            self.unanswered.update([rule] * is_missed)
            return UNANSWERED if row["source"] == SOURCES[0] and is_missed else NOT_FILLED
        if not rule:
            return WHOLE
        if rule not in self.rules and self.is_other(rule):
            return OTHER_RULE
        if rule not in self.rules:
            row.refuse("rule", "a rule of the kit", self._nearest(rule))
        elif not row["value"]:
            return NOT_MEASURED
        else:
            label = label_of(row)
            return "" if label is None else self._keep(row, label)
        return ""

    def _keep(self, row: Row, label: Label) -> str:
        first = self.models.setdefault(label.rule, label)
        if label.model != first.model:
            row.refuse(
                "model",
                f"one model a rule: {shorten(first.model, 60)}, as on line {first.line}",
                "calibrate them apart",
            )
        known = self.labels.setdefault((picture_of(row), label.rule), label)
        if known is label:
            return ""
        if known.is_bad != label.is_bad:
            row.refuse("ok_or_bad", f"one answer for a picture, as on line {known.line}", "decide which one is right")
        if known.value != label.value:
            row.refuse("value", f"one value for a picture, as on line {known.line}", "keep the rows of one run")
        kept = label if label.source == SOURCES[0] else known
        is_one_chance = label.inclusion == known.inclusion
        self.labels[picture_of(row), label.rule] = kept if is_one_chance else replace(kept, inclusion=None)
        return TWICE

    def _nearest(self, rule: str) -> str:
        near = get_close_matches(rule, self.rules, n=1)
        known = ", ".join(sorted(self.rules)[:5])
        return f"did you mean {near[0]}?" if near else f"what can be calibrated: {known or 'nothing in this kit'}"


def picture_of(row: Row) -> str:
    """Return what tells a picture from others: its sha256, else its name."""
    return row["key"].lower() or row["asset"]


def label_of(row: Row) -> Label | None:
    """Return the label of a row that is filled in, or None with what is wrong noted."""
    wrong = len(row.problems.found)
    said, value = row["ok_or_bad"].lower(), similarity(row["value"])
    if said not in ("ok", "bad"):
        row.refuse("ok_or_bad", "ok or bad")
    if value is None:
        row.refuse("value", "a similarity from -1 to 1", "write it as 0.7153")
    if row["source"] not in SOURCES:
        row.refuse("source", " or ".join(SOURCES), "a label that was not picked by chance is of the queue")
    if not row["model"]:
        row.refuse("model", "the model that measured the value", "`qa gate --labels-out` writes it")
    if not picture_of(row):
        row.refuse("asset", "the asset's name or key")
    inclusion = chance(row["inclusion"])
    if inclusion is None and row["inclusion"]:
        row.refuse("inclusion", "a chance above 0, at most 1", "leave it empty where it is not known")
    if value is None or len(row.problems.found) > wrong:
        return None
    group, source = row["group"] or picture_of(row), row["source"]
    return Label(row["rule"], said == "bad", value, source, group, row["model"], row["kit"], row.spot.line, inclusion)


def similarity(text: str) -> float | None:
    """Read a similarity, rounded as the gate rounds it; None for anything else."""
    try:
        value = round(float(text), DIGITS) + 0.0
    except ValueError:
        return None
    return value if -1 <= value <= 1 else None


def chance(text: str) -> float | None:
    """Read a chance within (0, 1]; None for anything else."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 < value <= 1 else None
