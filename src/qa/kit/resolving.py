"""From a document to a kit: lay it over what it extends, validate, read the files it names, hash."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, TypeVar

from pydantic import BaseModel, RootModel

from consistency.errors import InputError, shorten
from consistency.runtime.stored import canonical_json
from qa.calibration.calibration_file import Calibration
from qa.kit.calibrated import calibration_of
from qa.kit.conditions import When
from qa.kit.folder import KitFolder
from qa.kit.merging import with_parents
from qa.kit.patterns import FilePatterns
from qa.kit.problems import MOST_SHOWN, Path, Problem, Problems, dotted
from qa.kit.profiles import read_profiles
from qa.kit.reading import Document, Place, Tree
from qa.kit.schema import LATER, KitKeys, Sections, check_sections, kit_model
from qa.kit.validating import nearest, place_of, validate

T = TypeVar("T", bound=BaseModel)
V = TypeVar("V")

SUBJECTS = "subjects"
"""The section whose keys are the subjects that conditions may name."""


@dataclass(frozen=True, eq=False)
class Resolved:
    """A kit after loading.

    Attributes:
        tree: What it says, as text, laid over what it extends.
        places: Where each path of the tree stands; empty for a kit from a bundle.
        keys: Its own keys, validated.
        sections: The sections it has, validated.
        files: Kit-relative name → bytes.
        hash: Sha256 of tree and files.
        source: Where it was read from.
        profiles: ICC profiles for its colours, by what they are for.
        calibration: The calibration it names.
    """

    tree: Mapping[str, Tree] = field(default_factory=dict)
    places: Mapping[Path, Place] = field(default_factory=dict)
    keys: KitKeys = field(default_factory=lambda: KitKeys(kit="1"))
    sections: Mapping[str, BaseModel] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    hash: str = ""
    source: str = ""
    profiles: Mapping[str, bytes] = field(default_factory=dict)
    calibration: Calibration | None = None


def resolve(document: Document, folder: KitFolder, source: str, sections: Sections) -> Resolved:
    """Make a kit of a document.

    Args:
        document: The kit's own file.
        folder: Where the files it names are.
        source: Where it was read from, as given.
        sections: Sections beside those of the built-in checks.

    Raises:
        KitError: All that is wrong, together.
    """
    document = with_parents(document, folder)
    problems = Problems()
    sections = {**check_sections(), **sections}
    refuse_later(document, sections, problems)
    model = kit_model(sections)
    profiles = read_profiles(document, folder)
    keys = validate(model, document, problems, context={"profiles": profiles})
    if keys is not None and moved(document, keys):
        keys = validate(model, document, problems, context={"profiles": profiles})
    if keys is not None:
        read_files(document, keys, folder, problems)
        refuse_strangers(document, keys, problems)
    calibration = None if keys is None else calibration_of(document, keys.calibration, folder, problems)
    problems.raise_if_any()
    own, stated = parted(keys)
    digest = kit_hash(document.tree, folder.files)
    return Resolved(document.tree, document.places, own, stated, folder.files, digest, source, profiles, calibration)


def parted(keys: KitKeys | None) -> tuple[KitKeys, dict[str, BaseModel]]:
    """Return a kit's own keys, and the sections it states; nothing of the model that was made for this kit alone."""
    fields = dict(keys or KitKeys(kit="1"))
    own = {name: fields.pop(name) for name in KitKeys.model_fields}
    return KitKeys.model_construct(**own), {name: section for name, section in fields.items() if section is not None}


def refuse_later(document: Document, sections: Sections, problems: Problems) -> None:
    """Refuse sections that only a later version judges."""
    for name in LATER.keys() - sections.keys():
        if name in document.tree:
            spot = place_of(document, (name,)).key
            problems.add(Problem(spot, name, "sections that are judged", repr(name), LATER[name]))


def moved(document: Document, keys: KitKeys) -> bool:
    """Make names of files relative to the kit's folder where a kit in a folder below states them."""
    document.tree = deepcopy(document.tree) if document.places else document.tree
    has_moved = False
    for path, patterns in list(instances(FilePatterns, keys)):
        for index, pattern in enumerate(patterns):
            at = (*path, index) if (*path, index) in document.places else path
            base = PurePosixPath(place_of(document, at).value.file).parent.as_posix() if document.places else "."
            if base != ".":
                document.at(at[:-1])[at[-1]] = f"{base}/{pattern}"
                has_moved = True
    return has_moved


def read_files(document: Document, keys: KitKeys, folder: KitFolder, problems: Problems) -> None:
    """Read every file that the options name; one that is missing is a problem at its line."""
    for path, patterns in instances(FilePatterns, keys):
        for index, pattern in enumerate(patterns):
            at = (*path, index) if (*path, index) in document.places else path
            try:
                folder.read(pattern)
            except InputError as error:
                spot = place_of(document, at).value
                problems.add(Problem(spot, dotted(at), error.expected, error.got or "", error.hint))
                if len(problems.found) >= MOST_SHOWN:
                    return


def refuse_strangers(document: Document, keys: KitKeys, problems: Problems) -> None:
    """Refuse a condition on a subject that is none of the kit's: what stands under it would never be judged.

    Without subjects in the kit, the briefs may name any.
    """
    known = getattr(keys, SUBJECTS, None)
    names = sorted(known.root) if isinstance(known, RootModel) and isinstance(known.root, Mapping) else []
    for path, when in instances(When, keys) if names else ():
        for index, name in enumerate(when.subject):
            if name not in names:
                whole = (*path, "subject")
                at = (*whole, index) if (*whole, index) in document.places else whole
                spot = place_of(document, at).value
                problems.add(
                    Problem(spot, dotted(at), "a subject of the kit", shorten(repr(name)), nearest(name, names))
                )


def instances(kind: type[V], value: Any, path: Path = ()) -> Iterator[tuple[Path, V]]:
    """Yield everything of a kind in validated options, with its path: every list of file names, every condition."""
    if isinstance(value, kind):
        yield path, value
    elif isinstance(value, RootModel):
        yield from instances(kind, value.root, path)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from instances(kind, getattr(value, name), (*path, name))
    elif isinstance(value, Mapping):
        for name, below in value.items():
            yield from instances(kind, below, (*path, name))
    elif isinstance(value, (list, tuple)):
        for index, below in enumerate(value):
            yield from instances(kind, below, (*path, index))


def kit_hash(tree: Tree, files: Mapping[str, bytes]) -> str:
    """Return the sha256 of what a kit says and of every file it names; order of keys left out."""
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    return hashlib.sha256(canonical_json({"kit": tree, "files": hashes}).encode()).hexdigest()


def section_of(resolved: Resolved, key: str, options: type[T]) -> T:
    """Return a section as `options`, the defaults where the kit has none.

    Raises:
        KitError: What the kit says there is not of this type.
    """
    known = resolved.sections.get(key)
    if isinstance(known, options):
        return known
    problems = Problems()
    document = Document(resolved.tree.get(key, {}), dict(resolved.places), resolved.source)
    found = validate(options, document, problems, (key,), {"profiles": resolved.profiles})
    problems.raise_if_any()
    return found if found is not None else options.model_validate({})
