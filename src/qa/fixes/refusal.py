"""The error that a fix does not fit a picture."""

from __future__ import annotations

from consistency.errors import ConsistencyError


class CannotFix(ConsistencyError):
    """A fix that cannot be applied to this picture; the message says why."""

    code = "fix.impossible"
