"""Is an asset nearly identical to an earlier one, or to one of the kit's references?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from consistency.errors import ImageError
from consistency.image import load_image
from qa.asset import Asset
from qa.checks.check import Trace
from qa.evidence import Evidence, Need
from qa.kit.kit import BrandKit
from qa.kit.options import Bool, KitOptions
from qa.quality.fingerprint import Fingerprint, close_pairs, is_same_picture, take_fingerprint
from qa.verdict import Finding, Level, Status


class DuplicatesOptions(KitOptions):
    """Whether near-identical pictures are reported.

    Attributes:
        references: Whether an asset that is one of the kit's references is reported too.
        level: How hard the rule is; a batch finding never alters an asset's verdict.
    """

    references: Bool = True
    level: Level = Level.WARN


@dataclass(frozen=True)
class DuplicatesCheck:
    """Compares every asset with those before it and with the kit's pictures; the first in input order stays."""

    name: ClassVar[str] = "duplicates"
    version: ClassVar[int] = 1
    section: ClassVar[str] = "duplicates"
    Options: ClassVar[type[DuplicatesOptions]] = DuplicatesOptions

    options: DuplicatesOptions
    references: Mapping[str, Fingerprint]
    needs: frozenset[Need] = frozenset()

    @classmethod
    def from_kit(cls, kit: BrandKit) -> Self | None:
        """Return the check, or None where the kit turns it off."""
        options = kit.section(cls.section, cls.Options)
        if options.level is Level.OFF:
            return None
        return cls(options, fingerprints(kit.files) if options.references else {})

    def observe(self, asset: Asset, evidence: Evidence) -> Trace:
        """Return the asset's name and fingerprint."""
        pixels = evidence.image.pixels
        return {"asset": asset.name, **evidence.recall("fingerprint", lambda: take_fingerprint(pixels)).record()}

    def conclude(self, traces: Sequence[Trace]) -> Sequence[Finding]:
        """Return one finding per asset that repeats an earlier one or a reference, in input order."""
        prints = [Fingerprint.from_record(dict(trace)) for trace in traces]
        known = list(self.references.values())
        words, known_words = hashes(prints), hashes(known)
        findings: list[Finding] = []
        for index, trace in enumerate(traces):
            earlier = first_same(prints[index], prints[:index], close(words[index], words[:index]))
            reference = first_same(prints[index], known, close(words[index], known_words))
            if reference is not None:
                findings.append(self.finding(trace, "duplicates.of_reference", list(self.references)[reference]))
            elif earlier is not None:
                findings.append(self.finding(trace, "duplicates.of_asset", str(traces[earlier]["asset"])))
        return findings

    def finding(self, trace: Trace, code: str, twin: str) -> Finding:
        """Return the finding that an asset is nearly identical to `twin`."""
        return Finding(
            rule=self.name,
            check=self.name,
            code=code,
            level=self.options.level,
            status=Status.FAIL,
            expected="a picture of its own",
            observed=f"nearly identical to {twin}",
            evidence={"twin": twin},
            asset=str(trace["asset"]),
        )


def fingerprints(files: Mapping[str, bytes]) -> dict[str, Fingerprint]:
    """Return the fingerprints of those files of a kit that are pictures."""
    found: dict[str, Fingerprint] = {}
    for name in sorted(files):
        try:
            found[name] = take_fingerprint(load_image(files[name]).on_background((255, 255, 255)).pixels)
        except ImageError:
            continue  # a font, a profile: the checks that need a picture refuse it themselves
    return found


def hashes(prints: Sequence[Fingerprint]) -> NDArray[np.uint64]:
    """Return the hashes of fingerprints, n×2."""
    return np.array([one.words for one in prints], np.uint64).reshape(-1, 2)


def close(words: NDArray[np.uint64], others: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Return which others a hash is close to, ascending."""
    return np.flatnonzero(close_pairs(words[None], others)[0]) if len(others) else np.zeros(0, np.intp)


def first_same(one: Fingerprint, others: Sequence[Any], candidates: NDArray[np.intp]) -> int | None:
    """Return the first candidate that a second look confirms."""
    return next((int(index) for index in candidates if is_same_picture(one, others[index])), None)
