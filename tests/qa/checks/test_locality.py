"""The locality check: what an edit may change and what it may not."""

import io

import cv2
import numpy as np
import pytest
import skimage.data
from PIL import Image as Pillow

from consistency.errors import InputError
from consistency.image import load_image
from consistency.region import Box, Mask
from qa import Asset, BrandKit, Edit, Gate, Status
from qa.asset import Brief
from qa.checks.locality import LocalityCheck
from qa.checks.running import can_block

PHOTO = np.ascontiguousarray(skimage.data.coffee()[:384, :512])
MASK = np.zeros(PHOTO.shape[:2], np.bool_)
MASK[100:200, 50:150] = True


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate(BrandKit.from_text("kit: 1\n"), threads=1)


def edited() -> np.ndarray:
    after = PHOTO.copy()
    after[MASK] = 255 - after[MASK]
    return after


def jpeg(pixels: np.ndarray, quality: int) -> bytes:
    stream = io.BytesIO()
    Pillow.fromarray(pixels).save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def finding(gate, after, *, before=PHOTO, mask=MASK, crop=None):
    asset = Asset.read(after, name="a", edit=Edit(load_image(before), Mask.encode(mask), "retouch", crop))
    (found,) = [f for f in gate.judge(asset).findings if f.rule == "locality"]
    return found


def test_an_edit_inside_its_mask_passes(gate):
    found = finding(gate, edited())
    assert (found.status, found.value) == (Status.PASS, 0)


def test_assets_without_an_edit_have_no_such_rule(gate):
    assert "locality" not in {f.rule for f in gate.judge(PHOTO).findings}
    check = next(check for check in gate.checks if check.name == "locality")
    assert not can_block(check, Brief())


@pytest.mark.parametrize("save", [lambda p: p, lambda p: jpeg(p, 90)])
def test_a_small_thing_removed_far_away_fails_and_is_shown(gate, save):
    before = PHOTO.copy()
    before[30:60, 400:430] = (200, 30, 40)
    after = edited()
    found = finding(gate, save(after), before=before)
    assert found.code == "locality.changed_outside"
    assert found.where.box.intersection_over_union(Box(400, 30, 30, 30)) > 0.5


def test_a_shift_of_all_colours_fails_in_jpeg_too(gate):
    after = np.clip(edited().astype(int) + 5, 0, 255).astype(np.uint8)
    assert finding(gate, after).status is Status.FAIL
    found = finding(gate, jpeg(after, 90), before=jpeg(PHOTO, 90))
    assert found.status is Status.FAIL
    assert "as a whole" in found.observed


def test_a_blurred_part_fails(gate):
    after = edited()
    after[220:380, 200:500] = cv2.GaussianBlur(PHOTO, (0, 0), 2)[220:380, 200:500]
    assert finding(gate, after).status is Status.FAIL
    assert finding(gate, jpeg(after, 92)).status is Status.FAIL


@pytest.mark.parametrize("quality", [85, 92])
def test_saving_again_as_jpeg_is_allowed(gate, quality):
    before = jpeg(PHOTO, 92)
    after = np.where(MASK[..., None], edited(), load_image(before).pixels)
    found = finding(gate, jpeg(after, quality), before=before)
    assert found.status is Status.PASS
    assert found.evidence["p99_delta_e00"] > 0


def test_another_size_fails_unless_the_edit_says_what_it_cut(gate):
    crop = Box(40, 20, 400, 300)
    assert finding(gate, edited()[crop.slices].copy()).code == "locality.size"
    assert finding(gate, edited()[crop.slices].copy(), crop=crop).status is Status.PASS


def test_alpha_lost_outside_the_mask_fails(gate):
    before = np.dstack([PHOTO, np.full(PHOTO.shape[:2], 255, np.uint8)])
    after = before.copy()
    after[300:330, 300:330, 3] = 0
    assert finding(gate, after, before=before).status is Status.FAIL


def test_a_mask_or_crop_that_does_not_fit_is_refused():
    before = load_image(PHOTO)
    with pytest.raises(InputError, match="a mask of the 512×384 picture before the edit, got 3×3"):
        Edit(before, Mask.encode(np.ones((3, 3), np.bool_)))
    with pytest.raises(InputError, match="a crop inside"):
        Edit(before, Mask.encode(MASK), "cut", Box(0, 0, 999, 9))


def test_the_kit_sets_level_and_limits(gate):
    assert LocalityCheck.from_kit(BrandKit.from_text("kit: 1\nlocality: {level: off}\n")) is None
    lenient = Gate(BrandKit.from_text("kit: 1\nlocality: {delta_e: 9, structure: 0}\n"), threads=1)
    after = np.clip(edited().astype(int) + 3, 0, 255).astype(np.uint8)
    assert finding(gate, after).status is Status.FAIL
    assert finding(lenient, after).status is Status.PASS
