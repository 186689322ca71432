"""What a check is, the two tables of checks, and how a kit becomes a list of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self, runtime_checkable

from pydantic import BaseModel

from consistency.runtime.tables import load_entry
from qa.asset import Asset, Brief
from qa.checks.installed import installed_checks
from qa.checks.tables import BATCH_CHECKS, CHECKS
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.verdict import Finding, Level

Trace = Mapping[str, Any]
"""What a batch check keeps of one asset: small, JSON."""


@dataclass(frozen=True)
class Rule:
    """One rule a check can judge: its id, how hard it is, what it demands in words."""

    id: str
    level: Level
    description: str = ""


@runtime_checkable
class Check(Protocol):
    """Judges one asset against one section of the kit.

    A check is built once per gate and called from several threads; it holds no state of an asset.

    Attributes:
        name: Key in CHECKS, first part of its rule ids.
        version: Raised when the same picture may be judged differently.
        section: The kit's key whose options it reads.
        needs: What the pipeline should prepare in batches.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    section: ClassVar[str]
    needs: frozenset[Need]

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check for this kit, or None where the kit states nothing for it to judge."""
        ...

    def rules(self, brief: Brief) -> Sequence[Rule]:
        """Return the rules that apply under this brief; an outage is reported on each of them."""
        ...

    def judge(self, asset: Asset, evidence: Evidence) -> Sequence[Finding]:
        """Return one finding per applying rule, passes included. `asset.image` is never None here."""
        ...


@runtime_checkable
class ForSome(Protocol):
    """A check whose rules hold for some assets only, whatever their brief: of others it says nothing at all."""

    def applies_to(self, asset: Asset) -> bool:
        """Whether the asset has this check's rules."""
        ...


@runtime_checkable
class HasOptions(Protocol):
    """A check whose section of the kit has options."""

    Options: type[BaseModel]


@runtime_checkable
class BatchCheck(Protocol):
    """Judges what only shows beside other assets; its findings never alter an asset's verdict."""

    name: ClassVar[str]
    version: ClassVar[int]
    section: ClassVar[str]
    needs: frozenset[Need]

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check for this kit, or None where it is off."""
        ...

    def observe(self, asset: Asset, evidence: Evidence) -> Trace:
        """Return what to keep of one asset: a small JSON mapping."""
        ...

    def conclude(self, traces: Sequence[Trace]) -> Sequence[Finding]:
        """Return the findings about the batch, or about assets in it (`Finding.asset`), traces in input order."""
        ...


def check_classes() -> dict[str, type[Check]]:
    """Import and return every built-in check class by name."""
    return {name: load_entry(CHECKS, name, "check") for name in CHECKS}


def build_checks(kit: BrandKit) -> list[Check]:
    """Return the checks this kit asks for: built-in ones, cheapest first, then installed ones it has a section for."""
    installed = [cls for cls in installed_checks().values() if kit.has(cls.section)]
    built = [cls.from_kit(kit) for cls in (*check_classes().values(), *installed)]
    return [check for check in built if check is not None]


def build_batch_checks(kit: BrandKit) -> list[BatchCheck]:
    """Return the batch checks this kit asks for."""
    classes: list[type[BatchCheck]] = [load_entry(BATCH_CHECKS, name, "batch check") for name in BATCH_CHECKS]
    built = [cls.from_kit(kit) for cls in classes]
    return [check for check in built if check is not None]
