"""The one door to inference."""

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import openvino
import pytest
import torch

from consistency.errors import InputError, MissingBackend, UnknownName
from consistency.runtime.sessions import open_session
from tiny_models import small_network

BATCH = np.random.default_rng(1).normal(size=(16, 3, 8, 8)).astype(np.float32)
HAS_BFLOAT16 = "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")
ENGINES = ("openvino", "onnxruntime")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_network_gives_what_torch_gives(engine):
    session = open_session(small_network(), engine=engine)
    weights = torch.from_numpy(np.random.default_rng(0).normal(size=(4, 3, 3, 3)).astype(np.float32))
    expected = torch.relu(torch.conv2d(torch.from_numpy(BATCH), weights, padding=1)).mean((2, 3)).numpy()
    assert (session.engine, session.inputs, session.outputs) == (engine, ("x",), ("y",))
    np.testing.assert_allclose(session.run({"x": BATCH})["y"], expected, atol=1e-5)


@pytest.mark.parametrize("engine", ENGINES)
def test_results_are_equal_to_the_bit_over_batch_size_and_threads(engine):
    expected = open_session(small_network(), engine=engine).run({"x": BATCH})["y"]
    for threads in (1, 2, 4):
        session = open_session(small_network(), engine=engine, threads=threads)
        single = [session.run({"x": BATCH[index : index + 1]})["y"] for index in range(len(BATCH))]
        assert np.array_equal(np.concatenate(single), expected)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_output_belongs_to_the_caller(engine):
    session = open_session(small_network(), engine=engine)
    first = session.run({"x": BATCH[:2]})["y"]
    kept = first.copy()
    session.run({"x": BATCH[2:4]})
    assert np.array_equal(first, kept)
    first[:] = 0


@pytest.mark.parametrize("engine", ENGINES)
def test_calls_from_several_threads_do_not_mix(engine):
    session = open_session(small_network(), engine=engine)
    expected = session.run({"x": BATCH})["y"]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda index: session.run({"x": BATCH[index % 16][None]})["y"][0], range(200)))
    assert all(np.array_equal(row, expected[index % 16]) for index, row in enumerate(found))


def test_a_file_and_its_bytes_are_the_same(tmp_path):
    (tmp_path / "tiny.onnx").write_bytes(small_network())
    for engine in ENGINES:
        from_file = open_session(tmp_path / "tiny.onnx", engine=engine).run({"x": BATCH})["y"]
        assert np.array_equal(from_file, open_session(small_network(), engine=engine).run({"x": BATCH})["y"])


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_the_precision_is_the_one_asked_for(precision):
    session = open_session(small_network(), precision=precision, threads=1)
    stated = session._compiled.get_property("INFERENCE_PRECISION_HINT")
    assert stated.get_type_name() == ("bf16" if precision == "bfloat16" and HAS_BFLOAT16 else "f32")


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
def test_bfloat16_that_the_cpu_does_not_have_is_said(caplog, precision):
    open_session(small_network(), precision=precision, threads=1)
    assert ("computed in float32" in caplog.text) == (precision == "bfloat16" and not HAS_BFLOAT16)


def test_no_setting_of_the_process_is_touched():
    before = torch.get_num_threads(), cv2.getNumThreads()
    for engine in ENGINES:
        open_session(small_network(), engine=engine, threads=1).run({"x": BATCH})
    assert (torch.get_num_threads(), cv2.getNumThreads()) == before


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"precision": "float16"}, MissingBackend),
        ({"device": "tpu"}, InputError),
        ({"threads": 0}, InputError),
        ({"engine": "openvin"}, UnknownName),
        ({"engine": "onnxruntime", "precision": "bfloat16"}, InputError),
        ({"engine": "openvino", "device": "cuda"}, MissingBackend),
        ({"engine": "torch"}, InputError),
    ],
)
def test_what_no_engine_can_do_is_refused(options, error):
    with pytest.raises(error):
        open_session(small_network(), **options)
