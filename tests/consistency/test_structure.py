"""Structural similarity: its laws, and scikit-image as an oracle."""

import numpy as np
import pytest
from skimage.metrics import structural_similarity

from consistency.errors import InputError
from consistency.structure import structure_similarity

RNG = np.random.default_rng(0)


def picture(seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.kron(rng.integers(0, 256, (6, 8)), np.ones((9, 9))) * 0.7 + rng.uniform(0, 70, (54, 72))


@pytest.mark.parametrize("seed", range(3))
def test_the_map_is_scikit_images_map(seed):
    first = picture(seed)
    second = first + RNG.normal(0, 12, first.shape)
    _, expected = structural_similarity(first, second, data_range=255, win_size=7, full=True)
    ours = structure_similarity(first, second)
    assert np.abs(ours - expected).max() < 1e-5


def test_a_picture_is_like_itself_everywhere():
    assert np.allclose(structure_similarity(picture(), picture()), 1)


def test_similarity_is_symmetric_and_falls_with_blur():
    first = picture()
    noisy = [first + RNG.normal(0, sigma, first.shape) for sigma in (2, 10, 40)]
    values = [float(structure_similarity(first, other).mean()) for other in noisy]
    assert values == sorted(values, reverse=True)
    assert np.allclose(structure_similarity(first, noisy[1]), structure_similarity(noisy[1], first))


@pytest.mark.parametrize("shapes", [((9, 9), (9, 10)), ((6, 9), (6, 9)), ((9, 9, 3), (9, 9, 3))])
def test_pictures_of_two_sizes_or_too_small_ones_are_refused(shapes):
    with pytest.raises(InputError, match="two grey pictures of one size"):
        structure_similarity(np.zeros(shapes[0]), np.zeros(shapes[1]))
