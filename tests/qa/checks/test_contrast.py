"""Contrast of required text, measured where the reader found it."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from consistency.errors import NotEvaluable
from qa.asset import Asset, Brief
from qa.checks.contrast import ContrastCheck
from qa.color.contrast import contrast_ratio, relative_luminance, text_contrast
from qa.engines import Engines
from qa.evidence import Evidence
from qa.kit.kit import BrandKit
from qa.verdict import FixKind, Level, Status

KIT = BrandKit.from_text('kit: 1\nname: test\ntext: {required: [{id: line, value: "Only this week"}]}')
ENGINES = Engines(KIT.models, threads=1)


def picture(text_colour, background, size=30, text="Only this week") -> np.ndarray:
    """One line on a plain colour, or on an array of pixels."""
    flat = isinstance(background, tuple)
    image = Image.new("RGB", (640, 240), background) if flat else Image.fromarray(background)
    ImageDraw.Draw(image).text((60, 90), text, font=ImageFont.load_default(size), fill=text_colour)
    return np.array(image)


def judged(pixels, kit=KIT):
    asset = Asset.read(pixels)
    (finding,) = ContrastCheck.from_kit(kit).judge(asset, Evidence(asset, ENGINES))
    return finding


def grey_at(ratio: float) -> tuple[int, int, int]:
    """The grey whose contrast with white is nearest to a ratio."""
    value = min(range(256), key=lambda v: abs(contrast_ratio((v, v, v), (255, 255, 255)) - ratio))
    return value, value, value


@pytest.mark.parametrize(
    ("first", "second", "ratio"),
    [
        # Published examples of WCAG contrast checkers: #767676 is the lightest grey that passes AA on white.
        ((0x76, 0x76, 0x76), (255, 255, 255), 4.54),
        ((0x77, 0x77, 0x77), (255, 255, 255), 4.48),
        ((0, 0, 0), (255, 255, 255), 21),
        ((255, 0, 0), (255, 255, 255), 4.0),
        ((0, 0, 255), (255, 255, 255), 8.59),
    ],
)
def test_ratios_are_the_published_ones(first, second, ratio):
    assert contrast_ratio(first, second) == pytest.approx(ratio, abs=0.005)
    assert contrast_ratio(second, first) == contrast_ratio(first, second)


def test_luminance_of_white_is_one():
    assert relative_luminance((255, 255, 255)) == pytest.approx(1)


def test_dark_on_light_passes():
    finding = judged(picture((20, 30, 60), (235, 238, 240)))
    assert (finding.status, finding.rule, finding.unit) == (Status.PASS, "contrast.line", "ratio")
    assert finding.value == pytest.approx(contrast_ratio((20, 30, 60), (235, 238, 240)), rel=0.08)


@pytest.mark.parametrize("size", [24, 40, 72])
@pytest.mark.parametrize("ratio", [2.5, 3.5, 5.5])
def test_the_measured_ratio_is_the_rendered_one(size, ratio):
    colour = grey_at(ratio)
    finding = judged(picture(colour, (255, 255, 255), size))
    assert finding.value == pytest.approx(contrast_ratio(colour, (255, 255, 255)), rel=0.05)


def test_low_contrast_fails_and_offers_a_colour_that_is_enough():
    finding = judged(picture((150, 160, 170), (215, 220, 225)))
    assert (finding.status, finding.code) == (Status.FAIL, "contrast.too_low")
    (fix,) = finding.fixes
    assert (fix.kind, fix.parameters["to"]) == (FixKind.RECOLOR, "#000000")
    assert fix.where == finding.where


def test_large_text_is_held_to_the_lower_limit():
    colour = grey_at(3.6)
    small, large = judged(picture(colour, (255, 255, 255), 26)), judged(picture(colour, (255, 255, 255), 60))
    assert (small.status, small.limit.value) == (Status.FAIL, 4.5)
    assert (large.status, large.limit.value) == (Status.PASS, 3.0)


def test_a_split_background_counts_with_its_worse_side():
    background = np.full((240, 640, 3), 245, np.uint8)
    background[:, 150:] = 90
    finding = judged(picture((20, 20, 20), background, 48))
    assert finding.value == pytest.approx(contrast_ratio((20, 20, 20), (90, 90, 90)), rel=0.05)


def test_background_further_away_does_not_count():
    background = np.full((240, 640, 3), 30, np.uint8)
    background[60:170, 20:600] = 240
    assert judged(picture((20, 20, 20), background, 48)).status is Status.PASS


@pytest.mark.parametrize("quality", [60, 75, 95])
def test_jpeg_hardly_changes_it(quality):
    buffer = io.BytesIO()
    Image.fromarray(picture((20, 40, 90), (225, 228, 230), 36)).save(buffer, "JPEG", quality=quality)
    finding = judged(buffer.getvalue())
    assert finding.value == pytest.approx(contrast_ratio((20, 40, 90), (225, 228, 230)), rel=0.1)


@pytest.mark.parametrize("name", ["astronaut", "coffee", "chelsea"])
def test_clear_text_on_photographs_passes(name):
    data = pytest.importorskip("skimage.data")
    photograph = np.asarray(getattr(data, name)())[:240, :400]
    background = np.zeros((240, 640, 3), np.uint8)
    background[:, :400] = photograph // 4
    assert judged(picture((255, 255, 255), background, 34)).status is Status.PASS


def test_missing_text_is_not_run_and_left_to_the_text_rule():
    finding = judged(picture((0, 0, 0), (255, 255, 255), text="other words"))
    assert (finding.status, finding.code, finding.is_blocking) == (Status.NOT_RUN, "contrast.not_measured", False)


@pytest.mark.parametrize("colour", [(160, 30, 30), (20, 90, 160), (30, 110, 40)], ids=["red", "blue", "green"])
def test_small_coloured_text_in_a_jpeg_reads_within_a_fifth_of_what_was_drawn(colour):
    buffer = io.BytesIO()
    Image.fromarray(picture(colour, (240, 240, 240), 24)).save(buffer, "JPEG", quality=75)
    finding = judged(np.asarray(Image.open(buffer)))
    assert finding.value == pytest.approx(contrast_ratio(colour, (240, 240, 240)), rel=0.2)


def test_what_jpeg_leaves_around_letters_is_no_background():
    buffer = io.BytesIO()
    Image.fromarray(picture((40, 40, 90), (200, 205, 210), 56)).save(buffer, "JPEG", quality=60)
    finding = judged(np.asarray(Image.open(buffer)))
    assert finding.value == pytest.approx(contrast_ratio((40, 40, 90), (200, 205, 210)), rel=0.08)


def test_letters_that_cannot_be_told_apart_are_not_a_pass():
    with pytest.raises(NotEvaluable):
        text_contrast(np.full((40, 200, 3), 128, np.uint8), 6)
    noise = np.random.default_rng(0).integers(0, 256, (40, 200, 3), np.uint8)
    with pytest.raises(NotEvaluable):
        text_contrast(noise, 6)


def test_the_kit_sets_ratio_and_level():
    text = 'kit: 1\nname: t\ntext: {required: [{id: line, value: "Only this week"}], contrast: {ratio: 7, level: warn}}'
    kit = BrandKit.from_text(text)
    finding = judged(picture(grey_at(5.5), (255, 255, 255), 26), kit)
    assert (finding.status, finding.level, finding.limit.value) == (Status.FAIL, Level.WARN, 7)


def test_without_required_text_there_is_nothing_to_judge():
    assert ContrastCheck.from_kit(BrandKit.from_text("kit: 1\nname: t\ntext: {unexpected: {level: warn}}")) is None
    assert [r.id for r in ContrastCheck.from_kit(KIT).rules(Brief())] == ["contrast.line"]
