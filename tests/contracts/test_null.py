"""Unedited photographs raise next to nothing from the checks that are not the brand's own."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from skimage import data

from consistency.image import load_image
from qa.asset import Asset
from qa.checks.duplicates import DuplicatesCheck
from qa.checks.exposure import ExposureCheck
from qa.checks.layout import LayoutCheck
from qa.checks.sharpness import SharpnessCheck
from qa.engines import Engines
from qa.evidence import Evidence
from qa.kit.kit import BrandKit, ModelOptions
from qa.verdict import Finding, Level, Status
from shared_data import SHARED

KIT = BrandKit.from_text("kit: 1\n")
CARRIED = ("astronaut", "chelsea", "coffee", "rocket", "retina", "camera", "coins", "moon", "grass", "gravel", "brick")
FOLDERS = ("identity_products", "faces/bbt")
MOST_BLOCKED, MOST_WARNED = 0.01, 0.05


def photographs() -> Iterator[tuple[str, object]]:
    for name in CARRIED:
        picture = getattr(data, name)()
        yield name, np.ascontiguousarray(picture if picture.ndim == 3 else np.stack([picture] * 3, axis=-1))
    for folder in FOLDERS:
        for path in sorted(Path(SHARED, "data", folder).rglob("*.jpg"))[::2]:
            yield f"{path.parent.name}/{path.name}", path


def is_unmet(finding: Finding) -> bool:
    return finding.status in (Status.FAIL, Status.WARN)


@pytest.fixture(scope="module")
def found() -> tuple[int, list[Finding]]:
    checks = [check.from_kit(KIT) for check in (SharpnessCheck, ExposureCheck, LayoutCheck)]
    batch = DuplicatesCheck.from_kit(KIT)
    findings, traces = [], []
    for name, source in photographs():
        asset = Asset.read(load_image(source), name=name)
        evidence = Evidence(asset, Engines(ModelOptions()))
        for check in checks:
            if check is not None:
                findings += check.judge(asset, evidence)
        traces.append(batch.observe(asset, evidence))
    return len(traces), findings + list(batch.conclude(traces))


def test_photographs_are_not_blocked(found):
    count, findings = found
    blocked = [f for f in findings if is_unmet(f) and f.level is Level.BLOCK]
    assert len(blocked) <= MOST_BLOCKED * count


@pytest.mark.parametrize("rule", ["sharpness", "exposure", "duplicates"])
def test_photographs_are_seldom_warned_about(found, rule):
    count, findings = found
    warned = [f for f in findings if is_unmet(f) and f.rule == rule]
    assert len(warned) <= MOST_WARNED * count
