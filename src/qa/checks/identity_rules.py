"""Ids of identity rules, and the files of the kit that a subject names."""

from __future__ import annotations

from collections.abc import Sequence

from consistency.errors import shorten
from qa.kit.kit import BrandKit


def files_of(kit: BrandKit, patterns: Sequence[str]) -> dict[str, bytes]:
    """Return name → bytes of the kit's files that the patterns name, each once."""
    names = dict.fromkeys(name for pattern in patterns for name in kit.expand(pattern))
    return {name: kit.files[name] for name in names}


def rule_id(name: str, facet: str = "") -> str:
    """Return `identity.<subject>.<facet>`, the subject on one line."""
    return ".".join(filter(None, ("identity", shorten(name), facet)))
