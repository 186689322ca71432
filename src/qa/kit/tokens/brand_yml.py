"""`_brand.yml`: the colours of a brand file (https://posit-dev.github.io/brand-yml/brand/color.html).

`color.palette` names the colours; `primary`, `background` and their kin name one of the palette or a value of their
own.
"""

from __future__ import annotations

from collections.abc import Iterator

from qa.kit.problems import KitError, Path, Problem, Spot, dotted
from qa.kit.reading import Document, Tree, read_document
from qa.kit.tokens.entries import Entry

EMPTY = ("", "~", "null")
MOST_STEPS = 32


def read_brand_yml(data: bytes, file: str) -> list[Entry]:
    """Return the colours of a brand file: its palette, then what it uses them for.

    Raises:
        KitError: Not YAML, no colours, or names that lead round.
    """
    document = read_document(data, file)
    colors = document.tree.get("color") if isinstance(document.tree, dict) else None
    if not isinstance(colors, dict):
        raise KitError([Problem(Spot(file, 1, 1), "color", "a brand file with colors", "none", "add color: palette:")])
    palette = colors.get("palette", {})
    if not isinstance(palette, dict):
        raise KitError([wrong(document, ("color", "palette"), "a mapping of names to colours")])
    own = leaves(document, ("color", "palette"))
    roles = (leaf for key in colors if key != "palette" for leaf in leaves(document, ("color", key)))
    return [
        Entry(path[2:] if path[1] == "palette" else path[1:], value, document.places[path].value)
        for path, value in [*resolved(own, palette, document), *resolved(roles, palette, document)]
    ]


def leaves(document: Document, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield each text at and below a path that is not empty; `light` and `dark` become names of their own."""
    part: Tree = document.tree
    for step in path:
        if step not in part:
            return
        part = part[step]
    if isinstance(part, dict):
        for key in part:
            yield from leaves(document, (*path, key))
    elif isinstance(part, str):
        if part not in EMPTY:
            yield path, part
    else:
        raise KitError([wrong(document, path, "a colour")])


def resolved(
    found: Iterator[tuple[Path, str]], palette: Tree, document: Document
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each path with the value that its names lead to."""
    for path, text in found:
        value, steps = text, 0
        own = path[-1] if path[1] == "palette" else None
        while isinstance(palette.get(value), str) and value != own and steps < MOST_STEPS:
            value, own, steps = palette[value], value, steps + 1
        if steps == MOST_STEPS:
            raise KitError([wrong(document, path, "names that lead to a colour")])
        yield tuple(str(step) for step in path), value


def wrong(document: Document, path: Path, expected: str) -> Problem:
    """Return a problem at a path."""
    part = document.at(path)
    return Problem(document.places[path].value, dotted(path), expected, part if isinstance(part, str) else "")
