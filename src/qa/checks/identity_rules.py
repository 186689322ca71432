"""Ids of identity rules, and the files of the kit that a subject names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from consistency.errors import AnchorError, shorten
from qa.checks.identity_options import SubjectsOptions
from qa.kit.kit import BrandKit


def files_of(kit: BrandKit, patterns: Sequence[str]) -> dict[str, bytes]:
    """Return name → bytes of the kit's files that the patterns name, each once."""
    names = dict.fromkeys(name for pattern in patterns for name in kit.expand(pattern))
    return {name: kit.files[name] for name in names}


def refuse_same_files(name: str, files: Mapping[str, bytes]) -> None:
    """Refuse references of which one is another's copy.

    Raises:
        AnchorError: Named by their files.
    """
    first: dict[bytes, str] = {}
    for file, content in files.items():
        known = first.setdefault(content, file)
        if known != file:
            same = f"{shorten(known)} and {shorten(file)} of the same bytes"
            raise AnchorError(f"references of {shorten(name)} that differ", same, "leave one out")


def rule_id(name: str, facet: str = "") -> str:
    """Return `identity.<subject>.<facet>`, the subject on one line."""
    return ".".join(filter(None, ("identity", shorten(name), facet)))


def subjects_of(subjects: SubjectsOptions) -> dict[str, str]:
    """Return rule → the subject that it is about."""
    return {rule_id(name, facet): name for name, options in subjects.root.items() for facet in options.facets}
