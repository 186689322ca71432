"""The kit's `subjects` section: who exists, what shows them, how alike a picture has to be."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, RootModel, model_validator

from consistency.facets import Facet
from qa.kit.options import Bool, FileList, KitOptions, When
from qa.verdict import Level

Similarity = Annotated[float, Field(gt=-1, lt=1)]


class SubjectOptions(KitOptions):
    """One subject: a product, a character, a look.

    Attributes:
        references: 1 to 10 pictures that show it large.
        not_like: Pictures of what it must not be taken for: old packaging, sibling products.
        facets: What has to agree: the subject as a whole, its face, what is worn below it, the style, the background.
        always: Whether it must be on every asset whose brief names no subjects.
        when: Placements, locales or subjects of the brief under which it is judged.
        accept: Similarity from which it passes; replaces the thresholds that come with the model.
        reject: Similarity below which it fails; between the two a person looks. Default: `accept`.
        level: How hard the rule is.
    """

    references: Annotated[FileList, Field(min_length=1)]
    not_like: FileList = ()
    facets: Annotated[tuple[Facet, ...], Field(min_length=1)] = ("subject",)
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
        if self.reject is not None and (self.accept is None or self.reject > self.accept):
            raise ValueError("reject needs an accept that is not lower")
        if self.accept is not None and len(self.facets) > 1:
            raise ValueError("accept holds for one facet; a similarity of a face is none of a product")
        return self


class SubjectsOptions(RootModel[dict[str, SubjectOptions]]):
    """Name → subject."""

    model_config = {"frozen": True}
    root: dict[str, SubjectOptions] = Field(default_factory=dict)
