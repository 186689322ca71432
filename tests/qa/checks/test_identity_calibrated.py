"""The gate decides by the calibration that a kit names, and says so; where it does not hold it says that."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import skimage.data
from PIL import Image

from consistency.facets import Seen
from qa.asset import Asset
from qa.calibration.binding import Binding
from qa.calibration.calibration_file import Calibration
from qa.calibration.standing import standing_of
from qa.checks.identity import IdentityCheck
from qa.checks.identity_calibrated import calibrated, with_probability
from qa.checks.identity_looks import References, see_asset, see_at_a_glance
from qa.checks.identity_thresholds import Thresholds
from qa.engines import Engines
from qa.evidence import Evidence
from qa.gate import Gate
from qa.kit.kit import BrandKit, ModelOptions
from qa.verdict import Finding, Level, Status
from sample_calibration import BINDING, calibration, write

CUP, CAT = skimage.data.coffee(), skimage.data.chelsea()
SMALL = np.full((800, 800, 3), 128, np.uint8)
SMALL[::2] = 96
SMALL[40:340, 40:440] = CUP[:300, 100:500]
"""The cup in a corner, where the whole picture does not show it."""

ENGINES = Engines(ModelOptions())
RULE = "identity.cup.subject"
TEMPLATES: dict[str, dict[str, References]] = {}
"""Made once for each set of references."""

DAY = date(2026, 6, 1)
REVIEW = "policy: {uncalibrated: review}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("kit")
    for start in (0, 100, 200):
        path = root / f"refs/{start}.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(np.ascontiguousarray(CUP[:, start : start + 400])).save(path)
    return root


def kit_of(folder: Path, more: str = "", subject: str = "", made: Calibration | None = None) -> BrandKit:
    text = f"kit: 1\n{more}subjects: {{cup: {{references: [refs/*.png], always: true{subject}}}}}\n"
    if made is not None:
        text += f"calibration: {write(folder, made)}\n"
    return BrandKit.from_text(text, folder=folder)


def bound(folder: Path, subject: str = "") -> Binding:
    binding = IdentityCheck.bindings(kit_of(folder, subject=subject))[RULE]
    return replace(binding, model=ENGINES.embedder().spec.id)


def judged(kit: BrandKit, picture: np.ndarray = CUP, **circumstances: object) -> Finding:
    asset = Asset.read(np.ascontiguousarray(picture), name="a.png")
    check = IdentityCheck.from_kit(kit)
    assert check is not None
    check._references = TEMPLATES.setdefault(IdentityCheck.bindings(kit)[RULE].options, check._references)
    evidence = Evidence(asset, ENGINES, **{"as_of": DAY, **circumstances})  # type: ignore[arg-type]
    for look, seen in looks_at(asset.key).items():
        evidence.supply(("seen", look), seen)
    (found,) = check.judge(asset, evidence)
    return found


@cache
def looks_at(key: str) -> dict[str, Seen]:
    """Return what each look at one of the pictures shows, measured once for all tests."""
    asset = next(read for picture in (CUP, CAT, SMALL) if (read := Asset.read(picture, name="a.png")).key == key)
    evidence = Evidence(asset, ENGINES)
    return {"at a glance": see_at_a_glance(evidence), "subject": see_asset("subject", evidence)}


def test_the_calibrated_threshold_decides_and_is_named(folder: Path) -> None:
    made = calibration(bound(folder), value=0.97)
    found = judged(kit_of(folder, made=made))
    assert found.limit is not None
    assert (found.limit.value, found.limit.source, found.evidence["accept"]) == (0.97, "calibration", 0.97)
    assert found.evidence["calibration"] == made.id[:12]
    words = "calibrated: at most 5 % bad among accepted with 90 % confidence, from 70 labels of 2026-03-01"
    assert found.assumptions == (words, "reject threshold uncalibrated: from photographs, 16 subjects")


def test_what_it_does_not_accept_and_nothing_rejects_is_for_a_person(folder: Path) -> None:
    plain = judged(kit_of(folder))
    assert plain.status is Status.PASS
    assert plain.value is not None
    above = judged(kit_of(folder, made=calibration(bound(folder), value=1.0)))
    assert (above.status, above.code) == (Status.NOT_EVALUABLE, "identity.uncalibrated_band")
    at = judged(kit_of(folder, made=calibration(bound(folder), value=plain.value)))
    assert at.status is Status.PASS


def test_the_probability_is_reported_and_never_certain(folder: Path) -> None:
    kit = kit_of(folder, made=calibration(bound(folder), value=0.7))
    for picture, least, most in ((CUP, 0.8, 0.999), (CAT, 0.001, 0.2)):
        probability = judged(kit, picture).evidence["probability"]
        assert isinstance(probability, float)
        assert least <= probability <= most
    assert "probability" not in judged(kit_of(folder)).evidence


def test_under_a_policy_of_review_a_calibrated_accept_stands_and_a_derived_reject_does_not(folder: Path) -> None:
    kit = kit_of(folder, REVIEW, made=calibration(bound(folder), value=0.7))
    assert judged(kit).status is Status.PASS
    assert judged(kit, CAT).code == "identity.uncalibrated_band"
    assert judged(kit_of(folder, made=calibration(bound(folder), value=0.7)), CAT).code == "identity.below_threshold"


def test_no_threshold_that_keeps_the_promise_is_said_with_the_labels_it_takes(folder: Path) -> None:
    made = calibration(bound(folder), value=None, needed=107)
    found = judged(kit_of(folder, made=made))
    assert found.limit is not None
    assert (found.status, found.limit.source) == (Status.PASS, "default")
    assert "no threshold keeps this promise" in found.assumptions[0]
    assert "37 random labels more would be needed" in found.assumptions[0]
    assert found.assumptions[1].startswith("uncalibrated: ")
    assert judged(kit_of(folder, REVIEW, made=made)).status is Status.NOT_EVALUABLE


@pytest.mark.parametrize(
    ("change", "circumstances", "said"),
    [
        ({"version": 99}, {}, "the check measures otherwise since"),
        ({"model": "other/model"}, {}, "the labels were measured by other/model, not by efficientnet"),
        ({"options": "0" * 64}, {}, "references, not_like, background or how they are looked at have changed since"),
        ({"rule": "identity.maya.face"}, {}, "it has no label of this rule"),
        ({}, {"as_of": date(2026, 9, 1)}, "it expired on 2026-09-01"),
        ({}, {"alarms": ("identity.*",)}, "a drift alarm was raised"),
    ],
)
def test_one_that_does_not_hold_is_said_and_the_rule_is_uncalibrated(
    folder: Path, change: dict[str, object], circumstances: dict[str, object], said: str
) -> None:
    binding = replace(bound(folder), **change)  # type: ignore[arg-type]
    made = calibration(binding, value=0.2, expires=date(2026, 9, 1))
    found = judged(kit_of(folder, made=made), **circumstances)
    assert found.assumptions[0].startswith(f"the kit's calibration does not hold: {said}")
    assert found.assumptions[1].startswith("uncalibrated: ")
    assert (found.evidence["calibration_lapsed"], found.limit) == (
        found.assumptions[0].partition("hold: ")[2],
        judged(kit_of(folder)).limit,
    )
    assert not {"probability", "calibration"} & set(found.evidence)
    assert judged(kit_of(folder, REVIEW, made=made), **circumstances).status is Status.NOT_EVALUABLE


def test_another_reference_ends_it(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "refs"
    other.mkdir()
    Image.fromarray(np.ascontiguousarray(CUP[:, :300])).save(other / "0.png")
    found = judged(kit_of(tmp_path, made=calibration(bound(folder))))
    assert str(found.evidence["calibration_lapsed"]).startswith("references, not_like, background or how they")


def test_it_comes_before_the_kit_s_accept_which_is_said(folder: Path) -> None:
    subject = ", accept: 0.2, reject: 0.1"
    found = judged(kit_of(folder, subject=subject, made=calibration(bound(folder), value=0.5)), CAT)
    assert found.limit is not None
    assert (found.limit.source, found.evidence["reject"]) == ("calibration", 0.1)
    assert found.assumptions[0].endswith(", in place of the kit's accept 0.2")
    assert len(found.assumptions) == 1
    lapsed = judged(kit_of(folder, subject=subject, made=calibration(bound(folder), expires=DAY)), CAT)
    assert lapsed.limit is not None
    assert (lapsed.limit.source, lapsed.status) == ("kit", Status.PASS)


KNOWN = Thresholds(0.7, 0.6, "default", 16, 3)


@pytest.mark.parametrize(
    ("value", "known", "expected"),
    [
        (0.65, KNOWN, (0.65, 0.6, "calibration", "default")),
        (0.9, KNOWN, (0.9, 0.6, "calibration", "default")),
        (0.5, KNOWN, (0.5, 0.5, "calibration", "calibration")),
        (0.5, None, (0.5, -1.0, "calibration", "calibration")),
        (1.0, Thresholds(0.8, 0.8, "kit"), (1.0, 0.8, "calibration", "kit")),
    ],
)
def test_it_moves_what_is_accepted_and_rejects_nothing_of_its_own(
    value: float, known: Thresholds | None, expected: tuple[object, ...]
) -> None:
    found = calibrated(standing_of(calibration(value=value), BINDING, DAY), known)
    assert found is not None
    assert (found.accept, found.reject, found.source, found.reject_source) == expected


def test_values_that_may_become_labels_are_those_of_the_full_look(folder: Path) -> None:
    """Else a threshold learnt from them would accept pictures by a look that their label's value did not have."""
    kit = kit_of(folder, subject=", accept: 0.05, reject: 0.01")
    glance, full = judged(kit, SMALL), judged(kit, SMALL, is_audited=True)
    assert glance.value is not None
    assert full.value is not None
    assert 0.05 <= glance.value < full.value
    between = (glance.value + full.value) / 2
    learnt = kit_of(folder, subject=", accept: 0.05", made=calibration(bound(folder), value=between))
    decided, label = judged(learnt, SMALL), judged(learnt, SMALL, is_audited=True)
    assert (decided.status, decided.value) == (label.status, label.value) == (Status.PASS, full.value)


def test_the_gate_looks_closely_at_what_it_draws(folder: Path) -> None:
    kit = kit_of(folder, "policy: {audit: 100%}\n")
    gate = Gate(kit, as_of=DAY, threads=1)
    asset = Asset.read(np.ascontiguousarray(CUP), name="a.png")
    assert gate._judge.evidence(gate._run(None, is_final=True), asset).is_audited
    plain = Gate(kit_of(folder), as_of=DAY, threads=1)
    assert not plain._judge.evidence(plain._run(None, is_final=True), asset).is_audited


def test_the_gate_takes_alarms(folder: Path) -> None:
    kit = kit_of(folder, made=calibration(bound(folder), value=0.7))
    for alarms, source in (((), "calibration"), ((RULE,), "default")):
        verdict = Gate(kit, as_of=DAY, threads=1, alarms=alarms).judge(np.ascontiguousarray(CUP))
        (found,) = [finding for finding in verdict.findings if finding.rule == RULE]
        assert found.limit is not None
        assert found.limit.source == source
    with pytest.raises(ValueError, match="a list of rules"):
        Gate(kit, alarms=RULE)


def test_a_finding_without_a_value_has_no_probability() -> None:
    finding = Finding(RULE, "identity", "met", Level.BLOCK, Status.PASS)
    assert with_probability(finding, standing_of(calibration(), BINDING, DAY)) == finding
