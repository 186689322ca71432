"""Ranks among the pictures of other prompts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consistency.errors import InputError
from qa.quality.adherence import LEAST_OTHERS, Rank, are_told_apart, ranks


def unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def batch(prompts, each=1, noise=1.0, hub=0.0, seed=0, size=64):
    """Return pictures that resemble their prompts, all of them by a common part, and which prompt is whose."""
    rng = np.random.default_rng(seed)
    texts = unit(rng.normal(size=(prompts, size)) + 2 * np.eye(size)[0])
    prompt_of = np.repeat(np.arange(prompts), each)
    pictures = texts[prompt_of] + noise * rng.normal(size=(len(prompt_of), size)) / size**0.5
    return unit(pictures + hub * rng.random((len(prompt_of), 1)) * texts.mean(axis=0)), texts, prompt_of


def test_a_picture_of_its_prompt_is_first_and_one_of_another_prompt_is_anywhere():
    pictures, texts, prompt_of = batch(40, noise=0.8)
    assert max(rank.share for rank in ranks(pictures, texts, prompt_of)) <= 0.05
    strangers = [rank.share for seed in range(20) for rank in ranks(*mixed(seed))]
    # 800 uniform shares: 0.18 and 0.22 are 4 and 1.4 deviations of their dependent mean away; seeds are fixed.
    assert 0.77 < np.mean(np.array(strangers) > 0.2) < 0.83


def mixed(seed):
    pictures, texts, prompt_of = batch(40, seed=seed)
    return np.random.default_rng(seed).permutation(pictures), texts, prompt_of


def test_a_picture_that_resembles_every_text_gains_nothing_by_it():
    plain, hubs = (ranks(*batch(30, noise=1.2, hub=hub)) for hub in (0.0, 3.0))
    assert np.mean([rank.share for rank in hubs]) < np.mean([rank.share for rank in plain]) + 0.02


def test_pictures_of_the_same_prompt_are_not_among_the_others():
    found = ranks(*batch(5, each=4))
    assert {rank.others for rank in found} == {16}


def test_too_few_others_give_no_rank():
    assert ranks(*batch(LEAST_OTHERS)) == [None] * LEAST_OTHERS
    assert None not in ranks(*batch(LEAST_OTHERS + 1))
    assert ranks(*batch(1, each=30)) == [None] * 30


@given(st.integers(0, 2**32 - 1))
def test_the_order_of_the_batch_changes_no_rank(seed):
    pictures, texts, prompt_of = batch(12, seed=seed % 7)
    order = np.random.default_rng(seed).permutation(12)
    found = ranks(pictures, texts, prompt_of)
    assert ranks(pictures[order], texts, prompt_of[order]) == [found[place] for place in order]


def test_equal_fits_count_as_at_least_as_good():
    same = np.tile(np.eye(4)[0], (10, 1))
    assert {rank.share for rank in ranks(same, unit(np.eye(4)[[0, 1]]), [0] + [1] * 9) if rank} == {1.0}


def test_a_batch_by_chance_is_told_from_one_that_is_not():
    rng = np.random.default_rng(0)
    by_chance = [[Rank(0.2, int(better), 20) for better in rng.integers(0, 21, 12)] for _ in range(1000)]
    # At most 1 % by construction, and 1.7 % in a thousand batches by chance.
    assert np.mean([are_told_apart(each) for each in by_chance]) < 0.017
    assert are_told_apart([Rank(0.3, 1, 20)] * 9)
    assert not are_told_apart([])


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(InputError, match="n prompts"):
        ranks(np.ones((3, 2)), np.ones((1, 2)), [0, 0])
