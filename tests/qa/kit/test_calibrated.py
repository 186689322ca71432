"""A kit names a calibration: read once, checked at its line, part of hash and bundle."""

from pathlib import Path

import pytest

from qa.kit.kit import BrandKit
from qa.kit.problems import KitError
from sample_calibration import calibration, write

KIT = "kit: 1\nname: Tiny\ncalibration: look.calibration.json\n"


@pytest.fixture
def named(tmp_path: Path) -> Path:
    write(tmp_path, calibration())
    (tmp_path / "brand.yaml").write_text(KIT)
    return tmp_path


def refused(folder: Path) -> str:
    with pytest.raises(KitError) as caught:
        BrandKit.load(folder)
    (problem,) = caught.value.problems
    return str(problem)


def test_a_kit_has_the_calibration_that_it_names(named: Path) -> None:
    kit = BrandKit.load(named)
    (named / "look.calibration.json").unlink()
    assert kit.calibration == calibration()
    assert BrandKit.from_text("kit: 1\n").calibration is None


def test_its_bytes_are_part_of_the_kit_s_hash(named: Path) -> None:
    before = BrandKit.load(named).hash
    write(named, calibration(value=0.8))
    assert BrandKit.load(named).hash != before


def test_a_bundle_carries_it(named: Path, tmp_path: Path) -> None:
    kit = BrandKit.load(named)
    sent = BrandKit.load(kit.bundle(tmp_path / "acme.kit"))
    assert (sent.calibration, sent.hash) == (kit.calibration, kit.hash)


def test_one_of_a_kit_below_is_found_in_its_folder(named: Path) -> None:
    (named / "base").mkdir()
    (named / "brand.yaml").write_text("kit: 1\nextends: base/base.yaml\n")
    (named / "base/base.yaml").write_text(KIT)
    write(named / "base", calibration(value=0.8))
    kit = BrandKit.load(named)
    assert kit.calibration == calibration(value=0.8)
    assert list(kit.files) == ["base/look.calibration.json"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Expected qa.calibration as JSON"),
        (b"\xff{", "Expected qa.calibration as JSON"),
        (b'{"format": "qa.kit", "version": 1}', "Expected the format 'qa.calibration'"),
        (b'{"format": "qa.calibration", "version": 9}', "Expected qa.calibration version ≤ 1, got 9"),
        (b'{"format": "qa.calibration", "version": 1}', "calibrate again"),
    ],
)
def test_what_is_no_calibration_is_said_at_its_line(named: Path, content: bytes, said: str) -> None:
    (named / "look.calibration.json").write_bytes(content)
    message = refused(named)
    assert message.startswith("brand.yaml:3:14 calibration: Expected ")
    assert said in message


def test_a_missing_one_is_said_with_the_nearest_name(named: Path) -> None:
    (named / "brand.yaml").write_text(KIT.replace("look.cal", "lok.cal"))
    assert "the nearest is look.calibration.json" in refused(named)


@pytest.mark.parametrize("name", ["../look.json", "*.json", "[a.json, b.json]", "/tmp/a.json", '""'])
def test_only_one_file_inside_the_kit_is_taken(named: Path, name: str) -> None:
    (named / "brand.yaml").write_text(KIT.replace("look.calibration.json", name))
    assert "brand.yaml:3:" in refused(named)


def test_one_that_is_too_large_is_refused(named: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.calibration.reading.LARGEST_BYTES", 20)
    assert "at most 20 bytes" in refused(named)
