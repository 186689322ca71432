"""Stored forms: canonical JSON, and reading it back with a check of format and version."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from consistency.errors import InputError, StoredFormatError

Record = dict[str, Any]
Migration = Callable[[Record], Record]

MAX_BYTES = 64 * 1024 * 1024
"""Largest text read back; a stored record is some kilobytes, an anchor's JSON some hundred."""


def canonical_json(content: object) -> str:
    """Return the one JSON text for `content`: keys sorted, no spaces, unicode as it is.

    Callers round their floats first; equal content then has equal bytes and an equal hash. -0.0 is written 0.0.

    Raises:
        InputError: Content that JSON cannot hold: NaN, infinity, a key that is not text, an unknown type.

    Example:
        >>> canonical_json({"b": 1, "a": [0.5, "é"]})
        '{"a":[0.5,"é"],"b":1}'
    """
    check_keys(content)
    try:
        text = json.dumps(
            without_minus_zero(content), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
        )
        text.encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError("finite numbers, text, lists and mappings", error) from error
    return text


def without_minus_zero(content: object) -> object:
    """Return JSON content with 0.0 for -0.0: the two are equal and would be written differently."""
    if isinstance(content, dict):
        return {key: without_minus_zero(item) for key, item in content.items()}
    if isinstance(content, (list, tuple)):
        return [without_minus_zero(item) for item in content]
    return 0.0 if isinstance(content, float) and content == 0 else content


def check_keys(content: object) -> None:
    """Refuse mappings with keys that are not text: JSON would write 1 and "1" alike."""
    pending = [content]
    while pending:
        item = pending.pop()
        if isinstance(item, Mapping):
            strange = [key for key in item if not isinstance(key, str)]
            if strange:
                raise InputError("text as keys", repr(strange[0]))
            pending.extend(item.values())
        elif isinstance(item, (list, tuple)):
            pending.extend(item)


def read_format(
    text: str | bytes,
    form: str,
    version: int,
    migrations: Mapping[int, Migration] | None = None,
    *,
    max_bytes: int = MAX_BYTES,
) -> Record:
    """Read a stored record and bring it to `version`.

    Args:
        text: The JSON text.
        form: The `format` it must state: "qa.verdict".
        version: The version this code writes.
        migrations: For each older version n, what turns a record of n into one of n + 1.
        max_bytes: Longer texts are refused unread.

    Returns:
        The record, with `format` and `version` as asked.

    Raises:
        StoredFormatError: Damaged, of another format, newer than `version`, or older than any migration.
    """
    record = parse_record(text, form, max_bytes)
    found = record.get("version")
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise StoredFormatError(f"{form} with an integer version ≥ 1", repr(found))
    if found > version:
        raise StoredFormatError(f"{form} version ≤ {version}", found, "read it with a newer release of this library")
    for step in range(found, version):
        if step not in (migrations or {}):
            raise StoredFormatError(f"{form} version {version}", found, "it is too old to be read; write it again")
        record = {**(migrations or {})[step](record), "format": form, "version": step + 1}
    return record


def parse_record(text: str | bytes, form: str, max_bytes: int = MAX_BYTES) -> Record:
    """Parse a JSON object that states `form` as its format.

    Raises:
        StoredFormatError: Too long, not JSON, not an object, with doubled keys, or of another format.
    """
    size = len(text.encode(errors="surrogatepass") if isinstance(text, str) else text)
    if size > max_bytes:
        raise StoredFormatError(f"{form} of at most {max_bytes} bytes", f"{size} bytes")
    try:
        record = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise StoredFormatError(f"{form} as JSON", error, "the file is damaged; write it again") from error
    if not isinstance(record, dict) or record.get("format") != form:
        found = record.get("format") if isinstance(record, dict) else type(record).__name__
        raise StoredFormatError(f"the format {form!r}", repr(found))
    return record


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _unique(pairs: list[tuple[str, Any]]) -> Record:
    record = dict(pairs)
    if len(record) != len(pairs):
        raise ValueError("a key stands twice")
    return record
