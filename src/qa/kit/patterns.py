"""Names and globs of files in a kit, always relative to the kit's folder, with / between parts."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from qa.kit.quantities import refuse


class FilePatterns(tuple[str, ...]):
    """File names or globs that a kit's option holds; `BrandKit.load` finds them by this type and reads the files."""

    __slots__ = ()


def as_list(value: object) -> object:
    """Read one name as a list of one."""
    return [value] if isinstance(value, str) else value


def check_pattern_path(pattern: str) -> str:
    """Refuse whatever could leave the kit's folder, or would mean another file on another system."""
    if "\\" in pattern or re.match(r"[A-Za-z]:", pattern):
        raise refuse("a file name relative to the kit's folder", "use / between folders and no drive letter")
    if not pattern.strip() or "\0" in pattern or len(pattern) > 1000:
        raise refuse("a file name relative to the kit's folder")
    if pattern.startswith(("/", "~")):
        raise refuse("a file name relative to the kit's folder", "copy the file into the kit's folder")
    if any(part in ("", ".", "..") for part in pattern.split("/")):
        raise refuse("a file name relative to the kit's folder", 'leave out "..", "." and empty parts')
    return pattern


def as_patterns(patterns: tuple[str, ...]) -> FilePatterns:
    """Check each name and mark the list as files."""
    return FilePatterns(check_pattern_path(pattern) for pattern in patterns)


FileList = Annotated[
    tuple[str, ...],
    BeforeValidator(as_list, json_schema_input_type=str | list[str]),
    AfterValidator(as_patterns),
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
    tokens = re.findall(r"\*+|\?|\[[!^]?\]?[^\]]*\]|.", part, re.DOTALL)
    hidden = "(?!\\.)" if tokens and (tokens[0][0] in "*?" or len(tokens[0]) > 1) else ""
    return hidden + "".join(_token(token) for token in tokens)


def _token(token: str) -> str:
    if token.startswith("*"):
        return "[^/]*"
    if token == "?":
        return "[^/]"
    if token.startswith("[") and len(token) > 2:
        negated = token[1] in "!^"
        inside = re.escape(token[2:-1] if negated else token[1:-1]).replace(r"\-", "-")
        return f"(?!/)[{'^' if negated else ''}{inside}]"
    return re.escape(token)


def matches(pattern: str, name: str) -> bool:
    """Whether a kit-relative name is the pattern itself or matches it as a glob.

    Example:
        >>> matches("refs/*.jpg", "refs/a.jpg"), matches("refs/*.jpg", "refs/old/a.jpg")
        (True, False)
    """
    return name == pattern or (is_glob(pattern) and compile_glob(pattern).fullmatch(name) is not None)
