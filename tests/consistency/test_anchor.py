"""Anchors: from references to scores, to disk and back."""

import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest
import skimage.data
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from consistency import Anchor, AnchorSet
from consistency.anchor_file import RECORD_FILE, VECTORS_FILE, read_anchor, write_anchor
from consistency.calibration import PlattCurve, fit_curve
from consistency.embedders.embedder import load_embedder
from consistency.errors import (
    AnchorError,
    ConsistencyError,
    ImageError,
    InputError,
    SpecMismatch,
    StoredFormatError,
    UnknownName,
)
from consistency.facets import Seen
from consistency.runtime.stored import canonical_json
from consistency.score import Score
from consistency.template import Template
from tiny_models import face_pack

CUP, CAT = skimage.data.coffee(), skimage.data.chelsea()
UNIT = st.integers(0, 2**32 - 1).map(lambda seed: unit(np.random.default_rng(seed).normal(size=(3, 8))))


def unit(vectors):
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def cups():
    return [np.ascontiguousarray(CUP[:, start : start + 400]) for start in (0, 100, 200)]


@pytest.fixture(scope="module")
def embedder():
    return load_embedder("efficientnet")


@pytest.fixture(scope="module")
def anchor(embedder):
    return Anchor.from_references("cup", cups(), facets=("subject", "style"), embedder=embedder, not_like=[CAT])


def test_the_subject_scores_high_and_another_low(anchor):
    cup, cat = (anchor.score(each).facets for each in (np.ascontiguousarray(CUP[:, 50:450]), CAT))
    assert cup["subject"].similarity > 0.9 > 0.5 > cat["subject"].similarity
    assert cup["style"].similarity > cat["style"].similarity
    assert cat["subject"].not_like_similarity > cat["subject"].nearest_similarity
    assert cup["subject"].probability is None
    assert cup["subject"].normalised > 2 > 0 > cat["subject"].normalised
    assert cup["style"].normalised is None


def test_other_colours_make_a_picture_less_like_its_reference_though_hardly_less_similar(embedder):
    one = Anchor.from_references("cup", [CUP], embedder=embedder)
    own, turned = (one.score(each) for each in (CUP, np.ascontiguousarray(CUP[..., [2, 0, 1]])))
    assert own.likeness == pytest.approx(
        own.facets["subject"].similarity - 0.3 * own.changes["recoloured"].value, abs=1e-4
    )
    assert own.likeness - turned.likeness > own.facets["subject"].similarity - turned.facets["subject"].similarity + 0.1
    assert one.score(np.zeros_like(CUP)).likeness is None
    assert Score({}).likeness is None


def test_a_small_subject_in_a_large_scene_is_found_in_a_window(anchor):
    scene = np.repeat(np.repeat(skimage.data.brick()[:, :, None], 3, axis=2), 2, axis=1)[:, :900]
    scene = np.concatenate([scene, scene[:388]])
    scene[480:880, 480:880] = CUP[:, 100:500]
    found = anchor.score(np.ascontiguousarray(scene)).facets["subject"]
    assert found.box is not None
    assert found.similarity > anchor.score(np.ascontiguousarray(scene[:480, :480])).facets["subject"].similarity + 0.2


def test_scores_are_rounded_before_anyone_sees_them(anchor):
    found = anchor.score(CAT).facets["subject"]
    assert found.similarity == round(found.similarity, 4)


def test_an_empty_picture_is_not_evaluable_rather_than_zero(anchor):
    found = anchor.score(np.full((300, 300, 3), 200, np.uint8)).facets
    assert {(each.similarity, each.status) for each in found.values()} == {(None, "not_evaluable")}
    assert all(each.reason for each in found.values())


def test_an_unreadable_picture_is_an_error(anchor):
    with pytest.raises(ImageError):
        anchor.score(b"no picture")


def test_a_loaded_anchor_scores_to_the_bit_the_same(anchor, embedder, tmp_path):
    anchor.save(tmp_path / "new" / "cup")
    again = Anchor.load(tmp_path / "new" / "cup", embedder=embedder)
    assert again.score(CAT).facets == anchor.score(CAT).facets
    assert np.array_equal(again.score(CAT).facets["subject"].where, anchor.score(CAT).facets["subject"].where)
    assert (again.name, again.references, again.not_like) == ("cup", anchor.references, anchor.not_like)


def test_an_anchor_made_by_name_loads_its_embedder_by_name(tmp_path):
    Anchor.from_references("cat", [CAT], embedder="efficientnet").save(tmp_path)
    assert Anchor.load(tmp_path).score(CAT).facets["subject"].similarity > 0.99


def test_an_anchor_made_with_an_object_asks_for_it(anchor, tmp_path):
    anchor.save(tmp_path)
    with pytest.raises(ConsistencyError, match="embedder="):
        Anchor.load(tmp_path).score(CAT)


def test_another_spec_is_not_compared(anchor, tmp_path):
    anchor.save(tmp_path)
    other = Anchor.load(tmp_path, embedder=load_embedder("efficientnet", precision="bfloat16"))
    with pytest.raises(SpecMismatch, match="precision"):
        other.score(CAT)


def tampered(folder, change):
    record = json.loads((folder / RECORD_FILE).read_text())
    change(record)
    (folder / RECORD_FILE).write_text(canonical_json(record))


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / RECORD_FILE).unlink(),
        lambda folder: (folder / VECTORS_FILE).unlink(),
        lambda folder: (folder / RECORD_FILE).write_bytes((folder / RECORD_FILE).read_bytes()[:-20]),
        lambda folder: (folder / VECTORS_FILE).write_bytes((folder / VECTORS_FILE).read_bytes()[:-20]),
        lambda folder: (folder / VECTORS_FILE).write_bytes(b"\xff" * 100),
        lambda folder: tampered(folder, lambda record: record.update(version=5)),
        lambda folder: tampered(folder, lambda record: record.update(version=3)),
        lambda folder: tampered(folder, lambda record: record.update(version=2)),
        lambda folder: tampered(folder, lambda record: record.update(version=1)),
        lambda folder: tampered(folder, lambda record: record.update(name="other")),
        lambda folder: tampered(folder, lambda record: record.update(references=[])),
        lambda folder: tampered(folder, lambda record: record.pop("sha256")),
        lambda folder: tampered(folder, lambda record: record.update(format="qa.verdict")),
    ],
)
def test_a_file_that_is_missing_cut_changed_or_newer_is_refused(anchor, tmp_path, damage):
    anchor.save(tmp_path)
    damage(tmp_path)
    with pytest.raises(StoredFormatError):
        Anchor.load(tmp_path)


@pytest.mark.parametrize(
    "forged",
    [
        {"thumbnails": np.zeros((1, 8, 8, 3), np.uint8)},
        {"thumbnails": np.zeros((9, 64, 64, 3), np.uint8)},
        {"maps": np.full((1, 2, 2, 8), np.nan, np.float16)},
        {"maps": np.zeros((1, 2, 2), np.float16)},
        {"references": ("0" * 64,) * 9},
    ],
)
def test_a_file_with_a_right_hash_whose_parts_do_not_fit_is_refused(anchor, tmp_path, forged):
    anchor.save(tmp_path)
    write_anchor(tmp_path, replace(read_anchor(tmp_path), **forged))
    with pytest.raises(StoredFormatError, match="build it again"):
        Anchor.load(tmp_path)


def test_a_file_whose_views_are_not_those_of_its_references_is_refused(anchor, tmp_path):
    anchor.save(tmp_path)
    stored = read_anchor(tmp_path)
    write_anchor(tmp_path, replace(stored, views=stored.views[:2]))
    with pytest.raises(StoredFormatError, match="a view of every reference of the subject, got 2 views"):
        Anchor.load(tmp_path)


def test_an_anchor_of_the_version_before_scores_and_tells_no_changes(anchor, embedder, tmp_path):
    anchor.save(tmp_path)
    record = json.loads((tmp_path / RECORD_FILE).read_text())
    newer = ("views", "curves", "sha256")
    older = {key: value for key, value in record.items() if key not in newer} | {"version": 2}
    digest = hashlib.sha256(canonical_json(older).encode()).hexdigest()
    (tmp_path / RECORD_FILE).write_text(canonical_json({**older, "sha256": digest}))
    loaded = Anchor.load(tmp_path, embedder=embedder)
    score = loaded.score(CUP)
    assert score.facets == anchor.score(CUP).facets
    assert {change.value for change in score.changes.values()} == {None}
    assert "build it again" in score.changes["mirrored"].reason
    loaded.save(tmp_path)
    assert Anchor.load(tmp_path).views == ()


def test_a_calibrated_anchor_states_probabilities_and_keeps_its_curves(anchor, embedder, tmp_path):
    curve = fit_curve([0.2, 0.3, 0.5, 0.8, 0.9], [True, True, False, False, False])
    calibrated = anchor.calibrated({"subject": curve})
    calibrated.save(tmp_path)
    for each in (calibrated, Anchor.load(tmp_path, embedder=embedder)):
        cup, cat = (each.score(picture).facets for picture in (CUP, CAT))
        assert 0 < cat["subject"].probability < 0.5 < cup["subject"].probability < 1
        assert cup["style"].probability is None
        assert each.score(np.zeros_like(CUP)).facets["subject"].probability is None
    assert AnchorSet([calibrated]).score(CUP).scores["cup"].facets["subject"].probability > 0.5


def test_a_curve_is_one_and_of_a_facet_of_the_anchor(anchor):
    with pytest.raises(UnknownName, match="subject"):
        anchor.calibrated({"subjekt": PlattCurve(1, 0)})
    with pytest.raises(InputError, match="a curve of consistency"):
        anchor.calibrated({"subject": 0.7})


@pytest.mark.parametrize("curves", [{"face": PlattCurve(1, 0)}, {"subject": PlattCurve(-1, 0)}])
def test_a_file_with_a_curve_that_is_none_is_refused(anchor, tmp_path, curves):
    anchor.save(tmp_path)
    write_anchor(tmp_path, replace(read_anchor(tmp_path), curves=curves))
    with pytest.raises(StoredFormatError, match="build it again"):
        Anchor.load(tmp_path)


def test_a_file_with_a_facet_that_nobody_knows_is_refused(anchor, tmp_path):
    anchor.save(tmp_path)
    stored = read_anchor(tmp_path)
    write_anchor(tmp_path, replace(stored, templates={**stored.templates, "shoes": stored.templates["style"]}))
    with pytest.raises(StoredFormatError, match="facets of subject, face, clothing, style, background, got shoes"):
        Anchor.load(tmp_path)


@pytest.mark.parametrize(
    ("references", "said"),
    [
        ([], "1 to 10 references"),
        ([CAT] * 11, "1 to 10 references"),
        ([CAT, b"broken"], "readable reference 2"),
        ([np.zeros((16, 400, 3), np.uint8)], "at least 32×32"),
        ([np.full((64, 64, 3), 9, np.uint8)], "shows its subject"),
        ([np.full((64, 64, 3), np.nan)], "readable reference 1"),
    ],
)
def test_references_that_make_no_anchor_are_refused(embedder, references, said):
    with pytest.raises(AnchorError, match=said):
        Anchor.from_references("x", references, embedder=embedder)


def test_the_same_reference_twice_is_refused(embedder):
    with pytest.raises(AnchorError, match=r"references that differ, got 1 and 3 of the same bytes"):
        Anchor.from_references("cat", [CAT, CUP, CAT.copy()], embedder=embedder)


def test_a_wrong_reference_is_left_out_and_named(embedder, anchor, tmp_path):
    wrong = Anchor.from_references("cup", [*cups(), CAT], embedder=embedder)
    (dropped,) = wrong.dropped
    assert (dropped.index, dropped.facet) == (3, "subject")
    assert "unlike the others" in dropped.reason
    assert wrong.templates["subject"].mean == pytest.approx(anchor.templates["subject"].mean)
    wrong.save(tmp_path)
    assert Anchor.load(tmp_path, embedder=embedder).dropped == wrong.dropped


def test_of_two_references_none_is_left_out_and_their_spread_says_it(embedder):
    two = Anchor.from_references("cup", [CUP, CAT], embedder=embedder)
    assert two.dropped == ()
    assert two.templates["subject"].own_similarities.max() < 0.5


def test_references_of_two_subjects_are_refused(embedder):
    others = [CAT, np.ascontiguousarray(CAT[:, :300])]
    with pytest.raises(AnchorError, match="no majority agrees"):
        Anchor.from_references("cup", [*cups()[:2], *others], embedder=embedder)


def test_the_map_points_at_what_was_changed(embedder):
    original = np.ascontiguousarray(CUP[:, 100:500])
    anchor = Anchor.from_references("cup", [original, *cups()[:1]], embedder=embedder)
    edited = original.copy()
    edited[120:280, 100:300] = np.random.default_rng(0).integers(0, 256, (160, 200, 3), np.uint8)
    (before, after) = (anchor.score(each).facets["subject"].where for each in (original, edited))
    assert before.shape == after.shape == (400, 400)
    assert before.max() < 0.01 < 0.2 < after.max() <= 1
    down, across = np.unravel_index(after.argmax(), after.shape)
    assert 80 <= down <= 320
    assert 60 <= across <= 340


def test_a_copy_of_a_reference_is_said(anchor):
    small = np.asarray(Image.fromarray(cups()[1]).resize((200, 200)))
    assert anchor.score(small).copy_of == 1
    assert anchor.score(np.ascontiguousarray(CUP[:, 40:440])).copy_of is None


def test_facets_without_a_subject_have_no_map_and_tell_no_changes(embedder):
    style = Anchor.from_references("cup", [CUP], facets=("style",), embedder=embedder)
    assert len(style.maps) == 0
    assert style.views == ()
    score = style.score(CUP)
    assert score.facets["style"].where is None
    assert score.changes == {}


def test_a_mirrored_subject_is_told_though_it_is_as_similar(anchor, embedder, tmp_path):
    picture = np.ascontiguousarray(CUP[:, 50:450])
    plain, mirrored = anchor.score(picture), anchor.score(np.ascontiguousarray(picture[:, ::-1]))
    assert plain.facets["subject"].similarity - mirrored.facets["subject"].similarity < 0.1
    assert plain.changes["mirrored"].is_likely is False
    assert mirrored.changes["mirrored"].is_likely is True
    anchor.save(tmp_path)
    assert Anchor.load(tmp_path, embedder=embedder).score(picture).changes == plain.changes


def test_a_picture_in_which_no_subject_was_seen_has_no_changes(anchor):
    assert anchor.score(np.full((64, 64, 3), 9, np.uint8)).changes == {}


def test_a_reference_that_is_left_out_has_no_view(embedder):
    assert len(Anchor.from_references("cup", [*cups(), CAT], embedder=embedder).views) == 3


def test_an_anchor_whose_vectors_another_version_made_is_refused(anchor):
    style = anchor.templates["style"]
    own, others = (part[:, :-512] for part in (style.references, style.not_like))
    own, others = (part / np.linalg.norm(part, axis=1, keepdims=True) for part in (own, others))
    shorter = replace(style, references=own, not_like=others)
    with pytest.raises(SpecMismatch, match="rebuild the anchor"):
        replace(anchor, templates={**anchor.templates, "style": shorter}).score(CUP)


def test_an_anchor_describes_itself(embedder):
    text = Anchor.from_references("<cup>", [*cups(), CAT], facets=("subject", "style"), embedder=embedder).describe()
    assert text.startswith("<cup>: 4 references\nsubject: 3 references, similarity to the others 0.")
    assert text.count("weight 0.33, similarity to the others 0.") == 3
    assert text.count("left out: unlike the others") == 1
    assert "style: 4 references" in text
    assert text.count("which are wrong is not told") == 1
    beside = Anchor.from_references("cup", [CUP], embedder=embedder, not_like=[CAT])
    assert "beside 1 it must not look like" in beside.describe()
    one = Anchor.from_references("cup", [CUP], embedder=embedder).describe()
    assert "one reference, so nothing is known of how much the subject varies" in one


def test_an_anchor_shows_its_references_in_a_page(anchor, embedder, tmp_path):
    page = anchor._repr_html_()
    assert page.count("<img") == 6
    assert page.count("data:image/jpeg;base64,") == 6
    assert page.count("weight 0.33, similarity to the others 0.") == 6
    assert page.count("3 references, similarity to the others 0.") == 2
    assert page.count("beside 1 it must not look like") == 2
    left_out = Anchor.from_references("cup", [*cups(), CAT], embedder=embedder)._repr_html_()
    assert left_out.count("left out: unlike the others") == 1
    anchor.save(tmp_path)
    assert Anchor.load(tmp_path, embedder=embedder)._repr_html_() == page
    assert "<b>" not in Anchor.from_references("<b>", [CAT], embedder=embedder)._repr_html_()


@pytest.mark.parametrize(
    ("facets", "error"),
    [((), AnchorError), ("subject", AnchorError), (("subject",) * 2, AnchorError), (("fase",), UnknownName)],
)
def test_facets_are_known_and_each_once(embedder, facets, error):
    with pytest.raises(error):
        Anchor.from_references("cat", [CAT], facets=facets, embedder=embedder)


@pytest.mark.usefixtures("squares_are_photographed")
def test_faces_are_compared_and_a_picture_without_one_is_not_evaluable(tmp_path):
    pytest.importorskip("insightface", reason="the faces extra is not installed")
    portrait = np.zeros((640, 640, 3), np.uint8)
    portrait[320:352, 320:352] = 255
    name = f"insightface:{face_pack(tmp_path / 'tiny')}"
    anchor = Anchor.from_references("maya", [portrait], facets=("face",), face_finder=name)
    assert (anchor.spec, anchor.score(portrait).facets["face"].similarity) == (None, 1.0)
    found = anchor.score(np.zeros((640, 640, 3), np.uint8)).facets["face"]
    assert (found.similarity, found.code) == (None, "no_face")
    anchor.save(tmp_path / "maya")
    assert (
        Anchor.load(tmp_path / "maya").score(portrait).facets["face"].box == anchor.score(portrait).facets["face"].box
    )
    with pytest.raises(AnchorError, match="shows its face"):
        Anchor.from_references("maya", [CAT], facets=("face",), face_finder=name)


@pytest.mark.usefixtures("squares_are_photographed")
def test_a_reference_of_two_people_is_refused_or_left_out_where_others_show_one(tmp_path):
    pytest.importorskip("insightface", reason="the faces extra is not installed")
    alone, two = (np.zeros((640, 640, 3), np.uint8) for _ in range(2))
    for picture in (alone, two):
        picture[320:352, 320:352] = 255
    two[64:96, 64:96] = 255
    made = {"facets": ("face",), "face_finder": f"insightface:{face_pack(tmp_path / 'tiny')}"}
    with pytest.raises(AnchorError, match="people of like size, and nobody can say which is meant; crop it to one"):
        Anchor.from_references("maya", [two], **made)
    anchor = Anchor.from_references("maya", [alone, two], **made)
    assert [(each.index, each.facet) for each in anchor.dropped] == [(1, "face")]
    assert "left out: it shows 2 people" in anchor.describe()


@given(UNIT, UNIT)
def test_a_similarity_is_the_cosine_to_the_mean_and_the_best_place_counts(references, places):
    template = Template("spec", references, np.zeros((0, 8), np.float32))
    score = template.score(Seen(places, (None,) * 3, "spec"))
    mean = references.astype(float).mean(axis=0)
    assert score.similarity == pytest.approx(max(places.astype(float) @ mean / np.linalg.norm(mean)), abs=1e-4)
    assert -1 <= score.similarity <= 1
    assert score.nearest_similarity == pytest.approx((places @ references.T).max(), abs=1e-4)


def test_a_look_by_another_model_is_a_mismatch():
    template = Template("spec", unit(np.ones((1, 4))), np.zeros((0, 4), np.float32))
    with pytest.raises(SpecMismatch):
        template.score(Seen(unit(np.ones((1, 4))), (None,), "other"))


def test_references_without_a_name_or_a_list_are_refused():
    with pytest.raises(InputError, match="name first"):
        Anchor.from_references([CUP], [CUP])
    with pytest.raises(InputError, match="list of references"):
        Anchor.from_references("cup", "cup.jpg")


def test_an_anchor_says_itself_on_one_line(anchor):
    assert repr(anchor) == "<Anchor 'cup': subject, style from 3 references, own model>"
