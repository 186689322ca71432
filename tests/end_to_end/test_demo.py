import importlib
import json
import sys
from pathlib import Path

import pytest

from qa.demo.run import run_demo
from qa.verdict import Decision

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    return run_demo(tmp_path_factory.mktemp("demo"), seed=0)


def test_the_gate_decides_every_planted_asset_of_seed_0_as_planted(demo):
    assert [str(case) for case in demo.agreement.disagreements if demo.agreement.decisions < 1] == []


def test_the_gate_gives_at_least_95_percent_of_the_planted_reasons(demo):
    assert demo.agreement.reasons >= 0.95, [str(case) for case in demo.agreement.disagreements]


def test_the_demo_shows_every_decision_and_a_batch_finding(demo):
    assert len(demo.batch) >= 30
    assert {verdict.decision for verdict in demo.batch} == set(Decision)
    assert demo.batch.findings


def test_a_truncated_asset_is_rejected_and_the_others_are_judged(demo):
    names = [asset.name for asset in demo.campaign.truth.assets if "truncated" in asset.faults]
    verdicts = [verdict for verdict in demo.batch if verdict.asset.name.rpartition("/")[2] in names]
    assert [verdict.decision for verdict in verdicts] == [Decision.REJECT] * len(names)
    assert names


def test_the_truth_benchmark_runs_and_counts_every_asset(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    benchmark = importlib.import_module("gate_truth")
    out = tmp_path / "truth.json"
    monkeypatch.setattr(sys, "argv", ["gate_truth.py", "--quick", "--out", str(out)])
    assert benchmark.main() == 0
    report = json.loads(out.read_text())
    assert report["clean"]["accepted"]["of"] == report["assets"] // 2
    assert report["clean"]["accepted"]["fraction"] > 0
    low, high = report["clean"]["accepted"]["interval"]
    assert 0 <= low <= report["clean"]["accepted"]["fraction"] <= high <= 1
