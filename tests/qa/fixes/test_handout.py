"""What is handed to an inpainting editor: a mask of the picture's size, what to paint, and both as files."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as Pillow

from consistency.errors import InputError
from consistency.image import load_image
from consistency.region import Box, Mask, Region
from qa import Asset, BrandKit, Edit, Gate
from qa.fixes.assignment import EDGE, handout_for
from qa.fixes.handout import Handout
from qa.verdict import AssetRef, Decision, Finding, Fix, FixKind, Level, Status, Verdict

SIZE = (90, 200)
ROW = "40,20 120,20 120,40 40,40"
LONGER = {"expected": "SUMMER", "quads": ROW, "read": "SUMR", "set": "SUMMER"}


def verdict_with(fix: Fix) -> Verdict:
    failed = Finding("text.price", "text", "text.mismatch", Level.BLOCK, Status.FAIL, fixes=(fix,))
    asset = AssetRef("sub/a.png", "ab" * 32, width=SIZE[1], height=SIZE[0])
    return Verdict(asset, Decision.FIX, (failed,), plan=(fix,))


def handed(kind: FixKind, where: Region | None = None, **parameters: str) -> Handout | None:
    fix = Fix(kind, where, parameters)
    return handout_for(fix, verdict_with(fix), "too rich")


def painted(handout: Handout) -> tuple[int, int, int, int]:
    box = handout.box
    return box.left, box.top, box.right, box.bottom


@pytest.mark.parametrize(("align", "left", "right"), [("left", 30, 170), ("center", 10, 150), ("right", 0, 130)])
def test_a_longer_text_gets_the_room_it_takes_on_the_side_it_grows_to(align, left, right):
    box = painted(handed(FixKind.RETEXT, **LONGER, align=align))
    assert np.abs(np.subtract(box, (left, 10, right, 50))).max() <= 1


def test_a_shorter_text_keeps_the_room_of_the_wrong_one():
    shorter = {**LONGER, "set": "SU", "expected": "SU"}
    assert painted(handed(FixKind.RETEXT, **shorter)) == painted(handed(FixKind.ERASE, quads=ROW))


def test_the_mask_is_a_picture_of_the_assets_size_white_where_it_may_change():
    picture = Pillow.open(io.BytesIO(handed(FixKind.RETEXT, **LONGER).mask_png()))
    pixels = np.array(picture)
    assert (picture.mode, pixels.shape) == ("L", SIZE)
    assert set(np.unique(pixels)) == {0, 255}
    assert pixels[30, 80] == 255


def test_the_prompt_says_the_text_row_by_row():
    two = {"expected": "A B", "quads": f"{ROW}; {ROW}", "read": "A\nC", "set": "A\nB"}
    assert "“A” / “B”" in handed(FixKind.RETEXT, **two).prompt


def test_a_text_whose_corners_are_unknown_is_handed_out_as_its_box():
    handout = handed(FixKind.RETEXT, Region(Box(50, 30, 60, 20)), expected="$49")
    assert painted(handout) == (40, 20, 121, 61)
    assert "“$49”" in handout.prompt


def test_a_surface_is_handed_out_with_its_edge_and_both_colours():
    mask = np.zeros(SIZE, np.bool_)
    mask[30:60, 60:120] = True
    handout = handed(FixKind.RECOLOR, Region.of_mask(mask), **{"from": "#21438a", "to": "#1b4b8f"})
    assert painted(handout) == (60 - EDGE, 30 - EDGE, 120 + EDGE, 60 + EDGE)
    assert "from #21438a to #1b4b8f" in handout.prompt
    assert handout.expected == "#1b4b8f"


def test_letters_to_be_recoloured_are_handed_out_as_letters():
    handout = handed(FixKind.RECOLOR, Region(Box(50, 30, 60, 20)), **{"from": "#6283b3", "to": "#ffffff"})
    assert "the lettering to #ffffff" in handout.prompt


def test_an_inpaint_of_a_check_of_ones_own_is_handed_out_with_its_prompt():
    handout = handed(FixKind.INPAINT, Region(Box(50, 30, 60, 20)), prompt="A hand with five fingers.")
    assert handout.prompt == "A hand with five fingers."


@pytest.mark.parametrize(
    "fix",
    [
        Fix(FixKind.HUMAN_REVIEW, Region(Box(0, 0, 9, 9))),
        Fix(FixKind.CROP_RESIZE, Region(Box(0, 0, 9, 9))),
        Fix(FixKind.INPAINT, Region(Box(0, 0, 9, 9))),
        Fix(FixKind.RECOLOR, Region(Box(0, 0, 9, 9))),
        Fix(FixKind.RECOLOR, None, {"from": "#000000", "to": "#ffffff"}),
        Fix(FixKind.RETEXT, None, {"expected": "A", "quads": "1,2"}),
        Fix(FixKind.RETEXT, Region(Box(0, 0, 9, 9))),
        Fix(FixKind.ERASE, Region(Box(900, 900, 9, 9))),
    ],
    ids=["look", "crop", "no prompt", "no colour", "no region", "no corners", "no text", "outside"],
)
def test_what_cannot_be_painted_or_has_no_place_is_not_handed_out(fix):
    assert handout_for(fix, verdict_with(fix), "") is None


def test_the_files_say_where_they_belong_and_are_the_same_bytes_again():
    handout = handed(FixKind.RETEXT, **LONGER)
    files = handout.files("sub/a.png.1")
    assert files == handout.files("sub/a.png.1")
    assert list(files) == ["sub/a.png.1.mask.png", "sub/a.png.1.prompt.txt", "sub/a.png.1.json"]
    record = json.loads(files["sub/a.png.1.json"])
    assert files["sub/a.png.1.prompt.txt"].decode().strip() == record["prompt"] == handout.prompt
    assert (record["asset"], record["sha256"], record["mask"]) == ("sub/a.png", "ab" * 32, "a.png.1.mask.png")
    assert (record["size"], record["expected"], record["rule"]) == ([200, 90], "SUMMER", "text.price")
    assert record["box"] == [handout.box.left, handout.box.top, handout.box.width, handout.box.height]
    assert record["reason"] == "too rich"


def test_a_name_that_is_no_unicode_is_written_as_well():
    handout = handed(FixKind.ERASE, quads=ROW)
    strange = replace(handout, asset=replace(handout.asset, name="b\udce4d.png"))
    assert json.loads(strange.files("b.1")["b.1.json"])["asset"] == "b\udce4d.png"


def test_nothing_is_written_over(tmp_path):
    handout = handed(FixKind.ERASE, quads=ROW)
    record = handout.save(tmp_path / "a.png.1")
    assert json.loads(record.read_text())["mask"] == "a.png.1.mask.png"
    (tmp_path / "b.png.1.prompt.txt").write_text("mine")
    for taken in ("a.png.1", "b.png.1"):
        with pytest.raises(InputError, match="free places"):
            handout.save(tmp_path / taken)
    assert not (tmp_path / "b.png.1.mask.png").exists()


KIT = 'kit: 1\ncolors: {blue: {value: "#1b4b8f", where: "60,40 150x120"}}\n'
NEAR, RIGHT = (33, 79, 131), (27, 75, 143)


def test_an_editors_work_is_held_to_the_mask(tmp_path):
    gate = Gate(BrandKit.from_text(KIT), threads=1)
    pixels = np.full((200, 300, 3), 180, np.uint8)
    pixels[10:190, 10:290] = NEAR
    before = tmp_path / "panel.png"
    Pillow.fromarray(pixels).save(before)
    (handout,) = gate.fix(before, gate.judge(before)).handouts
    allowed = np.array(Pillow.open(io.BytesIO(handout.mask_png()))) > 0

    def judged(edited):
        edit = Edit(load_image(before), Mask.encode(allowed), "inpaint")
        return gate.judge(Asset.read(edited, edit=edit, attempt=2))

    after = np.where(allowed[..., None], np.array(RIGHT, np.uint8), pixels)
    assert judged(after).decision is Decision.ACCEPT
    after[:8, :8] = 0
    spoilt = judged(after)
    assert spoilt.decision is Decision.REJECT
    assert [finding.rule for finding in spoilt.blocking] == ["locality"]
