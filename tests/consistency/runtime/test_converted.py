"""Networks defined in torch, converted once."""

import subprocess
import sys

import numpy as np
import openvino as ov
import pytest
import torch

from consistency.runtime.cache import Cache
from consistency.runtime.converted import FORMAT, HEADER, KIND, converted_graph
from consistency.runtime.networks import open_network
from consistency.runtime.sessions import open_session

SHAPE = (1, 3, 16, 16)
BATCH = np.random.default_rng(0).normal(size=(5, 3, 16, 16)).astype(np.float32)


@pytest.fixture
def network():
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.ReLU()).eval()


def run(graph):
    session = open_session(graph)
    return next(iter(session.run({session.inputs[0]: BATCH}).values()))


def test_a_converted_network_gives_what_torch_gives(network, tmp_path):
    with torch.inference_mode():
        expected = network(torch.from_numpy(BATCH)).numpy()
    np.testing.assert_allclose(run(converted_graph("a", lambda: network, SHAPE, Cache(tmp_path))), expected, atol=1e-5)


def test_the_second_time_the_network_is_not_built(network, tmp_path):
    first = run(converted_graph("a", lambda: network, SHAPE, Cache(tmp_path)))
    again = run(converted_graph("a", lambda: pytest.fail("built again"), SHAPE, Cache(tmp_path)))
    assert np.array_equal(first, again)


def test_a_damaged_graph_is_made_again(network, tmp_path):
    first = run(converted_graph("a", lambda: network, SHAPE, Cache(tmp_path)))
    (entry,) = (path for path in tmp_path.glob("*/*/*") if path.is_file())
    entry.write_bytes(entry.read_bytes()[:-100] + bytes(100))
    assert np.array_equal(run(converted_graph("a", lambda: network, SHAPE, Cache(tmp_path))), first)


def test_torch_and_openvino_agree(network, tmp_path, monkeypatch):
    monkeypatch.setenv("CONSISTENCY_CACHE", str(tmp_path))
    found = []
    for engine in ("openvino", "torch"):
        session = open_network("tiny", lambda: network, SHAPE, engine=engine)
        assert session.engine == engine
        found.append(next(iter(session.run({session.inputs[0]: BATCH}).values())))
    np.testing.assert_allclose(found[0], found[1], atol=1e-5)


def test_a_warm_run_of_the_default_embedder_imports_no_torch():
    code = (
        "import sys; from consistency import load_embedder; import numpy as np;"
        "load_embedder('efficientnet').embed([np.zeros((40, 40, 3), np.uint8)]);"
        "print(sorted({'torch', 'torchvision', 'onnxruntime'} & set(sys.modules)))"
    )
    outputs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(2)
    ]
    assert outputs[1].stdout.strip() == "[]"


@pytest.mark.parametrize("content", [b"", b"x" * 40, HEADER.pack(3, 4) + b"<a>" + bytes(4), HEADER.pack(0, 0)])
def test_a_graph_that_was_stored_whole_and_cannot_be_loaded_is_made_again_once(network, tmp_path, content):
    cache = Cache(tmp_path)
    first = run(converted_graph("a", lambda: network, SHAPE, cache))
    key = f"{FORMAT}|a|{SHAPE}|openvino {ov.get_version()}"
    assert cache.get_bytes(KIND, key) is not None
    cache.put_bytes(KIND, key, content)
    assert np.array_equal(run(converted_graph("a", lambda: network, SHAPE, cache)), first)
    assert np.array_equal(run(converted_graph("a", lambda: pytest.fail("built again"), SHAPE, cache)), first)
