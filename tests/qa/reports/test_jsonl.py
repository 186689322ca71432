"""The stored run: whole lines whatever ends it, and nothing newer or damaged taken for it."""

import io
import json
from pathlib import Path

import pytest

from consistency.errors import StoredFormatError
from qa.reports.jsonl import read_run, render, write_record
from qa.reports.records import verdict_from_record, verdict_record
from sample_run import sample_run, verdict, verdicts


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
