"""OpenCLIP through its real loading code, with a tiny architecture and weights made here."""

import json
import socket

import numpy as np
import pytest
import torch
from PIL import Image

from consistency.embedders import openclip_files
from consistency.embedders.embedder import best_on_machine, load_embedder
from consistency.errors import InputError, MissingBackend, UnknownName, WeightsError
from tiny_models import clip_weights

open_clip = pytest.importorskip("open_clip", reason="the clip extra is not installed")
RNG = np.random.default_rng(0)
PICTURES = [RNG.integers(0, 256, (90, 120 + index, 3), np.uint8) for index in range(5)]


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return clip_weights(tmp_path_factory.mktemp("clip"))


@pytest.fixture(autouse=True)
def _offline(monkeypatch):
    def refuse(*_):
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_it_embeds_as_open_clip_does(weights):
    embedder = load_embedder(f"openclip:tiny-clip:{weights}")
    model, _, transform = open_clip.create_model_and_transforms("tiny-clip", pretrained=str(weights))
    with torch.inference_mode():
        expected = model.eval().encode_image(torch.stack([transform(Image.fromarray(each)) for each in PICTURES]))
    features = embedder.embed(PICTURES)
    np.testing.assert_allclose(features.pooled, expected.numpy(), atol=1e-5)
    assert features.dense.shape == (5, 4, 4, 64)


def test_the_spec_holds_weights_and_preprocessing(weights, tmp_path):
    spec = load_embedder(f"openclip:tiny-clip:{weights}").spec
    assert json.loads(spec.preprocessing)["open_clip"]["size"] == [64, 64]
    other = load_embedder(f"openclip:tiny-clip:{clip_weights(tmp_path, seed=1)}").spec
    assert (other.weights_sha256 != spec.weights_sha256, other.id != spec.id) == (True, True)


@pytest.mark.parametrize(
    ("name", "error", "said"),
    [
        ("openclip", InputError, "ARCHITECTURE"),
        ("openclip:ViT-B-32", InputError, "TAG-OR-FILE"),
        ("openclip:ViT-B-33:openai", UnknownName, "ViT-B-32"),
        ("openclip:ViT-B-32:laion2b_s34b_b79", UnknownName, "laion2b_s34b_b79k"),
        ("openclip:ViT-B-32:laion2b_s34b_b79k", MissingBackend, "none in the local cache"),
        ("openclip:ViT-B-32:/nowhere/weights.safetensors", MissingBackend, "no such file"),
        ("openclip:xlm-roberta-base-ViT-B-32:laion5b_s13b_b90k", InputError, "download"),
        ("openclip:hf-hub:laion/x", UnknownName, "OpenCLIP architecture"),
    ],
)
def test_what_is_not_on_the_machine_is_an_error_that_says_what_to_do(name, error, said, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(error, match=said):
        load_embedder(name)


def test_weights_of_another_architecture_are_refused(weights):
    with pytest.raises(WeightsError, match="ViT-B-32"):
        load_embedder(f"openclip:ViT-B-32:{weights}")


def test_a_file_that_is_no_weights_is_refused(weights, tmp_path):
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"not weights")
    with pytest.raises(WeightsError, match="broken"):
        load_embedder(f"openclip:tiny-clip:{broken}")


def test_auto_takes_a_cached_clip_and_else_the_default(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    assert best_on_machine() == "efficientnet"
    architecture, tag, repo = openclip_files.PREFERRED[-1]
    snapshot = tmp_path / f"models--{repo.replace('/', '--')}" / "snapshots" / "abc"
    snapshot.mkdir(parents=True)
    (snapshot / "open_clip_model.safetensors").write_bytes(b"")
    assert best_on_machine() == f"openclip:{architecture}:{tag}"


def test_the_preferred_models_are_known_to_open_clip():
    for architecture, tag, repo in openclip_files.PREFERRED:
        assert open_clip.get_pretrained_cfg(architecture, tag)["hf_hub"].strip("/") == repo
