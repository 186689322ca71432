"""The sharpness check: limit, level, and what cannot be judged."""

import cv2
import numpy as np
import pytest
from skimage import data

from qa.asset import Asset
from qa.checks.sharpness import SharpnessCheck
from qa.engines import Engines
from qa.evidence import Evidence
from qa.kit.kit import BrandKit, ModelOptions
from qa.verdict import Level, Status

PICTURE = np.ascontiguousarray(data.astronaut())


def judge(pixels, options="{}"):
    check = SharpnessCheck.from_kit(BrandKit.from_text(f"kit: 1\nsharpness: {options}\n"))
    asset = Asset.read(pixels)
    (finding,) = check.judge(asset, Evidence(asset, Engines(ModelOptions())))
    assert [rule.id for rule in check.rules(asset.brief)] == [finding.rule]
    return finding


def test_a_sharp_picture_passes_and_a_blurred_one_is_a_warning_by_default():
    sharp, blurred = judge(PICTURE), judge(cv2.GaussianBlur(PICTURE, (0, 0), 3))
    assert (sharp.status, sharp.code) == (Status.PASS, "met")
    assert (blurred.status, blurred.code, blurred.level) == (Status.FAIL, "sharpness.blurred", Level.WARN)
    assert blurred.limit.source == "default"
    assert not blurred.is_blocking


@pytest.mark.parametrize(("above", "status"), [(0.01, Status.FAIL), (0.0, Status.PASS)])
def test_the_limit_has_two_sides(above, status):
    value = judge(PICTURE).value
    finding = judge(PICTURE, f"{{min_detail: {value + above:.2f}, level: block}}")
    assert (finding.status, finding.limit.source) == (status, "kit")


def test_nothing_with_texture_is_not_evaluable():
    finding = judge(np.full((256, 256, 3), 90, np.uint8))
    assert (finding.status, finding.code, finding.value) == (Status.NOT_EVALUABLE, "sharpness.not_evaluable", None)


def test_the_check_can_be_turned_off():
    assert SharpnessCheck.from_kit(BrandKit.from_text("kit: 1\nsharpness: {level: off}\n")) is None
