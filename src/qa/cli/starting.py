"""The work of `qa init`: references and colours in, a kit out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from consistency.errors import InputError
from qa.cli.collecting import collect
from qa.cli.init import InitOptions
from qa.kit.init import write_kit


def start(options: InitOptions) -> int:
    """Write the kit and say what to do next."""
    if options.folder.is_file():
        raise InputError("the kit's folder first", str(options.folder), "say qa init DIR --references FILE...")
    references = [path for argument in options.references for path in collect_some(argument)]
    kit = write_kit(options.folder, references=references, colors=read_colors(options.colors), name=options.name)
    path = options.folder / "brand.yaml"
    typer.echo(f"{path}: kit {kit.name}, {len(references)} references, hash {kit.hash[:12]}")
    typer.echo(f"Read it, change what is not so, then: qa gate {options.folder} ASSETS...")
    return 0


def collect_some(argument: str) -> Sequence[Path]:
    """Return the photographs an argument names.

    Raises:
        InputError: There is none.
    """
    paths = [found.path for found in collect([argument]).assets]
    if not paths:
        raise InputError("photographs", f"none at {argument}", "name a file, a folder or a glob")
    return paths


def read_colors(colors: Sequence[str]) -> dict[str, str]:
    """Return name → value, as written.

    Raises:
        InputError: Not of the form name=value, or a name that stands twice.
    """
    read: dict[str, str] = {}
    for color in colors:
        name, sign, value = color.partition("=")
        if not sign or not name.strip() or not value.strip() or name.strip() in read:
            raise InputError("a colour as name=value, each name once", color, 'write --color "acme_blue=#0055aa"')
        read[name.strip()] = value.strip()
    return read
