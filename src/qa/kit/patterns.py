"""Names and globs of files in a kit, always relative to the kit's folder, with / between parts."""

from __future__ import annotations

import re
from fnmatch import translate
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from qa.kit.quantities import refuse

LONGEST_NAME = 1000


class FilePatterns(tuple[str, ...]):
    """File names or globs that a kit's option holds; `BrandKit.load` finds them by this type and reads the files."""

    __slots__ = ()


def as_list(value: object) -> object:
    """Read one name as a list of one."""
    return [value] if isinstance(value, str) else value


def why_not_inside(name: str) -> str:
    """Return why a name could leave the kit's folder, or mean another file on another system; "" if it cannot."""
    if "\\" in name or re.match(r"[A-Za-z]:", name):
        return "use / between folders and no drive letter"
    if name.startswith(("/", "~")):
        return "copy the file into the kit's folder"
    if not name.strip() or "\0" in name or len(name) > LONGEST_NAME:
        return f"a name has 1 to {LONGEST_NAME} characters"
    if any(part in ("", ".", "..") for part in name.split("/")):
        return 'leave out "..", "." and empty parts'
    return ""


def check_pattern_path(pattern: str) -> str:
    """Refuse whatever could leave the kit's folder."""
    why = why_not_inside(pattern)
    if why:
        raise refuse("a file name relative to the kit's folder", why)
    return pattern


FileList = Annotated[
    tuple[Annotated[str, AfterValidator(check_pattern_path)], ...],
    BeforeValidator(as_list, json_schema_input_type=str | list[str]),
    AfterValidator(FilePatterns),
]
"""Files of the kit: one name or glob, or a list of them; each must match at least one file."""


def check_one_name(names: FilePatterns) -> FilePatterns:
    """Refuse a glob, or more than one name."""
    if len(names) != 1 or is_glob(names[0]):
        raise refuse("the name of one file of the kit", "no wildcards, no list")
    return names


FileName = Annotated[FileList, AfterValidator(check_one_name)]
"""One file of the kit, by its name."""


def is_glob(pattern: str) -> bool:
    """Whether a name has wildcards."""
    return any(sign in pattern for sign in "*?[")


def matches(pattern: str, name: str) -> bool:
    """Whether a kit-relative name is the pattern itself or matches it as a glob.

    * and ? stay within a folder, ** crosses folders, [ab] is a set. Wildcards do not match a leading dot, so hidden
    files and folders stay out.

    Example:
        >>> matches("refs/*.jpg", "refs/a.jpg"), matches("refs/*.jpg", "refs/old/a.jpg")
        (True, False)
    """
    return name == pattern or (is_glob(pattern) and parts_match(split_glob(pattern), name.split("/")))


@lru_cache(maxsize=4096)
def split_glob(pattern: str) -> tuple[str, ...]:
    """Return the parts of a glob; one that ends in ** means the files below."""
    parts = pattern.split("/")
    return (*parts, "*") if parts[-1] == "**" else tuple(parts)


def parts_match(parts: tuple[str, ...], names: list[str]) -> bool:
    """Whether the parts of a glob match the parts of a name, in time proportional to their product.

    A part that does not fit goes back to the last ** and lets it take one folder more; earlier ones need no second
    look, because they took as few as they could.
    """
    part, name, retry = 0, 0, None
    while name < len(names):
        if part < len(parts) and parts[part] == "**":
            part, retry = part + 1, (part + 1, name)
        elif part < len(parts) and part_matches(parts[part], names[name]):
            part, name = part + 1, name + 1
        elif retry is not None and not names[retry[1]].startswith("."):
            retry = (retry[0], retry[1] + 1)
            part, name = retry
        else:
            return False
    return part == len(parts)


def part_matches(part: str, name: str) -> bool:
    """Whether one part of a glob matches one part of a name."""
    if name.startswith(".") and part[:1] in ("*", "?", "["):
        return False
    return compile_part(part).match(name) is not None


@lru_cache(maxsize=4096)
def compile_part(part: str) -> re.Pattern[str]:
    """Return the regular expression of one part."""
    return re.compile(translate(part))
