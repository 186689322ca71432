"""The exposure check: both limits, level, where."""

import numpy as np
import pytest
from skimage import data

from qa.asset import Asset
from qa.checks.exposure import ExposureCheck
from qa.engines import Engines
from qa.evidence import Evidence
from qa.kit.kit import BrandKit, ModelOptions
from qa.verdict import Level, Status


def lamp(radius, side=512):
    y, x = np.mgrid[:side, :side] - side / 2
    light = 120 + np.clip(2 * radius - np.hypot(x, y), 0, None) * 255 / radius
    return np.repeat(np.clip(light, 0, 255).astype(np.uint8)[..., None], 3, axis=2)


def judge(pixels, options="{}"):
    check = ExposureCheck.from_kit(BrandKit.from_text(f"kit: 1\nexposure: {options}\n"))
    asset = Asset.read(np.ascontiguousarray(pixels))
    (finding,) = check.judge(asset, Evidence(asset, Engines(ModelOptions())))
    assert [rule.id for rule in check.rules(asset.brief)] == [finding.rule]
    return finding


def test_a_photograph_passes():
    assert judge(data.astronaut()).status is Status.PASS


@pytest.mark.parametrize(
    ("pixels", "code"),
    [(lamp(80), "exposure.highlights_clipped"), (255 - lamp(80), "exposure.shadows_clipped")],
)
def test_clipping_is_a_warning_by_default_and_says_where(pixels, code):
    finding = judge(pixels)
    assert (finding.status, finding.code, finding.level) == (Status.FAIL, code, Level.WARN)
    assert finding.where.box.left > 100
    assert not finding.is_blocking


@pytest.mark.parametrize(("above", "status"), [(0.0, Status.PASS), (-0.001, Status.FAIL)])
@pytest.mark.parametrize(("sign", "option"), [(1, "max_highlights"), (-1, "max_shadows")])
def test_each_limit_has_two_sides(sign, option, above, status):
    pixels = lamp(80) if sign > 0 else 255 - lamp(80)
    value = judge(pixels).value
    finding = judge(pixels, f"{{{option}: {value + above:.3f}, level: block}}")
    assert finding.status is status


def test_the_check_can_be_turned_off():
    assert ExposureCheck.from_kit(BrandKit.from_text("kit: 1\nexposure: {level: off}\n")) is None
