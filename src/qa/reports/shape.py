"""The shape of stored records, checked when a run is read back: a stored run is somebody's file, not our memory."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from consistency.errors import StoredFormatError, shorten
from qa.verdict import Decision, FixKind, Level, Status

Shape = Any
"""A mapping of required keys to shapes, a `Many`, a `Maybe`, a set of allowed texts, or a predicate."""

MISSING = object()
"""Stands for a part that is not there; it has no shape that a record knows."""


@dataclass(frozen=True)
class Many:
    """A list of things of one shape."""

    of: Shape


@dataclass(frozen=True)
class Named:
    """A mapping with any names, to values of one shape."""

    of: Shape


@dataclass(frozen=True)
class Maybe:
    """A thing of a shape, or null."""

    of: Shape


@dataclass(frozen=True)
class Besides:
    """A thing of a shape, or no such key."""

    of: Shape


def text(value: object) -> bool:
    """Whether a value is text."""
    return isinstance(value, str)


def flag(value: object) -> bool:
    """Whether a value is true or false."""
    return isinstance(value, bool)


def number(value: object) -> bool:
    """Whether a value is a finite number of a sane size."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and abs(value) < 1e300 and math.isfinite(value)  # type: ignore[arg-type]


def count(value: object) -> bool:
    """Whether a value is a whole number ≥ 0 of a sane size."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53


def scalar(value: object) -> bool:
    """Whether a value is text, a number, true, false or null."""
    return value is None or text(value) or flag(value) or number(value)


def four(value: object) -> bool:
    """Whether a value is a box: left, top, width, height."""
    return isinstance(value, list) and len(value) == 4 and all(number(n) and n == int(n) for n in value)


def span(value: object) -> bool:
    """Whether a value is a span of seconds."""
    return isinstance(value, list) and len(value) == 2 and all(map(number, value))


WHERE = Maybe({"box": Maybe(four), "mask": Maybe({"height": count, "width": count, "runs": Many(count)}),
               "span_seconds": Maybe(span)})  # fmt: skip
FIX = {"kind": set(FixKind), "where": WHERE, "parameters": Named(scalar), "is_deterministic": flag}
SERIES = {
    "assets": Many(text), "values": Named(Many(Maybe(number))), "fits": Named(Many(number)), "unit": text,
    "limit": Maybe(number), "marked": Many(count),
}  # fmt: skip
FINDING = {
    "rule": text, "check": text, "code": text, "level": set(Level), "status": set(Status), "value": Maybe(number),
    "unit": text, "limit": Maybe({"op": text, "value": number, "source": text}), "expected": text,
    "observed": text, "where": WHERE, "evidence": Named(scalar), "assumptions": Many(text), "backend": text,
    "fixes": Many(FIX), "waived_by": Maybe(text), "asset": text,
    "series": Besides(SERIES),
}  # fmt: skip
SHAPES: Mapping[str, Shape] = {
    "qa.run": {
        "kit": {"name": text, "hash": text}, "engines": Named(text), "as_of": Maybe(text), "options": Named(scalar),
        "not_checked": Many(text), "versions": Named(text), "timings": Named(scalar),
    },
    "qa.verdict": {
        "asset": {"name": text, "key": text, "kind": text, "width": count, "height": count},
        "decision": set(Decision), "next": text, "needs_review": flag, "final": flag, "findings": Many(FINDING),
        "plan": Many(FIX), "attempt": count, "parent": Maybe(text), "brief": {"id": text, "hash": text},
        "engines": Named(text), "audit": flag, "not_checked": Many(text), "as_of": Maybe(text), "kit_hash": text,
        "timings": Named(number),
    },
    "qa.batch": {
        "complete": flag, "findings": Many(FINDING), "agreement": Maybe(Named(number)), "timings": Named(number),
        "summary": {
            "assets": count, "decisions": Named(count), "needs_review": count, "unmeasured": count, "audit": count,
            "waived": count, "rules": Named(Named(count)),
        },
    },
}  # fmt: skip
"""Format → what a record of the current version holds."""


def check_shape(record: Mapping[str, Any], line: int) -> None:
    """Refuse a record whose parts are missing or of another type.

    Raises:
        StoredFormatError: With the line and the first part that is wrong.
    """
    wrong = misfit(record, SHAPES[record["format"]])
    if wrong:
        part = f"{shorten(wrong, 120)} on line {line}"
        raise StoredFormatError(f"a whole {record['format']} record", f"a wrong {part}", "the file is damaged")


def misfit(value: object, shape: Shape, path: str = "") -> str:
    """Return the dotted path of the first part that does not have its shape; "" where all have."""
    if isinstance(shape, Maybe):
        return "" if value is None else misfit(value, shape.of, path)
    if isinstance(shape, Besides):
        return "" if value is MISSING else misfit(value, shape.of, path)
    if isinstance(shape, (Many, Named)):
        return misfit_inside(value, shape, path)
    if isinstance(shape, Mapping):
        if not isinstance(value, Mapping):
            return path or "record"
        parts = ((f"{path}.{key}".lstrip("."), value.get(key, MISSING), inner) for key, inner in shape.items())
        return next(filter(None, (misfit(part, inner, where) for where, part, inner in parts)), "")
    is_right = value in shape if isinstance(shape, set) and text(value) else callable(shape) and shape(value)
    return "" if is_right else path


def misfit_inside(value: object, shape: Many | Named, path: str) -> str:
    """Return the path of the first wrong part of a list or of a mapping with any names."""
    wanted = list if isinstance(shape, Many) else dict
    if not isinstance(value, wanted):
        return path
    parts = enumerate(value) if isinstance(value, list) else value.items()
    return next(filter(None, (misfit(part, shape.of, f"{path}.{name}") for name, part in parts)), "")
