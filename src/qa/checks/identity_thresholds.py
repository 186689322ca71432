"""From which similarity a subject passes and below which it fails, before any calibration: figures, not literals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from consistency.errors import InputError
from consistency.runtime.stored import read_format

FILE = "identity_thresholds.json"
FORMAT, VERSION = "qa.identity_thresholds", 1


@dataclass(frozen=True)
class Thresholds:
    """Two similarities and where they come from.

    Attributes:
        accept: At or above: pass.
        reject: Below: fail; -1 where nothing fails.
        source: Where `accept` is from: "kit", "calibration", or "default": derived by `tools/derive_thresholds.py`.
        subjects: Of how many subjects the photographs were; 0 where the kit states the thresholds.
        references: For how many references they were derived.
        reject_source: Where `reject` is from; "" where `accept` is from.
    """

    accept: float
    reject: float
    source: str
    subjects: int = 0
    references: int = 0
    reject_source: str = ""

    def __post_init__(self) -> None:
        if not -1 <= self.reject <= self.accept <= 1:
            raise InputError("-1 ≤ reject ≤ accept ≤ 1", f"{self.reject}, {self.accept}")
        if not self.reject_source:
            object.__setattr__(self, "reject_source", self.source)

    def is_uncalibrated(self, similarity: float) -> bool:
        """Whether nobody confirmed for this brand what decides on a similarity."""
        return (self.source if similarity >= self.accept else self.reject_source) == "default"


def thresholds_for(spec: str, facet: str, references: int) -> Thresholds | None:
    """Return what the package knows for a model, a facet and a number of references, or None.

    Figures were derived for few references; more of them use those of the most.
    """
    known = [each for each in derived().get((spec, facet), ()) if each.references <= references]
    return max(known, key=lambda each: each.references, default=None)


@cache
def derived() -> Mapping[tuple[str, str], tuple[Thresholds, ...]]:
    """Return (spec id, facet) → thresholds by number of references, as the package carries them."""
    record = read_format(files(__package__).joinpath(FILE).read_text("utf-8"), FORMAT, VERSION)
    found: dict[tuple[str, str], tuple[Thresholds, ...]] = {}
    for entry in record["thresholds"]:
        key = (entry["spec"], entry["facet"])
        found[key] = (*found.get(key, ()), _thresholds(entry))
    return found


def _thresholds(entry: Mapping[str, Any]) -> Thresholds:
    return Thresholds(entry["accept"], entry["reject"], "default", entry["subjects"], entry["references"])
