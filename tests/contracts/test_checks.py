"""Every check of the tables keeps the protocol, on ordinary pictures and on the oddest that can be decoded."""

import math

import numpy as np
import pytest

from consistency.image import load_image
from consistency.region import Mask
from consistency.runtime.stored import canonical_json
from consistency.runtime.tables import load_entry
from qa import BrandKit, Brief, Gate
from qa.asset import Asset, Edit
from qa.checks.check import BatchCheck, Check
from qa.checks.running import findings_of
from qa.checks.tables import BATCH_CHECKS, CHECKS
from qa.codes import CODES
from qa.demo.brand import kit_text, write_kit
from qa.evidence import Evidence
from qa.kit.schema import check_sections
from qa.verdict import Status

BRIEF = Brief(id="b", subjects=("bottle",), values={"headline": "WAKE UP SLOW", "price": "$4.90"})
RANDOM = np.random.default_rng(0)
PICTURES = {
    "one pixel": np.zeros((1, 1, 3), np.uint8),
    "a row": RANDOM.integers(0, 256, (1, 400, 3), np.uint8),
    "a column": RANDOM.integers(0, 256, (400, 1, 3), np.uint8),
    "black": np.zeros((64, 64, 3), np.uint8),
    "white": np.full((300, 200, 3), 255, np.uint8),
    "noise": RANDOM.integers(0, 256, (256, 320, 3), np.uint8),
    "all transparent": np.zeros((64, 64, 4), np.uint8),
    "the brand's blue": np.full((256, 256, 3), (27, 75, 143), np.uint8),
}


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    return Gate(BrandKit.load(write_kit(tmp_path_factory.mktemp("kit"), kit_text() + "\nglyphs: {}\nprompt: {}\n")))


def test_the_gate_of_a_full_kit_runs_every_check_of_both_tables(gate):
    assert [check.name for check in gate.checks] == list(CHECKS)
    assert [check.name for check in gate.batch_checks] == list(BATCH_CHECKS)


@pytest.mark.parametrize(("table", "name"), [(t, name) for t in (CHECKS, BATCH_CHECKS) for name in t])
def test_a_check_is_what_its_entry_says(table, name):
    cls = load_entry(table, name, "check")
    assert cls.name == name
    assert cls.version >= 1
    assert check_sections()[cls.section] is cls.Options
    assert cls.__doc__


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("name", CHECKS)
def test_a_check_answers_every_rule_on_any_picture_without_failing(gate, name, picture):
    (check,) = [each for each in gate.checks if each.name == name]
    assert isinstance(check, Check)
    before = load_image(PICTURES[picture])
    edit = Edit(before, Mask.encode(np.zeros((before.height, before.width), np.bool_)))
    asset = Asset.read(PICTURES[picture], name=picture, brief=BRIEF, edit=edit)
    findings = findings_of(check, asset, Evidence(asset, gate.engines))
    assert sorted(f.rule for f in findings) == sorted(rule.id for rule in check.rules(BRIEF))
    for finding in findings:
        assert finding.code in CODES
        assert finding.code != "check.raised", finding.observed
        assert finding.check == name
        assert finding.rule.partition(".")[0] == name
        assert finding.value is None or math.isfinite(finding.value)
        assert finding.status is not Status.PASS or finding.code == "met"
        box = finding.where.box if finding.where else None
        assert box is None or box.clipped(*PICTURES[picture].shape[:2]) is not None


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("name", BATCH_CHECKS)
def test_a_batch_check_keeps_little_and_only_json(gate, name, picture):
    (check,) = [each for each in gate.batch_checks if each.name == name]
    assert isinstance(check, BatchCheck)
    asset = Asset.read(PICTURES[picture], name=picture)
    trace = check.observe(asset, Evidence(asset, gate.engines))
    assert len(canonical_json(trace)) < 10_000
    assert check.conclude([]) == []
    assert {f.code for f in check.conclude([trace, {**trace, "asset": "again"}])} <= set(CODES)


def test_no_odd_picture_is_accepted(gate):
    for name, pixels in PICTURES.items():
        assert gate.judge(pixels, BRIEF, name=name).decision != "accept"
