"""The identity check on real models: every branch between a reference and a finding."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import skimage.data
from PIL import Image

from consistency.errors import AnchorError
from qa.asset import Asset, Brief
from qa.checks.identity import IdentityCheck
from qa.checks.identity_findings import NOT_LOCALISED
from qa.checks.identity_options import SubjectsOptions
from qa.checks.identity_thresholds import Thresholds, derived, thresholds_for
from qa.codes import CODES
from qa.engines import Engines
from qa.evidence import Evidence
from qa.kit.kit import BrandKit, ModelOptions
from qa.verdict import FixKind, Level, Status
from tiny_models import clip_weights, face_pack

CUP, CAT, ROCKET = skimage.data.coffee(), skimage.data.chelsea(), skimage.data.rocket()
ENGINES = Engines(ModelOptions())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("kit")
    for start in (0, 100, 200):
        save(root / f"refs/cup/{start}.png", CUP[:, start : start + 400])
    save(root / "refs/cat/0.png", CAT)
    return root


def save(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.ascontiguousarray(pixels)).save(path)


def check_of(folder, subjects, policy="", models=""):
    text = "\n".join(["kit: 1", models, policy, "subjects:", *(f"  {line}" for line in subjects.splitlines())])
    return IdentityCheck.from_kit(BrandKit.from_text(text, folder=folder))


def judge(check, picture=CUP, brief=None, engines=ENGINES):
    asset = Asset.read(np.ascontiguousarray(picture), name="a.png", brief=brief)
    found = check.judge(asset, Evidence(asset, engines))
    assert [f.rule for f in found] == [rule.id for rule in check.rules(asset.brief)]
    assert all(f.code in CODES for f in found)
    return found


CUP_ALWAYS = "cup: {references: [refs/cup/*.png], always: true}"


def test_the_subject_passes_and_says_that_nothing_is_calibrated(folder):
    (found,) = judge(check_of(folder, CUP_ALWAYS))
    assert (found.rule, found.status, found.code) == ("identity.cup.subject", Status.PASS, "met")
    assert found.assumptions == ("uncalibrated: from photographs, 16 subjects",)
    assert (found.limit.op, found.limit.source) == (">=", "default")
    assert found.value >= found.limit.value == found.evidence["accept"]
    assert found.backend == ENGINES.embedder().spec.id
    assert found.evidence["references"] == 3


@pytest.mark.parametrize("picture", [CAT, ROCKET])
def test_another_subject_fails_and_only_a_re_roll_helps(folder, picture):
    (found,) = judge(check_of(folder, CUP_ALWAYS), picture)
    assert (found.status, found.code, found.fixes) == (Status.FAIL, "identity.below_threshold", ())
    assert found.value < found.limit.value == found.evidence["reject"]


def test_between_the_thresholds_a_person_looks(folder):
    kit = "cup: {references: [refs/cup/*.png], always: true, accept: 0.99, reject: 0.1}"
    (found,) = judge(check_of(folder, kit), CAT)
    assert (found.status, found.code) == (Status.NOT_EVALUABLE, "identity.uncalibrated_band")
    assert [fix.kind for fix in found.fixes] == [FixKind.HUMAN_REVIEW]


def test_a_reference_that_is_there_twice_is_refused_when_the_gate_is_made(tmp_path):
    for name in ("a", "b"):
        save(tmp_path / f"refs/{name}.png", CUP)
    with pytest.raises(AnchorError, match=r"refs/a.png and refs/b.png of the same bytes"):
        check_of(tmp_path, "cup: {references: [refs/*.png]}")


def test_thresholds_of_the_kit_replace_the_derived_ones(folder):
    found = judge(check_of(folder, "cup: {references: [refs/cup/*.png], always: true, accept: 0.1}"), CAT)[0]
    assert (found.status, found.limit.source, found.limit.value, found.assumptions) == (Status.PASS, "kit", 0.1, ())


def test_a_policy_of_review_lets_no_derived_threshold_decide(folder):
    check = check_of(folder, CUP_ALWAYS, policy="policy: {uncalibrated: review}")
    for picture in (CUP, CAT):
        assert judge(check, picture)[0].code == "identity.uncalibrated_band"
    kit = "cup: {references: [refs/cup/*.png], always: true, accept: 0.5}"
    assert judge(check_of(folder, kit, policy="policy: {uncalibrated: review}"))[0].status is Status.PASS


def test_a_picture_nearer_to_what_it_must_not_look_like_fails(folder):
    kit = "cup: {references: [refs/cup/*.png], not_like: [refs/cat/*.png], always: true, accept: 0.01}"
    found = judge(check_of(folder, kit), CAT)[0]
    assert (found.status, found.code) == (Status.FAIL, "identity.not_like")
    assert found.value <= found.limit.value
    assert judge(check_of(folder, kit))[0].status is Status.PASS


def test_the_brief_says_who_must_appear(folder):
    check = check_of(folder, f"{CUP_ALWAYS}\ncat: {{references: refs/cat/0.png}}")
    assert [f.rule for f in judge(check)] == ["identity.cup.subject"]
    assert [f.rule for f in judge(check, brief=Brief(subjects=("cat",)))] == ["identity.cat.subject"]
    assert judge(check, brief=Brief(subjects=())) == []


def test_a_subject_the_kit_does_not_know_is_never_passed(folder):
    check = check_of(folder, CUP_ALWAYS)
    (found,) = judge(check, brief=Brief(subjects=("cups\n<b>",)))
    assert (found.status, found.code, found.level) == (Status.NOT_EVALUABLE, "identity.unknown_subject", Level.BLOCK)
    assert "\n" not in found.rule + found.observed
    assert "did you mean cup?" in judge(check, brief=Brief(subjects=("cop",)))[0].observed


def test_a_subject_whose_level_is_off_is_not_judged_even_where_a_brief_names_it(folder):
    check = check_of(folder, f"{CUP_ALWAYS}\ncat: {{references: [refs/cat/*.png], level: off}}")
    assert judge(check, brief=Brief(subjects=("cat",))) == []
    assert [f.rule for f in judge(check, brief=Brief(subjects=("cat", "cup")))] == ["identity.cup.subject"]


def test_when_limits_a_subject_to_placements(folder):
    check = check_of(folder, "cup: {references: [refs/cup/*.png], always: true, when: {placement: story}}")
    assert judge(check) == []
    assert len(judge(check, brief=Brief(placement="story"))) == 1


def test_levels_are_the_kit_s(folder):
    assert check_of(folder, "cup: {references: [refs/cup/*.png], always: true, level: off}") is None
    check = check_of(folder, "cup: {references: [refs/cup/*.png], always: true, level: warn}")
    assert judge(check)[0].level is Level.WARN


def test_a_facet_without_thresholds_is_measured_and_left_to_a_person(folder):
    check = check_of(folder, "cup: {references: [refs/cup/*.png], always: true, facets: [style]}")
    (found,) = judge(check)
    assert (found.status, found.code) == (Status.NOT_EVALUABLE, "identity.no_threshold")
    assert found.value > 0.5


def test_a_wrong_reference_is_left_out_and_said(folder):
    save(folder / "mixed/0.png", CAT)
    for start in (0, 100, 200):
        save(folder / f"mixed/{start + 1}.png", CUP[:, start : start + 400])
    (found,) = judge(check_of(folder, "cup: {references: [mixed/*.png], always: true}"))
    (right,) = judge(check_of(folder, CUP_ALWAYS))
    assert (found.value, found.evidence["references"]) == (right.value, 3)
    assert found.assumptions[0].startswith("reference 1 left out: unlike the others")
    assert found.assumptions[1:] == right.assumptions


def test_references_of_which_no_majority_agrees_are_left_to_a_person(folder):
    save(folder / "torn/0.png", CAT)
    save(folder / "torn/1.png", CUP)
    save(folder / "torn/2.png", ROCKET)
    (found,) = judge(check_of(folder, "cup: {references: [torn/*.png], always: true}"))
    assert (found.status, found.code) == (Status.NOT_EVALUABLE, "identity.not_evaluable")
    assert "no majority agrees" in found.observed


def test_an_empty_picture_is_not_evaluable(folder):
    (found,) = judge(check_of(folder, CUP_ALWAYS), np.full((400, 400, 3), 90, np.uint8))
    assert (found.status, found.code, found.value) == (Status.NOT_EVALUABLE, "identity.not_evaluable", None)


def test_references_that_cannot_be_used_are_said_on_their_rule_only(folder):
    save(folder / "refs/plain.png", np.full((64, 64, 3), 7, np.uint8))
    (folder / "refs/torn.png").write_bytes(b"\x89PNG")
    subjects = "plain: {references: refs/plain.png, always: true}\ntorn: {references: refs/torn.png, always: true}"
    found = judge(check_of(folder, f"{subjects}\n{CUP_ALWAYS}"))
    assert [f.code for f in found] == ["identity.not_evaluable", "identity.not_evaluable", "met"]
    assert "readable reference 1" in found[1].observed


def test_a_missing_face_model_does_not_silence_the_subject(folder, tmp_path):
    engines = Engines(ModelOptions(faces=f"insightface:{tmp_path}"))
    check = check_of(folder, "cup: {references: [refs/cup/*.png], facets: [face, subject], always: true}")
    assert [f.code for f in judge(check, engines=engines)] == ["backend.missing", "met"]


@pytest.mark.usefixtures("squares_are_photographed")
def test_faces_are_judged_by_the_kit_s_pack(folder, tmp_path):
    pytest.importorskip("insightface", reason="the faces extra is not installed")
    portrait = np.zeros((640, 640, 3), np.uint8)
    portrait[320:352, 320:352] = 255
    save(folder / "refs/maya.png", portrait)
    engines = Engines(ModelOptions(faces=f"insightface:{face_pack(tmp_path / 'tiny')}"))
    check = check_of(folder, "maya: {references: refs/maya.png, facets: [face], always: true, accept: 0.9}")
    assert judge(check, portrait, engines=engines)[0].status is Status.PASS
    assert judge(check, CAT, engines=engines)[0].code == "identity.no_face"
    derived_only = check_of(folder, "maya: {references: refs/maya.png, facets: [face], always: true}")
    assert judge(derived_only, portrait, engines=engines)[0].code == "identity.no_threshold"


def test_asked_from_several_threads_the_answer_is_one(folder):
    check = check_of(folder, CUP_ALWAYS)
    with ThreadPoolExecutor(4) as pool:
        values = set(pool.map(lambda _: judge(check)[0].value, range(8)))
    assert len(values) == 1


@pytest.mark.parametrize(
    "options",
    [
        {"references": []},
        {"references": ["a"], "facets": []},
        {"references": ["a"], "facets": ["subject", "subject"]},
        {"references": ["a"], "facets": ["clothes"]},
        {"references": ["a"], "reject": 0.2},
        {"references": ["a"], "accept": 0.2, "reject": 0.3},
        {"references": ["a"], "accept": 1.5},
        {"references": ["a"], "accept": 0.5, "facets": ["subject", "style"]},
    ],
)
def test_options_that_make_no_sense_are_refused(options):
    with pytest.raises(ValueError, match=r"\S"):
        SubjectsOptions.model_validate({"cup": options})


def test_derived_thresholds_are_ordered_and_hold_their_promises():
    for known in derived().values():
        assert [each.references for each in known] == sorted({each.references for each in known})
        assert all(each.reject <= each.accept and each.subjects >= 10 for each in known)


def test_more_references_than_derived_for_use_the_figures_of_the_most():
    spec = ENGINES.embedder().spec.id
    assert thresholds_for(spec, "subject", 10) == thresholds_for(spec, "subject", 4)
    assert thresholds_for(spec, "subject", 1).references == 1
    assert thresholds_for("other", "subject", 3) is thresholds_for(spec, "subject", 0) is None


def test_thresholds_in_the_wrong_order_are_refused():
    with pytest.raises(ValueError, match="reject"):
        Thresholds(0.2, 0.3, "kit")


@pytest.mark.parametrize(("tower", "is_found"), [("convnext", True), ("eva", False)])
def test_a_model_that_does_not_say_where_it_looks_is_said_to(folder, tower, is_found, tmp_path):
    pytest.importorskip("open_clip", reason="the clip extra is not installed")
    name = f"openclip:identity-{tower}:{clip_weights(tmp_path, f'identity-{tower}', tower=tower)}"
    subject = CUP_ALWAYS.replace("always: true", "always: true, accept: 0.999")
    (found,) = judge(check_of(folder, subject), engines=Engines(ModelOptions(embedder=name)))
    assert found.value is not None
    assert (NOT_LOCALISED in found.assumptions) == (not is_found)
