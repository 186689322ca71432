"""Curves as records and back: they come from somebody's file, so each of their figures is checked."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from consistency.calibration.curves import Curve
from consistency.calibration.isotonic import IsotonicCurve
from consistency.calibration.platt import PlattCurve
from consistency.runtime.stored import Record

DIGITS = 6
"""Of a curve's numbers: far below what labels can tell, and the same on every machine."""


def curve_record(curve: Curve) -> Record:
    """Return a curve as JSON holds it."""
    if isinstance(curve, PlattCurve):
        return {"kind": "platt", "slope": round(curve.slope, DIGITS), "intercept": round(curve.intercept, DIGITS)}
    scores, probabilities = curve.scores.round(DIGITS).tolist(), curve.probabilities.round(DIGITS).tolist()
    return {"kind": "isotonic", "scores": scores, "probabilities": probabilities}


def read_curve(record: Record) -> Curve:
    """Return the curve of a record.

    Raises:
        KeyError, TypeError, ValueError: It is none, falls, or leaves [0, 1].
    """
    if record["kind"] == "platt":
        slope, intercept = finite(record["slope"]), finite(record["intercept"])
        if slope < 0:
            raise ValueError(f"a curve that falls: slope {slope}")
        return PlattCurve(slope, intercept)
    if record["kind"] != "isotonic":
        raise ValueError(f"{record['kind']!r} is no curve")
    scores, probabilities = _rising(record["scores"]), _rising(record["probabilities"])
    if not scores or len(scores) != len(probabilities) or not 0 <= probabilities[0] <= probabilities[-1] <= 1:
        raise ValueError("a curve without knots, or not from 0 to 1")
    return IsotonicCurve(np.array(scores), np.array(probabilities))


def finite(value: object) -> float:
    """Return a number of a record.

    Raises:
        ValueError: It is none, or not finite.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no finite number")
    return float(value)


def _rising(values: Sequence[object]) -> list[float]:
    numbers = [finite(value) for value in values]
    if sorted(numbers) != numbers:
        raise ValueError("a curve that falls")
    return numbers
