"""A picture of the kit that comes back is named, by itself and in a batch."""

import io

import numpy as np
import PIL.Image
import pytest
from skimage import data

from qa import Gate
from qa.checks.copies import CopiesCheck
from qa.kit.kit import BrandKit

PICTURE = data.astronaut()


def kit_in(folder, level="warn"):
    PIL.Image.fromarray(PICTURE).save(folder / "front.png")
    return BrandKit.from_text(
        f"kit: 1\nsubjects:\n  her: {{references: [front.png]}}\ncopies: {{level: {level}}}\n", folder=folder
    )


def saved_again(pixels, quality):
    buffer = io.BytesIO()
    PIL.Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def finding(kit, source):
    (found,) = (each for each in Gate(kit).judge(source).findings if each.rule == "copies")
    return found


def test_a_copy_of_a_reference_is_named_by_a_single_verdict(tmp_path):
    found = finding(kit_in(tmp_path), saved_again(PICTURE, 75))
    assert (found.status, found.code, found.evidence["of"]) == ("fail", "copies.of_reference", "front.png")
    assert found.observed == "nearly identical to front.png"
    assert 0 <= found.value <= 7


@pytest.mark.parametrize("other", [data.coffee(), PICTURE[:, ::-1]], ids=["another", "mirrored"])
def test_a_picture_of_its_own_passes(tmp_path, other):
    assert finding(kit_in(tmp_path), np.ascontiguousarray(other)).status == "pass"


@pytest.mark.parametrize(("level", "decision"), [("warn", "accept"), ("block", "reject")])
def test_the_level_says_what_becomes_of_it(tmp_path, level, decision):
    assert Gate(kit_in(tmp_path, level)).judge(PICTURE).decision == decision


def test_without_pictures_there_is_nothing_to_copy(tmp_path):
    assert CopiesCheck.from_kit(BrandKit.from_text("kit: 1\n")) is None
    assert CopiesCheck.from_kit(kit_in(tmp_path, "off")) is None


def test_where_a_picture_of_the_kit_cannot_be_read_nothing_passes(tmp_path):
    (tmp_path / "back.png").write_bytes(b"no picture")
    PIL.Image.fromarray(PICTURE).save(tmp_path / "front.png")
    kit = BrandKit.from_text("kit: 1\nsubjects:\n  her: {references: [front.png, back.png]}\n", folder=tmp_path)
    assert finding(kit, PICTURE).status == "fail"
    unknown = finding(kit, data.coffee())
    assert (unknown.status, unknown.code) == ("not_evaluable", "copies.not_evaluable")
    assert unknown.observed == "back.png of the kit cannot be read"
