"""Text with {placeholders} that a brief fills."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from consistency.errors import NotEvaluable
from qa.asset import Brief
from qa.kit.quantities import refuse

PART = re.compile(r"\{\{|\}\}|\{\s*([^{}\s](?:[^{}]*[^{}\s])?)\s*\}|[{}]")


def placeholders(template: str) -> tuple[str, ...]:
    """Return the names of the {placeholders} in order, each once.

    Example:
        >>> placeholders("{price} only, {{not this}}, {price}")
        ('price',)
    """
    names = (match[1] for match in PART.finditer(template) if match[1])
    return tuple(dict.fromkeys(names))


def literal(template: str) -> str:
    """Return what a text says whatever the brief does.

    Example:
        >>> literal("from {price} {{only}}")
        'from  {only}'
    """
    return PART.sub(lambda match: "" if match[1] else match[0][0], template)


def fill(template: str, brief: Brief) -> str:
    """Return the text with the brief's values in place of its {placeholders}; {{ and }} stand for braces.

    Values are put in as they are: braces in a value are not placeholders.

    Raises:
        NotEvaluable: The brief has no value for one, code "brief.missing_value".

    Example:
        >>> fill("from {price}", Brief(values={"price": "€ 49"}))
        'from € 49'
    """

    def value(match: re.Match[str]) -> str:
        if not match[1]:
            return match[0][0]
        name = match[1]
        if name not in brief.values:
            got = f"none from {brief.id}" if brief.id else "none"
            raise NotEvaluable("brief.missing_value", f"a value for {{{name}}} in the brief", got)
        return brief.values[name]

    return PART.sub(value, template)


def check_template(text: str) -> str:
    """Refuse a lone brace, which would be neither a placeholder nor a brace."""
    if any(match[0] in "{}" for match in PART.finditer(text)):
        raise refuse("text whose {placeholders} are closed", "write {{ and }} for braces")
    return text


Template = Annotated[str, AfterValidator(check_template)]
"""Text that may have {placeholders}."""
