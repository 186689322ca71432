"""The tables of checks: name → "module:Class". Adding a check is one line here."""

from __future__ import annotations

CHECKS: dict[str, str] = {
    "layout": "qa.checks.layout:LayoutCheck",
    "locality": "qa.checks.locality:LocalityCheck",
    "copies": "qa.checks.copies:CopiesCheck",
    "exposure": "qa.checks.exposure:ExposureCheck",
    "sharpness": "qa.checks.sharpness:SharpnessCheck",
    "color": "qa.checks.color:ColorCheck",
    "identity": "qa.checks.identity:IdentityCheck",
    "text": "qa.checks.text:TextCheck",
    "contrast": "qa.checks.contrast:ContrastCheck",
    "glyphs": "qa.checks.glyphs:GlyphsCheck",
}
"""Checks of one asset, cheapest first: the order in which `stop_at="reject"` runs them."""

BATCH_CHECKS: dict[str, str] = {
    "duplicates": "qa.checks.duplicates:DuplicatesCheck",
    "trend": "qa.checks.trend:TrendCheck",
    "prompt": "qa.checks.prompt:PromptCheck",
}
"""Checks of a whole batch."""
