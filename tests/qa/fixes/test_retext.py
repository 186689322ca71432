"""Wrong text set right, forbidden text taken away; where that cannot be done, nothing changes and it says why."""

import io
from functools import lru_cache

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from consistency.image import load_image
from qa import BrandKit, Brief, Gate
from qa.fixes.canvas import open_canvas
from qa.fixes.refusal import CannotFix
from qa.fixes.repairing import Brand, mend, opened
from qa.fixes.retext import Retext
from qa.text import load_reader, verify
from qa.text.typeface import LARGEST_BYTES, UnusableFont, open_typeface
from qa.verdict import Decision, Fix, FixKind

FONT = ImageFont.load_default(40).font_bytes
KIT = """\
kit: 1
text:
  font: brand.ttf
  required:
    - {id: headline, value: "SUMMER SALE TODAY"}
    - {id: price, value: "{price}", mode: exact, color: "#202020"}
  forbidden: [{pattern: "guarantee[ds]?"}]
"""
BRIEF = Brief(values={"price": "$49.90"})
GREY = (196, 204, 212)


@pytest.fixture(scope="module")
def gate(tmp_path_factory) -> Gate:
    folder = tmp_path_factory.mktemp("kit")
    (folder / "brand.yaml").write_text(KIT)
    (folder / "brand.ttf").write_bytes(FONT)
    return Gate(BrandKit.load(folder), threads=1)


@lru_cache(maxsize=1)
def reader():
    return load_reader(threads=1)


def ground(kind: str, height: int = 420, width: int = 640) -> np.ndarray:
    """A plain, graded, grained or rich background, H×W×3 uint8."""
    rows, columns = np.mgrid[0:height, 0:width]
    rng = np.random.default_rng(5)
    if kind == "gradient":
        pixels = np.dstack([170 + rows / 9, 190 + columns / 16, 230 - rows / 16])
    elif kind == "grain":
        pixels = np.array(GREY) + rng.normal(0, 3, (height, width, 1))
    elif kind == "rich":
        cells = rng.integers(150, 256, (height // 12 + 1, width // 12 + 1, 3)).repeat(12, 0).repeat(12, 1)
        pixels = cells[:height, :width]
    else:
        pixels = np.broadcast_to(GREY, (height, width, 3))
    return np.clip(np.rint(pixels), 0, 255).astype(np.uint8)


def written(pixels: np.ndarray, *texts: tuple[str, int, tuple[int, int]]) -> np.ndarray:
    image = Pillow.fromarray(pixels)
    for text, size, place in texts:
        ImageDraw.Draw(image).text(place, text, font=ImageFont.load_default(size), fill=(18, 26, 60))
    return np.array(image)


def file_of(pixels: np.ndarray, kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Pillow.fromarray(pixels).save(stream, kind, **({"quality": 82} if kind == "JPEG" else {}))
    return stream.getvalue()


TWO_ROWS = (("SUMER SALE", 56, (40, 40)), ("TODAY", 56, (40, 112)))
RIGHT_ROWS = (("SUMMER SALE", 56, (40, 40)), ("TODAY", 56, (40, 112)))
WRONG_PRICE, CLAIM = ("$48.90", 44, (60, 230)), ("Guaranteed", 36, (60, 330))
RIGHT_PRICE = ("$49.90", 44, (60, 230))


@pytest.mark.parametrize(("kind", "form"), [("flat", "PNG"), ("gradient", "JPEG"), ("grain", "PNG")])
def test_wrong_rows_a_wrong_price_and_a_claim_are_mended_in_one_go(gate, kind, form):
    data = file_of(written(ground(kind), *TWO_ROWS, WRONG_PRICE, CLAIM), form)
    verdict = gate.judge(data, BRIEF)
    assert verdict.decision is Decision.FIX
    repair = gate.fix(data, verdict, BRIEF)
    assert (repair.left, repair.verdict.decision) == ((), Decision.ACCEPT)
    assert verify(repair.image.pixels, "$49.90", reader=reader()).status.value == "match"
    assert verify(repair.image.pixels, "SUMMER SALE TODAY", reader=reader()).status.value == "match"


def test_no_sample_outside_the_mask_changes(gate):
    data = file_of(written(ground("grain"), *TWO_ROWS, WRONG_PRICE, CLAIM))
    verdict = gate.judge(data, BRIEF)
    image = load_image(data)
    changed = mend(opened(image, data, Brand(files=gate.kit.files)), verdict.plan).mask
    after = gate.fix(data, verdict, BRIEF).image.pixels
    assert (after[~changed] == image.pixels[~changed]).all()
    assert 0 < changed.mean() < 0.2


def test_in_the_same_face_the_new_text_stands_where_the_right_one_would(gate):
    data = file_of(written(ground("flat"), *TWO_ROWS, RIGHT_PRICE))
    after = gate.fix(data, gate.judge(data, BRIEF), BRIEF).image.pixels.astype(int)
    wanted = written(ground("flat"), *RIGHT_ROWS, RIGHT_PRICE).astype(int)
    ink, right = (np.abs(pixels - GREY).sum(axis=2) > 200 for pixels in (after, wanted))
    assert (ink & right).sum() / (ink | right).sum() > 0.9


def test_what_is_erased_leaves_the_background(gate):
    plain = written(ground("gradient"), *RIGHT_ROWS, RIGHT_PRICE)
    data = file_of(written(plain, CLAIM))
    repair = gate.fix(data, gate.judge(data, BRIEF), BRIEF)
    assert repair.verdict.decision is Decision.ACCEPT
    assert np.abs(repair.image.pixels.astype(int) - plain).max() <= 2


def test_unexpected_text_that_blocks_is_erased_like_a_forbidden_one():
    kit = "kit: 1\ntext: {required: [{id: headline, value: SUMMER SALE TODAY}], unexpected: {gibberish: block}}\n"
    strict = Gate(BrandKit.from_text(kit), threads=1)
    plain = written(ground("gradient"), *RIGHT_ROWS)
    data = file_of(written(plain, ("SLAEE CRFTQ", 36, (60, 330))))
    verdict = strict.judge(data)
    assert [finding.code for finding in verdict.findings if finding.is_blocking] == ["text.gibberish"]
    repair = strict.fix(data, verdict)
    assert repair.verdict.decision is Decision.ACCEPT
    assert np.abs(repair.image.pixels.astype(int) - plain).max() <= 2


def test_a_claim_on_a_rich_background_is_left_with_what_an_editor_needs(gate):
    data = file_of(written(ground("rich"), *RIGHT_ROWS, ("Guaranteed", 72, (60, 310))))
    verdict = gate.judge(data, Brief(values={"price": "SALE"}))
    repair = gate.fix(data, verdict, Brief(values={"price": "SALE"}))
    (left,) = (left for left in repair.left if left.fix.kind is FixKind.ERASE)
    assert repair.data == data
    assert left.handout.rule == "text.forbidden.1"
    mask = np.array(Pillow.open(io.BytesIO(left.handout.mask_png())))
    assert mask[325:370, 80:300].mean() > 200
    assert not mask[:280].any()


def test_a_stated_colour_is_met(gate):
    data = file_of(written(ground("flat"), *RIGHT_ROWS, WRONG_PRICE))
    after = gate.fix(data, gate.judge(data, BRIEF), BRIEF).image.pixels
    assert (after[230:290, 60:260] == (0x20, 0x20, 0x20)).all(axis=2).sum() > 50


def test_the_same_bytes_come_out_again(gate):
    data = file_of(written(ground("grain"), *TWO_ROWS, WRONG_PRICE))
    verdict = gate.judge(data, BRIEF)
    assert gate.fix(data, verdict, BRIEF).data == gate.fix(data, verdict, BRIEF).data


def test_a_rich_background_is_left_with_mask_and_prompt(gate):
    data = file_of(written(ground("rich"), *RIGHT_ROWS, ("$48.90", 80, (60, 230))))
    verdict = gate.judge(data, BRIEF)
    repair = gate.fix(data, verdict, BRIEF)
    left = next(left for left in repair.left if left.fix.kind is FixKind.RETEXT)
    assert not repair.is_changed
    assert left.handout in repair.handouts
    assert "a background that can be rebuilt" in left.reason
    assert (left.handout.rule, left.handout.expected) == ("text.price", "$49.90")
    assert "“$49.90”" in left.handout.prompt
    mask = np.array(Pillow.open(io.BytesIO(left.handout.mask_png())))
    assert mask.shape == (420, 640)
    assert mask[240:290, 80:200].mean() > 200
    assert not mask[:200].any()


def test_a_turned_text_is_set_at_its_angle(gate):
    flat = Pillow.fromarray(written(ground("flat"), *RIGHT_ROWS, WRONG_PRICE))
    data = file_of(np.array(flat.rotate(6, Pillow.Resampling.BICUBIC, fillcolor=GREY)))
    verdict = gate.judge(data, BRIEF)
    assert [fix.kind for fix in verdict.plan] == [FixKind.RETEXT]
    repair = gate.fix(data, verdict, BRIEF)
    assert (repair.left, repair.verdict.decision) == ((), Decision.ACCEPT)


@pytest.mark.parametrize("effect", [{"stroke_width": 3, "stroke_fill": (20, 20, 30)}, None])
def test_letters_with_an_outline_or_a_shadow_are_left(gate, effect):
    image = Pillow.fromarray(written(ground("flat"), *RIGHT_ROWS))
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(48)
    if effect is None:
        pen.text((84, 244), "$48.90", font=font, fill=(20, 20, 30))
    pen.text((80, 240), "$48.90", font=font, fill="white", **(effect or {}))
    data = file_of(np.array(image))
    verdict = gate.judge(data, BRIEF)
    repair = gate.fix(data, verdict, BRIEF)
    assert repair.data == data
    assert "an outline, shadow or glow" in " ".join(left.reason for left in repair.left)
    assert repair.handouts


def test_it_says_where_the_old_letters_are_of_another_face(gate):
    own = file_of(written(ground("flat"), *RIGHT_ROWS, WRONG_PRICE))
    wide = written(ground("flat"), *RIGHT_ROWS)
    piece = np.array(Pillow.fromarray(written(ground("flat"), WRONG_PRICE)[220:300, 40:260]).resize((330, 80)))
    wide[220:300, 40:370] = piece
    for data, notes in ((own, 0), (file_of(wide), 1)):
        repair = gate.fix(data, gate.judge(data, BRIEF), BRIEF)
        assert repair.is_changed
        assert len([note for note in repair.notes if "another face" in note]) == notes


def test_without_a_font_in_the_kit_the_text_is_left(gate):
    bare = Gate(BrandKit.from_text(KIT.replace("  font: brand.ttf\n", "")), threads=1)
    data = file_of(written(ground("flat"), *TWO_ROWS, RIGHT_PRICE))
    repair = bare.fix(data, bare.judge(data, BRIEF), BRIEF)
    assert "state text.font or text.required[].font" in repair.left[0].reason
    assert "“SUMMER SALE” / “TODAY”" in repair.handouts[0].prompt
    assert repair.data == data


def test_text_on_transparent_pixels_is_left(gate):
    pixels = written(ground("flat"), WRONG_PRICE)
    data = file_of(np.dstack([pixels, np.full(pixels.shape[:2], 128, np.uint8)]))
    quads = "60,230 220,230 220,285 60,285"
    asked = {"font": "brand.ttf", "quads": quads, "read": "$48.90", "set": "$49.90"}
    canvas = opened(load_image(data), data, Brand(files=gate.kit.files))
    with pytest.raises(CannotFix, match="opaque"):
        Retext().apply(canvas, Fix(FixKind.RETEXT, None, asked))


@pytest.mark.parametrize("parameters", [{}, {"quads": "1,2"}, {"quads": "0,0 9,0 9,9 0,9", "read": "a", "set": "a\nb"}])
def test_a_fix_that_does_not_say_where_is_refused(gate, parameters):
    data = file_of(ground("flat"))
    canvas = opened(load_image(data), data, Brand(files=gate.kit.files))
    mended = mend(canvas, [Fix(FixKind.RETEXT, None, {"font": "brand.ttf", **parameters})])
    assert len(mended.left) == 1


def test_a_kit_with_a_wildcard_for_a_font_is_refused():
    with pytest.raises(Exception, match="the name of one file"):
        BrandKit.from_text(KIT.replace("brand.ttf", "'*.ttf'"))


def test_a_canvas_of_no_kit_has_no_fonts():
    data = file_of(ground("flat"))
    assert dict(open_canvas(load_image(data), data).files) == {}


def with_units(units: int) -> bytes:
    """Return the font with so many units to the em instead of 1000: its letters are that much larger."""
    tables = {FONT[at : at + 4]: FONT[at + 8 : at + 12] for at in range(12, 12 + 16 * int.from_bytes(FONT[4:6]), 16)}
    place = int.from_bytes(tables[b"head"]) + 18
    return FONT[:place] + units.to_bytes(2) + FONT[place + 2 :]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"OTTO",
        b"wOF2" + FONT[4:],
        FONT[: len(FONT) // 2],
        FONT[:12] + b"\xff" * 400,
        b"\x00\x01\x00\x00" + b"\x00" * LARGEST_BYTES,
        with_units(16),
        with_units(60),
    ],
    ids=[
        "empty",
        "a signature alone",
        "packed",
        "cut off",
        "offsets outside",
        "too large",
        "letters of 60 em",
        "letters of 16 em",
    ],
)
def test_a_hostile_font_is_refused(data):
    with pytest.raises(UnusableFont, match="font"):
        open_typeface(data)


@pytest.mark.parametrize("text", ["日本", "שלום", "q\u0301\u0302"])
def test_a_text_that_the_font_cannot_set_letter_by_letter_is_refused(text):
    with pytest.raises(UnusableFont):
        open_typeface(FONT).check(text)
