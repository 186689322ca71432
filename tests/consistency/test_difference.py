"""Where a picture's subject differs from every reference."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consistency.difference import difference_map, look_at, spread_over
from consistency.embedders.embedder import EmbedderSpec, Features
from consistency.errors import InputError
from consistency.region import Box

SPEC = EmbedderSpec("tiny", "0" * 64, "last", "gem(p=3)", "none")


def maps(seed, count=1):
    return list(np.random.default_rng(seed).random((count, 4, 5, 6)).astype(np.float32))


@given(st.integers(0, 10**6), st.integers(1, 3))
def test_a_map_lies_between_0_and_1_and_more_references_only_lower_it(seed, count):
    seen, *references = maps(seed, count + 2)
    few, more = difference_map(seen, references[:count]), difference_map(seen, references)
    assert few.dtype == np.float32
    assert few.shape == (4, 5)
    assert 0 <= more.min() <= few.max() <= 1
    assert (more <= few).all()


def test_a_reference_does_not_differ_from_itself_wherever_its_places_went():
    (seen,) = maps(1)
    assert difference_map(seen, [seen[::-1, ::-1]]).max() < 1e-6


def test_what_was_changed_differs_most():
    (seen,) = maps(2)
    changed = seen.copy()
    changed[2, 3] = np.roll(seen[2, 3], 3)[::-1] * 2
    found = difference_map(changed, [seen])
    assert np.unravel_index(found.argmax(), found.shape) == (2, 3)
    assert (found > 1e-6).sum() == 1


def test_a_map_is_spread_over_its_box_only():
    spread = spread_over(np.ones((2, 2), np.float32), Box(3, 1, 4, 5), 10, 12)
    assert spread.shape == (10, 12)
    assert Box.around(spread > 0) == Box(3, 1, 4, 5)
    assert spread_over(np.ones((2, 2), np.float32), None, 3, 4).all()


@pytest.mark.parametrize("references", [[], [np.ones((2, 2, 3), np.float32)]])
def test_maps_of_another_depth_or_none_are_refused(references):
    with pytest.raises(InputError, match="one depth"):
        difference_map(np.ones((2, 2, 4), np.float32), references)


def test_a_model_without_maps_has_none():
    assert (
        look_at(np.ones((9, 9, 3), np.uint8), None, lambda _: Features(np.ones((1, 4), np.float32), None, SPEC)) is None
    )
