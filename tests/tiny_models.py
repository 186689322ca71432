"""Tiny real models, made in the test: an ONNX network, a CLIP architecture with weights, a pack of face models."""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

STRIDES = (8, 16, 32)
CLIP = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 64, "layers": 2, "width": 64, "head_width": 32, "patch_size": 16},
    "text_cfg": {"context_length": 16, "vocab_size": 128, "width": 32, "heads": 2, "layers": 1},
}


def small_network() -> bytes:
    """Return an ONNX network n×3×8×8 → n×4: a convolution, a rectifier, the mean."""
    weights = numpy_helper.from_array(np.random.default_rng(0).normal(size=(4, 3, 3, 3)).astype(np.float32), "w")
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["c"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c"], ["r"]),
        helper.make_node("GlobalAveragePool", ["r"], ["p"]),
        helper.make_node("Flatten", ["p"], ["y"]),
    ]
    return model(nodes, [("x", ["n", 3, 8, 8])], [("y", ["n", 4])], [weights]).SerializeToString()


def clip_weights(folder: Path, name: str = "tiny-clip", seed: int = 0) -> Path:
    """Make `name` known to OpenCLIP and return a file with random weights for it."""
    import open_clip
    import torch
    from safetensors.torch import save_file

    config = folder / f"{name}.json"
    config.write_text(json.dumps(CLIP))
    open_clip.add_model_config(config)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        state = open_clip.create_model(name).state_dict()
    path = folder / f"{name}-{seed}.safetensors"
    save_file({key: value.contiguous() for key, value in state.items()}, path)
    return path


def face_pack(folder: Path) -> Path:
    """Write a pack whose "faces" are white squares and whose embedding is the crop at 4×4 pixels; return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(detector(), folder / "det.onnx")
    onnx.save(recogniser(), folder / "rec.onnx")
    return folder


def detector() -> onnx.ModelProto:
    """Return a detector with SCRFD's nine outputs; only its coarsest level fires, on bright cells."""
    nodes, weights, outputs = [], [], []
    for kind, width in (("score", 1), ("box", 4), ("points", 10)):
        for stride in STRIDES:
            nodes += head(kind, width, stride, weights)
            outputs.append((f"{kind}{stride}", ["n", width]))
    return model(nodes, [("image", [1, 3, "h", "w"])], outputs, weights)


def head(kind: str, width: int, stride: int, weights: list[onnx.TensorProto]) -> list[onnx.NodeProto]:
    """Return the nodes of one output of one level: two anchors a cell."""
    name = f"{kind}{stride}"
    is_live = kind == "score" and stride == STRIDES[-1]
    kernel = np.full((2 * width, 3, 1, 1), 20 / 3 if is_live else 0.0, np.float32)
    bias = {
        "score": [-15.0 if is_live else -30.0],
        "box": [1.5] * 4,
        "points": [-0.6, -0.6, 0.6, -0.6, 0, 0, -0.5, 0.6, 0.5, 0.6],
    }
    weights += [
        numpy_helper.from_array(kernel, f"k_{name}"),
        numpy_helper.from_array(np.tile(np.array(bias[kind], np.float32), 2), f"b_{name}"),
        numpy_helper.from_array(np.array([-1, width], np.int64), f"s_{name}"),
    ]
    last = (
        helper.make_node("Sigmoid", [f"f_{name}"], [name])
        if kind == "score"
        else helper.make_node("Identity", [f"f_{name}"], [name])
    )
    return [
        helper.make_node(
            "AveragePool", ["image"], [f"a_{name}"], kernel_shape=[stride, stride], strides=[stride, stride]
        ),
        helper.make_node("Conv", [f"a_{name}", f"k_{name}", f"b_{name}"], [f"c_{name}"]),
        helper.make_node("Transpose", [f"c_{name}"], [f"t_{name}"], perm=[0, 2, 3, 1]),
        helper.make_node("Reshape", [f"t_{name}", f"s_{name}"], [f"f_{name}"]),
        last,
    ]


def recogniser() -> onnx.ModelProto:
    """Return a network n×3×112×112 → n×48: means of 28×28 tiles."""
    nodes = [
        helper.make_node("AveragePool", ["input"], ["a"], kernel_shape=[28, 28], strides=[28, 28]),
        helper.make_node("Flatten", ["a"], ["embedding"]),
    ]
    return model(nodes, [("input", ["n", 3, 112, 112])], [("embedding", ["n", 48])], [])


def model(nodes, inputs, outputs, weights) -> onnx.ModelProto:
    """Return a checked model of float32 tensors."""
    ports = [
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in each]
        for each in (inputs, outputs)
    ]
    graph = helper.make_graph(nodes, "tiny", *ports, weights)
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnx.checker.check_model(made)
    return made
