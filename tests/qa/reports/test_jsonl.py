"""The stored run: whole lines whatever ends it, and nothing newer or damaged taken for it."""

import io
import json
from collections.abc import Iterator
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consistency.errors import StoredFormatError
from qa.reports.formats import load_format
from qa.reports.jsonl import read_run, render, write_record
from qa.reports.records import verdict_from_record, verdict_record
from sample_run import sample_run, verdict, verdicts

BAIT = "<script>alert(1)</script>"


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "run.jsonl"
    path.write_text(render(sample_run()), encoding="utf-8")
    return path


def test_a_run_reads_back_as_it_was_written(stored: Path) -> None:
    run = read_run(stored)
    assert [verdict_from_record(record) for record in run.verdicts] == verdicts()
    assert run.is_complete
    assert not run.is_torn
    assert render(run) == stored.read_text(encoding="utf-8")


def test_every_line_is_a_record_in_order(stored: Path) -> None:
    forms = [json.loads(line)["format"] for line in stored.read_text(encoding="utf-8").splitlines()]
    assert forms == ["qa.run", *["qa.verdict"] * len(verdicts()), "qa.batch"]


def test_a_run_killed_in_any_byte_is_valid_up_to_its_last_whole_line(stored: Path) -> None:
    content = stored.read_bytes()
    first = content.index(b"\n") + 1
    for cut in range(first, len(content), 997):
        stored.write_bytes(content[:cut])
        run = read_run(stored)
        assert len(run.verdicts) == content[:cut].count(b"\n") - 1
        assert run.is_torn == (content[cut - 1 : cut] != b"\n")
        assert not run.is_complete


def test_a_last_line_that_only_lacks_its_line_end_counts(stored: Path) -> None:
    stored.write_bytes(stored.read_bytes().rstrip(b"\n"))
    assert read_run(stored).is_complete


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: [lines[0].replace('"version":1', '"version":2'), *lines[1:]], "newer release"),
        (lambda lines: [lines[0], lines[1].replace('"version":1', '"version":7'), *lines[2:]], "newer release"),
        (lambda lines: [lines[0], "{torn", *lines[1:]], "line 2"),
        (lambda lines: lines[1:], "qa.run"),
        (lambda lines: [*lines, lines[0]], "one run"),
        (lambda lines: ["[]", *lines], "line 1"),
        (lambda lines: ['{"format": "qa.kit"}', *lines], "line 1"),
        (lambda lines: [], "empty"),
    ],
)
def test_a_file_that_is_not_one_whole_run_is_refused(stored: Path, change, said: str) -> None:
    lines = stored.read_text(encoding="utf-8").splitlines()
    stored.write_text("".join(f"{line}\n" for line in change(lines)), encoding="utf-8")
    with pytest.raises(StoredFormatError, match=said):
        read_run(stored)


def test_a_name_that_is_no_utf8_is_written_all_the_same() -> None:
    stream = io.BytesIO()
    stored = write_record(verdict_record(verdict("a\udc80.png")), [stream])
    assert stored == json.loads(stream.getvalue())
    assert json.loads(stream.getvalue())["asset"]["name"] == "a\\udc80.png"


def test_pictures_are_found_beside_the_file(stored: Path, tmp_path: Path) -> None:
    sample_run(tmp_path)
    run = read_run(stored)
    assert run.preview(run.verdicts[0]["asset"]["key"]).startswith(b"\xff\xd8")
    assert run.preview("e" * 64) is None
    assert run.preview("../../etc/passwd") is None


def parts(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    if path:
        yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in items:
        yield from parts(part, (*path, name))


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_run_with_any_part_of_another_type_is_refused_or_rendered_escaped(data: st.DataObject) -> None:
    records = [json.loads(line) for line in render(sample_run()).splitlines()]
    record = data.draw(st.sampled_from(records))
    *way, last = data.draw(st.sampled_from([p for p in parts(record) if p[0] not in ("format", "version")]))
    holder = reduce(lambda part, name: part[name], way, record)
    holder[last] = data.draw(st.sampled_from([BAIT, None, -1, 1e308, 10**400, [], {}, [BAIT], {"a": BAIT}, True]))
    with TemporaryDirectory() as folder:
        file = Path(folder, "run.jsonl")
        file.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        try:
            run = read_run(file)
        except StoredFormatError:
            return
        pages = [load_format(name)(run) for name in ("text", "json", "jsonl", "junit", "html")]
        assert BAIT not in pages[3]
        assert BAIT not in pages[4]


def test_a_missing_part_is_named_with_its_line(stored: Path) -> None:
    lines = stored.read_text(encoding="utf-8").splitlines()
    record = json.loads(lines[1])
    del record["asset"]["key"]
    stored.write_text("\n".join([lines[0], json.dumps(record), *lines[2:]]) + "\n", encoding="utf-8")
    with pytest.raises(StoredFormatError, match=r"asset\.key on line 2"):
        read_run(stored)


def test_a_finished_run_that_lost_a_verdict_is_refused(stored: Path) -> None:
    lines = stored.read_text(encoding="utf-8").splitlines(keepends=True)
    stored.write_text("".join([lines[0], *lines[2:]]), encoding="utf-8")
    with pytest.raises(StoredFormatError, match="every verdict"):
        read_run(stored)


class Sips(io.BytesIO):
    """A stream that takes a few bytes at a time, as raw files may."""

    def write(self, data: Any) -> int:
        return super().write(bytes(data)[:7])


def test_a_stream_that_takes_less_than_it_is_given_gets_the_rest() -> None:
    stream = Sips()
    write_record(verdict_record(verdict("a.png")), [stream])
    assert json.loads(stream.getvalue())["asset"]["name"] == "a.png"
    assert stream.getvalue().endswith(b"}\n")
