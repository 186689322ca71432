"""The kit's `subjects` section: who exists, what shows them, how alike a picture has to be."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, RootModel, WithJsonSchema, model_validator

from consistency.changes import Kind
from consistency.facets import Facet
from qa.kit.options import Bool, FileList, Fraction, KitOptions, When, refuse
from qa.verdict import Level

LEVELS = [level.value for level in Level]
Similarity = Annotated[float, Field(gt=-1, lt=1)]


class ChangeOptions(KitOptions):
    """A rule on one kind of change; written short as its level.

    Attributes:
        limit: From here on the change fails; default: what photographs told.
        level: How hard the rule is; default: the subject's.
    """

    limit: Annotated[Fraction, Field(gt=0)] | None = None
    level: Level | None = None

    @model_validator(mode="before")
    @classmethod
    def read_short_form(cls, value: Any) -> Any:
        """Read a level written as such."""
        if isinstance(value, (dict, ChangeOptions)):
            return value
        if value not in LEVELS:
            raise refuse(f"a level, {', '.join(LEVELS)}, or {{limit: 12%, level: warn}}")
        return {"level": value}


ChangeOption = Annotated[
    ChangeOptions,
    WithJsonSchema(
        {
            "anyOf": [
                {"enum": LEVELS},
                {
                    "type": "object",
                    "properties": {
                        "limit": {"anyOf": [{"type": "number"}, {"type": "string"}]},
                        "level": {"enum": LEVELS},
                    },
                    "additionalProperties": False,
                },
            ]
        }
    ),
]


class SubjectOptions(KitOptions):
    """One subject: a product, a character, a look.

    Attributes:
        references: 1 to 10 pictures that show it large.
        not_like: Pictures of what it must not be taken for: old packaging, sibling products.
        facets: What has to agree: the subject as a whole, its face, what is worn below it, the style, the background.
        changes: Ways in which the subject must not depart from its references: mirrored, stretched, recoloured,
            reprinted.
        always: Whether it must be on every asset whose brief names no subjects.
        when: Placements, locales or subjects of the brief under which it is judged.
        accept: Similarity from which it passes; replaces the thresholds that come with the model.
        reject: Similarity below which it fails; between the two a person looks. Default: `accept`.
        level: How hard the rule is.
    """

    references: Annotated[FileList, Field(min_length=1)]
    not_like: FileList = ()
    facets: Annotated[tuple[Facet, ...], Field(min_length=1)] = ("subject",)
    changes: dict[Kind, ChangeOption] = Field(default_factory=dict)
    always: Bool = False
    when: When = When()
    accept: Similarity | None = None
    reject: Similarity | None = None
    level: Level = Level.BLOCK

    @model_validator(mode="after")
    def _thresholds(self) -> Self:
        if len(set(self.facets)) != len(self.facets):
            raise ValueError("a facet stands twice")
        if "clothing" in self.facets and "face" not in self.facets:
            raise ValueError("face beside clothing, which is looked for below it")
        if self.changes and "subject" not in self.facets:
            raise ValueError("subject among the facets beside changes, which are told where it is found")
        if self.reject is not None and (self.accept is None or self.reject > self.accept):
            raise ValueError("reject needs an accept that is not lower")
        if self.accept is not None and len(self.facets) > 1:
            raise ValueError("accept holds for one facet; a similarity of a face is none of a product")
        return self


class SubjectsOptions(RootModel[dict[str, SubjectOptions]]):
    """Name → subject."""

    model_config = {"frozen": True}
    root: dict[str, SubjectOptions] = Field(default_factory=dict)
