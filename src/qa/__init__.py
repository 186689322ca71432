"""Judges generated pictures against a brand: accept, fix or reject. Names load when first used."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from consistency.errors import ConsistencyError
    from qa.asset import Asset, Brief, Edit, Provenance
    from qa.batch import Batch, Summary
    from qa.briefs import Briefs, read_briefs
    from qa.fixes.repair import Repair
    from qa.gate import Gate
    from qa.kit.kit import BrandKit
    from qa.kit.problems import KitError
    from qa.verdict import Decision, Finding, Fix, Level, Override, Status, Verdict
else:
    from importlib import import_module

    _HOMES = {
        "Asset": "qa.asset",
        "Batch": "qa.batch",
        "BrandKit": "qa.kit.kit",
        "Brief": "qa.asset",
        "Briefs": "qa.briefs",
        "ConsistencyError": "consistency.errors",
        "Decision": "qa.verdict",
        "Edit": "qa.asset",
        "Finding": "qa.verdict",
        "Fix": "qa.verdict",
        "Gate": "qa.gate",
        "KitError": "qa.kit.problems",
        "Level": "qa.verdict",
        "Override": "qa.verdict",
        "Provenance": "qa.asset",
        "Repair": "qa.fixes.repair",
        "Status": "qa.verdict",
        "Summary": "qa.batch",
        "Verdict": "qa.verdict",
        "read_briefs": "qa.briefs",
    }

    def __getattr__(name):
        if name not in _HOMES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOMES[name]), name)

    def __dir__():
        return sorted([*globals(), *_HOMES])


__all__ = [
    "Asset",
    "Batch",
    "BrandKit",
    "Brief",
    "Briefs",
    "ConsistencyError",
    "Decision",
    "Edit",
    "Finding",
    "Fix",
    "Gate",
    "KitError",
    "Level",
    "Override",
    "Provenance",
    "Repair",
    "Status",
    "Summary",
    "Verdict",
    "read_briefs",
]
