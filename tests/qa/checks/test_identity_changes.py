"""Rules on changes of a subject, on real models and photographs: told, judged by the kit's limits, or left open."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
import skimage.data
from PIL import Image

from consistency import Anchor
from qa.asset import Asset
from qa.checks.identity import IdentityCheck
from qa.codes import CODES
from qa.engines import Engines
from qa.evidence import Evidence
from qa.kit.kit import BrandKit, ModelOptions
from qa.kit.problems import KitError
from qa.verdict import Level, Status

CUP, CAT = skimage.data.coffee(), skimage.data.chelsea()
ENGINES = Engines(ModelOptions())
ALL = "changes: {mirrored: block, stretched: warn, recoloured: {limit: 20%}, reprinted: {limit: 60%, level: warn}}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("kit")
    (root / "cup").mkdir()
    for start in (0, 40, 80):
        Image.fromarray(np.ascontiguousarray(CUP[:, start : start + 520])).save(root / f"cup/{start}.png")
    return root


def kit_of(folder, subject):
    return BrandKit.from_text(f"kit: 1\nsubjects:\n  cup: {{{subject}}}", folder=folder)


def check_of(folder, changes=ALL):
    return IdentityCheck.from_kit(kit_of(folder, f"references: [cup/*.png], always: true, {changes}"))


def judge(check, picture, engines=ENGINES):
    asset = Asset.read(np.ascontiguousarray(picture), name="a.png")
    found = check.judge(asset, Evidence(asset, engines))
    assert [(each.rule, each.level) for each in found] == [(rule.id, rule.level) for rule in check.rules(asset.brief)]
    assert all(each.code in CODES for each in found)
    return {each.rule.removeprefix("identity.cup."): each for each in found}


def test_the_subject_as_it_is_meets_every_rule(folder):
    found = judge(check_of(folder), CUP)
    assert {each.status for each in found.values()} == {Status.PASS}
    assert [each.level for each in found.values()] == [Level.BLOCK, Level.BLOCK, Level.WARN, Level.BLOCK, Level.WARN]
    assert (found["recoloured"].limit.value, found["recoloured"].limit.source) == (0.2, "kit")
    assert (found["mirrored"].limit.value, found["mirrored"].limit.source) == (0.65, "default")
    assert (len(found["mirrored"].assumptions), len(found["recoloured"].assumptions)) == (1, 0)
    assert found["reprinted"].where == found["subject"].where is not None


@pytest.mark.parametrize(
    ("kind", "edit"),
    [
        ("mirrored", lambda picture: picture[:, ::-1]),
        ("stretched", lambda picture: cv2.resize(picture, None, fx=1.15, fy=1.0)),
        ("recoloured", lambda picture: picture[..., [2, 0, 1]]),
    ],
)
def test_a_changed_subject_is_still_the_subject_and_fails_by_what_was_changed(folder, kind, edit):
    found = judge(check_of(folder), edit(CUP))
    assert (found[kind].status, found[kind].code) == (Status.FAIL, f"identity.{kind}")
    assert found[kind].value >= found[kind].limit.value
    assert found["subject"].status is not Status.FAIL
    assert [name for name, each in found.items() if each.status is Status.FAIL] == [kind]


def test_a_subject_whose_print_is_covered_is_reprinted(folder):
    covered = CUP.copy()
    covered[60:330, 120:480] = (210, 190, 170)
    found = judge(check_of(folder, "accept: 0.2, changes: {reprinted: {limit: 50%}}"), covered)["reprinted"]
    assert (found.status, found.code) == (Status.FAIL, "identity.reprinted")


def test_what_is_not_the_subject_is_not_judged_by_its_changes(folder):
    found = judge(check_of(folder), CAT)
    assert found.pop("subject").status is Status.FAIL
    assert {(each.status, each.code) for each in found.values()} == {(Status.NOT_RUN, "identity.change_untold")}


def test_of_what_could_not_be_measured_changes_say_why_as_the_subject_does(folder):
    found = judge(check_of(folder), np.full((300, 300, 3), 90, np.uint8))
    assert {(each.status, each.code, each.observed) for each in found.values()} == {
        (Status.NOT_EVALUABLE, "identity.not_evaluable", "the picture is of one colour")
    }


def test_a_model_that_is_missing_is_an_outage_for_changes_too(folder):
    kit = kit_of(folder, f"references: [cup/*.png], always: true, {ALL}")
    found = judge(IdentityCheck.from_kit(kit), CUP, Engines(ModelOptions(embedder="openclip:ViT-B-32:none.bin")))
    assert {each.code for each in found.values()} == {"backend.missing"}


def test_where_nobody_confirmed_a_limit_and_the_kit_wants_a_person_it_decides_nothing(folder):
    text = (
        f"kit: 1\npolicy: {{uncalibrated: review}}\nsubjects:\n  cup: {{references: [cup/*.png], always: true, {ALL}}}"
    )
    found = judge(IdentityCheck.from_kit(BrandKit.from_text(text, folder=folder)), CUP)
    assert (found["mirrored"].status, found["mirrored"].code) == (
        Status.NOT_EVALUABLE,
        "identity.uncalibrated_band",
    )
    assert found["recoloured"].status is Status.PASS


@pytest.mark.parametrize("edit", [lambda picture: picture, lambda picture: picture[:, ::-1]])
def test_an_audit_changes_nothing_of_what_is_told(folder, edit):
    asset = Asset.read(np.ascontiguousarray(edit(CUP)), name="a.png")
    plain, audited = (
        check_of(folder).judge(asset, Evidence(asset, ENGINES, is_audited=each)) for each in (False, True)
    )
    assert plain == audited


def test_references_are_seen_once_by_several_threads(folder):
    check = check_of(folder)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: judge(check, CUP), range(4)))
    assert all(each == found[0] for each in found)


def test_changes_are_those_that_an_anchor_tells(folder):
    anchor = Anchor.from_references("cup", sorted(map(str, (folder / "cup").iterdir())))
    told, found = anchor.score(CUP).changes, judge(check_of(folder), CUP)
    assert {kind: found[kind].value for kind in told} == {kind: each.value for kind, each in told.items()}


def test_what_cannot_be_told_never_passes(folder):
    kit = kit_of(folder, "references: [cup/0.png], always: true, changes: {reprinted: block}")
    found = judge(IdentityCheck.from_kit(kit), CUP)["reprinted"]
    assert (found.status, found.code) == (Status.NOT_EVALUABLE, "identity.change_untold")
    assert (found.observed, found.value) == ("one reference shares none", None)


def test_a_rule_that_is_off_is_none_and_one_without_a_level_is_as_hard_as_its_subject(folder):
    check = check_of(folder, "level: warn, changes: {mirrored: off, stretched: {limit: 0.2}}")
    found = judge(check, CUP)
    assert {name: each.level for name, each in found.items()} == {"subject": Level.WARN, "stretched": Level.WARN}


@pytest.mark.parametrize(
    ("subject", "said"),
    [
        ("references: [cup/0.png], changes: {flipped: block}", "mirrored"),
        ("references: [cup/0.png], changes: {mirrored: loud}", "limit: 12%"),
        ("references: [cup/0.png], changes: {stretched: 12%}", "limit: 12%"),
        ("references: [cup/0.png], changes: {stretched: }", "limit: 12%"),
        ("references: [cup/0.png], changes: {mirrored: {limit: 0}}", "greater than 0"),
        ("references: [cup/0.png], changes: {mirrored: {limt: 5%}}", "limit"),
        ("references: [cup/0.png], facets: [style], changes: {mirrored: warn}", "subject among the facets"),
    ],
)
def test_a_kit_that_states_no_rule_is_refused_with_what_would_be_one(folder, subject, said):
    with pytest.raises(KitError, match=said):
        IdentityCheck.from_kit(kit_of(folder, subject))
