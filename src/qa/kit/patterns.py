"""Names and globs of files in a kit, always relative to the kit's folder, with / between parts."""

from __future__ import annotations

import re
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


def is_glob(pattern: str) -> bool:
    """Whether a name has wildcards."""
    return any(sign in pattern for sign in "*?[")


@lru_cache(maxsize=4096)
def compile_glob(pattern: str) -> re.Pattern[str]:
    """Return the regular expression of a glob: * and ? stay within a folder, ** crosses folders, [ab] is a set.

    Wildcards do not match a leading dot, so hidden files stay out.
    """
    parts = pattern.split("/")
    translated = ["(?:[^/.][^/]*/)*" if part == "**" else _segment(part) + "/" for part in parts]
    if parts[-1] == "**":
        translated[-1] = "(?:[^/.][^/]*/)*[^/.][^/]*/"
    return re.compile("".join(translated)[:-1], re.DOTALL)


def _segment(part: str) -> str:
    pieces = re.findall(r"\*+|\?|\[[!^]?\]?[^\]]*\]|.", part, re.DOTALL)
    is_wild = pieces[0][0] in "*?" or len(pieces[0]) > 1
    return ("(?!\\.)" if is_wild else "") + "".join(_piece(piece) for piece in pieces)


def _piece(piece: str) -> str:
    if piece.startswith("*"):
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if piece.startswith("[") and len(piece) > 2:
        is_negated = piece[1] in "!^"
        inside = re.escape(piece[2:-1] if is_negated else piece[1:-1]).replace(r"\-", "-")
        return f"(?!/)[{'^' if is_negated else ''}{inside}]"
    return re.escape(piece)


def matches(pattern: str, name: str) -> bool:
    """Whether a kit-relative name is the pattern itself or matches it as a glob.

    Example:
        >>> matches("refs/*.jpg", "refs/a.jpg"), matches("refs/*.jpg", "refs/old/a.jpg")
        (True, False)
    """
    return name == pattern or (is_glob(pattern) and compile_glob(pattern).fullmatch(name) is not None)
