"""`extends`: one kit laid over another, both with their places."""

from __future__ import annotations

from pathlib import PurePosixPath

from consistency.errors import InputError
from qa.kit.folder import KitFolder
from qa.kit.patterns import is_glob, why_not_inside
from qa.kit.problems import KitError, Path, Problem, Spot
from qa.kit.reading import Document, Place, Tree, read_document
from qa.kit.tokens.reading import read_tokens, token_target

VERSION = 1
"""The kit format that this version writes and reads."""

PLAIN_KEYS = ("kit", "name", "extends", "background", "cmyk_profile", "calibration")
"""Top-level keys whose value is text; of the others an empty value is an empty section."""

LONGEST_CHAIN = 8


def checked(document: Document) -> Document:
    """Return a document once it is a kit of a version that is known here; empty sections are made empty mappings.

    Raises:
        KitError: No mapping, no version, or a newer one.
    """
    tree, top = document.tree, Spot(document.file, 1, 1)
    if not isinstance(tree, dict):
        raise KitError([Problem(top, "", "a kit: keys and values, beginning with kit: 1", type_name(tree))])
    version = tree.get("kit")
    if version != str(VERSION):
        spot = document.places[("kit",)].value if ("kit",) in document.places else top
        is_newer = isinstance(version, str) and version.isdecimal() and int(version[:9]) > VERSION
        hint = "this version of consistency-qa is too old for it" if is_newer else f"begin the file with kit: {VERSION}"
        raise KitError([Problem(spot, "kit", f"kit version {VERSION}", type_name(version), hint)])
    for key, value in tree.items():
        if value == "" and key not in PLAIN_KEYS:
            tree[key] = [] if key == "waivers" else {}
    return document


def type_name(value: Tree) -> str:
    """Return what a value is, in words."""
    if value is None:
        return "none"
    return repr(value) if isinstance(value, str) else "a list" if isinstance(value, list) else "a mapping"


def with_parents(document: Document, folder: KitFolder) -> Document:
    """Return a document laid over the kits it extends: mappings are merged, everything else replaced.

    Raises:
        KitError: The other kit is missing, is no kit, lies outside, or the chain closes on itself.
    """
    chain = [document.file]
    documents = [checked(document)]
    while "extends" in documents[-1].tree:
        parent = parent_of(documents[-1], folder, chain, named_colors(documents))
        chain.append(parent.file)
        documents.append(parent)
    merged = documents.pop()
    while documents:
        merged = laid_over(merged, documents.pop())
    return merged


def named_colors(documents: list[Document]) -> frozenset[str]:
    """Return the names of all colours that some kits state."""
    sections = (document.tree.get("colors") for document in documents)
    return frozenset(name for section in sections if isinstance(section, dict) for name in section)


def parent_of(document: Document, folder: KitFolder, chain: list[str], wanted: frozenset[str]) -> Document:
    """Read the kit or token file that a document extends; `extends` is taken out of the document.

    Args:
        document: The document that names it.
        folder: Where it is.
        chain: The files read so far.
        wanted: Names of the colours that they state.
    """
    place = document.places[("extends",)].value
    target = document.tree.pop("extends")
    if not isinstance(target, str) or is_glob(target) or why_not_inside(target):
        hint = why_not_inside(target) if isinstance(target, str) else "write extends: base.yaml"
        raise KitError([Problem(place, "extends", "another kit inside this kit's folder", repr(target), hint)])
    tokens = token_target(target)
    target, group = tokens or (target, "")
    name = (PurePosixPath(document.file).parent / target).as_posix()
    if name in chain:
        raise KitError([Problem(place, "extends", "kits that do not extend each other", " → ".join([*chain, name]))])
    if len(chain) > LONGEST_CHAIN:
        raise KitError([Problem(place, "extends", f"at most {LONGEST_CHAIN} kits on top of each other", "more")])
    try:
        if tokens:
            folder.read(name)
            return read_tokens(folder.files[name], name, group, wanted)
        return checked(read_document(folder.read_file(name), name))
    except InputError as error:
        raise KitError([Problem(place, "extends", error.expected, error.got or "", error.hint)]) from None


def laid_over(base: Document, top: Document) -> Document:
    """Return `top` over `base`."""
    places: dict[Path, Place] = {}
    tree = overlay(base, top, places)
    return Document(tree, places, top.file)


def overlay(base: Document, top: Document, places: dict[Path, Place], path: Path = ()) -> Tree:
    """Return the merged tree at `path`, noting where each part stands."""
    below, above = base.at(path), top.at(path)
    places[path] = top.places[path]
    if not isinstance(below, dict) or not isinstance(above, dict):
        return taken(top, path, places)
    merged = {}
    for key in {**below, **above}:
        step = (*path, key)
        if key in below and key in above:
            merged[key] = overlay(base, top, places, step)
        else:
            merged[key] = taken(top if key in above else base, step, places)
    return merged


def taken(document: Document, path: Path, places: dict[Path, Place]) -> Tree:
    """Return the part of a document at `path`, with its places."""
    places[path] = document.places[path]
    part = document.at(path)
    if isinstance(part, dict):
        return {key: taken(document, (*path, key), places) for key in part}
    if isinstance(part, list):
        return [taken(document, (*path, index), places) for index in range(len(part))]
    return part
