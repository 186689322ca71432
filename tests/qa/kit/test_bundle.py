import json
import zipfile
from pathlib import Path

import pytest

from consistency.errors import StoredFormatError
from qa.kit.kit import BrandKit
from qa.kit.problems import KitError
from sample_sections import SECTIONS, Colors


@pytest.fixture
def bundle(folder: Path, tmp_path: Path) -> Path:
    return BrandKit.load(folder, sections=SECTIONS).bundle(tmp_path / "acme.kit")


def load(path: Path) -> BrandKit:
    return BrandKit.load(path, sections=SECTIONS)


def rewritten(bundle: Path, change: dict[str, bytes | None], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(bundle) as archive:
        parts: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(bundle, "w", compression) as archive:
        for name, data in {**parts, **change}.items():
            if data is not None:
                archive.writestr(name, data)
    return bundle


def changed_index(bundle: Path, **change: object) -> Path:
    with zipfile.ZipFile(bundle) as archive:
        index = json.loads(archive.read("kit.json"))
    return rewritten(bundle, {"kit.json": json.dumps({**index, **change}).encode()})


def test_a_bundle_is_the_same_kit_without_its_folder(folder: Path, bundle: Path) -> None:
    kit = load(folder)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    sent = load(bundle)
    assert (sent.hash, sent.name, dict(sent.files)) == (kit.hash, kit.name, dict(kit.files))
    assert sent.section("colors", Colors) == kit.section("colors", Colors)
    assert sent.expand("refs/*.jpg") == kit.expand("refs/*.jpg")


def test_equal_kits_make_equal_files(folder: Path, bundle: Path, tmp_path: Path) -> None:
    assert load(folder).bundle(tmp_path / "again.kit").read_bytes() == bundle.read_bytes()
    assert load(bundle).bundle(tmp_path / "twice.kit").read_bytes() == bundle.read_bytes()


@pytest.mark.parametrize(
    "change", [{"0": b"other bytes"}, {"0": None}, {"kit.json": b"{}"}, {"kit.json": b"["}, {"kit.json": None}]
)
def test_a_bundle_that_was_changed_is_refused(bundle: Path, change: dict[str, bytes | None]) -> None:
    with pytest.raises(StoredFormatError):
        load(rewritten(bundle, change))


@pytest.mark.parametrize(
    "change",
    [
        {"hash": "0" * 64},
        {"version": 2},
        {"kit": {"kit": "1", "extends": "x.yaml"}},
        {"kit": []},
        {"files": ["only one"]},
        {"files": [1, 2, 3]},
        {"files": ["../../evil", "b", "c"]},
    ],
)
def test_an_index_that_was_changed_is_refused(bundle: Path, change: dict[str, object]) -> None:
    with pytest.raises(StoredFormatError):
        load(changed_index(bundle, **change))


def test_compressed_entries_are_refused_unread(bundle: Path) -> None:
    with pytest.raises(StoredFormatError, match="without compression"):
        load(rewritten(bundle, {"9": b"0" * 1_000_000}, zipfile.ZIP_DEFLATED))


@pytest.mark.parametrize("length", [4, 100, 300, -1])
def test_a_truncated_bundle_is_refused(bundle: Path, length: int) -> None:
    bundle.write_bytes(bundle.read_bytes()[:length])
    with pytest.raises(StoredFormatError):
        load(bundle)


def test_a_section_that_only_the_sender_knew_is_a_kit_error(bundle: Path) -> None:
    with pytest.raises(KitError, match=r"acme\.kit"):
        BrandKit.load(bundle, sections={"colors": SECTIONS["text"]})
