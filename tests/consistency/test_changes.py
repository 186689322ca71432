"""Changes that an embedding hardly sees: told where they are, not told where they cannot be, with the reason."""

import cv2
import numpy as np
import pytest
import skimage.data

from consistency.changes import KINDS, LIMITS, NO_VIEWS, changes_of
from consistency.region import Box
from consistency.views import views_of

CUP = skimage.data.coffee()
SUBJECT = np.ascontiguousarray(CUP[:, 50:450])
PRINT = (slice(120, 300), slice(100, 300))
PLAIN = np.full((90, 90, 3), 128, np.uint8)


def lit(pixels, gain):
    return np.clip(pixels * gain, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def views():
    pictures = [lit(np.ascontiguousarray(CUP[:, start : start + 400]), 0.8 + start / 400) for start in (0, 80, 160)]
    return views_of(pictures, [None, Box(0, 0, 380, 400), None])


@pytest.fixture(scope="module")
def unchanged(views):
    return changes_of(SUBJECT, None, views)


def test_an_unchanged_subject_is_told_to_be_so_in_every_way(unchanged):
    assert tuple(unchanged) == KINDS
    assert [unchanged[kind].is_likely for kind in KINDS] == [False] * 4
    assert all(each.limit == LIMITS[kind] and not each.reason for kind, each in unchanged.items())


def covered():
    edited = SUBJECT.copy()
    edited[PRINT] = 128
    return edited


@pytest.mark.parametrize(
    ("kind", "edited"),
    [
        ("mirrored", np.ascontiguousarray(SUBJECT[:, ::-1])),
        ("stretched", cv2.resize(SUBJECT, (460, 400))),
        ("stretched", cv2.resize(SUBJECT, (340, 400))),
        ("recoloured", np.ascontiguousarray(SUBJECT[..., ::-1])),
    ],
)
def test_a_change_is_told_and_no_other_kind_with_it(views, unchanged, kind, edited):
    found = changes_of(edited, None, views)
    assert found[kind].is_likely
    assert found[kind].value > unchanged[kind].value
    assert [other for other in KINDS if found[other].is_likely] == [kind]


def test_of_a_symmetric_subject_only_what_is_not_symmetric_tells_whether_it_is_mirrored():
    subject = np.concatenate([SUBJECT[:, :200], SUBJECT[:, 199::-1]], axis=1)
    symmetric = views_of([subject], [None])
    assert changes_of(subject, None, symmetric)["mirrored"].is_likely is not True
    subject[280:380, 100:300] = cv2.resize(skimage.data.text()[:100, :300], (200, 100))[..., None]
    printed = views_of([lit(subject, 0.9)], [None])
    plain, turned = (changes_of(each, None, printed)["mirrored"] for each in (subject, subject[:, ::-1]))
    assert (plain.is_likely, turned.is_likely) == (False, True)


def test_print_that_is_gone_is_told_and_where_it_should_be(views, unchanged):
    before, after = unchanged["reprinted"], changes_of(covered(), None, views)["reprinted"]
    assert after.value > before.value + 0.2
    across, down = after.places.T
    inside = (down >= 120) & (down < 300) & (across >= 100) & (across < 300)
    assert inside.mean() > 0.5 > SUBJECT[PRINT].size / SUBJECT.size


def test_places_are_those_of_the_picture_however_large_it_is(views):
    scene = np.full((900, 1000, 3), 200, np.uint8)
    scene[60:860, 100:900] = cv2.resize(covered(), (800, 800))
    across, down = changes_of(scene, Box(100, 60, 800, 800), views)["reprinted"].places.T
    inside = (down >= 300) & (down < 660) & (across >= 300) & (across < 700)
    assert inside.mean() > 0.5


def test_a_stretch_is_as_large_as_it_was_made(views, unchanged):
    found = changes_of(cv2.resize(SUBJECT, (460, 400)), None, views)["stretched"].value
    assert found == pytest.approx(0.15, abs=0.02)
    assert unchanged["stretched"].value < 0.02


@pytest.mark.parametrize("pixels", [skimage.data.chelsea(), PLAIN])
def test_what_shows_no_side_of_the_subject_is_not_told_and_says_why(views, pixels):
    found = changes_of(pixels, None, views)
    for kind in ("mirrored", "stretched"):
        assert (found[kind].value, found[kind].is_likely) == (None, None)
        assert "needed" in found[kind].reason
    assert found["recoloured"].value is not None
    assert found["reprinted"].places is None


def test_references_too_plain_tell_no_print_and_one_shares_none():
    plain = changes_of(SUBJECT, None, views_of([PLAIN, PLAIN], [None, None]))
    assert (plain["reprinted"].value, plain["reprinted"].is_likely) == (None, None)
    assert "share 0 landmarks, 20 needed" in plain["reprinted"].reason
    alone = changes_of(SUBJECT, None, views_of([SUBJECT], [None]))["reprinted"]
    assert (alone.value, alone.reason) == (None, "one reference shares none")


def test_without_views_nothing_is_told():
    found = changes_of(SUBJECT, None, ())
    assert {(each.value, each.is_likely, each.reason) for each in found.values()} == {(None, None, NO_VIEWS)}


def test_the_same_picture_tells_the_same_again(views, unchanged):
    assert changes_of(SUBJECT, None, views) == unchanged
