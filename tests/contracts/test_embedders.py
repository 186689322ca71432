"""What every embedder promises."""

import logging
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from consistency.embedders.embedder import EMBEDDERS, Embedder, EmbedderSpec, load_embedder, require_same_spec
from consistency.errors import SpecMismatch, UnknownName
from tiny_models import clip_weights

RNG = np.random.default_rng(7)
PICTURES = [RNG.integers(0, 256, (60 + 17 * index, 200 - 13 * index, 3), np.uint8) for index in range(7)]
TESTED = ("efficientnet", "openclip")


@pytest.fixture(scope="module", params=TESTED)
def name(request, tmp_path_factory):
    if request.param == "openclip":
        pytest.importorskip("open_clip", reason="the clip extra is not installed")
        return f"openclip:contract-clip:{clip_weights(tmp_path_factory.mktemp('clip'), 'contract-clip')}"
    return request.param


@pytest.fixture(scope="module")
def embedder(name):
    return load_embedder(name)


def test_every_embedder_of_the_table_is_tested():
    assert set(TESTED) == set(EMBEDDERS)


def test_it_fits_the_protocol_and_states_what_it_is(embedder):
    assert isinstance(embedder, Embedder)
    assert embedder.spec.id == EmbedderSpec.from_record(vars(embedder.spec)).id
    assert (len(embedder.spec.weights_sha256), embedder.device) == (64, "cpu")
    assert embedder.spec.precision == "float32"


def test_features_are_finite_float32_one_row_a_picture(embedder):
    features = embedder.embed(PICTURES)
    assert features.pooled.dtype == np.float32
    assert len(features) == len(PICTURES)
    assert np.isfinite(features.pooled).all()
    assert [len(each) for each in features.each()] == [1] * len(PICTURES)
    assert features.dense is None or features.dense.shape[0] == len(PICTURES)


def test_neither_batch_nor_order_nor_neighbours_change_a_bit(embedder):
    together = embedder.embed(PICTURES).pooled
    assert np.array_equal(np.concatenate([embedder.embed([each]).pooled for each in PICTURES]), together)
    order = np.random.default_rng(1).permutation(len(PICTURES))
    assert np.array_equal(embedder.embed([PICTURES[index] for index in order]).pooled, together[order])


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_threads_change_no_bit(name, embedder, threads):
    other = load_embedder(name, threads=threads)
    assert np.array_equal(other.embed(PICTURES).pooled, embedder.embed(PICTURES).pooled)


def test_callers_from_several_threads_do_not_mix(embedder):
    expected = embedder.embed(PICTURES).pooled
    with ThreadPoolExecutor(4) as pool:
        rows = list(pool.map(lambda index: embedder.embed([PICTURES[index % 7]]).pooled[0], range(28)))
    assert all(np.array_equal(row, expected[index % 7]) for index, row in enumerate(rows))


def test_the_engines_of_one_spec_agree_to_1e_4(name, embedder, monkeypatch):
    monkeypatch.setattr("consistency.runtime.networks._preferred", lambda device: "torch")
    other = load_embedder(name)
    assert (other.engine, other.spec) == ("torch", embedder.spec)
    ours, theirs = (each.embed(PICTURES) for each in (embedder, other))
    for part in ("pooled", "dense", "shares"):
        pair = [getattr(each, part) for each in (ours, theirs)]
        if pair[0] is not None:
            one, two = (each.reshape(len(PICTURES), -1).astype(float) for each in pair)
            cosines = (one * two).sum(1) / np.linalg.norm(one, axis=1) / np.linalg.norm(two, axis=1)
            assert cosines.min() > 1 - 1e-4, part


def test_another_precision_is_another_spec_and_is_not_compared(name, embedder):
    other = load_embedder(name, precision="bfloat16")
    assert other.spec.id != embedder.spec.id
    with pytest.raises(SpecMismatch, match="precision"):
        require_same_spec(embedder.spec, other.spec)


def test_auto_says_which_it_took(caplog, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with caplog.at_level(logging.INFO):
        taken = load_embedder()
    assert taken.spec.id in caplog.text
    assert taken.spec.architecture == "efficientnet_lite0"


def test_an_unknown_name_lists_the_nearest():
    with pytest.raises(UnknownName, match="efficientnet"):
        load_embedder("eficientnet")
