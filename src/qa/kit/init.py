"""Writing a first kit: references copied beside it, colours filled in, every other section as a commented example."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path

from consistency.errors import InputError
from qa.color.notation import parse_color
from qa.kit.kit import BrandKit
from qa.kit.loading import KIT_FILE
from qa.kit.policy import ModelOptions
from qa.kit.starter import starter_text

MOST_REFERENCES = 10
"""Of one subject; more make an anchor no better."""


def write_kit(
    folder: Path,
    *,
    references: Sequence[Path] = (),
    colors: Mapping[str, str] | None = None,
    name: str = "",
    models: ModelOptions | None = None,
) -> BrandKit:
    """Write a commented kit into a folder and load it back.

    Args:
        folder: Made where it is missing; must hold no kit yet.
        references: Photographs of the subjects; those of one folder are one subject, named after the folder. They
            are copied to `refs/<subject>/`.
        colors: Name → value, in any notation that `qa.color.parse_color` reads without a profile.
        name: The brand's name; default the folder's.
        models: The models to name; default those that need no download.

    Returns:
        The kit as `BrandKit.load` reads it.

    Raises:
        InputError: There is a kit already, a reference is no file, a subject has more than ten, a colour is none.
        KitError: What was written does not load: a name that the kit cannot have.
    """
    path = folder / KIT_FILE
    if path.exists() or path.is_symlink():
        raise InputError("a folder without a kit", str(path), "edit that one, or choose another folder")
    for color, value in (colors or {}).items():
        check_color(color, value)
    subjects = by_subject(references)
    text = starter_text(name or folder.resolve().name or "My brand", subjects, colors or {}, models or ModelOptions())
    copied = [(source, folder / target) for found in subjects.values() for target, source in found.items()]
    for source, target in copied:
        copy_reference(source, target)
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return BrandKit.load(path)


def check_color(name: str, value: str) -> None:
    """Refuse a colour that is none, before anything is written."""
    try:
        parse_color(value)
    except InputError as error:
        raise InputError(error.expected, f"{name}={value}", error.hint) from None


def by_subject(references: Sequence[Path]) -> dict[str, dict[str, Path]]:
    """Return subject → kit-relative name → photograph, in the order given."""
    subjects: dict[str, dict[str, Path]] = {}
    for source in dict.fromkeys(references):
        if not source.is_file():
            raise InputError("a photograph", str(source), "check the path")
        subject = key_from(source.resolve().parent.name)
        found = subjects.setdefault(subject, {})
        found[free_name(f"refs/{subject}/{file_name_from(source)}", found)] = source
        if len(found) > MOST_REFERENCES:
            hint = "keep those that show it from different sides"
            raise InputError(f"1 to {MOST_REFERENCES} photographs of {subject}", f"{len(found)} or more", hint)
    return subjects


def key_from(folder: str) -> str:
    """Return a folder's name as a key of the kit: letters, digits, _ and -.

    Example:
        >>> key_from("Red sneaker (2026)")
        'red_sneaker_2026'
    """
    return re.sub(r"[^\w-]+", "_", folder.lower()).strip("_-") or "subject"


def file_name_from(source: Path) -> str:
    """Return a photograph's name without signs that a shell, a glob or another system takes for something else."""
    stem = re.sub(r"[^\w.-]+", "_", source.stem).strip("._") or "photograph"
    return stem + re.sub(r"[^\w.]", "", source.suffix.lower())


def free_name(wanted: str, taken: Mapping[str, Path]) -> str:
    """Return the wanted name, or the first numbered one that is free."""
    stem, dot, suffix = wanted.rpartition(".")
    numbered = (f"{stem}-{number}{dot}{suffix}" for number in count(2))
    return wanted if wanted not in taken else next(name for name in numbered if name not in taken)


def copy_reference(source: Path, target: Path) -> None:
    """Copy one photograph; another one in its place is not overwritten."""
    if target.exists():
        if target.samefile(source) or target.read_bytes() == source.read_bytes():
            return
        raise InputError("a free name for a reference", str(target), "move that file away, or choose another folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
