"""Numbers with a unit, as people write them in a kit."""

from __future__ import annotations

import re

from pydantic_core import PydanticCustomError

QUANTITY = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([^\d\s.+-]\S*)?\s*")


def refuse(expected: str, hint: str = "") -> PydanticCustomError:
    """Return the error a validator raises: what was expected as a noun phrase, and what to do."""
    return PydanticCustomError("kit", "Expected {expected}", {"expected": expected, "hint": hint})


def read_quantity(value: object, expected: str, units: tuple[str, ...]) -> tuple[float, str]:
    """Return the number and the unit of text such as "0.5%" or "5 MB".

    Args:
        value: Text, or a number, which has the unit "".
        expected: What is wanted, for the error.
        units: The units allowed, in their usual spelling; "" allows none to be given.

    Raises:
        PydanticCustomError: Not a number, or with another unit; says which are allowed.
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value), ""
    match = QUANTITY.fullmatch(value) if isinstance(value, str) and len(value) <= 100 else None
    if match is None:
        raise refuse(expected)
    unit = next((u for u in units if u.lower() == (match[2] or "").lower()), None)
    if unit is None:
        named = [u or "no unit" for u in units]
        allowed = " or ".join(filter(None, [", ".join(named[:-1]), named[-1]]))
        raise refuse(
            expected, f"the unit {match[2]!r} is unknown here; use {allowed}" if match[2] else f"add a unit: {allowed}"
        )
    return float(match[1]), unit
