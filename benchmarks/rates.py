"""A count as a fraction with its interval, as every benchmark here states it."""

from __future__ import annotations

import math

Z95 = 1.959964


def rate(count: int, total: int) -> dict[str, object]:
    """Return a count as a fraction with its 95 % interval (Wilson 1927, J. Am. Stat. Assoc. 22, 209)."""
    if not total:
        return {"count": 0, "of": 0, "fraction": None, "interval": None}
    fraction, z2 = count / total, Z95**2
    middle = (fraction + z2 / (2 * total)) / (1 + z2 / total)
    half = Z95 * math.sqrt(fraction * (1 - fraction) / total + z2 / (4 * total**2)) / (1 + z2 / total)
    interval = [round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)]
    return {"count": count, "of": total, "fraction": round(fraction, 4), "interval": interval}
