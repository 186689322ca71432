"""Ids of identity rules, and the files of the kit that a subject names."""

from __future__ import annotations

from collections.abc import Sequence

from consistency.errors import shorten
from qa.checks.identity_options import SubjectsOptions
from qa.kit.kit import BrandKit


def files_of(kit: BrandKit, patterns: Sequence[str]) -> dict[str, bytes]:
    """Return name → bytes of the kit's files that the patterns name, each once."""
    names = dict.fromkeys(name for pattern in patterns for name in kit.expand(pattern))
    return {name: kit.files[name] for name in names}


def rule_id(name: str, facet: str = "") -> str:
    """Return `identity.<subject>.<facet>`, the subject on one line."""
    return ".".join(filter(None, ("identity", shorten(name), facet)))


def subjects_of(subjects: SubjectsOptions) -> dict[str, str]:
    """Return rule → the subject that it is about."""
    return {rule_id(name, facet): name for name, options in subjects.root.items() for facet in options.facets}
