"""L*a*b* stated under another light, or for the larger field of view, as specifications of paint and textiles do.

Those under D50 and D65 for the 2° observer are in `qa.color.css`. The whites of the others, and the adaptation, are
colormath's.
"""

from __future__ import annotations

import numpy as np

from consistency.runtime.tables import load_entry
from qa.color.css import LAB, LCH, checked, fitting, number, refuse_transparent, split_arguments
from qa.color.spaces import polar, same

LIGHTS = ("a", "b", "c", "d55", "d75", "e", "f2", "f7", "f11")
"""CIE illuminants, 2° observer."""

LARGE_FIELD = ("d50", "d55", "d65", "d75")
"""CIE illuminants, 10° observer, written with -10 behind."""

FORMS = {"lab": (LAB, same), "lch": (LCH, polar(same))}

FUNCTIONS = {f"{form}-{light}": (form, light, "2") for form in FORMS for light in LIGHTS} | {
    f"{form}-{light}-10": (form, light, "10") for form in FORMS for light in LARGE_FIELD
}
"""What stands before the bracket → Lab or LCh, illuminant, observer."""

ADAPTATIONS = {"colormath": "qa.color.illuminants:adapted"}
"""Package → function."""


def lab_under_light(name: str, arguments: str) -> tuple[tuple[float, float, float], tuple[str, ...]]:
    """Return L*a*b* (D65, 2°) of a colour stated under another light, and what was assumed.

    Args:
        name: What stands before the bracket, one of `FUNCTIONS`.
        arguments: What stands inside.

    Raises:
        InputError: Another number of components, or one out of range.
    """
    form, light, observer = FUNCTIONS[name]
    axes, convert = FORMS[form]
    parts, alpha = split_arguments(arguments)
    refuse_transparent(alpha)
    values = [number(part, axis) for part, axis in zip(parts, fitting(name, axes, parts), strict=True)]
    lab = convert(np.array(values))
    seen = load_entry(ADAPTATIONS, "colormath", "adaptation")(lab, light, observer)
    said = f"L*a*b* under {light.upper()}, {observer}° observer, adapted to D65 by Bradford"
    return checked(seen), (said if observer == "2" else f"{said}: 2° and 10° differ by more for some pigments",)
