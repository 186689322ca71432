"""What a gate says about an asset: findings, fixes, the verdict. Data only; deciding is `qa.decide`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from consistency.region import Box, Region
from consistency.runtime.tables import load_entry

Scalar = str | int | float | bool | None


class Status(StrEnum):
    """What became of one rule on one asset."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    NOT_EVALUABLE = "not_evaluable"
    ERROR = "error"
    NOT_RUN = "not_run"


class Level(StrEnum):
    """How hard a rule is: only `block` changes a decision."""

    BLOCK = "block"
    WARN = "warn"
    OFF = "off"


class Decision(StrEnum):
    """What to do with an asset."""

    ACCEPT = "accept"
    FIX = "fix"
    REJECT = "reject"


class FixKind(StrEnum):
    """The repairs a finding can propose. A re-roll is what reject means, not a fix."""

    RECOLOR = "recolor"
    RETEXT = "retext"
    ERASE = "erase"
    INPAINT = "inpaint"
    CROP_RESIZE = "crop_resize"
    CONVERT_PROFILE = "convert_profile"
    HUMAN_REVIEW = "human_review"


@dataclass(frozen=True)
class Limit:
    """The limit a value was compared with: `value op limit` is what passes."""

    op: str
    value: float
    source: str = "kit"

    def __str__(self) -> str:
        return f"{self.op} {self.value:g}"


@dataclass(frozen=True)
class Fix:
    """A proposed repair: kind, where, parameters."""

    kind: FixKind
    where: Region | None = None
    parameters: Mapping[str, Scalar] = field(default_factory=dict)
    is_deterministic: bool = True


@dataclass(frozen=True)
class Series:
    """What a batch finding rests on, asset by asset: reports draw it.

    Attributes:
        assets: Names, in input order.
        values: Name of a figure → its value per asset, None where it could not be measured.
        fits: Name of a figure → the line through its values, one point per asset.
        unit: Of all values.
        limit: Distance from 0 up to which a value is as it should be, or None.
        marked: Indices of the assets to look at first.
    """

    assets: tuple[str, ...]
    values: Mapping[str, tuple[float | None, ...]]
    fits: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    unit: str = ""
    limit: float | None = None
    marked: tuple[int, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What one rule says about one asset.

    Attributes:
        rule: Rule id, `check` or `check.entry`: "color.acme_blue".
        check: Name of the check that said it.
        code: Reason code, one of `qa.codes.CODES`: "color.out_of_tolerance".
        level: The rule's level in the kit.
        status: What became of the rule.
        value: The measured figure, rounded to its unit's digits, or None.
        unit: Unit of `value` and `limit`: "ΔE00", "similarity", "ratio", "edits".
        limit: What `value` was compared with.
        expected: What should be there, in words.
        observed: What is there, in words; text read in a picture is quoted here and is hostile.
        where: Region in pixels of the upright image.
        evidence: Further figures, flat.
        assumptions: What was taken for granted: "untagged: read as sRGB".
        backend: Spec id of the model behind it, or "".
        fixes: Proposed repairs; none where only a re-roll helps.
        waived_by: "owner: reason" of the waiver that covers it, or None.
        asset: In a batch finding the asset it is about, or "" for the batch as a whole; "" in a verdict's findings.
        series: In a batch finding the figures of every asset, where they are worth a drawing.
    """

    rule: str
    check: str
    code: str
    level: Level
    status: Status
    value: float | None = None
    unit: str = ""
    limit: Limit | None = None
    expected: str = ""
    observed: str = ""
    where: Region | None = None
    evidence: Mapping[str, Scalar] = field(default_factory=dict)
    assumptions: tuple[str, ...] = ()
    backend: str = ""
    fixes: tuple[Fix, ...] = ()
    waived_by: str | None = None
    asset: str = ""
    series: Series | None = None

    @property
    def is_blocking(self) -> bool:
        """Whether this finding stops the asset: level block, not waived, failed or not measured."""
        unresolved = self.status in (Status.FAIL, Status.NOT_EVALUABLE, Status.ERROR)
        return self.level is Level.BLOCK and self.waived_by is None and unresolved

    def __str__(self) -> str:
        parts = [self.rule]
        if self.value is not None:
            parts.append(f"{self.unit} {self.value:g}".strip())
        if self.limit is not None and self.value is not None:
            parts.append(f"not {self.limit}" if self.status is Status.FAIL else str(self.limit))
        is_unmeasured = self.status in (Status.NOT_EVALUABLE, Status.ERROR, Status.NOT_RUN) or self.value is None
        if is_unmeasured and self.code != self.rule:
            parts.append(self.code)
        if self.observed:
            parts.append(self.observed)
        if self.where is not None and self.where.box is not None:
            parts.append(f"at {self.where.box}")
        return "  ".join(parts)


@dataclass(frozen=True)
class AssetRef:
    """Which asset a verdict is about."""

    name: str
    key: str
    kind: str = "image"
    width: int = 0
    height: int = 0


@dataclass(frozen=True)
class BriefRef:
    """Which brief an asset was judged by; id "" and hash of the empty brief where there was none."""

    id: str
    hash: str


@dataclass(frozen=True)
class Verdict:
    """What the gate decided about one asset, and every finding behind it.

    Attributes:
        decision: accept, fix or reject.
        next: For a reject: "reroll" or "discard"; else "".
        needs_review: A person has to look before anything else happens.
        final: False while batch rules of the kit have not been concluded.
        findings: One per rule that was judged, passes included, sorted by rule.
        plan: The fixes to apply, in order.
        audit: Drawn for a human look, whatever the decision.
        not_checked: What this run did not look at, in words.
        timings: Seconds per stage; outside the hashed part.
        preview: Small JPEG of the picture; never written into the JSON form.
        closeups: JPEGs of the parts that findings about text are about, larger; never written into the JSON form.
    """

    asset: AssetRef
    decision: Decision
    findings: tuple[Finding, ...]
    kit_hash: str = ""
    brief: BriefRef = BriefRef("", "")
    next: str = ""
    needs_review: bool = False
    final: bool = True
    plan: tuple[Fix, ...] = ()
    attempt: int = 1
    parent: str | None = None
    engines: Mapping[str, str] = field(default_factory=dict)
    audit: bool = False
    not_checked: tuple[str, ...] = ()
    as_of: date | None = None
    timings: Mapping[str, float] = field(default_factory=dict, compare=False)
    preview: bytes | None = field(default=None, compare=False, repr=False)
    closeups: Mapping[Box, bytes] = field(default_factory=dict, compare=False, repr=False)

    @property
    def blocking(self) -> tuple[Finding, ...]:
        """The findings that made the decision."""
        return tuple(f for f in self.findings if f.is_blocking)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Findings worth a look that changed nothing: warnings, and unmet rules of level warn."""
        return tuple(f for f in self.findings if not f.is_blocking and f.status is not Status.PASS)

    def __str__(self) -> str:
        review = " (needs review)" if self.needs_review else ""
        warned = (f"warning: {f}" for f in self.warnings if f.status in (Status.FAIL, Status.WARN))
        reasons = "; ".join((*map(str, self.blocking), *warned))
        return f"{self.decision}{review} {self.asset.name}  {reasons}".rstrip()

    def _repr_html_(self) -> str:
        html: str = load_entry(NOTEBOOK, "verdict", "notebook view")(self)
        return html


NOTEBOOK = {"verdict": "qa.reports.notebook:verdict_html"}


@dataclass(frozen=True)
class Override:
    """A person's decision beside a verdict; it never rewrites the verdict."""

    asset_key: str
    decision: Decision
    who: str
    when: str
    reason: str
