"""Malformed letters on rendered pictures, beside their own kind and beside the font."""

import re
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from qa.asset import Asset, Brief
from qa.checks.glyphs import GlyphsCheck
from qa.engines import Engines
from qa.evidence import Evidence
from qa.kit.kit import BrandKit
from qa.verdict import Finding, Level, Status

FONT = ImageFont.load_default(60)


def kit_of(section: str, folder: Path | None = None) -> BrandKit:
    return BrandKit.from_text(f"kit: 1\nname: test\n{section}", folder=folder)


ENGINES = Engines(kit_of("").models, threads=1)


def picture(text: str, erased: int | None = None, added: int | None = None) -> np.ndarray:
    """A line of text; of one letter the upper right quarter is erased, or a bar is laid across one."""
    image = Image.new("RGB", (900, 200), (226, 222, 210))
    pen = ImageDraw.Draw(image)
    pen.text((40, 130), text, font=FONT, fill=(30, 40, 80), anchor="ls")
    for place, colour in ((erased, (226, 222, 210)), (added, (30, 40, 80))):
        if place is not None:
            left, right = (40 + FONT.getlength(text[: place + end]) for end in (0, 1))
            middle = (left + right) / 2
            box = (middle, 80, right - 1, 110) if colour[0] > 100 else (left + 3, 106, right - 3, 113)
            pen.rectangle(box, fill=colour)
    return np.array(image)


def judged(pixels: np.ndarray, kit: BrandKit | None = None) -> Finding:
    kit = kit or kit_of("glyphs: {}")
    asset = Asset.read(pixels, brief=Brief())
    check = GlyphsCheck.from_kit(kit)
    (finding,) = check.judge(asset, Evidence(asset, ENGINES, files=kit.files))
    assert [rule.id for rule in check.rules(Brief())] == [finding.rule]
    return finding


def test_whole_letters_pass():
    finding = judged(picture("BETTER BREAD"))
    assert (finding.status, finding.code, finding.level) == (Status.PASS, "met", Level.WARN)
    assert finding.evidence["compared"] >= 6
    assert finding.value < finding.limit.value / 2


@pytest.mark.parametrize(("flaw", "place"), [("erased", 4), ("erased", 8), ("added", 0), ("added", 10)])
def test_a_letter_with_a_stroke_missing_or_added_fails_where_it_stands(flaw, place):
    text = "BETTER BREAD NEAR"
    finding = judged(picture(text, **{flaw: place}))
    assert (finding.status, finding.code) == (Status.FAIL, "glyphs.malformed")
    assert f"{text[place]} at" in finding.observed
    left, right = (40 + FONT.getlength(text[: place + end]) for end in (0, 1))
    boxes = [re.fullmatch(r"(\d+),\d+ (\d+)×\d+", each) for each in re.findall(r"\d+,\d+ \d+×\d+", finding.observed)]
    assert any(left - 4 <= int(box[1]) + int(box[2]) / 2 <= right + 4 for box in boxes)


def test_letters_that_stand_once_are_not_measured_and_never_a_pass():
    for pixels in (picture("BREAD"), np.full((200, 300, 3), 255, np.uint8)):
        finding = judged(pixels)
        assert (finding.status, finding.code) == (Status.NOT_RUN, "glyphs.not_measured")


@pytest.fixture
def kit(tmp_path: Path) -> Callable[[str], BrandKit]:
    """A kit that requires a text in the font of the pictures."""
    (tmp_path / "brand.ttf").write_bytes(FONT.font_bytes)
    return lambda text: kit_of(
        f'text: {{font: brand.ttf, required: [{{id: a, value: "{text}"}}]}}\nglyphs: {{}}', tmp_path
    )


@pytest.mark.parametrize(("text", "place"), [("BREAD", 1), ("Oil 10", 5)])
@pytest.mark.parametrize("flaw", ["erased", "added"])
def test_with_the_font_a_letter_that_stands_once_is_judged(kit, text, place, flaw):
    whole = judged(picture(text), kit(text))
    assert (whole.status, whole.evidence["beside_fonts"]) == (Status.PASS, len(text.replace(" ", "")))
    finding = judged(picture(text, **{flaw: place}), kit(text))
    assert (finding.status, finding.observed[:5]) == (Status.FAIL, f"{text[place]} at ")
    assert finding.observed.endswith("unlike the font's")
    left, right = (40 + FONT.getlength(text[: place + end]) for end in (0, 1))
    assert (left, right) == pytest.approx((finding.where.box.left, finding.where.box.right), abs=4)
    assert 60 <= finding.where.box.top < finding.where.box.bottom <= 150


def test_a_wrong_letter_is_not_called_malformed(kit):
    assert judged(picture("BREAK"), kit("BREAD")).status is Status.NOT_RUN


def rows(*texts: str, height: int, ground=(226, 222, 210), **pen) -> np.ndarray:
    """Rows of text so many pixels apart."""
    image = Image.new("RGB", (900, 420), ground)
    for number, text in enumerate(texts):
        ImageDraw.Draw(image).text((40, 40 + height * number), text, font=FONT, **{"fill": (30, 40, 80), **pen})
    return np.array(image)


def test_rows_close_to_each_other_are_no_flaw(kit):
    finding = judged(rows("Bring your", "happy dog", "today", height=66), kit("Bring your happy dog today"))
    assert (finding.status, finding.evidence["beside_fonts"]) == (Status.PASS, 22)


@pytest.mark.parametrize("width", [2, 4])
@pytest.mark.parametrize("grey", [120, 205, 235])
def test_an_outline_is_no_flaw(kit, width, grey):
    pixels = rows("SALE now", height=70, ground=(grey,) * 3, fill="white", stroke_fill="black", stroke_width=width)
    assert judged(pixels, kit("SALE now")).status is not Status.FAIL


@pytest.mark.parametrize(
    ("rule", "text", "shown"),
    [
        ("case: ignore", "SALE 50% off", "SALE 50% OFF"),
        ("max_edits: 1", "SUMMER SALE TODAY", "SUNMER SALE TODAY"),
        ("punctuation: ignore", "Hello brave, new world", "Hello brave new world"),
        ("spaces: ignore", "SUMMER SALE", "SUMMERSALE"),
    ],
)
def test_what_the_kit_allows_is_no_flaw(tmp_path, rule, text, shown):
    (tmp_path / "brand.ttf").write_bytes(FONT.font_bytes)
    kit = kit_of(f'text: {{font: brand.ttf, required: [{{id: a, value: "{text}", {rule}}}]}}\nglyphs: {{}}', tmp_path)
    assert judged(picture(shown), kit).status is not Status.FAIL


def test_where_spaces_count_the_font_is_used_too(tmp_path):
    (tmp_path / "brand.ttf").write_bytes(FONT.font_bytes)
    required = '{id: a, value: "GET COOL", mode: exact, spaces: strict}'
    kit = kit_of(f"text: {{font: brand.ttf, required: [{required}]}}\nglyphs: {{}}", tmp_path)
    assert judged(picture("GET COOL"), kit).evidence["beside_fonts"] == 7


def test_a_flaw_beside_a_text_in_its_font_is_found(kit):
    finding = judged(picture("BETTER BREAD DAILY", erased=4), kit("DAILY"))
    assert (finding.status, finding.evidence["beside_fonts"]) == (Status.FAIL, 5)
    assert "E at" in finding.observed
    assert finding.observed.endswith("unlike others of the kind")


def test_boxes_lie_in_the_picture(kit):
    finding = judged(picture("BREAD", added=0)[:, 44:], kit("BREAD"))
    assert finding.observed.startswith("B at ")
    assert 0 <= finding.where.box.left < 8


def test_a_line_that_is_set_in_another_font_is_judged_by_its_letters_alone(kit):
    wide = cv2.resize(picture("BREAD"), None, fx=1.5, fy=1)
    assert judged(wide, kit("BREAD")).status is Status.NOT_RUN
    finding = judged(cv2.resize(picture("BETTER BREAD"), None, fx=1.5, fy=1), kit("BETTER BREAD"))
    assert (finding.status, finding.evidence["beside_fonts"]) == (Status.PASS, 0)


def test_without_its_section_the_check_is_off():
    assert GlyphsCheck.from_kit(kit_of("")) is None
    assert GlyphsCheck.from_kit(kit_of("glyphs: {level: off}")) is None
