"""Sorting links and never overwrites; labels are ready to fill in and never lost."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from consistency.errors import InputError
from qa.cli import sorting
from qa.cli.labels import COLUMNS, check_free, write_labels
from qa.cli.sorting import check_target, safe_name, sort_into
from qa.reports.records import verdict_record
from sample_run import HOSTILE, RAISED, UNSURE, WRONG_COLOR, WRONG_SUBJECT, verdict


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def sources(tmp_path: Path) -> dict[str, Path]:
    found = {}
    for name in ("a.png", "sub/b.png", "c.png", "d.png"):
        found[name] = tmp_path / "out" / name
        found[name].parent.mkdir(parents=True, exist_ok=True)
        found[name].write_bytes(name.encode())
    return found


RECORDS = [
    verdict_record(verdict("a.png")),
    verdict_record(verdict("sub/b.png", [WRONG_COLOR])),
    verdict_record(verdict("c.png", [UNSURE])),
    verdict_record(verdict("d.png", [WRONG_SUBJECT, RAISED])),
]


def test_each_asset_is_linked_where_it_belongs(tmp_path: Path, sources: dict[str, Path]) -> None:
    target = tmp_path / "sorted"
    assert sort_into(target, RECORDS, sources) == 4
    assert files(target) == ["accept/a.png", "fix/sub/b.png", "reject/d.png", "review/c.png"]
    assert (target / "accept/a.png").read_bytes() == b"a.png"
    assert all(path.exists() for path in sources.values())


def test_sorting_twice_adds_nothing(tmp_path: Path, sources: dict[str, Path]) -> None:
    target = tmp_path / "sorted"
    sort_into(target, RECORDS, sources)
    before = files(target)
    assert sort_into(target, RECORDS, sources) == 4
    assert files(target) == before


def test_a_file_in_the_way_is_kept(tmp_path: Path, sources: dict[str, Path]) -> None:
    target = tmp_path / "sorted"
    (target / "accept").mkdir(parents=True)
    (target / "accept/a.png").write_bytes(b"somebody's")
    sort_into(target, RECORDS, sources)
    assert (target / "accept/a.png").read_bytes() == b"somebody's"
    assert (target / "accept/a (2).png").read_bytes() == b"a.png"


def test_where_links_fail_it_copies(tmp_path: Path, sources: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(sorting.os, "link", refuse)
    monkeypatch.setattr(sorting.os, "symlink", refuse)
    sort_into(tmp_path / "sorted", RECORDS, sources)
    copy = tmp_path / "sorted/accept/a.png"
    assert copy.read_bytes() == b"a.png"
    assert not copy.samefile(sources["a.png"])


def test_a_missing_asset_is_left_out(tmp_path: Path, sources: dict[str, Path]) -> None:
    sources["a.png"].unlink()
    assert sort_into(tmp_path / "sorted", RECORDS, sources) == 3


@pytest.mark.parametrize("name", ["../../x.png", "/etc/x.png", "..", "a/../../b.png"])
def test_no_name_leaves_the_folder(name: str, tmp_path: Path) -> None:
    assert (tmp_path / safe_name(name)).resolve().is_relative_to(tmp_path.resolve())


def test_sorting_into_the_inputs_is_refused(tmp_path: Path, sources: dict[str, Path]) -> None:
    with pytest.raises(InputError, match="outside"):
        check_target(tmp_path / "out/sorted", [tmp_path / "out"])
    with pytest.raises(InputError, match="outside"):
        check_target(tmp_path / "out", [tmp_path / "out"])
    check_target(tmp_path / "sorted", [tmp_path / "out"])


def read(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_undecided_rules_are_the_queue(tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    assert write_labels(file, RECORDS) == 2
    first, second = read(file)
    assert tuple(first) == COLUMNS
    assert (first["asset"], first["rule"], first["source"], first["group"]) == (
        "c.png",
        "identity.tonic.subject",
        "queue",
        "summer",
    )
    assert (first["value"], first["model"]) == ("0.6421", "efficientnet_lite0:579344248a93")
    assert first["ok_or_bad"] == ""
    assert second["rule"] == "sharpness"


def test_the_audit_is_drawn_at_random_whatever_was_decided(tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    write_labels(file, [verdict_record(verdict("a.png", [WRONG_SUBJECT], audit=True))])
    whole, rule = read(file)
    assert (whole["rule"], whole["source"], whole["decision"]) == ("", "random", "reject")
    assert (rule["rule"], rule["source"]) == ("identity.tonic.subject", "random")


def test_the_chance_of_each_row_is_known_where_there_is_an_audit(tmp_path: Path) -> None:
    """All that is undecided gets into the file, of the rest the audit's share."""
    made = [verdict("a.png", [WRONG_SUBJECT], audit=True), verdict("b.png", [UNSURE], audit=True)]
    records = [verdict_record(one) for one in (*made, verdict("c.png", [UNSURE]))]
    write_labels(tmp_path / "look.csv", records, audit=0.02)
    found = [(row["asset"], row["rule"], row["source"], row["inclusion"]) for row in read(tmp_path / "look.csv")]
    rule = "identity.tonic.subject"
    assert found == [
        ("a.png", "", "random", "0.02"),
        ("a.png", rule, "random", "0.02"),
        ("b.png", "", "random", "0.02"),
        ("b.png", rule, "random", "1"),
        ("c.png", rule, "queue", "1"),
    ]
    write_labels(tmp_path / "none.csv", records)
    assert {row["inclusion"] for row in read(tmp_path / "none.csv")} == {""}


def test_what_is_nearer_to_another_subject_has_no_value_to_calibrate(tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    other = replace(WRONG_SUBJECT, code="identity.not_like")
    write_labels(file, [verdict_record(verdict("a.png", [other], audit=True))])
    assert read(file)[1]["value"] == ""


def test_no_row_breaks_a_line_or_is_a_formula(tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    made = [verdict(HOSTILE, [UNSURE]), verdict("=HYPERLINK(1)", [UNSURE])]
    write_labels(file, [verdict_record(one) for one in made])
    assert len(file.read_text(encoding="utf-8").splitlines()) == 3
    assert read(file)[1]["asset"] == "'=HYPERLINK(1)"


def test_a_file_of_labels_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    file.write_text("filled in", encoding="utf-8")
    with pytest.raises(InputError, match="may hold labels"):
        check_free(file)
    with pytest.raises(FileExistsError):
        write_labels(file, RECORDS)


def test_what_another_run_decides_otherwise_changes_its_folder(tmp_path: Path, sources: dict[str, Path]) -> None:
    target = tmp_path / "sorted"
    sort_into(target, RECORDS, sources)
    sort_into(target, [verdict_record(verdict("a.png", [WRONG_SUBJECT]))], sources)
    assert files(target) == ["fix/sub/b.png", "reject/a.png", "reject/d.png", "review/c.png"]
    assert sources["a.png"].read_bytes() == b"a.png"


def test_an_asset_that_lies_in_the_sorted_folders_itself_is_never_taken_away(tmp_path: Path) -> None:
    own = tmp_path / "sorted/accept/a.png"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"a")
    sort_into(tmp_path / "sorted", [verdict_record(verdict("a.png", [WRONG_SUBJECT]))], {"a.png": own})
    assert own.read_bytes() == b"a"


def test_a_file_that_the_asset_is_a_link_to_is_never_taken_away(tmp_path: Path) -> None:
    own = tmp_path / "sorted/accept/a.png"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"a")
    (tmp_path / "a.png").symlink_to(own)
    sort_into(tmp_path / "sorted", [verdict_record(verdict("a.png", [WRONG_SUBJECT]))], {"a.png": tmp_path / "a.png"})
    assert own.read_bytes() == b"a"


@pytest.mark.parametrize("place", ["file", "sorted/accept"])
def test_a_folder_that_cannot_be_made_is_refused_before_anything_is_judged(tmp_path: Path, place: str) -> None:
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text("")
    with pytest.raises(InputError, match="a folder that can be written"):
        check_target(tmp_path / ("sorted" if "/" in place else "file/sorted"), [])


def test_labels_that_cannot_be_written_are_refused_before_anything_is_judged(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link.csv").symlink_to(tmp_path / "nowhere")
    for place in ("file/look.csv", "link.csv"):
        with pytest.raises(InputError):
            check_free(tmp_path / place)


def test_trying_whether_a_place_can_be_written_leaves_nothing_there(tmp_path: Path) -> None:
    check_target(tmp_path / "a/sorted", [])
    check_free(tmp_path / "b/look.csv")
    assert list(tmp_path.iterdir()) == []
