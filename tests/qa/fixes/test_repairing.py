"""`gate.fix`: the plan applied, the file judged again as a whole; never a silent pass."""

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as Pillow

from consistency.errors import InputError
from consistency.image import load_image
from consistency.region import Box, Region
from qa import Asset, BrandKit, Brief, Gate
from qa.fixes.canvas import Canvas
from qa.fixes.fix import FIXES, Change, Fixer, load_fixer
from qa.verdict import Decision, Fix, FixKind

KIT = 'kit: 1\ncolors: {blue: {value: "#1b4b8f", where: "60,40 150x120"}}\n'
ASPECT = "image: {aspect: ['1:1']}\n"


def picture(paint=(33, 79, 131), height: int = 200, width: int = 300) -> np.ndarray:
    rows, columns = np.mgrid[0:height, 0:width]
    pixels = np.dstack([150 + rows // 4, 120 + columns // 4, 90 + (rows + columns) // 8]).astype(np.uint8)
    pixels[40:160, 60:210] = paint
    return pixels


def png(pixels: np.ndarray) -> bytes:
    stream = io.BytesIO()
    Pillow.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate(BrandKit.from_text(KIT), threads=1)


def test_a_wrong_colour_is_repaired_and_judged_again(gate, tmp_path):
    data = png(picture())
    verdict = gate.judge(data, name="a.png")
    assert verdict.decision is Decision.FIX
    repair = gate.fix(data, verdict)
    image, after, left = repair
    assert after.decision is Decision.ACCEPT
    assert (after.attempt, after.parent, after.asset.name) == (2, verdict.asset.key, "a.png")
    assert left == ()
    assert (image.pixels == picture((27, 75, 143))).all()
    assert load_image(repair.save(tmp_path / "b.png")).key == image.key == after.asset.key
    assert [f.rule for f in after.findings if f.check == "locality"] == ["locality"]
    assert not [f for f in verdict.findings if f.check == "locality"]


def test_repairing_is_the_same_to_the_byte(gate):
    data = png(picture())
    verdict = gate.judge(data)
    assert gate.fix(data, verdict).data == gate.fix(data, verdict).data


@pytest.mark.parametrize("source", ["path", "array", "asset", "pillow"])
def test_anything_that_can_be_judged_can_be_repaired(gate, tmp_path, source):
    path = tmp_path / "a.png"
    path.write_bytes(png(picture()))
    given = {
        "path": path,
        "array": picture(),
        "asset": Asset.read(path),
        "pillow": Pillow.fromarray(picture()),
    }[source]
    repair = gate.fix(given, gate.judge(given))
    assert repair.verdict.decision is Decision.ACCEPT
    assert (repair.image.pixels == picture((27, 75, 143))).all()


def test_an_accepted_picture_comes_back_as_it_is(gate):
    data = png(picture((27, 75, 143)))
    verdict = gate.judge(data)
    repair = gate.fix(data, verdict)
    assert (repair.data, repair.verdict, repair.left, repair.is_changed) == (data, verdict, (), False)


def test_a_verdict_on_something_else_is_refused(gate):
    data = png(picture())
    verdict = gate.judge(data)
    with pytest.raises(InputError, match="the picture of the verdict"):
        gate.fix(png(picture((1, 2, 3))), verdict)
    with pytest.raises(InputError, match="a verdict by this kit"):
        gate.fix(data, replace(verdict, kit_hash="0" * 64))
    with pytest.raises(InputError, match="pass it as brief="):
        gate.fix(data, gate.judge(data, Brief(prompt="a cat")))


def test_a_file_that_changed_meanwhile_is_refused(gate, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(png(picture()))
    asset = Asset.read(path)
    verdict = gate.judge(asset)
    path.write_bytes(png(picture((40, 40, 40))))
    with pytest.raises(InputError, match="the file that was judged"):
        gate.fix(asset, verdict)


def test_what_has_no_fixer_is_left_with_the_reason(gate):
    data = png(picture())
    verdict = gate.judge(data)
    looks = (Fix(FixKind.HUMAN_REVIEW), Fix(FixKind.INPAINT))
    left = gate.fix(data, replace(verdict, plan=looks)).left
    assert [each.reason for each in left] == ["a person has to look", "no fixer for inpaint"]
    some = gate.fix(data, replace(verdict, plan=(*looks, *verdict.plan)))
    assert some.is_changed
    assert len(some.left) == 2


def test_an_animation_is_left(gate):
    stream = io.BytesIO()
    frames = [Pillow.fromarray(picture()), Pillow.fromarray(picture((1, 2, 3)))]
    frames[0].save(stream, "PNG", save_all=True, append_images=frames[1:])
    repair = gate.fix(stream.getvalue(), gate.judge(stream.getvalue()))
    assert "one frame" in repair.left[0].reason
    assert repair.data == stream.getvalue()


def test_recolour_and_crop_are_applied_in_one_go():
    gate = Gate(BrandKit.from_text(KIT.replace("60,40 150x120", "15%,15% 60%x70%") + ASPECT), threads=1)
    data = png(picture())
    verdict = gate.judge(data)
    assert {fix.kind for fix in verdict.plan} == {FixKind.RECOLOR, FixKind.CROP_RESIZE}
    repair = gate.fix(data, verdict)
    assert repair.verdict.decision is Decision.ACCEPT
    assert (repair.image.pixels == picture((27, 75, 143))[:, 50:250]).all()


def test_a_fixer_that_touches_more_is_rejected_by_locality(gate, monkeypatch):
    class Careless(Fixer):
        kind = FixKind.RECOLOR

        def apply(self, canvas: Canvas, fix: Fix) -> Change:
            samples = canvas.samples.copy()
            samples[40:160, 60:210] = (27, 75, 143)
            samples[:20, :20] = 0
            mask = np.zeros(samples.shape[:2], np.bool_)
            mask[40:160, 60:210] = True
            return Change(replace(canvas, samples=samples), mask)

    monkeypatch.setattr("qa.fixes.repairing.load_fixer", lambda kind: Careless())
    data = png(picture())
    after = gate.fix(data, gate.judge(data)).verdict
    assert after.decision is Decision.REJECT
    (finding,) = after.blocking
    assert (finding.rule, finding.code) == ("locality", "locality.changed_outside")
    assert finding.where.box.intersection_over_union(Box(0, 0, 20, 20)) > 0.7


@pytest.mark.parametrize("kind", FIXES)
def test_every_fixer_of_the_table_is_one(kind):
    fixer = load_fixer(FixKind(kind))
    assert isinstance(fixer, Fixer)
    assert fixer.kind.value == kind


def test_a_crop_outside_the_picture_is_left(gate):
    data = png(picture())
    plan = (Fix(FixKind.CROP_RESIZE, Region(Box(0, 0, 999, 10))),)
    repair = gate.fix(data, replace(gate.judge(data), plan=plan))
    assert "a box inside the 300×200 picture" in repair.left[0].reason


def test_pixels_that_nothing_was_applied_to_have_no_file_to_save(gate, tmp_path):
    pixels = picture((27, 75, 143))
    with pytest.raises(InputError, match="a file to write"):
        gate.fix(pixels, gate.judge(pixels)).save(tmp_path / "a.png")
