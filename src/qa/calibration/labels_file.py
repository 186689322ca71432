"""Reading a file of labels, CSV: whatever is wrong is reported with line and column, all of it together."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from consistency.errors import shorten
from qa.calibration.label_rows import Label, LabelReader, Row
from qa.kit.problems import Problem, Problems, ProblemsError, Spot

LARGEST_BYTES = 100_000_000
"""As of a file of briefs."""

MEASURED = ("value", "model")
NEEDED = ("rule", "ok_or_bad", "source", *MEASURED)
COLUMNS = (*NEEDED, "asset", "key", "group", "kit", "inclusion", "decision", "reason")


Measure = Callable[[Sequence[Row]], Sequence[Row]]
"""What gives rows their value and model."""


class LabelsError(ProblemsError):
    """A file of labels that cannot be used."""

    code = "labels.invalid"


@dataclass(frozen=True)
class LabelsFile:
    """The labels of a file.

    Attributes:
        labels: Those that speak for a rule, in the file's order, each asset once a rule.
        left_out: Why rows are not among them → how many.
        sha256: Of the file's bytes.
        unanswered: Rule → rows with a value that nobody filled in.
    """

    labels: tuple[Label, ...]
    left_out: Mapping[str, int]
    sha256: str
    unanswered: Mapping[str, int]


def read_labels(
    path: Path,
    rules: Collection[str],
    is_other: Callable[[str], bool] = lambda _rule: False,
    *,
    measure: Measure | None = None,
) -> LabelsFile:
    """Read labels, as `qa gate --labels-out` writes them and a person has filled them in, or as somebody wrote them.

    Args:
        path: CSV with a header; columns separated by commas, semicolons or tabs.
        rules: Rules that can be calibrated.
        is_other: Whether a rule is known and cannot be; its rows are left out.
        measure: What measures the rows of a file without the columns `value` and `model`; None refuses such a file.

    Raises:
        LabelsError: The file cannot be read or has anything wrong in it; all problems together.
    """
    data = read_bytes(path)
    problems = Problems()
    reader = LabelReader(rules, is_other)
    left_out: Counter[str] = Counter()
    rows: Sequence[Row] = list(csv_rows(decoded(data, path.name), path.name, problems, is_measured=measure is None))
    if measure is not None and rows and not {*MEASURED} & {*rows[0].names}:
        rows = measure(rows)
    for row in rows:
        if why := reader.take(row):
            left_out[why] += 1
    problems.raise_if_any(LabelsError)
    labels, sha256 = tuple(reader.labels.values()), hashlib.sha256(data).hexdigest()
    return LabelsFile(labels, dict(left_out), sha256, dict(reader.unanswered))


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file that is not too large."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_BYTES + 1)
    except OSError as error:
        said = error.strerror or ""
        raise LabelsError([Problem(Spot(str(path)), "", "a file of labels that can be read", said)]) from None
    if len(data) > LARGEST_BYTES:
        raise LabelsError([Problem(Spot(path.name), "", f"a file of at most {LARGEST_BYTES // 10**6} MB", "more")])
    return data


def decoded(data: bytes, file: str) -> str:
    """Return the text of a file, with or without a byte order mark."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        got = f"byte 0x{data[error.start]:02x}"
        raise LabelsError([Problem(Spot(file, line, 1), "", "UTF-8 text", got, "save as UTF-8")]) from None


def csv_rows(text: str, file: str, problems: Problems, *, is_measured: bool = True) -> Iterator[Row]:
    """Yield the rows of a CSV, measured ones or others; the separator is the one the header has most of."""
    header = re.sub(r'"[^"]*"', "", text.partition("\n")[0])
    separator = max((",", ";", "\t"), key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        names = [name.strip() for name in next(reader, [])]
        needed = NEEDED if is_measured or {*MEASURED} & {*names} else NEEDED[: -len(MEASURED)]
        if not is_header(names, needed, file, problems):
            return
        while True:
            line = reader.line_num + 1
            cells = next(reader, None)
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield from rows_of(names, cells, Spot(file, line, 1), problems)
    except csv.Error as error:
        problems.add(Problem(Spot(file, reader.line_num, 1), "", "valid CSV", shorten(str(error))))


def rows_of(names: list[str], cells: list[str], spot: Spot, problems: Problems) -> Iterator[Row]:
    """Yield the row that some cells make, or note that there are too few or too many."""
    if len(cells) != len(names):
        wanted, got = f"{len(names)} cells, as in the header", f"{len(cells)} cells"
        problems.add(Problem(spot, "", wanted, got, "quote separators"))
    else:
        yield Row(names, cells, spot, problems)


def is_header(names: list[str], needed: Sequence[str], file: str, problems: Problems) -> bool:
    """Whether every column that is needed is there, once; notes what is wrong."""
    spot = Spot(file, 1, 1)
    missing = [name for name in needed if name not in names]
    for name in missing:
        near = get_close_matches(name, [each for each in names if each not in COLUMNS], n=1)
        hint = f"is it {shorten(near[0])!r}?" if near else "`qa gate --labels-out` writes all of them"
        problems.add(Problem(spot, name, "this column in the header", "none", hint))
    if not {"asset", "key"} & set(names):
        problems.add(Problem(spot, "asset", "this column or `key` in the header", "neither"))
    for index, name in enumerate(names):
        if name in COLUMNS and name in names[:index]:
            problems.add(Problem(Spot(file, 1, index + 1), name, "each column once", f"{name!r} twice"))
    return not problems.found
