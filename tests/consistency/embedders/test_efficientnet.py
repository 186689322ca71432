"""The default embedder, against an implementation that is not ours."""

import numpy as np
import pytest
import torch

from consistency.embedders.efficientnet import PREPROCESSING, prepare
from consistency.embedders.efficientnet_module import build
from consistency.embedders.embedder import load_embedder
from consistency.embedders.pooling import generalised_mean
from consistency.errors import InputError, WeightsError
from consistency.runtime.weights import WEIGHTS, verify
from qa.checks.identity_thresholds import derived

WEIGHT = WEIGHTS["efficientnet_lite0"]
RNG = np.random.default_rng(0)


@pytest.fixture(scope="module")
def embedder():
    return load_embedder("efficientnet")


def test_the_network_agrees_with_timm_given_the_same_weights():
    timm = pytest.importorskip("timm", reason="timm comes with the clip extra")
    other = timm.create_model("tf_efficientnet_lite0", pretrained=False).eval()
    state = torch.load(verify(WEIGHT), weights_only=True)
    names = [name for name in other.state_dict() if not name.endswith("num_batches_tracked")]
    values = [value for name, value in state.items() if not name.endswith("num_batches_tracked")]
    assert [value.shape for value in values] == [other.state_dict()[name].shape for name in names]
    other.load_state_dict(dict(zip(names, values, strict=True)), strict=False)
    pixels = torch.from_numpy(RNG.normal(size=(2, 3, 288, 288)).astype(np.float32))
    with torch.inference_mode():
        np.testing.assert_allclose(build(verify(WEIGHT))(pixels), other.forward_features(pixels), atol=2e-4)


def test_the_embedding_is_the_pooled_feature_map_of_the_prepared_picture(embedder):
    picture = RNG.integers(0, 256, (300, 400, 3), np.uint8)
    features = embedder.embed([picture])
    with torch.inference_mode():
        expected = build(verify(WEIGHT))(torch.from_numpy(prepare(picture))[None]).numpy().transpose(0, 2, 3, 1)
    np.testing.assert_allclose(features.dense, expected, atol=1e-3)
    np.testing.assert_allclose(features.pooled, np.cbrt((expected.astype(float) ** 3).mean((1, 2))), atol=1e-3)
    assert (features.pooled.dtype, features.pooled.shape, features.dense.shape) == (
        "float32",
        (1, 1280),
        (1, 9, 9, 1280),
    )


def test_thresholds_are_known_for_the_spec(embedder):
    assert (embedder.spec.id, "subject") in derived()
    assert PREPROCESSING in embedder.spec.preprocessing


def test_preparing_maps_127_to_zero_and_keeps_channels_apart():
    picture = np.full((10, 500, 3), 127, np.uint8)
    picture[:, :, 0] = 255
    found = prepare(picture)
    assert found.shape == (3, 288, 288)
    assert (found[0] == 1).all()
    assert (found[1:] == 0).all()


@pytest.mark.parametrize(
    "picture",
    [np.zeros((8, 8), np.uint8), np.zeros((8, 8, 4), np.uint8), np.zeros((8, 8, 3)), np.zeros((0, 8, 3), np.uint8)],
)
def test_what_is_no_picture_is_refused(embedder, picture):
    with pytest.raises(InputError, match="uint8 H×W×3"):
        embedder.embed([picture])


def test_many_pictures_side_by_side_are_to_the_bit_those_that_come_alone():
    both = load_embedder("efficientnet", threads=2)
    shown = [np.random.default_rng(seed).integers(0, 256, (300, 320 + seed, 3), np.uint8) for seed in range(5)]
    together = both.embed(shown)
    alone = [both.embed([picture]) for picture in shown]
    assert np.array_equal(together.dense, np.concatenate([each.dense for each in alone]))
    assert np.array_equal(together.pooled, np.concatenate([each.pooled for each in alone]))


def test_arguments_are_refused():
    with pytest.raises(InputError):
        load_embedder("efficientnet:large")


def test_weights_of_another_network_are_refused(tmp_path):
    torch.save({"_conv_stem.weight": torch.zeros(1)}, tmp_path / "other.pth")
    with pytest.raises(WeightsError, match="EfficientNet-Lite0"):
        build(tmp_path / "other.pth")


@pytest.mark.parametrize("exponent", [1.0, 3.0])
def test_the_generalised_mean_lies_between_mean_and_maximum(exponent):
    maps = RNG.random((3, 4, 5, 6)).astype(np.float32)
    found = generalised_mean(maps, exponent)
    assert (found >= maps.mean((1, 2)) - 1e-6).all()
    assert (found <= maps.max((1, 2))).all()
    np.testing.assert_allclose(found, (maps.astype(float) ** exponent).mean((1, 2)) ** (1 / exponent), rtol=1e-5)


def test_pooling_needs_maps():
    with pytest.raises(InputError):
        generalised_mean(np.zeros((2, 3), np.float32), 3.0)
