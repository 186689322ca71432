"""Sections of a kit as checks state them, for tests of the kit itself."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, RootModel

from qa.kit.options import Aspect, Bool, BoxOption, ByteCount, FileList, Fraction, HexColor, KitOptions, Pattern, When
from qa.verdict import Level


class ColorOptions(KitOptions):
    value: HexColor
    accept: Annotated[float, Field(gt=0)] = 2.0
    min_area: Fraction = 0.005
    where: Literal["auto"] | BoxOption = "auto"
    when: When = When()
    level: Level = Level.BLOCK


class SubjectOptions(KitOptions):
    references: Annotated[FileList, Field(min_length=1)]
    not_like: FileList = ()
    always: Bool = False


class PhraseOptions(KitOptions):
    id: str
    value: Annotated[str, Field(min_length=1)]
    max_edits: int = 0


class PhrasesOptions(KitOptions):
    required: tuple[PhraseOptions, ...] = ()
    forbidden: tuple[Pattern, ...] = ()


class PictureOptions(KitOptions):
    aspect: tuple[Aspect, ...] = ()
    max_bytes: ByteCount | None = None


class Colors(RootModel[dict[str, ColorOptions]]):
    pass


class Subjects(RootModel[dict[str, SubjectOptions]]):
    pass


SECTIONS: dict[str, type[BaseModel]] = {
    "colors": Colors,
    "subjects": Subjects,
    "text": PhrasesOptions,
    "image": PictureOptions,
}
