"""Arguments become assets: every named file is judged, none twice, none silently left out."""

import os
from pathlib import Path

import pytest

from consistency.errors import InputError
from qa.cli.collecting import collect


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("a/one.png", "a/sub/two.JPG", "b/one.png", "a/notes.txt", "a/.hidden.png", "a/__MACOSX/x.png"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(*arguments: str, leave_out: tuple[Path, ...] = ()) -> list[str]:
    return [found.name for found in collect(arguments, leave_out).assets]


def test_a_folder_is_searched_and_names_are_relative_to_it(here: Path) -> None:
    assert names("a") == ["one.png", "sub/two.JPG"]
    assert names(str(here / "a")) == ["one.png", "sub/two.JPG"]


def test_what_is_no_picture_is_listed_as_ignored(here: Path) -> None:
    assert sorted(path.name for path in collect(["a"]).ignored) == [".hidden.png", "notes.txt", "x.png"]


def test_several_folders_are_told_apart_by_their_names(here: Path) -> None:
    assert names("a", "b") == ["a/one.png", "a/sub/two.JPG", "b/one.png"]


def test_folders_of_one_name_are_told_apart_by_their_paths(here: Path) -> None:
    (here / "c/a").mkdir(parents=True)
    (here / "c/a/one.png").write_bytes(b"c")
    assert names("a", "c/a") == ["a/one.png", "a/sub/two.JPG", "c/a/one.png"]


def test_a_named_file_is_judged_whatever_it_is_called(here: Path) -> None:
    assert names("a/notes.txt", "a/missing.png") == ["a/notes.txt", "a/missing.png"]


def test_globs_match_files_and_may_match_none(here: Path) -> None:
    assert names("a/[os]*/**/*.[pJ]*", "a/o*") == ["a/sub/two.JPG", "a/one.png"]
    assert names("nothing/*.png") == []


def test_a_file_whose_name_looks_like_a_glob_is_itself(here: Path) -> None:
    (here / "a[1].png").write_bytes(b"x")
    assert names("a[1].png") == ["a[1].png"]


def test_a_file_is_judged_once_however_often_it_is_named(here: Path) -> None:
    assert names("a", "a/one.png", "./a/one.png", str(here / "a/one.png")) == ["one.png", "sub/two.JPG"]


def test_absolute_files_are_named_after_what_they_do_not_share(here: Path) -> None:
    assert names(str(here / "a/one.png"), str(here / "b/one.png")) == ["a/one.png", "b/one.png"]
    assert names(str(here / "a/one.png")) == ["one.png"]


def test_names_stay_unique(here: Path) -> None:
    assert names("b", str(here / "a/one.png")) == ["one.png", "one (2).png"]


def test_the_folders_this_run_writes_are_not_judged(here: Path) -> None:
    assert names(".", leave_out=(Path("a/sub"), Path("b"))) == ["a/one.png"]


def test_an_error_while_walking_is_not_swallowed(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("sub"):
            raise PermissionError(13, "Permission denied", str(path))
        return listing(path)

    monkeypatch.setattr(os, "scandir", scandir)
    with pytest.raises(InputError, match="Permission denied"):
        collect(["a"])


def test_an_argument_without_a_picture_is_told_even_beside_others(here: Path) -> None:
    (here / "none").mkdir()
    assert collect(["a", "none", "b/*.jpg", "b/*.png"]).empty == ("none", "b/*.jpg")


def test_a_link_to_nowhere_that_a_glob_matches_is_judged(here: Path) -> None:
    (here / "b/gone.png").symlink_to("nowhere")
    assert names("b/*.png") == ["b/gone.png", "b/one.png"]


def test_linked_folders_are_told_and_not_looked_into(here: Path) -> None:
    (here / "a/round").symlink_to(here / "a")
    assert names("a") == ["one.png", "sub/two.JPG"]
    assert [path.name for path in collect(["a"]).linked] == ["round"]


def test_a_name_too_long_for_any_file_is_judged_as_missing(here: Path) -> None:
    assert len(names("x" * 5000 + ".png", "a/one.png")) == 2


@pytest.mark.skipif(os.name != "posix", reason="names of bytes")
def test_names_that_reports_would_write_alike_are_told_apart(here: Path) -> None:
    Path(os.fsdecode(b"b/\xff.png")).write_bytes(b"1")
    (here / "b/\\udcff.png").write_bytes(b"2")
    assert len({name.encode("utf-8", "backslashreplace") for name in names("b")}) == 3
