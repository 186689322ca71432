"""Views of references: which landmarks they share, to arrays and back, and what is refused."""

import numpy as np
import pytest
import skimage.data

from consistency.changes import changes_of
from consistency.errors import InputError
from consistency.landmarks import Landmarks
from consistency.views import View, from_tensors, to_tensors, view_of, views_of

CUP, CAT = skimage.data.coffee(), skimage.data.chelsea()
SUBJECT = np.ascontiguousarray(CUP[:, 50:450])


@pytest.fixture(scope="module")
def views():
    return views_of([np.ascontiguousarray(CUP[:, start : start + 400]) for start in (0, 80, 160)], [None] * 3)


def test_a_landmark_counts_the_others_that_show_it(views):
    assert {len(view.votes) == len(view.landmarks) for view in views} == {True}
    assert views[1].votes.max() == 2
    assert not view_of(SUBJECT, None).votes.any()
    assert not views_of([SUBJECT, CAT], [None, None])[0].votes.any()


def test_of_no_views_nothing_is_written():
    assert to_tensors(()) == {}


def test_views_come_back_from_arrays_as_they_were(views):
    again = from_tensors(to_tensors(views))
    assert [each.landmarks.size for each in again] == [each.landmarks.size for each in views]
    for one, other in zip(again, views, strict=True):
        assert np.array_equal(one.votes, other.votes)
        assert np.array_equal(one.landmarks.descriptors, other.landmarks.descriptors)
    assert changes_of(SUBJECT, None, again) == changes_of(SUBJECT, None, views)


@pytest.mark.parametrize(
    "forged",
    [
        {"views.counts": np.array([3, 3, 3], np.int32)},
        {"views.counts": np.array([-1, 3, 3], np.int32)},
        {"views.sizes": np.zeros((3, 2), np.int32)},
        {"views.sizes": np.zeros((2, 2), np.int32)},
        {"views.colours": np.full((3, 612), np.nan, np.float32)},
        {"views.colours": np.zeros((3, 9), np.float32)},
        {"views.votes": np.zeros(3, np.uint8)},
    ],
)
def test_arrays_that_are_no_views_are_refused(views, forged):
    with pytest.raises(InputError):
        from_tensors({**to_tensors(views), **forged})


def test_votes_that_are_not_one_per_landmark_are_refused():
    nothing = Landmarks(np.zeros((0, 2), np.float32), np.zeros((0, 128), np.uint8), (9, 9))
    with pytest.raises(InputError, match="0 votes"):
        View(nothing, np.zeros(3, np.uint8), np.zeros(612, np.float32))
