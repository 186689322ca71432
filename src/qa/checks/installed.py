"""Checks that other distributions bring, by the entry-point group `consistency_qa.checks`."""

from __future__ import annotations

import logging
from functools import lru_cache
from importlib.metadata import entry_points
from typing import Any

from qa.checks.tables import BATCH_CHECKS, CHECKS

GROUP = "consistency_qa.checks"

log = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def installed_checks() -> dict[str, Any]:
    """Return check classes of other distributions by entry-point name, sorted.

    They only judge where a kit states their section, so that being installed never changes a verdict. One that
    cannot be imported, or takes the name of a built-in check, is left out with a warning: a kit that states its
    section is then refused for an unknown key.
    """
    found: dict[str, Any] = {}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value)):
        if entry.name in found or entry.name in CHECKS or entry.name in BATCH_CHECKS:
            log.warning("the check %r of %s is left out: the name is taken", entry.name, entry.value)
            continue
        try:
            found[entry.name] = entry.load()
        except Exception:
            log.warning("the check %r of %s cannot be imported", entry.name, entry.value, exc_info=True)
    return found
