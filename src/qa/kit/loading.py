"""Loading a kit: read, merge what it extends, validate, read the files it names, hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, RootModel

from consistency.errors import ConsistencyError
from qa.kit.folder import KitFolder
from qa.kit.patterns import FilePatterns
from qa.kit.problems import Path as KeyPath
from qa.kit.problems import Problem, Problems, dotted, kit_error
from qa.kit.reading import LONGEST_KIT_BYTES, Document, Place, Tree, read_document
from qa.kit.schema import KitKeys, Sections, check_sections, kit_model
from qa.kit.validating import validate

T = TypeVar("T", bound=BaseModel)
KIT_FILE = "brand.yaml"


@dataclass(frozen=True, eq=False)
class Resolved:
    """A kit after loading.

    Attributes:
        tree: What it says, as text, after merging what it extends.
        places: Where each path of the tree stands.
        keys: Its own keys and the sections, validated.
        files: Kit-relative name → bytes.
        hash: Sha256 of tree and files.
        source: Where it was read from.
    """

    tree: Mapping[str, Tree] = field(default_factory=dict)
    places: Mapping[KeyPath, Place] = field(default_factory=dict)
    keys: KitKeys = KitKeys(kit="1")
    files: Mapping[str, bytes] = field(default_factory=dict)
    hash: str = ""
    source: str = ""


def load_resolved(path: Path, source: str, sections: Sections) -> Resolved:
    """Load a kit file, or `brand.yaml` in a folder."""
    path = path / KIT_FILE if path.is_dir() else path
    data = read_kit_bytes(path, source)
    return resolve(read_document(data, path.name), KitFolder(path.parent), source, sections)


def resolve_text(text: str, folder: Path | None, sections: Sections) -> Resolved:
    """Load a kit given as text."""
    return resolve(read_document(text.encode(), "kit"), KitFolder(folder), "text", sections)


def read_kit_bytes(path: Path, source: str) -> bytes:
    """Return the bytes of a kit file."""
    try:
        with path.open("rb") as file:
            return file.read(LONGEST_KIT_BYTES + 1)
    except OSError as error:
        hint = "`qa init` writes one" if isinstance(error, FileNotFoundError) else ""
        raise kit_error(source, "a kit file that can be read", error.strerror, hint) from None


def resolve(document: Document, folder: KitFolder, source: str, sections: Sections) -> Resolved:
    """Validate a document, read its files and hash it."""
    problems = Problems()
    tree, places = document.tree, document.places
    keys = validate(kit_model({**check_sections(), **sections}), tree, places, problems)
    if keys is not None:
        for path, patterns in file_patterns(keys):
            for index, pattern in enumerate(patterns):
                try:
                    folder.read(pattern)
                except ConsistencyError as error:
                    at = (*path, index) if (*path, index) in places else path
                    problems.add(Problem(places[at].value, dotted(at), error.expected, error.got or "", error.hint))
    problems.raise_if_any()
    return Resolved(tree, places, keys or KitKeys(kit="1"), folder.files, kit_hash(tree, folder.files), source)


def file_patterns(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, FilePatterns]]:
    """Yield every list of file names in validated options, with its path."""
    if isinstance(value, FilePatterns):
        yield path, value
    elif isinstance(value, RootModel):
        yield from file_patterns(value.root, path)
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from file_patterns(getattr(value, name), (*path, name))
    elif isinstance(value, Mapping):
        for name, below in value.items():
            yield from file_patterns(below, (*path, name))
    elif isinstance(value, (list, tuple)):
        for index, below in enumerate(value):
            yield from file_patterns(below, (*path, index))


def kit_hash(tree: Tree, files: Mapping[str, bytes]) -> str:
    """Return the sha256 of what a kit says and of every file it names; order of keys left out."""
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    text = json.dumps({"kit": tree, "files": hashes}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def section_of(resolved: Resolved, key: str, options: type[T]) -> T:
    """Return a section as `options`."""
    known = getattr(resolved.keys, key, None)
    if isinstance(known, options):
        return known
    problems = Problems()
    found = validate(options, resolved.tree.get(key, {}), resolved.places, problems, (key,))
    problems.raise_if_any()
    return found if found is not None else options.model_validate({})
