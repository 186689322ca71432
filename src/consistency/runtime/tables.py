"""Tables of parts: plain dicts of name → "module:Class", loaded on first use."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from consistency.errors import MissingBackend, unknown_name

EXTRAS = {"open_clip": "clip", "insightface": "faces", "easyocr": "easyocr"}
"""Which extra of this distribution brings a heavy package."""


def load_entry(table: Mapping[str, str], name: str, kind: str) -> Any:
    """Import and return the object that `table[name]` names.

    Args:
        table: Name → "module:Class".
        name: The entry wanted.
        kind: What the table holds, for the error: "embedder".

    Raises:
        UnknownName: No such entry; the nearest ones are listed.
        MissingBackend: A package it needs is not installed; the hint names the extra.
    """
    if name not in table:
        raise unknown_name(kind, name, table)
    module, _, attribute = table[name].partition(":")
    try:
        return getattr(import_module(module), attribute)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package in ("consistency", "qa", ""):
            raise
        extra = EXTRAS.get(package)
        wanted = f"consistency-qa[{extra}]" if extra else package
        raise MissingBackend(f"the package {package} for {kind} {name!r}", "none", f"pip install '{wanted}'") from error
