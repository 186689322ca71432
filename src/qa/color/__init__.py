"""Colour difference, palettes, shading and which pixels are the brand's. Names load on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qa.color.converting import to_lab as to_lab
    from qa.color.difference import delta_e00 as delta_e00
    from qa.color.extraction import Swatch as Swatch
    from qa.color.extraction import Swatches as Swatches
    from qa.color.extraction import extract as extract
    from qa.color.notation import Color as Color
    from qa.color.notation import parse_color as parse_color
    from qa.color.palette import Palette as Palette
else:
    _NAMES = {
        "Color": "qa.color.notation",
        "Palette": "qa.color.palette",
        "Swatch": "qa.color.extraction",
        "Swatches": "qa.color.extraction",
        "delta_e00": "qa.color.difference",
        "extract": "qa.color.extraction",
        "parse_color": "qa.color.notation",
        "to_lab": "qa.color.converting",
    }

    def __getattr__(name: str) -> object:
        """Import a public name when it is first used."""
        if name not in _NAMES:
            raise AttributeError(f"module 'qa.color' has no attribute {name!r}")
        return getattr(import_module(_NAMES[name]), name)

    def __dir__() -> list[str]:
        """List the public names without importing them."""
        return sorted(_NAMES)
