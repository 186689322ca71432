"""How fast pictures become embeddings and embeddings scores, beside plain torch on the same pictures in one run.

    python benchmarks/identity_speed.py [--pictures 16] [--rounds 7] [--threads N] [--quick] [--out results.json]

Pictures of 1024² in memory, resize included, everything warm, one process, all cores for everyone, or N. Rounds
alternate; a ratio is the median over rounds of the peer's seconds by ours in the same round. Beside it stands the ratio
of processor time, which other processes disturb less; with one thread nobody waits for anybody, and it is the fairest.

default: the default embedder at its own 288 pixels and, by the same parts, at 224. The peer is the same network in
    torch, float32, one call for the whole batch, on pictures resized by the same call.
openclip: ViT-B/32 with random weights, whose values change no time, with its map of features; in bfloat16 too, which
    only a kit chooses. The peer is OpenCLIP's own preprocessing and one float32 `encode_image` for the whole batch;
    --quick takes a small transformer instead. On a CUDA device, where there is one: images a second, pictures prepared
    on the host included, and the share of the highest rate that a float32 product of matrices reached there.
scoring: one embedding against 1,000 anchors of three references.
floor: the network's multiply-adds at the highest rate that a float32 product of matrices reached in this run.
stages: seconds of one core for each part of ours, which other processes on the machine disturb least.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import torch
from bench_pictures import pictures
from floors import multiply_adds, peak_rate, timed
from numpy.typing import NDArray
from PIL import Image

from consistency.embedders.efficientnet import EXPONENT, SIDE, EfficientNetEmbedder, open_sessions, prepare
from consistency.embedders.efficientnet_module import build
from consistency.embedders.embedder import Embedder, load_embedder
from consistency.embedders.pooling import generalised_mean
from consistency.facets import Seen
from consistency.runtime.weights import WEIGHTS, verify
from consistency.template import Template
from consistency.template_index import TemplateIndex

Run = Callable[[], object]
PALETTE = np.array([[200, 30, 40], [20, 90, 160]], np.float32)
ANCHORS, REFERENCES = 1000, 3
VIT_B_32_MACS, CUDA_MATRIX = 4.4e9, 8192
AIMS = {"default_ratio": 4.0, "images_per_second_224": 120.0, "openclip_ratio": 1.5, "scoring_milliseconds": 1.0}
SMALL = {"image_size": 224, "layers": 3, "width": 192, "head_width": 64, "patch_size": 32}


def main() -> int:
    options = parse()
    if options.threads is not None:
        torch.set_num_threads(options.threads)
        cv2.setNumThreads(options.threads)
    shown = pictures(options.pictures, PALETTE)
    default = load_embedder("efficientnet", threads=options.threads)
    result = {
        "pictures": len(shown),
        "rounds": options.rounds,
        "cores": len(os.sched_getaffinity(0)),
        "threads": options.threads,
        "load_before": round(os.getloadavg()[0], 1),
        "default": race(contenders(default, shown, options), len(shown), options.rounds),
        "openclip": openclip(shown, options),
        "scoring": scoring(default, shown, options.rounds),
        "floor": {},
        "stages": stages(default, shown),
    }
    result["floor"] = floor(result["default"], options)
    result["aims"] = aims(result)
    result["load_after"] = round(os.getloadavg()[0], 1)
    print(json.dumps(result, indent=2))
    if options.out:
        Path(options.out).write_text(json.dumps(result, indent=2) + "\n")
    return 0


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pictures", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--threads", type=int, help="of each contender; default all cores")
    parser.add_argument("--quick", action="store_true", help="2 pictures, 1 round, a small transformer")
    parser.add_argument("--out")
    options = parser.parse_args()
    options.sides = (SIDE, 224)
    if options.quick:
        options.pictures, options.rounds = 2, 1
    return options


def contenders(default: Embedder, shown: Sequence[NDArray[np.uint8]], options: argparse.Namespace) -> dict[str, Run]:
    """Return ours and torch's runs at every size, ours by its name and side."""
    module = build(verify(WEIGHTS["efficientnet_lite0"]))
    runs: dict[str, Run] = {}
    for side in options.sides:
        embedder = default if side == SIDE else at_side(side, options.threads)
        runs[f"ours_{side}"] = lambda embedder=embedder: embedder.embed(shown)
        runs[f"torch_{side}"] = lambda side=side: batched(module, shown, side)
    return runs


def at_side(side: int, threads: int | None) -> Embedder:
    """Return the default embedder for another size of its input."""
    weight = WEIGHTS["efficientnet_lite0"]
    made = {"precision": "float32", "threads": threads, "device": "cpu"}
    session, many = open_sessions(weight, lambda: build(verify(weight)), side, **made)
    return EfficientNetEmbedder(session, load_embedder("efficientnet").spec, side=side, many=many)


def batched(module: torch.nn.Module, shown: Sequence[NDArray[np.uint8]], side: int) -> NDArray[np.float32]:
    """Return what the plain batched call gives."""
    batch = torch.from_numpy(np.stack([prepare(picture, side) for picture in shown]))
    with torch.inference_mode():
        maps = module(batch)
        return (maps.clamp(min=0) ** EXPONENT).mean(dim=(2, 3)).pow(1 / EXPONENT).numpy()


def openclip(shown: Sequence[NDArray[np.uint8]], options: argparse.Namespace) -> dict[str, object]:
    """Return the race of an OpenCLIP tower with random weights against OpenCLIP's own batched call."""
    if find_spec("open_clip") is None:
        return {"skipped": "the clip extra is not installed"}
    import open_clip
    from safetensors.torch import save_file

    with tempfile.TemporaryDirectory() as folder:
        os.environ["CONSISTENCY_CACHE"] = str(Path(folder) / "cache")
        name = "ViT-B-32"
        if options.quick:
            name, text = (
                "bench-small",
                {"context_length": 77, "vocab_size": 49408, "width": 64, "heads": 2, "layers": 1},
            )
            config = {"embed_dim": 64, "vision_cfg": SMALL, "text_cfg": text}
            (Path(folder) / f"{name}.json").write_text(json.dumps(config))
            open_clip.add_model_config(Path(folder) / f"{name}.json")
        torch.manual_seed(0)
        model, _, transform = open_clip.create_model_and_transforms(name, precision="fp32")
        weights = Path(folder) / "random.safetensors"
        save_file({key: value.contiguous() for key, value in model.state_dict().items()}, weights)
        ours = {
            precision: load_embedder(f"openclip:{name}:{weights}", threads=options.threads, precision=precision)
            for precision in ("float32", "bfloat16")
        }
        on_device = load_embedder(f"openclip:{name}:{weights}", device="cuda") if torch.cuda.is_available() else None
    model.eval()

    def plain() -> object:
        with torch.inference_mode():
            return model.encode_image(torch.stack([transform(Image.fromarray(picture)) for picture in shown]))

    runs = {
        "ours_openclip": lambda: ours["float32"].embed(shown),
        "ours_openclip_bfloat16": lambda: ours["bfloat16"].embed(shown),
        "torch_openclip": plain,
    }
    cuda = "not measured: no CUDA device" if on_device is None else on_cuda(on_device, [*shown] * 8)
    return {"architecture": name, **race(runs, len(shown), options.rounds), "cuda": cuda}


def on_cuda(embedder: Embedder, shown: Sequence[NDArray[np.uint8]]) -> dict[str, float]:
    """Return images a second on the device, and the share of its measured peak that ViT-B/32's multiply-adds make."""
    matrix = torch.ones(CUDA_MATRIX, CUDA_MATRIX, device="cuda")

    def product() -> None:
        torch.mm(matrix, matrix)
        torch.cuda.synchronize()

    embedder.embed(shown)
    rate = len(shown) / min(timed(lambda: embedder.embed(shown))[0] for _ in range(5))
    product()
    peak = CUDA_MATRIX**3 / min(timed(product)[0] for _ in range(20))
    return {
        "images_a_second": round(rate, 1),
        "peak_gigamacs_a_second": round(peak / 1e9, 1),
        "share_of_peak": round(rate * VIT_B_32_MACS / peak, 4),
    }


def race(runs: dict[str, Run], count: int, rounds: int) -> dict[str, object]:
    """Return milliseconds an image, images a second, and what each of ours is faster than its peer."""
    for run in runs.values():
        run()
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    spent: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            wall, processor = timed(run)
            seconds[name].append(wall)
            spent[name].append(processor)
    ours = [name for name in runs if name.startswith("ours_")]
    peers = {name: name.replace("ours", "torch").removesuffix("_bfloat16") for name in ours}
    return {
        "milliseconds_an_image": {name: figures(each, 1000 / count) for name, each in seconds.items()},
        "processor_milliseconds_an_image": {name: figures(each, 1000 / count) for name, each in spent.items()},
        "images_per_second": {name: round(count / statistics.median(each), 1) for name, each in seconds.items()},
        "ratio_to_torch": {name: ratio(seconds[peer], seconds[name]) for name, peer in peers.items()},
        "ratio_of_processor_time": {name: ratio(spent[peer], spent[name]) for name, peer in peers.items()},
    }


def scoring(default: Embedder, shown: Sequence[NDArray[np.uint8]], rounds: int) -> dict[str, object]:
    """Return milliseconds of one embedding, and of the six of a full look, against 1,000 anchors."""
    rng = np.random.default_rng(0)
    pooled = default.embed(shown[:1]).pooled
    vectors = rng.random((ANCHORS, REFERENCES, pooled.shape[1])).astype(np.float32) ** 3
    vectors /= np.linalg.norm(vectors, axis=2, keepdims=True)
    none = np.zeros((0, pooled.shape[1]), np.float32)
    templates = {f"s{place}": Template(default.spec.id, each, none) for place, each in enumerate(vectors)}
    index = TemplateIndex(templates)
    looks = {
        count: Seen(np.repeat(pooled / np.linalg.norm(pooled), count, axis=0), (None,) * count, default.spec.id)
        for count in (1, 6)
    }
    one_by_one = [
        timed(lambda: [each.score(looks[1]) for each in templates.values()])[0] for _ in range(min(rounds, 3))
    ]
    return {
        "anchors": ANCHORS,
        "milliseconds": {
            f"{count}_places": figures([timed(lambda seen=seen: index.similarities(seen))[0] for _ in range(100)], 1000)
            for count, seen in looks.items()
        },
        "milliseconds_one_by_one": figures(one_by_one, 1000),
    }


def floor(raced: dict, options: argparse.Namespace) -> dict[str, object]:
    """Return what the multiply-adds alone would take at the measured peak, and its share of our time."""
    peak = max(peak_rate() for _ in range(20 if options.quick else 300))
    module = build(verify(WEIGHTS["efficientnet_lite0"]))
    cores = options.threads or len(os.sched_getaffinity(0))
    told: dict[str, object] = {"peak_gigamacs_a_second": round(peak / 1e9, 1)}
    for side in options.sides:
        macs = multiply_adds(module, side)
        best, spent = (
            raced[kind][f"ours_{side}"]["best"] for kind in ("milliseconds_an_image", "processor_milliseconds_an_image")
        )
        told[str(side)] = {
            "gigamacs": round(macs / 1e9, 3),
            "floor_milliseconds": round(1000 * macs / peak, 2),
            "share_of_our_time": round(1000 * macs / peak / best, 3),
            "share_of_our_processor_time": round(1000 * macs / peak * cores / spent, 3),
        }
    return told


def stages(default: Embedder, shown: Sequence[NDArray[np.uint8]]) -> dict[str, float]:
    """Return milliseconds of processor time an image, of one core, for each part of the default embedder."""
    maps = default.embed(shown).dense
    assert maps is not None
    parts = {
        "resize_and_scale": lambda: [prepare(picture) for picture in shown],
        "pool": lambda: generalised_mean(maps, EXPONENT),
        "all": lambda: default.embed(shown),
    }
    spent = {name: statistics.median(timed(run)[1] for _ in range(5)) for name, run in parts.items()}
    told = {name: round(1000 * each / len(shown), 2) for name, each in spent.items()}
    return {**told, "network_and_copies": round(told["all"] - told["pool"] - told["resize_and_scale"], 2)}


def figures(seconds: Sequence[float], scale: float) -> dict[str, float]:
    return {"median": round(scale * statistics.median(seconds), 3), "best": round(scale * min(seconds), 3)}


def ratio(peer: Sequence[float], ours: Sequence[float]) -> float:
    return round(statistics.median(a / b for a, b in zip(peer, ours, strict=True)), 2)


def aims(result: dict) -> dict[str, object]:
    """Return every aim beside what was found."""
    found = {
        "default_ratio": min(result["default"]["ratio_to_torch"].values()),
        "images_per_second_224": result["default"]["images_per_second"]["ours_224"],
        "openclip_ratio": result["openclip"].get("ratio_to_torch", {}).get("ours_openclip"),
        "scoring_milliseconds": result["scoring"]["milliseconds"]["1_places"]["median"],
    }
    return {name: {"aim": aim, "found": found[name], "is_met": is_met(name, found[name])} for name, aim in AIMS.items()}


def is_met(name: str, found: float | None) -> bool | None:
    """Return whether an aim is met; None where nothing was measured."""
    if found is None:
        return None
    return bool(found <= AIMS[name] if name == "scoring_milliseconds" else found >= AIMS[name])


if __name__ == "__main__":
    sys.exit(main())
