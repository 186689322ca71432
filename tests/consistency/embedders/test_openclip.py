"""OpenCLIP through its real loading code, with a tiny architecture and weights made here."""

import json
import socket

import numpy as np
import pytest
import torch
from PIL import Image

from consistency.embedders import openclip_files
from consistency.embedders.embedder import MEAN_OF_PLACES, TextEmbedder, best_on_machine, load_embedder
from consistency.embedders.openclip_text import open_tokenizer
from consistency.embedders.openclip_tower import ATTENTION, OWN, ImageTower
from consistency.errors import InputError, MissingBackend, UnknownName, WeightsError
from consistency.localisation import says_where, subject_box
from tiny_models import clip_weights

open_clip = pytest.importorskip("open_clip", reason="the clip extra is not installed")
RNG = np.random.default_rng(0)
PICTURES = [RNG.integers(0, 256, (90, 120 + index, 3), np.uint8) for index in range(5)]


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return clip_weights(tmp_path_factory.mktemp("clip"))


@pytest.fixture(scope="module")
def clip(weights):
    return load_embedder(f"openclip:tiny-clip:{weights}")


@pytest.fixture(autouse=True)
def _offline(monkeypatch):
    def refuse(*_):
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def open_clip_itself(name, weights):
    model, _, transform = open_clip.create_model_and_transforms(
        name, pretrained=str(weights), image_resize_mode="squash"
    )
    return model.eval(), torch.stack([transform(Image.fromarray(each)) for each in PICTURES])


@pytest.fixture(scope="module", params=["vit", "resnet", "convnext", "eva"])
def tower(request, tmp_path_factory):
    """Name of the tower, its embedder, OpenCLIP's own model and the input that its own preprocessing makes."""
    name = f"tiny-{request.param}"
    weights = clip_weights(tmp_path_factory.mktemp("clip"), name, tower=request.param)
    return request.param, load_embedder(f"openclip:{name}:{weights}"), *open_clip_itself(name, weights)


POOLING = {"vit": ATTENTION, "resnet": ATTENTION, "convnext": MEAN_OF_PLACES, "eva": OWN}
SHAPES = {"vit": (4, 4, 64), "resnet": (2, 2, 256), "convnext": (5, 5, 64), "eva": (10, 10, 64)}


@pytest.mark.parametrize(("kind", "pooling"), [("vit-avg", MEAN_OF_PLACES), ("coca", OWN)])
def test_other_ways_to_pool_are_told_apart_and_give_their_map_too(kind, pooling, tmp_path):
    clip_weights(tmp_path, f"tiny-{kind}", tower=kind)
    model = open_clip.create_model(f"tiny-{kind}").eval()
    pixels = torch.zeros(2, 3, 64, 64)
    with torch.inference_mode():
        vectors, maps = ImageTower(model.visual)(pixels)
        np.testing.assert_allclose(vectors, model.encode_image(pixels), atol=1e-6)
    assert (ImageTower(model.visual).pooling, maps.shape) == (pooling, (2, 4, 4, 64))


def test_it_embeds_as_open_clip_does_and_gives_the_last_map(tower):
    name, embedder, model, inputs = tower
    with torch.inference_mode():
        expected = model.encode_image(inputs)
    features = embedder.embed(PICTURES)
    np.testing.assert_allclose(features.pooled, expected.numpy(), atol=1e-5)
    assert (embedder.spec.pooling, features.dense.shape) == (POOLING[name], (5, *SHAPES[name]))
    assert (features.shares is None) == (POOLING[name] != ATTENTION)


def test_a_tower_says_where_its_vector_comes_from_or_that_it_does_not(tower):
    name, embedder, _, _ = tower
    one = embedder.embed(PICTURES[:1])
    box = subject_box(one, *PICTURES[0].shape[:2], margin=0.0)
    assert (box is not None) == says_where(one) == (POOLING[name] != OWN)


@pytest.mark.parametrize("tower", [name for name, pooling in POOLING.items() if pooling == ATTENTION], indirect=True)
def test_what_places_add_is_what_the_last_attention_adds(tower):
    name, embedder, model, inputs = tower
    shares = embedder.embed(PICTURES).shares
    expected = [added(name, model.visual, each[None]) for each in inputs]
    np.testing.assert_allclose(shares.sum(axis=(1, 2)), expected, rtol=1e-3, atol=1e-4)


def added(name, visual, pixels):
    """Return what torch's own attention gives its query out of the places alone, along the picture's vector."""
    with torch.no_grad():
        inside, attention, direction, output = (of_resnet if name == "resnet" else of_vit)(visual, pixels)
        _, weights = attention(inside[:, :1], inside, inside, average_attn_weights=False)
        kinds = (attention.in_proj_weight, attention.in_proj_bias)
        values = torch.nn.functional.linear(inside, *(each.chunk(3)[2] for each in kinds))
        heads = values.unflatten(2, (attention.num_heads, -1)).transpose(1, 2)
        carried = (weights[..., 1:] @ heads[:, :, 1:]).transpose(1, 2).flatten(2)[:, 0]
        return float((carried @ output.T * direction).sum())


def of_vit(visual, pixels):
    block = visual.transformer.resblocks[1]
    inside = block.ln_1(visual.transformer.resblocks[0](visual._embeds(pixels)))
    vector = visual(pixels)
    direction = (vector[0] if isinstance(vector, tuple) else vector) @ visual.proj.T * visual.ln_post.weight
    return inside, block.attn, direction - direction.mean(), block.attn.out_proj.weight


def of_resnet(visual, pixels):
    pool, maps = visual.attnpool, visual.stem(pixels)
    for layer in (visual.layer1, visual.layer2, visual.layer3, visual.layer4):
        maps = layer(maps)
    places = maps.flatten(2).permute(0, 2, 1)
    inside = torch.cat([places.mean(1, keepdim=True), places], 1) + pool.positional_embedding
    attention = torch.nn.MultiheadAttention(inside.shape[2], pool.num_heads, batch_first=True).eval()
    layers = (pool.q_proj, pool.k_proj, pool.v_proj)
    attention.in_proj_weight.copy_(torch.cat([each.weight for each in layers]))
    attention.in_proj_bias.copy_(torch.cat([each.bias for each in layers]))
    return inside, attention, pool(maps), pool.c_proj.weight


def test_a_wide_picture_is_seen_to_its_edges(clip):
    wide = np.zeros((64, 256, 3), np.uint8)
    marked = wide.copy()
    marked[:, :32] = 255
    plain, other = clip.embed([wide, marked]).pooled
    assert np.abs(plain - other).max() > 1e-3


def test_texts_are_embedded_as_open_clip_does(clip, weights):
    texts = ["a red bottle", "a dog, sitting", "a red bottle"]
    model, _ = open_clip_itself("tiny-clip", weights)
    with torch.inference_mode():
        expected = model.encode_text(open_clip.get_tokenizer("tiny-clip")(texts))
    found = clip.embed_texts(texts)
    assert isinstance(clip, TextEmbedder)
    np.testing.assert_allclose(found.vectors, expected.numpy(), atol=1e-5)
    assert (found.spec, found.is_cut) == (clip.spec, (False, False, False))


def test_a_text_is_cut_where_the_model_stops_reading_and_that_is_said(clip):
    fits, longer, huge = "cat " * 14, "cat " * 15, "cat " * 100_000
    found = clip.embed_texts([fits, longer, huge])
    assert found.is_cut == (False, True, True)
    assert np.array_equal(found.vectors[1], found.vectors[0])


@pytest.mark.parametrize("hidden", ["<end_of_text>", "<START_OF_TEXT>", "&lt;end_of_text&gt;", "\ud800", "\x00"])
def test_what_a_text_holds_cannot_end_it_early(clip, hidden):
    cat, dog = clip.embed_texts([f"a {hidden} cat", f"a {hidden} dog"]).vectors
    assert np.isfinite(cat).all()
    assert not np.allclose(cat, dog)


@pytest.mark.parametrize("texts", [[], "one text", [b"bytes"]])
def test_only_a_list_of_texts_is_taken(clip, texts):
    with pytest.raises(InputError, match="a list of texts"):
        clip.embed_texts(texts)


def test_a_tokenizer_that_would_have_to_be_fetched_is_missing():
    with pytest.raises(MissingBackend, match="tokenizer of ViT-B-16-SigLIP"):
        open_tokenizer("ViT-B-16-SigLIP")


def test_the_spec_holds_weights_and_preprocessing(clip, tmp_path):
    spec = clip.spec
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


def test_bfloat16_is_another_spec_and_reads_the_same_words(clip, weights):
    other = load_embedder(f"openclip:tiny-clip:{weights}", precision="bfloat16")
    texts = ["a red bottle", "a dog, sitting"]
    one, two = (each.embed_texts(texts).vectors for each in (clip, other))
    cosines = (one * two).sum(1) / np.linalg.norm(one, axis=1) / np.linalg.norm(two, axis=1)
    assert (other.spec.precision, other.spec == clip.spec, cosines.min() > 0.99) == ("bfloat16", False, True)
