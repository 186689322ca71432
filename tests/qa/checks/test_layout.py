"""Golden sizes of generators, and both sides of every limit."""

import io

import numpy as np
import PIL.Image
import pytest

from consistency.image import load_image
from qa.asset import Asset
from qa.checks.layout import LayoutCheck, LayoutOptions, exact_crop
from qa.engines import Engines
from qa.evidence import Evidence
from qa.kit.kit import BrandKit, ModelOptions
from qa.kit.options import AspectRatio
from qa.verdict import FixKind, Status


def judge(source, options):
    kit = BrandKit.from_text(f"kit: 1\nimage: {options}\n")
    asset = Asset.read(source, name="a.png")
    check = LayoutCheck.from_kit(kit)
    findings = check.judge(asset, Evidence(asset, Engines(ModelOptions())))
    assert [f.rule for f in findings] == [r.id for r in check.rules(asset.brief)]
    return {f.rule: f for f in findings}


def encoded(width, height, form="PNG", mode="RGB"):
    buffer = io.BytesIO()
    PIL.Image.new(mode, (width, height)).save(buffer, form)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("size", "aspect"),
    [((1024, 1024), "1:1"), ((896, 1152), "4:5"), ((864, 1184), "3:4"), ((1344, 768), "16:9"), ((1248, 832), "3:2")],
)
def test_sizes_that_generators_round_to_pass(size, aspect):
    found = judge(encoded(*size), f'{{aspect: ["{aspect}"], min_short_side: 768, min_megapixels: 0.9}}')
    assert {f.status for f in found.values()} == {Status.PASS}


def test_an_aspect_within_tolerance_offers_the_exact_crop_in_its_evidence():
    finding = judge(encoded(896, 1152), '{aspect: ["4:5"]}')["layout.aspect"]
    assert finding.evidence["crop"] == str(exact_crop(896, 1152, AspectRatio("4:5")))
    assert finding.fixes == ()


def test_an_aspect_beyond_tolerance_proposes_a_crop_that_has_it():
    finding = judge(encoded(1024, 1024), '{aspect: ["4:5"]}')["layout.aspect"]
    assert (finding.status, finding.fixes[0].kind) == (Status.FAIL, FixKind.CROP_RESIZE)
    box = finding.fixes[0].where.box
    assert abs(box.width / box.height - 0.8) < 0.001
    assert box.clipped(1024, 1024) == box


def test_a_crop_that_would_throw_most_away_is_no_fix():
    assert judge(encoded(1600, 400), '{aspect: ["1:1"]}')["layout.aspect"].fixes == ()


@pytest.mark.parametrize(("width", "status"), [(768, Status.PASS), (767, Status.FAIL)])
def test_the_short_side_is_judged_to_the_pixel(width, status):
    assert judge(encoded(width, 1000), "{min_short_side: 768}")["layout.size"].status is status


@pytest.mark.parametrize(("limit", "status"), [("0.52", Status.PASS), ("0.53", Status.FAIL)])
def test_megapixels_are_judged_at_two_decimals(limit, status):
    assert judge(encoded(1024, 512), f"{{min_megapixels: {limit}}}")["layout.size"].status is status


def test_bytes_format_and_alpha_are_judged_where_the_kit_states_them():
    data = encoded(64, 64, "JPEG")
    found = judge(data, f"{{max_bytes: {len(data) - 1}B, formats: [png], alpha: require}}")
    assert {rule: f.code for rule, f in found.items()} == {
        "layout.bytes": "layout.too_heavy",
        "layout.format": "layout.format",
        "layout.alpha": "layout.alpha",
    }
    transparent = encoded(8, 8, mode="RGBA")
    assert judge(transparent, "{alpha: forbid}")["layout.alpha"].status is Status.FAIL
    assert judge(transparent, "{alpha: require}")["layout.alpha"].status is Status.PASS


def test_an_opaque_alpha_channel_is_no_transparency():
    pixels = np.full((8, 8, 4), 255, np.uint8)
    assert judge(load_image(pixels), "{alpha: forbid}")["layout.alpha"].status is Status.PASS


def test_pixels_without_a_file_are_not_measured_rather_than_passed():
    found = judge(np.zeros((8, 8, 3), np.uint8), "{max_bytes: 5MB, formats: [png]}")
    assert {f.status for f in found.values()} == {Status.NOT_EVALUABLE}


def test_a_kit_that_states_nothing_has_no_layout_check():
    assert LayoutCheck.from_kit(BrandKit.from_text("kit: 1\n")) is None
    assert LayoutCheck(LayoutOptions()).rules(None) == []
