"""From a resolved tree to validated options: pydantic's complaints become ours, with file, line and key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError

from consistency.errors import ConsistencyError, shorten
from qa.kit.problems import Path, Problem, Problems, Spot, dotted
from qa.kit.reading import Document, Place, Tree

M = TypeVar("M", bound=BaseModel)
Places = Mapping[Path, Place]

PHRASES = {
    "bool_parsing": ("true or false", ""),
    "float_parsing": ("a number", "write it without a unit"),
    "float_type": ("a number", ""),
    "finite_number": ("a finite number", ""),
    "int_parsing": ("a whole number", "write it without a unit"),
    "int_from_float": ("a whole number", ""),
    "int_type": ("a whole number", ""),
    "greater_than": ("a number greater than {gt:g}", ""),
    "greater_than_equal": ("a number of at least {ge:g}", ""),
    "less_than": ("a number less than {lt:g}", ""),
    "less_than_equal": ("a number of at most {le:g}", ""),
    "string_type": ("text", ""),
    "string_too_short": ("text of at least {min_length} characters", ""),
    "string_too_long": ("text of at most {max_length} characters", ""),
    "string_pattern_mismatch": ("text that matches {pattern}", ""),
    "too_short": ("at least {min_length} in the list", ""),
    "too_long": ("at most {max_length} in the list", ""),
    "tuple_type": ("a list", "write [a, b], or - before each entry"),
    "list_type": ("a list", "write [a, b], or - before each entry"),
    "dict_type": ("a mapping", "write key: value"),
    "model_type": ("a mapping", "write key: value"),
    "model_attributes_type": ("a mapping", "write key: value"),
}
"""Pydantic's error types in the words of a kit."""


def validate(
    model: type[M],
    document: Document,
    problems: Problems,
    prefix: Path = (),
    context: Mapping[str, object] | None = None,
) -> M | None:
    """Return a document as `model`, or None with what is wrong added to `problems`.

    Args:
        model: Options of a section, or of the whole kit.
        document: What the kit says; places are those of the whole kit.
        problems: Collects what is wrong.
        prefix: Path of the document's tree in the kit.
        context: What types of a kit's values may need beside the text: "profiles", for colours.
    """
    try:
        return model.model_validate(document.tree, context=context)
    except ValidationError as error:
        for problem in one_per_value([translate(detail, model, document, prefix) for detail in error.errors()]):
            problems.add(problem)
        return None


def one_per_value(found: list[Problem]) -> list[Problem]:
    """Join what the branches of a union say about one value: "auto or a box"."""
    joined: dict[tuple[str, str], Problem] = {}
    for problem in found:
        place = (str(problem.spot), problem.key)
        first = joined.setdefault(place, problem)
        if problem.expected not in first.expected:
            hint = problem.hint or first.hint
            joined[place] = replace(first, expected=f"{first.expected} or {problem.expected}", hint=hint)
    return list(joined.values())


def place_of(document: Document, path: Path) -> Place:
    """Return where a path stands; the file alone where that is not known."""
    whole = Spot(document.file)
    return document.places.get(path, Place(whole, whole))


def translate(detail: Any, model: type[BaseModel], document: Document, prefix: Path) -> Problem:
    """Return one complaint of pydantic as a problem of the kit."""
    full: Path = (*prefix, *detail["loc"])
    path = known_part(full, document.places)
    kind = detail["type"]
    place = place_of(document, path)
    if kind == "extra_forbidden":
        name = str(full[-1])
        hint = nearest(name, known_keys(model, detail["loc"][:-1]))
        return Problem(place.key, dotted(path), "a known key", shorten(repr(name)), hint)
    if kind == "missing":
        return Problem(place.key, dotted((*path, full[-1])), f"the key {full[-1]}", "none", f"add {full[-1]}: …")
    expected, hint = words(detail)
    return Problem(place.value, dotted(path), expected, said(detail["input"]), hint)


def known_part(path: Path, places: Places) -> Path:
    """Return the longest part of a path that stands in the kit; pydantic adds names of union branches."""
    if not places:
        return path
    kept: Path = ()
    for step in path:
        if (*kept, step) in places:
            kept = (*kept, step)
    return kept


def words(detail: Any) -> tuple[str, str]:
    """Return what was expected, and the hint."""
    context = detail.get("ctx", {})
    cause = context.get("error")
    if detail["type"] == "kit":
        return context["expected"], context["hint"]
    if isinstance(cause, ConsistencyError):
        return cause.expected, cause.hint
    if detail["type"] in ("literal_error", "enum"):
        allowed = str(context["expected"]).replace("'", "")
        return allowed, nearest(str(detail["input"]), allowed.replace(" or ", ", ").split(", "))
    if detail["type"] in PHRASES:
        expected, hint = PHRASES[detail["type"]]
        return expected.format(**context), hint
    message = str(cause) if cause is not None else detail["msg"]
    for opening in ("Input should be ", "Value should ", "String should "):
        message = message.removeprefix(opening)
    return message[:1].lower() + message[1:], ""


def said(value: Tree) -> str:
    """Return what stands in the kit, in words."""
    if isinstance(value, str):
        return shorten(repr(value), 80) if value else "nothing"
    return "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else shorten(repr(value), 80)


def nearest(name: str, known: list[str]) -> str:
    """Return the hint that names the nearest known key."""
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return f"did you mean {near[0]}?"
    return f"use one of {', '.join(known[:20])}" if known else ""


def known_keys(model: Any, path: Path) -> list[str]:
    """Return the keys that the model at `path` below `model` takes."""
    for step in path:
        model = child(model, step)
    found = next(iter(models_in(model)), None)
    return sorted(field.alias or name for name, field in found.model_fields.items()) if found else []


def child(annotation: Any, step: str | int) -> Any:
    """Return the annotation one step down, or the same one where the step names a branch of a union."""
    for model in models_in(annotation):
        fields = model.model_fields
        if issubclass(model, RootModel):
            return child(fields["root"].annotation, step)
        if step in fields:
            return fields[str(step)].annotation
    arguments = get_args(annotation)
    if get_origin(annotation) in (dict, Mapping) and len(arguments) == 2:
        return arguments[1]
    if get_origin(annotation) in (list, tuple) and isinstance(step, int):
        return arguments[0]
    below = [child(argument, step) for argument in arguments if get_origin(argument) or isinstance(argument, type)]
    return next((found for found, argument in zip(below, arguments, strict=False) if found is not argument), annotation)


def models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models in an annotation: itself, or the branches of a union."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, UnionType, Annotated):
        for argument in get_args(annotation):
            yield from models_in(argument)
