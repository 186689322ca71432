"""Which format a token file has, and the kit that it comes to."""

from __future__ import annotations

from pathlib import PurePosixPath

from consistency.errors import InputError
from qa.kit.problems import KitError, Problem, Spot
from qa.kit.reading import Document
from qa.kit.tokens.ase import read_ase
from qa.kit.tokens.brand_yml import read_brand_yml
from qa.kit.tokens.dtcg import read_dtcg
from qa.kit.tokens.entries import as_document, in_group

READERS = {
    ".json": read_dtcg,
    ".tokens": read_dtcg,
    ".ase": read_ase,
    "_brand.yml": read_brand_yml,
    "_brand.yaml": read_brand_yml,
}
"""End of a file's name → what reads it."""


def token_target(target: str) -> tuple[str, str] | None:
    """Return file and group of "tokens.json#color.brand"; None where it is no token file.

    Example:
        >>> token_target("tokens.json#color.brand"), token_target("base.yaml")
        (('tokens.json', 'color.brand'), None)
    """
    name, _, group = target.partition("#")
    return (name, group) if ending_of(name) else None


def ending_of(name: str) -> str:
    """Return the end of a name that says which format it has; "" for none of them."""
    last = PurePosixPath(name).name.lower()
    return next((end for end in READERS if last.endswith(end) and (end[0] == "." or last == end)), "")


def read_tokens(data: bytes, file: str, group: str, wanted: frozenset[str]) -> Document:
    """Return a token file as a kit of colours.

    Args:
        data: Its bytes.
        file: Its name.
        group: The group to take, "" for all.
        wanted: Names of colours in the kits laid over it.

    Raises:
        KitError: It cannot be read, has no such group, or more colours than a kit holds.
    """
    entries = READERS[ending_of(file)](data, file)
    try:
        return as_document(in_group(entries, group), wanted, file)
    except InputError as error:
        raise KitError([Problem(Spot(file), "", error.expected, error.got or "", error.hint)]) from None
