"""Clean photographs of products, judged with others of the product as references; and drawn texts of every kind."""

from __future__ import annotations

from null import SHARED, with_references
from rates import rate

from text_scenes import strangers
from text_scenes.extent import Extent

RULE = "text.unexpected"


def measure(extent: Extent) -> dict[str, object]:
    return {"photographs": photographed(extent), "drawn": strangers.measure(extent)}


def photographed(extent: Extent) -> dict[str, object]:
    if not (SHARED / "identity_products").exists():
        return {"not_measured": "shared/data/identity_products is not on this machine"}
    if extent.is_quick:
        return {"not_measured": "only at full size"}
    photographs = with_references()
    alarms = sum(any(finding.rule == RULE for finding in each) for each in photographs)
    return {"photographs": len(photographs), "false_alarm": rate(alarms, len(photographs))}
