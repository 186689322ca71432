"""Several subjects of one brief on one asset: a face is one person's, a place one product's; and what that costs."""

import cv2
import numpy as np
import pytest
import skimage.data
from PIL import Image

from consistency.collapse import probes
from consistency.image import load_image
from qa.asset import Asset, Brief
from qa.checks.identity import IdentityCheck
from qa.codes import CODES
from qa.engines import Engines
from qa.evidence import Evidence
from qa.kit.kit import BrandKit, ModelOptions
from qa.kit.problems import KitError
from qa.verdict import Status
from shared_data import shared_path

CUP, CAT = skimage.data.coffee()[:, 100:500], skimage.data.chelsea()
BLUE = np.ascontiguousarray(CUP[:, :, ::-1])


class CountingEmbedder:
    """The gate's embedder, which counts what it is shown."""

    def __init__(self, embedder):
        self._embedder, self.spec, self.shown = embedder, embedder.spec, 0

    def embed(self, images):
        self.shown += len(images)
        return self._embedder.embed(images)


class CountingEngines(Engines):
    def __init__(self):
        super().__init__(ModelOptions())
        self.counting = CountingEmbedder(super().embedder())

    def embedder(self):
        return self.counting


ENGINES = CountingEngines()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("kit")
    for name, pixels in (("cup", CUP), ("blue", BLUE), ("cat", CAT)):
        (root / name).mkdir()
        Image.fromarray(np.ascontiguousarray(pixels)).save(root / name / "0.png")
    return root


def check_of(folder, *names, more=""):
    lines = [f"  {name}: {{references: [{name}/*.png], always: true{more}}}" for name in names]
    return IdentityCheck.from_kit(BrandKit.from_text("\n".join(["kit: 1", "subjects:", *lines]), folder=folder))


def judge(check, picture, engines=ENGINES, brief=None):
    asset = Asset.read(np.ascontiguousarray(picture), name="a.png", brief=brief)
    found = {finding.rule: finding for finding in check.judge(asset, Evidence(asset, engines))}
    assert [rule.id for rule in check.rules(asset.brief)] == list(found)
    assert all(finding.code in CODES for finding in found.values())
    return found


def test_references_are_looked_at_once_for_all_kits_and_runs(folder):
    judge(check_of(folder, "cup", "cat"), CUP)
    ENGINES.counting.shown = 0
    check_of(folder, "cup", "cat")._references["cup"].template("subject", ENGINES)
    assert ENGINES.counting.shown == len(probes())  # which say that the encoder is none that finds all alike
    other = Engines(ModelOptions(precision="bfloat16"))
    template = check_of(folder, "cup")._references["cup"].template("subject", other)
    assert template.spec == other.embedder().spec.id != ENGINES.embedder().spec.id


def test_a_verdict_says_how_near_what_it_must_not_look_like_is(folder):
    found = judge(check_of(folder, "cup", more=", not_like: [cat/*.png]"), CUP)["identity.cup.subject"]
    assert found.status is Status.PASS
    assert found.evidence["not_like_similarity"] < found.evidence["nearest_similarity"]


def test_a_sibling_that_is_not_there_does_not_pass_by_the_other_s_place(folder):
    alone = judge(check_of(folder, "blue"), CUP)["identity.blue.subject"]
    assert alone.status is Status.PASS
    both = judge(check_of(folder, "cup", "blue"), CUP)
    assert both["identity.cup.subject"].status is Status.PASS
    assert (both["identity.blue.subject"].status, both["identity.blue.subject"].code) == (
        Status.NOT_EVALUABLE,
        "identity.taken",
    )
    assert "is more like cup" in both["identity.blue.subject"].observed


def test_siblings_that_are_both_there_both_pass(folder):
    found = judge(check_of(folder, "cup", "blue"), np.concatenate([CUP, BLUE], axis=1))
    assert {finding.status for finding in found.values()} == {Status.PASS}
    assert len({finding.where.box for finding in found.values()}) == 2


def test_a_product_that_nothing_is_like_fails_whoever_else_is_there(folder):
    found = judge(check_of(folder, "cup", "cat"), CUP)["identity.cat.subject"]
    assert (found.status, found.code) == (Status.FAIL, "identity.below_threshold")


def test_of_a_brief_that_names_one_the_others_are_not_asked(folder):
    found = judge(check_of(folder, "cup", "blue"), CUP, brief=Brief(subjects=("blue",)))
    assert found["identity.blue.subject"].status is Status.PASS


@pytest.mark.parametrize(
    ("names", "picture", "shown"), [(("cup",), CUP, 2), (("cup",), CAT, 12), (("cup", "cat"), CAT, 12)]
)
def test_a_second_look_is_paid_for_once_and_only_where_the_first_does_not_settle_it(folder, names, picture, shown):
    check = check_of(folder, *names)
    judge(check, CAT)
    before = ENGINES.counting.shown
    judge(check, picture)
    assert ENGINES.counting.shown - before == shown


def test_a_background_is_measured_without_a_further_look_and_left_to_a_person(folder):
    check = check_of(folder, "cup", more=", facets: [background]")
    judge(check, CAT)
    before = ENGINES.counting.shown
    found = judge(check, CUP)["identity.cup.background"]
    assert ENGINES.counting.shown - before == 1
    assert (found.status, found.code, found.value) == (Status.NOT_EVALUABLE, "identity.no_threshold", 1.0)


def test_clothing_needs_the_face(folder):
    with pytest.raises(KitError, match="Expected face beside clothing"):
        check_of(folder, "cup", more=", facets: [clothing]")


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """A folder of portraits and an engine with the real face models."""
    pytest.importorskip("insightface", reason="the faces extra is not installed")
    pack = shared_path("models/insightface_root/models/small")
    stills = shared_path("data/faces/bbt")
    root = tmp_path_factory.mktemp("people")
    for name in ("raj", "amy"):
        (root / name).mkdir()
        for index in (1, 2, 3):
            Image.fromarray(load_image(stills / f"{name}/{name}{index}.png").pixels).save(root / f"{name}/{index}.png")
    return root, Engines(ModelOptions(faces=f"insightface:{pack}")), stills


def still(stills, *names):
    return np.concatenate([load_image(stills / f"{name[:-1]}/{name}.png").pixels for name in names], axis=1)


def test_each_person_is_judged_by_a_face_of_their_own(people):
    root, engines, stills = people
    check = check_of(root, "raj", "amy", more=", facets: [face]")
    found = judge(check, still(stills, "amy5", "raj5"), engines)
    assert {finding.status for finding in found.values()} == {Status.PASS}
    assert found["identity.amy.face"].where.box.right <= 150 <= found["identity.raj.face"].where.box.left
    assert found["identity.amy.face"].evidence["face_detection"] > 0.5
    assert abs(found["identity.amy.face"].evidence["face_roll_degrees"]) < 45


def test_a_drawn_face_is_for_a_person_to_look_at_and_the_finding_says_why(people):
    root, engines, stills = people
    check = check_of(root, "amy", more=", facets: [face]")
    grey, _ = cv2.pencilSketch(still(stills, "amy5"), sigma_s=30, sigma_r=0.07, shade_factor=0.03)
    (finding,) = judge(check, np.repeat(grey[:, :, None], 3, axis=2), engines).values()
    assert (finding.status, finding.code) == (Status.NOT_EVALUABLE, "identity.not_evaluable")
    assert "drawn, not photographed" in finding.observed


def test_a_person_for_whom_no_face_is_left_fails_and_it_is_said_whose_it_is(people):
    root, engines, stills = people
    found = judge(check_of(root, "raj", "amy", more=", facets: [face]"), still(stills, "raj5"), engines)
    assert found["identity.raj.face"].status is Status.PASS
    assert (found["identity.amy.face"].status, found["identity.amy.face"].code) == (Status.FAIL, "identity.taken")
    assert found["identity.amy.face"].observed.endswith("went to raj")
    stranger = judge(check_of(root, "raj", "amy", more=", facets: [face]"), still(stills, "raj5", "penny5"), engines)
    assert stranger["identity.amy.face"].code == "identity.below_threshold"
    assert stranger["identity.amy.face"].where.box.left >= 150


def test_a_face_too_small_to_compare_may_be_the_missing_one_so_a_person_looks(people):
    root, engines, stills = people
    picture = np.full((300, 450, 3), 120, np.uint8)
    picture[:150, :150] = still(stills, "raj5")
    picture[200:234, 300:334] = np.asarray(Image.fromarray(still(stills, "penny5")).resize((34, 34)))
    found = judge(check_of(root, "raj", "amy", more=", facets: [face]"), picture, engines)["identity.amy.face"]
    assert (found.status, found.code) == (Status.NOT_EVALUABLE, "identity.not_evaluable")
    assert found.observed.endswith("; 1 more too small to compare")


def test_clothes_that_are_not_shown_are_not_evaluable_and_those_shown_are_left_to_a_person(people):
    root, engines, _ = people
    (root / "eileen").mkdir(exist_ok=True)
    Image.fromarray(skimage.data.astronaut()).save(root / "eileen/1.png")
    check = check_of(root, "eileen", more=", facets: [clothing, face]")
    shown = judge(check, skimage.data.astronaut()[:, 20:], engines)["identity.eileen.clothing"]
    assert (shown.code, shown.status) == ("identity.no_threshold", Status.NOT_EVALUABLE)
    assert shown.value > 0.9
    hidden = judge(check, skimage.data.astronaut()[:200], engines)["identity.eileen.clothing"]
    assert (hidden.code, hidden.value) == ("identity.not_evaluable", None)
    nobody = judge(check, CUP, engines)["identity.eileen.clothing"]
    assert (nobody.code, nobody.status) == ("identity.no_face", Status.NOT_EVALUABLE)
