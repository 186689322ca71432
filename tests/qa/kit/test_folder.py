import os
from pathlib import Path

import pytest

from qa.kit import folder as limits
from qa.kit.kit import BrandKit
from qa.kit.problems import KitError
from sample_sections import SECTIONS, Subjects


def refused(folder: Path) -> str:
    with pytest.raises(KitError) as caught:
        BrandKit.load(folder, sections=SECTIONS)
    return str(caught.value)


def references(folder: Path, patterns: str) -> None:
    (folder / "brand.yaml").write_text(f"kit: 1\nsubjects:\n  s:\n    references: {patterns}\n")


@pytest.mark.parametrize(
    ("patterns", "said"),
    [
        (
            "[refs/a.jpg, refs/bb.jpg]",
            "brand.yaml:4:30 subjects.s.references[1]: Expected a file of the kit, got 'refs/bb.jpg'; ",
        ),
        (
            "ref/*.jpg",
            "brand.yaml:4:17 subjects.s.references: Expected files that match, got 'ref/*.jpg'; the nearest is refs/",
        ),
        (
            "[refs/*.webp, nothing-like-it-at-all]",
            "brand.yaml:4:18 subjects.s.references[0]: Expected files that match",
        ),
        ("[refs]", "Expected a file of the kit, got 'refs'"),
        ("['../acme/refs/a.jpg']", 'leave out "..", "." and empty parts'),
        ("['/etc/passwd']", "copy the file into the kit's folder"),
    ],
)
def test_a_missing_reference_is_located_and_the_nearest_file_named(folder: Path, patterns: str, said: str) -> None:
    references(folder, patterns)
    assert said in refused(folder)


def test_every_missing_file_is_reported(folder: Path) -> None:
    references(folder, "[x.jpg, refs/a.jpg, y/*.png]")
    assert len(refused(folder).splitlines()) == 2


def test_a_link_that_leads_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "refs" / "link.jpg").symlink_to(tmp_path / "secret.txt")
    assert "a link that leads out" in refused(folder)
    references(folder, "[up/secret.txt]")
    (folder / "up").symlink_to(tmp_path)
    assert "a link that leads out" in refused(folder)


def test_a_link_inside_the_folder_is_followed(folder: Path) -> None:
    (folder / "refs" / "z.jpg").symlink_to(folder / "refs" / "a.jpg")
    assert BrandKit.load(folder, sections=SECTIONS).files["refs/z.jpg"] == b"bytes of a.jpg"


def test_the_folder_itself_may_be_a_link(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "linked").symlink_to(folder)
    assert len(BrandKit.load(tmp_path / "linked", sections=SECTIONS).files) == 3


def test_pipes_and_dangling_links_are_refused_and_never_waited_for(folder: Path) -> None:
    os.mkfifo(folder / "refs" / "pipe.jpg")
    assert "a plain file" in refused(folder)
    (folder / "refs" / "pipe.jpg").unlink()
    (folder / "refs" / "gone.jpg").symlink_to(folder / "nowhere")
    assert "Expected a readable file, got 'refs/gone.jpg'" in refused(folder)


def test_hidden_files_do_not_join_a_glob(folder: Path) -> None:
    (folder / "refs" / "._a.jpg").write_bytes(b"resource fork")
    assert len(BrandKit.load(folder, sections=SECTIONS).files) == 3


def test_names_with_signs_of_a_glob_can_be_named(folder: Path) -> None:
    (folder / "refs" / "a[1].jpg").write_bytes(b"1")
    references(folder, "['refs/a[1].jpg']")
    kit = BrandKit.load(folder, sections=SECTIONS)
    assert list(kit.files) == ["refs/a[1].jpg"]
    assert kit.expand(kit.section("subjects", Subjects).root["s"].references[0]) == ("refs/a[1].jpg",)


def test_too_large_and_too_many_files_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_FILES", 2)
    assert "at most 2 files in a kit" in refused(folder)
    monkeypatch.setattr(limits, "MOST_FILES", 10)
    monkeypatch.setattr(limits, "LARGEST_FILE_BYTES", 13)
    assert "files of at most 0 MB" in refused(folder)


def test_thousands_of_missing_files_are_not_all_looked_for(folder: Path) -> None:
    references(folder, "[" + ", ".join(f"no{number}.jpg" for number in range(5000)) + "]")
    assert len(refused(folder).splitlines()) == 50


def test_a_folder_that_is_no_kits_folder_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_WALKED", 2)
    assert "give the kit its own folder" in refused(folder)
