"""Tiny real models, made in the test: an ONNX network, a CLIP architecture, face models, EasyOCR's networks."""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

STRIDES = (8, 16, 32)
CLIP = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 64, "layers": 2, "width": 64, "head_width": 32, "patch_size": 16},
    "text_cfg": {"context_length": 16, "vocab_size": 49408, "width": 16, "heads": 2, "layers": 1},
}
TOWERS = {
    "vit": CLIP["vision_cfg"],
    "vit-avg": {**CLIP["vision_cfg"], "pool_type": "avg"},
    "coca": {**CLIP["vision_cfg"], "attentional_pool": True, "attn_pooler_heads": 2},
    "resnet": {"image_size": 64, "layers": [1, 1, 1, 1], "width": 8, "head_width": 64},
    "convnext": {"timm_model_name": "test_convnext", "timm_pool": "", "timm_proj": "linear", "image_size": 160},
    "eva": {"timm_model_name": "test_vit", "timm_pool": "token", "timm_proj": "linear", "image_size": 160},
}
"""One small architecture for each way in which OpenCLIP's image towers make a vector of a map."""


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


def clip_weights(folder: Path, name: str = "tiny-clip", seed: int = 0, tower: str = "vit") -> Path:
    """Make `name` known to OpenCLIP, with a tower of TOWERS, and return a file with random weights for it."""
    import open_clip
    import torch
    from safetensors.torch import save_file

    config = folder / f"{name}.json"
    config.write_text(json.dumps({**CLIP, "vision_cfg": TOWERS[tower]}))
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


GREYS = "ABCDEF"
"""What the custom network below reads, from BLACK in steps of GREY_STEP, where white is 1."""
BLACK, GREY_STEP, SHARPNESS = -0.9, 0.15, 360.0
GREY_NETWORK = """
import torch


class Model(torch.nn.Module):
    def __init__(self, num_class, columns):
        super().__init__()
        self.columns = columns
        self.Prediction = torch.nn.Linear(2, num_class)

    def forward(self, input, text):
        rows = input.shape[2]
        middle = input[:, 0, rows // 3 : 2 * rows // 3, : input.shape[3] // self.columns * self.columns]
        cells = middle.unfold(2, self.columns, self.columns).transpose(1, 2).flatten(2)
        return self.Prediction(torch.stack([cells.mean(2), cells.amax(2) - cells.amin(2)], 2))
"""


def easyocr_networks(folder: Path, patch) -> Path:
    """Write EasyOCR's detector and its English recogniser with weights made here, and pin their hashes in its tables.

    The detector finds dark ink. The recogniser is random: it reads something, and something else in other pixels.

    Args:
        folder: Where to.
        patch: A pytest.MonkeyPatch.
    """
    import torch
    from easyocr.config import detection_models, recognition_models
    from easyocr.model.vgg_model import Model

    english, craft = recognition_models["gen2"]["english_g2"], detection_models["craft"]
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(7)
        recogniser = Model(
            input_channel=1, output_channel=256, hidden_size=256, num_class=len(english["characters"]) + 1
        )
        for layer in recogniser.modules():
            # Torch's start lets a deep network answer the same to every picture; He's, 6**0.5 times as large, does not.
            if isinstance(layer, (torch.nn.Conv2d, torch.nn.Linear)):
                layer.weight.mul_(6**0.5)
        recogniser.Prediction.weight.mul_(20)
    patch.setitem(english, "md5sum", save_as_easyocr(recogniser, folder / english["filename"]))
    patch.setitem(craft, "md5sum", save_as_easyocr(ink_detector(), folder / craft["filename"]))
    return folder


def save_as_easyocr(network, path: Path) -> str:
    """Save a state dict as EasyOCR publishes it, and return the file's MD5."""
    import torch

    torch.save({f"module.{name}": value for name, value in network.state_dict().items()}, path)
    return hashlib.md5(path.read_bytes()).hexdigest()


def ink_detector():
    """Return a CRAFT whose score is 1 within ten pixels along a row of dark ink that is not black; all links are 0."""
    import torch
    from easyocr.craft import CRAFT

    craft = CRAFT(pretrained=False)
    base, up, head = craft.basenet.slice1, craft.upconv4.conv, craft.conv_cls
    with torch.no_grad():
        for layer in craft.modules():
            if isinstance(layer, torch.nn.Conv2d):
                layer.weight.zero_()
                layer.bias.zero_()
        # Darkness, and what is quite black: the padding.
        base[0].weight[0, 1, 1, 1], base[0].weight[1, 1, 1, 1], base[0].bias[1] = -1, -1000, -1950
        base[3].weight[0, 0, 1, 1], base[3].weight[0, 1, 1, 1] = 1, -1000
        base[7].weight[0, 0, 1, 1] = 1
        base[10].weight[0, 0, 1] = up[3].weight[0, 0, 1] = 1
        # The picture at half its size comes after the 64 channels from below.
        up[0].weight[0, 64, 0, 0] = 1
        for index in (0, 2, 4):
            head[index].weight[0, 0, 1] = 1
        # 1 - relu(1 - 20x) is the lesser of 20x and 1.
        head[6].weight[0, 0], head[6].bias[0] = -20, 1
        head[8].weight[0, 0], head[8].bias[0] = -1, 1
    return craft


def grey_network(folder: Path, name: str = "greys", characters: str = GREYS, language: str = "en") -> str:
    """Write a custom EasyOCR network that reads blocks of grey, and return its name with its sha256.

    Four columns are one step. A step of one grey is the nearest of six, or the blank where it is white; any other is
    the blank.

    Args:
        folder: Where to.
        name: What its files are called.
        characters: What the six greys stand for; those that are not of the language are ignored.
        language: The one it reads.
    """
    import torch

    centres = torch.tensor([1.0, *(BLACK + GREY_STEP * k for k in range(len(GREYS)))])
    weight = torch.stack([2 * SHARPNESS * centres, torch.zeros_like(centres)], 1)
    weight[0, 1] = 4 * SHARPNESS
    torch.save(
        {"module.Prediction.weight": weight, "module.Prediction.bias": -SHARPNESS * centres**2}, folder / f"{name}.pth"
    )
    (folder / f"{name}.py").write_text(GREY_NETWORK)
    described = {"character_list": characters, "symbols": "0", "imgH": 32, "lang_list": [language]}
    (folder / f"{name}.yaml").write_text(json.dumps({**described, "network_params": {"columns": 4}}))
    return f"{name}@{network_sha256(folder, name)}"


def network_sha256(folder: Path, name: str) -> str:
    """Return what `sha256sum NAME.py NAME.yaml NAME.pth | sha256sum` prints in a folder."""
    files = [f"{name}.{suffix}" for suffix in ("py", "yaml", "pth")]
    listed = "".join(f"{hashlib.sha256((folder / file).read_bytes()).hexdigest()}  {file}\n" for file in files)
    return hashlib.sha256(listed.encode()).hexdigest()


def grey_text(text: str, height: int = 120, at: tuple[int, int] = (20, 40)) -> np.ndarray:
    """Return a white picture with a line of grey blocks 20 wide and 36 high, as the custom network reads them."""
    image = np.full((height, 2 * at[0] + 26 * len(text), 3), 255, np.uint8)
    for index, letter in enumerate(text):
        left = at[0] + 26 * index
        image[at[1] : at[1] + 36, left : left + 20] = round((1 + BLACK + GREY_STEP * GREYS.index(letter)) * 127.5)
    return image
