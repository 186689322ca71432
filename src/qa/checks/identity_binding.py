"""What the similarity of each subject and facet depends on, so that a calibration holds for that and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from consistency.facets import VERSION
from consistency.scoring import JOINT
from qa.calibration.binding import Binding, digest
from qa.checks.identity_options import SubjectsOptions
from qa.checks.identity_rules import files_of, rule_id
from qa.kit.kit import BrandKit


def identity_bindings(kit: BrandKit, subjects: SubjectsOptions, check: str, version: int) -> dict[str, Binding]:
    """Return rule → binding, the model left open, for every subject of a kit and each of its facets.

    Where a picture may show several subjects, a face or place counts for one of them only: such a facet is bound to
    the references of the kit's others as well.

    Args:
        kit: Whose files the subjects name.
        subjects: The subjects.
        check: The check that measures them.
        version: That check's version.
    """
    bindings = {}
    references = {name: hashes(kit, options.references) for name, options in subjects.root.items()}
    for name, options in subjects.root.items():
        measured = {
            "references": references[name],
            "not_like": hashes(kit, options.not_like),
            "background": list(kit.background),
            "facets": VERSION,
        }
        for facet in options.facets:
            others = [other for other, each in subjects.root.items() if other != name and facet in each.facets]
            beside = {other: references[other] for other in others if facet in JOINT}
            rule = rule_id(name, facet)
            bindings[rule] = Binding(rule, check, version, digest({**measured, "facet": facet, "beside": beside}))
    return bindings


def hashes(kit: BrandKit, patterns: Sequence[str]) -> list[str]:
    """Return the sha256 of the kit's files that the patterns name, in the order they are used in."""
    return [hashlib.sha256(content).hexdigest() for content in files_of(kit, patterns).values()]
