"""A slow shift of a brand colour shows before any asset fails, and changes no verdict."""

import numpy as np
import pytest

from consistency.colorspace import lab_to_srgb, to_lab
from qa.asset import Asset, Brief
from qa.checks.trend import TrendCheck
from qa.gate import Gate
from qa.kit.kit import BrandKit
from qa.verdict import Level, Status

KIT = 'kit: 1\ncolors: {blue: {value: "#0055aa"}}\n'
QUIET = "sharpness: {level: off}\nexposure: {level: off}\nduplicates: {level: off}\n"
BLUE = to_lab(np.array([[[0, 0x55, 0xAA]]], np.uint8) / 255)[0, 0].astype(float)


def check(kit=KIT):
    return TrendCheck.from_kit(BrandKit.from_text(kit))


def traces(count=50, shift=0.0, noise=0.4, name="blue", gaps=(), lab=BLUE):
    random = np.random.default_rng(count)
    moved = lab + np.outer(np.linspace(0, shift, count), (1, -1, 1)) + noise * random.normal(size=(count, 3))
    return [
        {"asset": f"{i:02}.png", "colors": {name: None if i in gaps else moved[i].round(3).tolist()}}
        for i in range(count)
    ]


def test_a_drift_is_a_warning_with_its_figures_and_its_series():
    (finding,) = check().conclude(traces(shift=3.0, gaps=(4, 5)))
    assert (finding.rule, finding.code, finding.status, finding.level) == (
        "trend.blue",
        "trend.drift",
        Status.FAIL,
        Level.WARN,
    )
    assert (finding.evidence["readings"], finding.evidence["gaps"]) == (48, 2)
    assert finding.evidence["delta_lightness"] == pytest.approx(3, abs=0.5)
    assert finding.evidence["interval_low"] < finding.value < finding.evidence["interval_high"]
    assert finding.series.values["hue"][4] is None
    assert len(finding.series.fits["hue"]) == 50
    assert finding.evidence["worst_1"] in finding.observed


def test_a_jump_names_the_asset_it_begins_with():
    before, after = traces(20), traces(30, lab=BLUE + np.array([3, 0, 0]))
    renamed = [{**trace, "asset": f"after_{trace['asset']}"} for trace in after]
    (finding,) = check().conclude(before + renamed)
    assert (finding.code, finding.evidence["from_asset"]) == ("trend.shift", "after_00.png")


def test_noise_is_met_and_keeps_its_series():
    (finding,) = check().conclude(traces())
    assert (finding.status, finding.value) == (Status.PASS, None)
    assert finding.series is not None


def test_a_trend_too_small_to_matter_is_met():
    (finding,) = check().conclude(traces(shift=0.5, noise=0.05))
    assert finding.status is Status.PASS
    (strict,) = check(KIT + "trend: {max_shift: 0.2}\n").conclude(traces(shift=0.5, noise=0.05))
    assert strict.status is Status.FAIL


def test_too_few_readings_are_said_where_the_kit_asks_for_trends():
    few = traces(20, gaps=range(7, 20))
    assert check().conclude(few) == []
    (finding,) = check(KIT + "trend: {level: warn}\n").conclude(few)
    assert (finding.code, finding.status) == ("trend.too_few", Status.NOT_EVALUABLE)


def test_the_more_colours_the_more_evidence_is_asked_for():
    colors = ", ".join(f'c{i}: {{value: "#{i:02x}55aa"}}' for i in range(12))
    many = check(f"kit: 1\ncolors: {{{colors}}}\n")
    alone = check('kit: 1\ncolors: {c0: {value: "#0055aa"}}\n')
    noisy = traces(24, shift=1.4, noise=0.75, name="c0")
    beside = [traces(24, noise=0.7 + i / 50, name=f"c{i}") for i in range(1, 12)]
    together = [
        {"asset": one[0]["asset"], "colors": {k: v for t in one for k, v in t["colors"].items()}}
        for one in zip(noisy, *beside, strict=True)
    ]
    p_alone = alone.conclude(noisy)[0].evidence["p_value"]
    assert many.conclude(together)[0].evidence["p_value"] > p_alone


def test_off_or_without_colours_there_is_no_check():
    assert check("kit: 1\n") is None
    assert check(KIT + "trend: {level: off}\n") is None
    assert check('kit: 1\ncolors: {blue: {value: "#0055aa", level: off}}\n') is None


def picture(lab, seed):
    pixels = np.random.default_rng(seed).integers(90, 120, (160, 160, 3)).astype(np.uint8)
    pixels[40:120, 40:120] = np.clip(np.round(lab_to_srgb(lab) * 255), 0, 255)
    return pixels


def test_a_slow_shift_is_reported_while_every_asset_is_accepted():
    labs = [BLUE + np.array([1.6, -1.6, 1.6]) * i / 29 for i in range(30)]
    assets = [Asset.read(picture(lab, i), name=f"{i:02}.png") for i, lab in enumerate(labs)]
    gate = Gate(BrandKit.from_text(KIT + QUIET), threads=1)
    batch = gate.judge_many(assets)
    assert {str(verdict.decision) for verdict in batch} == {"accept"}
    assert [(f.rule, f.code) for f in batch.findings] == [("trend.blue", "trend.drift")]
    assert batch.findings == Gate(BrandKit.from_text(KIT + QUIET), threads=2).judge_many(assets).findings


def test_an_asset_without_the_colour_is_a_gap_and_one_it_does_not_apply_to_is_not():
    kit = 'kit: 1\ncolors: {blue: {value: "#0055aa", when: {placement: web}}}\n' + QUIET
    gate = Gate(BrandKit.from_text(kit), threads=1)
    (one,) = gate.batch_checks
    seen = []
    for brief in (Brief(placement="web"), Brief(placement="print")):
        asset = Asset.read(np.full((160, 160, 3), 200, np.uint8), name="grey.png", brief=brief)
        work = gate._judge.read(gate._run(None, is_final=True), asset)
        seen.append(one.observe(asset, work.evidence)["colors"])
    assert seen == [{"blue": None}, {}]
