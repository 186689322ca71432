"""The schema of a whole kit: its own keys, and the sections that the checks state with their Options."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, WithJsonSchema, create_model

from consistency.errors import InputError
from consistency.runtime.tables import load_entry
from qa.checks.installed import installed_checks
from qa.checks.tables import BATCH_CHECKS, CHECKS
from qa.kit.model import KitOptions
from qa.kit.options import FileList, HexColor
from qa.kit.patterns import FileName
from qa.kit.policy import Economics, ModelOptions, Policy, Waiver

LATER = {"logos": "logos are not judged by this version; leave the section out"}
"""Sections that the format foresees and this version does not judge: refused, never silently passed over."""

Sections = Mapping[str, type[BaseModel]]
"""Section → its options."""


class KitKeys(KitOptions):
    """The keys of a kit that belong to no check."""

    kit: Annotated[Literal["1"], WithJsonSchema({"const": 1})]
    name: Annotated[str, Field(min_length=1, max_length=200)] = "brand kit"
    extends: str = ""
    background: HexColor = (255, 255, 255)
    cmyk_profile: Annotated[FileList, Field(max_length=1)] = ()
    calibration: FileName | None = None
    models: ModelOptions = ModelOptions()
    policy: Policy = Policy()
    economics: Economics = Economics()
    waivers: tuple[Waiver, ...] = ()


@lru_cache(maxsize=1)
def check_sections() -> Sections:
    """Return the sections of all checks; several checks may share one with the same Options.

    Raises:
        InputError: Two built-in checks state different Options for one section.
    """
    sections: dict[str, type[BaseModel]] = {}
    for table in (CHECKS, BATCH_CHECKS):
        for name in table:
            add_section(sections, load_entry(table, name, "check"))
    for check in installed_checks().values():
        add_section(sections, check)
    return sections


def add_section(sections: dict[str, type[BaseModel]], check: Any) -> None:
    """Add the section of a check; refuse a second Options class for one section."""
    if sections.setdefault(check.section, check.Options) is not check.Options:
        raise InputError(f"one Options class for the section {check.section}", f"another one in {check.name}")


def kit_model(sections: Sections) -> type[KitKeys]:
    """Return the model of a whole kit with these sections; each may be left out."""
    fields: dict[str, Any] = {name: (options | None, None) for name, options in sections.items()}
    return create_model("Kit", __base__=KitKeys, **fields)


def json_schema(sections: Sections | None = None) -> dict[str, Any]:
    """Return the JSON Schema of a kit, for editors that complete and check while one writes."""
    schema = kit_model(check_sections() if sections is None else sections).model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Brand kit"}
