"""What is behind the subject."""

import numpy as np
import pytest
import skimage.data
from hypothesis import given
from hypothesis import strategies as st

from consistency import Anchor
from consistency.embedders.embedder import EmbedderSpec, Features, load_embedder
from consistency.region import Box
from consistency.surroundings import background_of, outside

EMBEDDER = load_embedder("efficientnet")
ROCK = np.repeat(skimage.data.gravel()[:, :, None], 3, axis=2)
LAWN = (np.repeat(skimage.data.grass()[:, :, None], 3, axis=2) * [0.5, 0.9, 0.4]).astype(np.uint8)


def scene(behind, thing, left=180):
    picture = behind.copy()
    picture[160:360, left : left + 200] = thing[:200, 100:300]
    return picture


def seen(pixels):
    return background_of(pixels, EMBEDDER.embed([pixels]))


@given(st.integers(0, 90), st.integers(0, 90), st.integers(1, 60), st.integers(1, 60))
def test_cells_are_outside_where_their_middle_is(left, top, width, height):
    mask = outside(Box(left, top, width, height), (100, 100), (10, 10))
    middles = np.arange(10) * 10 + 5
    inside = [(top <= y < top + height) and (left <= x < left + width) for y in middles for x in middles]
    assert mask.ravel().tolist() == [not each for each in inside]


def test_another_subject_changes_less_than_another_place():
    cup, cat = skimage.data.coffee(), skimage.data.chelsea()
    look = seen(scene(ROCK, cup)).vectors[0]
    same_place = float(look @ seen(scene(ROCK, cat, left=60)).vectors[0])
    same_subject = float(look @ seen(scene(LAWN, cup)).vectors[0])
    assert same_place > same_subject + 0.2


def test_a_plain_picture_and_a_model_that_does_not_say_where_tell_nothing():
    assert seen(np.full((200, 200, 3), 50, np.uint8)).code == "not_evaluable"
    spec = EmbedderSpec("tokens", "0" * 64, "last", "cls", "none")
    found = background_of(ROCK, Features(np.ones((1, 4), np.float32), None, spec))
    assert (found.code, found.reason) == ("not_evaluable", "the embedder does not say where the subject is")


def test_a_subject_that_fills_the_picture_leaves_no_background():
    dense = np.ones((1, 40, 40, 2), np.float32)
    dense[0, 0, 0] = 0.0
    spec = EmbedderSpec("flat", "0" * 64, "last", "gem(p=3)", "none")
    found = background_of(ROCK, Features(np.ones((1, 2), np.float32), dense, spec))
    assert (found.code, found.reason) == ("not_evaluable", "the subject fills the picture")


def test_an_anchor_compares_it_beside_its_other_facets():
    cup = skimage.data.coffee()
    anchor = Anchor.from_references("cup", [scene(ROCK, cup)], facets=("style", "background"), embedder=EMBEDDER)
    here, there = (anchor.score(scene(behind, cup)).facets["background"] for behind in (ROCK, LAWN))
    assert here.similarity == pytest.approx(1, abs=1e-4)
    assert there.similarity < 0.8
    assert here.box is None
