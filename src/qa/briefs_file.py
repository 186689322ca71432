"""Reading a file of briefs, CSV or JSON lines, into rows; whatever is wrong is reported with its line."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from consistency.errors import shorten
from qa.asset import Brief, Provenance
from qa.kit.problems import BriefsError, Problem, Problems, Spot

LARGEST_BYTES = 100_000_000

OF_BRIEF = ("asset", "subjects", "placement", "locale", "prompt")
OF_PROVENANCE = ("generator", "model", "seed", "phase", "cost", "seconds", "guide")
COLUMNS = (*OF_BRIEF, *OF_PROVENANCE)
"""Columns with a meaning of their own; every other one is a value for the kit's {placeholders}."""

NOBODY = "-"
"""In a subjects cell: none of the kit's subjects must appear. An empty cell leaves the kit's own choice."""

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One row of the file: which assets it is about, what they must show, how they came to be."""

    key: str
    brief: Brief
    provenance: Provenance
    line: int


def read_rows(path: Path) -> tuple[Row, ...]:
    """Read the rows of a CSV or JSONL file.

    Raises:
        BriefsError: The file cannot be read or has anything wrong in it; all problems together.
    """
    text = read_text(path)
    problems = Problems()
    is_jsonl = path.suffix.lower() in (".jsonl", ".ndjson", ".json") or text.lstrip()[:1] == "{"
    fields = jsonl_fields(text, path.name, problems) if is_jsonl else csv_fields(text, path.name, problems)
    rows = [row_of(found, line, Reporter(path.name, line, problems)) for line, found in fields]
    problems.raise_if_any(BriefsError)
    return tuple(rows)


def read_text(path: Path) -> str:
    """Return the text of a file, with or without a byte order mark."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise BriefsError(
            [Problem(Spot(str(path)), "", "a briefs file that can be read", error.strerror or "")]
        ) from None
    if len(data) > LARGEST_BYTES:
        raise BriefsError([Problem(Spot(path.name), "", f"a file of at most {LARGEST_BYTES // 10**6} MB", "more")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        got = f"byte 0x{data[error.start]:02x}"
        raise BriefsError([Problem(Spot(path.name, line, 1), "", "UTF-8 text", got, "save as UTF-8")]) from None


@dataclass(frozen=True)
class Reporter:
    """Notes problems of one line."""

    file: str
    line: int
    problems: Problems

    def add(self, key: str, expected: str, got: object, hint: str = "") -> None:
        """Note one problem."""
        self.problems.add(
            Problem(Spot(self.file, self.line, 1), shorten(key, 60), expected, shorten(str(got), 80), hint)
        )


def csv_fields(text: str, file: str, problems: Problems) -> Iterator[tuple[int, Fields]]:
    """Yield line and cells of every row; the separator is the one the header has most of."""
    header = re.sub(r'"[^"]*"', "", text.partition("\n")[0])
    separator = max((",", ";", "\t"), key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        check_header(names, Reporter(file, 1, problems))
        while True:
            line = reader.line_num + 1
            cells = next(reader, None)
            if cells is None:
                return
            if len(cells) != len(names) and any(cells):
                said = f"{len(cells)} cells"
                Reporter(file, line, problems).add(
                    "", f"{len(names)} cells, as in the header", said, "quote separators"
                )
            elif any(cell.strip() for cell in cells):
                yield line, dict(zip(names, cells, strict=True))
    except csv.Error as error:
        Reporter(file, reader.line_num, problems).add("", "valid CSV", error)


def check_header(names: list[str], reporter: Reporter) -> None:
    """Refuse a header with empty, doubled or nearly right names: a typo must not become a placeholder."""
    if not any(names):
        reporter.add("", f"a header with columns such as {', '.join(OF_BRIEF)}", "none")
    for index, name in enumerate(names):
        if not name and any(names):
            reporter.add(f"column {index + 1}", "a name for each column", "none")
        elif name in names[:index]:
            reporter.add(name, "each column once", f"{name!r} twice")
        check_name(name, reporter)


def check_name(name: str, reporter: Reporter) -> None:
    """Refuse a name that differs from a known one only by case, spaces or an s."""
    if name in COLUMNS:
        return
    plain = name.strip().lower().rstrip("s")
    meant = next((known for known in OF_BRIEF if known.rstrip("s") == plain), None)
    if meant is not None:
        reporter.add(name, "a known column or the name of a placeholder", repr(name), f"did you mean {meant}?")


def jsonl_fields(text: str, file: str, problems: Problems) -> Iterator[tuple[int, Fields]]:
    """Yield line and object of every line; numbers keep the digits they are written with."""
    for line, content in enumerate(text.split("\n"), start=1):
        if not content.strip():
            continue
        reporter = Reporter(file, line, problems)
        try:
            found = json.loads(content, parse_int=str, parse_float=str, object_pairs_hook=dict_once)
        except (ValueError, RecursionError) as error:
            reporter.add("", "one JSON object a line", error)
            continue
        if not isinstance(found, dict):
            reporter.add("", "one JSON object a line", content)
            continue
        for name in found:
            check_name(name, reporter)
        yield line, flattened(found, reporter)


def is_encodable(*texts: object) -> bool:
    """Whether every text has a UTF-8 form; JSON can spell halves of characters."""
    return not any("\ud800" <= sign <= "\udfff" for text in texts for sign in str(text))


def dict_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object, refusing a key that stands twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def flattened(found: dict[str, Any], reporter: Reporter) -> Fields:
    """Return an object with its `values` beside the other keys; None is as if the key were absent."""
    values = found.pop("values", None) or {}
    if not isinstance(values, dict) or set(values) & set(COLUMNS):
        reporter.add("values", "a mapping of placeholders", "something else")
        return found
    together = {name: value for name, value in {**found, **values}.items() if value is not None}
    for name, value in together.items():
        if not is_encodable(name, *(value if isinstance(value, list) else [value])):
            reporter.add(name, "text", "half of a surrogate pair", "which is no character: write both halves")
        is_list = isinstance(value, list) and name == "subjects" and all(isinstance(part, str) for part in value)
        if not is_list and not isinstance(value, str):
            reporter.add(name, "text" if name != "subjects" else "a list of text", value)
    return {name: value for name, value in together.items() if isinstance(value, (str, list))}


def row_of(fields: Fields, line: int, reporter: Reporter) -> Row:
    """Return the row that some fields make."""
    text = {name: value.strip() for name, value in fields.items() if isinstance(value, str)}
    key = normalised(text.get("asset", ""))
    brief = Brief(
        id=key or f"line {line}",
        subjects=subjects_of(fields.get("subjects", "")),
        values={name: value for name, value in text.items() if name not in COLUMNS and value},
        placement=text.get("placement", ""),
        locale=text.get("locale", ""),
        prompt=text.get("prompt", ""),
    )
    return Row(key, brief, provenance_of(text, reporter), line)


def normalised(key: str) -> str:
    """Return a key with / between folders, without a leading ./."""
    return key.replace("\\", "/").removeprefix("./")


def subjects_of(cell: str | list[str]) -> tuple[str, ...] | None:
    """Read "sneaker|maya": None where the cell is empty, () where it is "-"."""
    if isinstance(cell, list):
        return tuple(cell)
    names = tuple(name.strip() for name in cell.replace(";", "|").split("|") if name.strip())
    return None if not names else () if names == (NOBODY,) else names


def provenance_of(text: Mapping[str, str], reporter: Reporter) -> Provenance:
    """Return how the assets came to be, as the row says."""
    return Provenance(
        generator=text.get("generator", ""),
        model=text.get("model", ""),
        prompt=text.get("prompt", ""),
        seed=whole(text, "seed", reporter),
        phase=text.get("phase", ""),
        cost=amount(text, "cost", reporter),
        seconds=amount(text, "seconds", reporter),
        guide=text.get("guide", ""),
    )


def whole(text: Mapping[str, str], name: str, reporter: Reporter) -> int | None:
    """Read a whole number, None where the cell is empty."""
    said = text.get(name, "")
    digits = said.removeprefix("-")
    if said and not (digits.isascii() and digits.isdigit() and len(digits) <= 20):
        reporter.add(name, "a whole number", repr(said))
        return None
    return int(said) if said else None


def amount(text: Mapping[str, str], name: str, reporter: Reporter) -> float | None:
    """Read a number ≥ 0, None where the cell is empty."""
    said = text.get(name, "")
    try:
        number = float(said) if said else None
    except ValueError:
        number = -1.0
    if number is not None and not 0 <= number < float("inf"):
        reporter.add(name, "a number ≥ 0", repr(said))
        return None
    return number
