"""When an entry of the kit applies: by placement, locale and subjects of the brief."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from qa.asset import Brief
from qa.kit.model import KitOptions


def as_names(value: object) -> object:
    """Read one name as a list of one."""
    return (value,) if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(as_names, json_schema_input_type=str | list[str])]


class When(KitOptions):
    """The condition under which an entry applies; a key that is left out puts no condition.

    A list means "any of these". A locale covers its narrower ones: de applies to de-AT.

    Example:
        >>> When(placement=("story", "reel")).applies(Brief(placement="story"))
        True
    """

    placement: Names = ()
    locale: Names = ()
    subject: Names = ()

    def applies(self, brief: Brief) -> bool:
        """Whether the entry applies to an asset with this brief."""
        return (
            (not self.placement or brief.placement in self.placement)
            and (not self.locale or any(covers(locale, brief.locale) for locale in self.locale))
            and (not self.subject or any(name in self.subject for name in brief.subjects or ()))
        )


def covers(wide: str, narrow: str) -> bool:
    """Whether locale `narrow` is `wide` or a narrower one of it: de covers de-AT, not den."""
    wide, narrow = wide.lower().replace("_", "-"), narrow.lower().replace("_", "-")
    return narrow == wide or narrow.startswith(f"{wide}-")
