"""The stored form of a run: one JSON record per line, valid up to its last whole line whatever ends the run."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from consistency.errors import StoredFormatError
from consistency.region import Box
from consistency.runtime.stored import canonical_json, read_format
from qa.reports.parts import Record
from qa.reports.records import BATCH, RUN, VERDICT, VERSION
from qa.reports.shape import check_shape

FORMS = (RUN, VERDICT, BATCH)

PICTURES = "pictures"
"""Folder beside a stored run that holds its previews, `<asset key>.jpg`, and close-ups beside them."""


@dataclass(frozen=True)
class StoredRun:
    """A run as reports read it.

    Attributes:
        run: What it was started with.
        verdicts: One record per asset, in input order.
        batch: Batch findings and summary, or None where the run did not get that far.
        is_torn: Whether the last line was cut off and left out.
        pictures: Folder with previews `<asset key>.jpg`, where there is one.
    """

    run: Record
    verdicts: tuple[Record, ...]
    batch: Record | None = None
    is_torn: bool = False
    pictures: Path | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every asset was judged."""
        return self.batch is not None and self.batch["complete"] is True

    def preview(self, key: str) -> bytes | None:
        """Return the small JPEG of an asset, where it was kept."""
        return self._picture(key, picture_name(key))

    def closeup(self, key: str, part: Box) -> bytes | None:
        """Return the JPEG of a part of an asset, where it was kept."""
        return self._picture(key, picture_name(key, part))

    def _picture(self, key: str, name: str) -> bytes | None:
        path = self.pictures / name if self.pictures is not None and key.isalnum() else None
        return path.read_bytes() if path is not None and path.is_file() else None


def picture_name(key: str, part: Box | None = None) -> str:
    """Return the name of the file with an asset's preview, or with a part of it."""
    return f"{key}.jpg" if part is None else f"{key}-{part.left}-{part.top}-{part.width}x{part.height}.jpg"


def write_record(record: Record, streams: Sequence[BinaryIO]) -> Record:
    """Write a record as a line to each stream, flushed, and return it as it will be read back."""
    line = line_of(record)
    for stream in streams:
        rest = memoryview(line.encode())
        while rest:  # an unbuffered file may take less than it is given, as on a disk that is nearly full
            rest = rest[stream.write(rest) :]
        stream.flush()
    stored: Record = json.loads(line)
    return stored


def line_of(record: Record) -> str:
    """Return a record as a line of canonical JSON; lone surrogates of file names are replaced."""
    return canonical_json(encodable(record)) + "\n"


def encodable(value: object) -> object:
    """Return JSON content whose texts all have a UTF-8 form: undecodable bytes of a file name become \\udcXX."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {encodable(key): encodable(item) for key, item in value.items()}
    return [encodable(item) for item in value] if isinstance(value, (list, tuple)) else value


def render(run: StoredRun) -> str:
    """Return the run as JSON lines."""
    records = [run.run, *run.verdicts, *([run.batch] if run.batch else [])]
    return "".join(line_of(record) for record in records)


def read_run(path: Path) -> StoredRun:
    """Read a stored run. A torn last line is left out and said so.

    Raises:
        StoredFormatError: Not a stored run, damaged before its last line, or written by a newer version.
        OSError: The file cannot be read.
    """
    content = path.read_bytes()
    lines = content.split(b"\n")
    torn = lines.pop()
    records = list(read_lines(line for line in lines if line.strip()))
    is_torn = bool(torn.strip())
    if is_torn and is_whole(torn):
        records += read_lines([torn])
        is_torn = False
    pictures = path.parent / PICTURES
    return assemble(records, is_torn, pictures if pictures.is_dir() else None)


def read_lines(lines: Iterable[bytes]) -> Iterator[Record]:
    """Yield the record of each line, brought to this version.

    Raises:
        StoredFormatError: With the number of the line.
    """
    for number, line in enumerate(lines, 1):
        try:
            form = json.loads(line).get("format")
        except (ValueError, AttributeError) as error:
            raise StoredFormatError(f"a JSON record on line {number}", error, "the file is damaged") from error
        if form not in FORMS:
            raise StoredFormatError(f"one of {', '.join(FORMS)} on line {number}", form, "give the .jsonl of `qa gate`")
        record = read_format(line, form, VERSION)
        check_shape(record, number)
        yield record


def is_whole(line: bytes) -> bool:
    """Whether a last line without its line end is a whole record all the same."""
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def assemble(records: list[Record], is_torn: bool, pictures: Path | None) -> StoredRun:
    """Put the records of a file together.

    Raises:
        StoredFormatError: The first record is no `qa.run`, another run begins later on, or verdicts are missing.
    """
    forms = [record["format"] for record in records]
    if forms[:1] != [RUN] or forms.count(RUN) > 1:
        got = forms[0] if forms else "an empty file"
        raise StoredFormatError("one run, beginning with its qa.run record", got, "give the .jsonl of one `qa gate`")
    verdicts = tuple(record for record in records if record["format"] == VERDICT)
    batches = [record for record in records if record["format"] == BATCH]
    if batches and batches[-1]["summary"]["assets"] != len(verdicts):
        counted = f"{len(verdicts)}, of {batches[-1]['summary']['assets']} that the end of the run counts"
        raise StoredFormatError("every verdict of the run", counted, "lines were lost or added; run the gate again")
    return StoredRun(records[0], verdicts, batches[-1] if batches else None, is_torn, pictures)
