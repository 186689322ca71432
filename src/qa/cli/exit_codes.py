"""What the command ends with; the output format never changes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from qa.reports.summary import is_unmeasured

ACCEPTED = 0
REJECTED = 1
NOT_USABLE = 2
FIXES = 3
NOT_MEASURED = 4
INTERRUPTED = 130
PIPE_CLOSED = 141


class FailOn(StrEnum):
    """The mildest outcome that still fails the run; worse ones fail it as well."""

    FIX = "fix"
    REVIEW = "review"
    REJECT = "reject"
    NEVER = "never"


FAILING = {
    FailOn.FIX: (REJECTED, NOT_MEASURED, FIXES),
    FailOn.REVIEW: (REJECTED, NOT_MEASURED),
    FailOn.REJECT: (REJECTED,),
    FailOn.NEVER: (),
}


def exit_code(
    verdicts: Sequence[Mapping[str, Any]], fail_on: Sequence[FailOn] = (), *, is_all_found: bool = True
) -> int:
    """Return the exit code of a run, the worst outcome first: rejected, not measured, to fix, all accepted.

    Args:
        verdicts: Verdict records; none at all means that nothing was measured, whatever `fail_on` says.
        fail_on: The outcomes that fail the run; () for all of them.
        is_all_found: False where a folder or glob had no picture: what was not measured never passes.
    """
    if not verdicts:
        return NOT_MEASURED
    failing = {code for outcome in fail_on or (FailOn.FIX,) for code in FAILING[outcome]}
    found = {outcome(verdict) for verdict in verdicts}
    if not is_all_found:
        found, failing = found | {NOT_MEASURED}, failing | {NOT_MEASURED}
    return next((code for code in (REJECTED, NOT_MEASURED, FIXES) if code in found & failing), ACCEPTED)


def outcome(verdict: Mapping[str, Any]) -> int:
    """Return the exit code that one asset alone would have."""
    if verdict["decision"] == "reject":
        return REJECTED
    if verdict["needs_review"] or is_unmeasured(verdict):
        return NOT_MEASURED
    return ACCEPTED if verdict["decision"] == "accept" else FIXES
